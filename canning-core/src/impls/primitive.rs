//! Numbers, `bool`, `char` and `()`.

use crate::{
    element::Elem,
    error::{Error, ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! integers {
    ($($wire:ident: $($rust:ident)*;)*) => {$($(
        impl Can for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$wire($wire::from(*self))
            }
        }

        impl<'b> Uncan<'b> for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let wide = uncanner.$wire()?;
                Self::try_from(wide).map_err(|_out_of_range| out_of_range(stringify!($rust), wide))
            }
        }
    )*)*};
}

integers! {
    u64: u8 u16 u32 u64;
    i64: i8 i16 i32 i64;
    u128: u128;
    i128: i128;
}

macro_rules! others {
    ($($rust:ident)*) => {$(
        impl Can for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$rust(*self)
            }
        }

        impl<'b> Uncan<'b> for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                uncanner.$rust()
            }
        }
    )*};
}

others! { bool f32 f64 }

impl Can for () {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.unit()
    }
}

impl<'b> Uncan<'b> for () {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.unit()
    }
}

#[cold]
fn out_of_range(expected: &'static str, found: impl TryInto<i128>) -> Error {
    let found = found.try_into().unwrap_or(i128::MAX);
    Error::new(ErrorKind::IntegerRange { expected, found })
}
