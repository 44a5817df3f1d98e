//! Types with every form that Python knows.

use std::{borrow::Cow, collections::BTreeMap};

use canning_core::{
    Can, Canned, Dtype, Element, Field, Result, Scalar, StructDtype,
    array::can_run,
    buffer::{ArrayLayout, Axis, Buffer, RawArray, Run},
    visitor::Canner,
};

#[derive(Canned)]
pub(crate) struct Frame {
    pub(crate) step: u64,
    pub(crate) name: String,
    pub(crate) charge: Option<i32>,
    pub(crate) positions: Vec<[f64; 3]>,
}

#[derive(Canned)]
pub(crate) struct Pair(pub(crate) u8, pub(crate) String);

#[derive(Canned)]
pub(crate) struct Empty;

#[derive(Canned, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Point,
    Circle(u8),
    Box(u8, u8),
    Named { sides: u8, label: String },
    Nothing {},
}

/// An object of a class: its state.
#[derive(Canned)]
#[canned(rename = "types.SimpleNamespace")]
pub(crate) struct Namespace {
    pub(crate) a: u8,
    pub(crate) b: Vec<f64>,
}

#[derive(Canned, PartialEq, Eq, PartialOrd, Ord)]
#[canned(rename = "datetime.date")]
pub(crate) struct Date(pub(crate) u16, pub(crate) u8, pub(crate) u8);

#[derive(Canned)]
#[canned(rename = "decimal.Decimal")]
pub(crate) struct Decimal(pub(crate) String);

/// An integer of any size, by its bytes.
#[derive(Canned)]
#[canned(rename = "int")]
pub(crate) struct Int(pub(crate) Vec<u8>);

/// Text with surrogates, by its bytes.
#[derive(Canned)]
#[canned(rename = "str")]
pub(crate) struct Str(pub(crate) Vec<u8>);

#[derive(Canned)]
pub(crate) struct Inline {
    #[canned(inline)]
    pub(crate) kept: Vec<f64>,
    pub(crate) sent: Vec<f64>,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
pub(crate) struct Atom {
    pub(crate) position: [[f32; 2]; 3],
    pub(crate) spin: Spin,
    pub(crate) charge: i32,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
pub(crate) struct Spin {
    pub(crate) up: u16,
    pub(crate) symbol: [u8; 2],
}

/// An array in any layout.
pub(crate) struct Nd<T> {
    pub(crate) items: Vec<T>,
    pub(crate) layout: ArrayLayout,
}

impl<T> Nd<T> {
    pub(crate) fn new(items: Vec<T>, shape: &[usize], axes: &[isize]) -> Self {
        let axis = |axis: &isize| match usize::try_from(*axis) {
            Ok(index) => Axis { index, reversed: false },
            Err(_) => Axis { index: (-1 - *axis).cast_unsigned(), reversed: true },
        };
        let axes: Vec<_> = axes.iter().map(axis).collect();
        Self { items, layout: ArrayLayout::new(shape, Some(&axes)).unwrap() }
    }
}

impl<T: Can> Can for Nd<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_run(Run::of_layout(&self.items, &self.layout)?, canner)
    }
}

/// An array of a dtype that is known only when it runs.
pub(crate) struct Untyped {
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    pub(crate) bytes: Vec<u8>,
}

impl Untyped {
    pub(crate) fn new(fields: &[(&'static str, Dtype, &[usize])], bytes: &[u8]) -> Self {
        let dtype = structure(fields);
        let shape = vec![bytes.len() / dtype.item_size()];
        Self { dtype, shape, bytes: bytes.to_vec() }
    }
}

impl Can for Untyped {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let layout = ArrayLayout::c_order(&self.shape)?;
        let buffer = Buffer::borrowed(&self.bytes);
        canner.array(RawArray::from_parts(Cow::Borrowed(&self.dtype), layout, buffer)?)
    }
}

pub(crate) fn structure(fields: &[(&'static str, Dtype, &[usize])]) -> Dtype {
    let field = |(name, dtype, shape): &(&'static str, Dtype, &[usize])| {
        Field::new(*name, dtype.clone(), shape.to_vec())
    };
    Dtype::Struct(StructDtype::new(fields.iter().map(field).collect()).unwrap())
}

pub(crate) fn scalar(scalar: Scalar) -> Dtype {
    Dtype::Scalar(scalar)
}

/// Memory that is sure to go out of band.
pub(crate) fn large() -> Vec<f64> {
    (0..256).map(f64::from).collect()
}

pub(crate) fn map<K: Ord, T, const N: usize>(entries: [(K, T); N]) -> BTreeMap<K, T> {
    entries.into()
}
