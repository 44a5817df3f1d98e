//! What there is to say about an array of numbers, whatever their type.

use std::fmt;

use canning_core::{Can, Canned, Dtype, Element, Scalar, Value};
use ndarray::ArrayViewD;
use num_complex::{Complex, Complex32, Complex64};

use super::error::{Error, Result};

/// An array in a few numbers.
#[derive(Canned, Debug)]
pub(super) struct Summary {
    dtype: String,
    shape: Vec<usize>,
    /// What can be compared; no NaN.
    range: Option<Range>,
    mean: Mean,
}

/// The smallest and the largest number, in the array's own type.
#[derive(Canned, Debug, PartialEq)]
pub(super) struct Range {
    smallest: Value,
    largest: Value,
}

#[derive(Canned, Debug)]
enum Mean {
    Empty,
    Real(f64),
    Complex(Complex64),
}

impl Summary {
    /// Looks at an array whose type is known.
    pub(super) fn of<T: Sample>(array: ArrayViewD<'_, T>) -> Self {
        // In the order of memory, which both processes have in common: it is faster, and sums
        // are the same to the last bit.
        let (range, sum) = match array.as_slice_memory_order() {
            Some(items) => (T::range(items.iter()), sum(items)),
            None => (T::range(array.iter()), sum(&array)),
        };
        let mean = match array.len() {
            0 => Mean::Empty,
            len if T::IS_COMPLEX => Mean::Complex(sum / len as f64),
            len => Mean::Real(sum.re / len as f64),
        };
        Self { dtype: T::DTYPE.to_string(), shape: array.shape().to_vec(), range, mean }
    }

    /// Looks at an array whose type is not known.
    ///
    /// # Errors
    ///
    /// When the value is no array of numbers.
    pub(super) fn of_value(value: &Value) -> Result<Self> {
        let array = value.as_array().ok_or(Error::Protocol("no array"))?;
        let of: fn(&Value) -> Result<Self> = match array.dtype() {
            Dtype::Scalar(Scalar::Bool) => Self::of_array::<bool>,
            Dtype::Scalar(Scalar::I8) => Self::of_array::<i8>,
            Dtype::Scalar(Scalar::I16) => Self::of_array::<i16>,
            Dtype::Scalar(Scalar::I32) => Self::of_array::<i32>,
            Dtype::Scalar(Scalar::I64) => Self::of_array::<i64>,
            Dtype::Scalar(Scalar::U8) => Self::of_array::<u8>,
            Dtype::Scalar(Scalar::U16) => Self::of_array::<u16>,
            Dtype::Scalar(Scalar::U32) => Self::of_array::<u32>,
            Dtype::Scalar(Scalar::U64) => Self::of_array::<u64>,
            Dtype::Scalar(Scalar::F32) => Self::of_array::<f32>,
            Dtype::Scalar(Scalar::F64) => Self::of_array::<f64>,
            Dtype::Scalar(Scalar::Complex64) => Self::of_array::<Complex32>,
            Dtype::Scalar(Scalar::Complex128) => Self::of_array::<Complex64>,
            dtype => {
                return Err(Error::Unknown { dtype: dtype.to_string() });
            }
        };
        of(value)
    }

    fn of_array<T: Sample>(value: &Value) -> Result<Self> {
        Ok(Self::of(value.read::<ArrayViewD<'_, T>, _>()?))
    }

    /// Compares with what was found in the same array elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Differs`].
    pub(super) fn check(&self, other: &Self) -> Result<()> {
        let same = self.dtype == other.dtype
            && self.shape == other.shape
            && self.range == other.range
            && self.mean.bits() == other.mean.bits();
        match same {
            true => Ok(()),
            false => Err(Error::Differs(format!("{self}, and not {other}"))),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.dtype, self.shape)?;
        if let Some(Range { smallest, largest }) = &self.range {
            write!(f, ", from {smallest} to {largest}")?;
        }
        match self.mean {
            Mean::Empty => f.write_str(", empty"),
            Mean::Real(mean) => write!(f, ", mean {mean:?}"),
            Mean::Complex(mean) => write!(f, ", mean {mean}"),
        }
    }
}

impl Mean {
    /// What tells means apart, NaN included.
    fn bits(&self) -> Option<(u64, Option<u64>)> {
        match self {
            Self::Empty => None,
            Self::Real(mean) => Some((mean.to_bits(), None)),
            Self::Complex(mean) => Some((mean.re.to_bits(), Some(mean.im.to_bits()))),
        }
    }
}

/// A number, as both `.npy` files and canned arrays hold it.
pub(super) trait Sample: Element + Can {
    /// Whether its mean is complex, and none is smaller than another.
    const IS_COMPLEX: bool;

    /// The number, rounded where it must be.
    fn number(self) -> Complex64;

    /// The smallest and the largest.
    fn range<'a>(items: impl Iterator<Item = &'a Self>) -> Option<Range>;
}

macro_rules! real {
    ($($rust:ty: $number:expr;)*) => {$(
        impl Sample for $rust {
            const IS_COMPLEX: bool = false;

            fn number(self) -> Complex64 {
                let number: fn(Self) -> f64 = $number;
                number(self).into()
            }

            fn range<'a>(items: impl Iterator<Item = &'a Self>) -> Option<Range> {
                range(items)
            }
        }
    )*};
}

