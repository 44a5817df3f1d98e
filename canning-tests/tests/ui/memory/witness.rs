//! Proofs that types are elements, for types that are none.

use std::cell::Cell;

use canning_core::{Can, Dtype, Elem, Element, Result, Scalar, visitor::Canner};

struct Own(u8);

fn of_any_type() -> Elem<Own> {
    Elem::of()
}

fn of_another_type(of: Elem<u8>) -> Elem<Own> {
    of
}

fn of_a_supertype(of: Elem<fn(&'static u8)>) -> Elem<for<'a> fn(&'a u8)> {
    of
}

fn of_a_subtype(of: Elem<for<'a> fn(&'a u8)>) -> Elem<fn(&'static u8)> {
    of
}

impl Can for Own {
    const ELEMENT: Option<Elem<Self>> = u8::ELEMENT;

    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.u64(self.0.into())
    }
}

#[derive(Clone, Copy)]
struct Safe(u8);

impl Element for Safe {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::U8);
}

struct Changes(Cell<u8>);

unsafe impl Element for Changes {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::U8);
}

fn main() {}
