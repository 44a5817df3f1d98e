//! Any dtype of NumPy.

use std::sync::Arc;

use self::derived::Derived;
pub use self::{
    convert::Conversion,
    kind::{ByteOrder, DtypeKind},
    parse::ParseDtypeError,
    unit::{TimeBase, TimeUnit},
};

mod build;
mod convert;
mod derived;
mod display;
mod kind;
mod parse;
mod unit;

/// A dtype of NumPy: what an item of an array is, as it lies in memory.
///
/// Displays as NumPy writes it: `<f8`, `|S10`, `<M8[25s]`, `[('x', '<f8'), ('v', '<f4', (3,))]`;
/// structs whose fields overlap or lie in another order as
/// `{'names': […], 'formats': […], 'offsets': […], 'itemsize': 8}`. Parses from the notation of
/// all but structs.
///
/// # Examples
///
/// ```
/// use canning_python::numpy::{ByteOrder, Dtype, DtypeKind};
///
/// let dtype: Dtype = ">f8".parse()?;
/// assert_eq!((dtype.kind(), dtype.byte_order()), (DtypeKind::Float, ByteOrder::Big));
/// assert_eq!(dtype.item_size(), 8);
/// assert_eq!(dtype.to_string(), ">f8");
/// # Ok::<(), canning_python::numpy::ParseDtypeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dtype {
    kind: DtypeKind,
    order: ByteOrder,
    item_size: usize,
    parts: Parts,
}

/// What only some dtypes have. Cloning shares: a dtype of many fields may describe many arrays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Parts {
    None,
    Time(TimeUnit),
    Struct(Arc<Struct>),
    Subarray(Arc<Subarray>),
}

/// The parts of a struct.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Struct {
    /// # Invariants
    ///
    /// 0. Names differ; every field ends within the item.
    fields: Vec<DtypeField>,
    aligned: bool,
    record: bool,
    derived: Derived,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Subarray {
    base: Dtype,
    shape: Vec<usize>,
}

impl Dtype {
    /// What an item is.
    pub fn kind(&self) -> DtypeKind {
        self.kind
    }

    /// The order of the bytes of an item.
    pub fn byte_order(&self) -> ByteOrder {
        self.order
    }

    /// The size of one item, in bytes; that of `U5` is 20. May be zero, as that of `S0`.
    pub fn item_size(&self) -> usize {
        self.item_size
    }

    /// The unit of dates and of spans of time.
    pub fn time_unit(&self) -> Option<TimeUnit> {
        match self.parts {
            Parts::Time(unit) => Some(unit),
            _ => None,
        }
    }

    /// The fields of a struct, in NumPy's order; none where it is no struct.
    pub fn fields(&self) -> &[DtypeField] {
        match &self.parts {
            Parts::Struct(structure) => &structure.fields,
            _ => &[],
        }
    }

    /// Whether a struct was made with `align=True`.
    pub fn is_aligned(&self) -> bool {
        matches!(&self.parts, Parts::Struct(structure) if structure.aligned)
    }

    /// Whether its items are `numpy.record`s, whose fields are attributes.
    pub fn is_record(&self) -> bool {
        matches!(&self.parts, Parts::Struct(structure) if structure.record)
    }

    /// The dtype and the shape of a subarray, which only fields have.
    pub fn subarray(&self) -> Option<(&Dtype, &[usize])> {
        match &self.parts {
            Parts::Subarray(subarray) => Some((&subarray.base, &subarray.shape)),
            _ => None,
        }
    }

    /// Whether items hold references to Python objects, so that they are no memory.
    pub fn has_objects(&self) -> bool {
        match &self.parts {
            Parts::Struct(structure) => structure.derived.has_objects,
            Parts::Subarray(subarray) => subarray.base.has_objects(),
            _ => self.kind == DtypeKind::Object,
        }
    }

    /// How much there is to it: one for each dtype that it is made of, itself among them, and more
    /// for long names and many axes.
    pub(crate) fn weight(&self) -> usize {
        match &self.parts {
            Parts::Struct(structure) => structure.derived.weight,
            Parts::Subarray(subarray) => {
                let axes = weight_of_axes(subarray.shape.len());
                subarray.base.weight().saturating_add(axes + 1)
            }
            _ => 1,
        }
    }

    /// The alignment in bytes that NumPy gives to an item in an aligned struct.
    pub fn align(&self) -> usize {
        match (&self.parts, self.kind) {
            (Parts::Struct(structure), _) if structure.aligned => {
                structure.fields.iter().map(|field| field.dtype.align()).max().unwrap_or(1)
            }
            (Parts::Subarray(subarray), _) => subarray.base.align(),
            (_, DtypeKind::Bytes | DtypeKind::Void | DtypeKind::Struct) => 1,
            (_, DtypeKind::Text) => 4,
            (_, DtypeKind::Complex) => self.item_size / 2,
            _ => self.item_size.max(1),
        }
    }
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DtypeField {
    name: Box<str>,
    title: Option<Box<str>>,
    dtype: Dtype,
    offset: usize,
}

impl DtypeField {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its title: another name, if it is text.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// What it holds; a [subarray](Dtype::subarray) where that has a shape.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// Where it begins in the item, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// What text of so many bytes adds: nothing where it is as long as names are.
pub(crate) fn weight_of_text(len: usize) -> usize {
    len / 256
}

/// What so many axes add: nothing where there are as few as mostly.
pub(crate) fn weight_of_axes(axes: usize) -> usize {
    axes / 8
}

#[cfg(test)]
mod tests;