real! {
    bool: |truth| f64::from(u8::from(truth));
    i8: f64::from;
    i16: f64::from;
    i32: f64::from;
    i64: |number| number as f64;
    u8: f64::from;
    u16: f64::from;
    u32: f64::from;
    u64: |number| number as f64;
    f32: f64::from;
    f64: f64::from;
}

impl<T: Copy + Into<f64>> Sample for Complex<T>
where
    Self: Element + Can,
{
    const IS_COMPLEX: bool = true;

    fn number(self) -> Complex64 {
        Complex::new(self.re.into(), self.im.into())
    }

    fn range<'a>(_items: impl Iterator<Item = &'a Self>) -> Option<Range> {
        None
    }
}

fn range<'a, T>(items: impl Iterator<Item = &'a T>) -> Option<Range>
where
    T: Copy + PartialOrd + Into<Value> + 'a,
{
    let mut items = items.copied().filter(|item| item.partial_cmp(item).is_some());
    let first = items.next()?;
    let (smallest, largest) = items.fold((first, first), |(smallest, largest), item| {
        let smallest = if item < smallest { item } else { smallest };
        (smallest, if item > largest { item } else { largest })
    });
    Some(Range { smallest: smallest.into(), largest: largest.into() })
}

fn sum<'a, T: Sample>(items: impl IntoIterator<Item = &'a T>) -> Complex64 {
    items.into_iter().map(|item| item.number()).sum()
}

#[cfg(test)]
mod tests {
    use ndarray::{array, s};

    use super::*;

    #[test]
    fn value_and_typed_array_have_the_same_summary() {
        let array = array![[1.5_f32, f32::NAN], [-2.0, 8.0]];
        let own = Summary::of(array.view().into_dyn());
        assert_eq!(own.to_string(), "<f4 [2, 2], from -2.0 to 8.0, mean NaN");
        let view = array.slice(s![.., ..;-1]);
        let found = Summary::of_value(&Value::of(&view).unwrap()).unwrap();
        found.check(&own).unwrap();
        let longer = array![1.0_f32];
        let differs = own.check(&Summary::of(longer.view().into_dyn()));
        assert!(differs.unwrap_err().to_string().ends_with(
            "<f4 [2, 2], from -2.0 to 8.0, mean NaN, and not <f4 [1], from 1.0 to 1.0, mean 1.0"
        ));
    }

    #[test]
    fn integers_stay_exact_and_complex_numbers_have_no_range() {
        let summary = Summary::of(array![u64::MAX, 0].view().into_dyn());
        assert!(summary.to_string().contains("from 0 to 18446744073709551615,"));
        let array = array![Complex32::new(1.0, 2.0), Complex32::new(3.0, -2.0)];
        let value = Value::of(&array).unwrap();
        let summary = Summary::of_value(&value).unwrap().to_string();
        assert_eq!(summary, "<c8 [2], mean 2+0i");
        let empty = ndarray::Array2::<bool>::default((3, 0));
        assert_eq!(Summary::of(empty.view().into_dyn()).to_string(), "|b1 [3, 0], empty");
    }

    #[test]
    fn other_values_are_refused() {
        let refuse = |value: &Value| Summary::of_value(value).unwrap_err().to_string();
        assert_eq!(refuse(&Value::Unit), "unexpected message: no array");
        let letters = Value::of(&vec!['a', 'b']).unwrap();
        assert_eq!(refuse(&letters), "no summary of dtype <U1");
    }
}
