//! Numbers of Python's and of NumPy's.

use canning_core::{ErrorKind, Result, visitor::Kind};

use super::{Next, Walker};
use crate::{
    numpy::{ByteOrder, Dtype, DtypeKind},
    object::view::View,
};

/// A number, as precise as it came.
#[derive(Clone, Copy, Debug)]
enum Number {
    Bool(bool),
    Integer(i128),
    /// Above `i128::MAX`.
    Big(u128),
    F32(f32),
    F64(f64),
}

impl Walker<'_, '_> {
    fn number(&mut self, expected: Kind) -> Result<Number> {
        let next = self.take()?;
        let number = match &next {
            Next::View(View::Bool(value)) => Some(Number::Bool(*value)),
            Next::View(View::Int(value)) => Some(Number::Integer((*value).into())),
            Next::View(View::BigInt(value)) => match (value.to_i128(), value.to_u128()) {
                (Some(value), _) => Some(Number::Integer(value)),
                (None, Some(value)) => Some(Number::Big(value)),
                (None, None) if expected == Kind::Integer => {
                    let found = if value.is_negative() { i128::MIN } else { i128::MAX };
                    let expected = "128 bits";
                    return Err(ErrorKind::IntegerRange { expected, found }.into());
                }
                (None, None) => None,
            },
            Next::View(View::Float(value)) => Some(Number::F64(*value)),
            Next::View(View::Scalar(scalar)) => {
                of_item(scalar.dtype(), &scalar.memory().to_bytes()?)
            }
            Next::View(View::Array(array)) if array.shape().is_empty() => {
                let (start, dtype) = (array.offset(), array.dtype());
                self.with_bytes(array.memory(), |bytes| {
                    let item = bytes.get(start..start.saturating_add(dtype.item_size()));
                    Ok(item.and_then(|item| of_item(dtype, item)))
                })?
            }
            _ => None,
        };
        number.ok_or_else(|| self.wrong(expected, &next))
    }

    pub(super) fn truth(&mut self) -> Result<bool> {
        match self.number(Kind::Bool)? {
            Number::Bool(value) => Ok(value),
            number => Err(number.wrong(Kind::Bool)),
        }
    }

    pub(super) fn integer<T>(&mut self, expected: &'static str) -> Result<T>
    where
        T: TryFrom<i128> + TryFrom<u128>,
    {
        let (value, found) = match self.number(Kind::Integer)? {
            Number::Integer(value) => (T::try_from(value).ok(), value),
            Number::Big(value) => (T::try_from(value).ok(), i128::MAX),
            number => return Err(number.wrong(Kind::Integer)),
        };
        value.ok_or_else(|| ErrorKind::IntegerRange { expected, found }.into())
    }

    /// A float; or an integer that is one, exactly.
    pub(super) fn float(&mut self) -> Result<f64> {
        match self.number(Kind::F64)? {
            Number::F64(value) => Ok(value),
            Number::F32(value) => Ok(value.into()),
            number => number.exact(Kind::F64, "f64"),
        }
    }

    /// A float, rounded where it has more digits, but not to infinity.
    pub(super) fn short_float(&mut self) -> Result<f32> {
        let value = match self.number(Kind::F32)? {
            Number::F32(value) => return Ok(value),
            Number::F64(value) if value.is_nan() => return Ok(narrowed(value)),
            Number::F64(value) => value,
            number => {
                let value = number.exact(Kind::F32, "f32")?;
                return match narrow(value) {
                    short if f64::from(short) == value => Ok(short),
                    _ => Err(number.out_of_range("f32")),
                };
            }
        };
        let short = narrow(value);
        if short.is_infinite() && value.is_finite() {
            return Err(ErrorKind::Kind { expected: Kind::F32, found: Kind::F64 }.into());
        }
        Ok(short)
    }
}

impl Number {
    fn wrong(self, expected: Kind) -> canning_core::Error {
        let found = match self {
            Self::Bool(_) => Kind::Bool,
            Self::Integer(_) => Kind::Integer,
            Self::Big(_) => Kind::BigInteger,
            Self::F32(_) => Kind::F32,
            Self::F64(_) => Kind::F64,
        };
        ErrorKind::Kind { expected, found }.into()
    }

    fn out_of_range(self, expected: &'static str) -> canning_core::Error {
        let found = match self {
            Self::Integer(value) => value,
            _ => i128::MAX,
        };
        ErrorKind::IntegerRange { expected, found }.into()
    }

    /// The float that an integer is.
    fn exact(self, kind: Kind, expected: &'static str) -> Result<f64> {
        let (float, exact) = match self {
            Self::Integer(value) => {
                #[expect(clippy::cast_precision_loss, reason = "compared below")]
                let float = value as f64;
                (float, float < TWO_127 && to_i128(float) == value)
            }
            Self::Big(value) => {
                #[expect(clippy::cast_precision_loss, reason = "its lowest bits are looked at")]
                let float = value as f64;
                // Above 2^127, where floats have 53 bits: 75 zeros follow.
                (float, value.trailing_zeros() >= 75)
            }
            number => return Err(number.wrong(kind)),
        };
        if exact { Ok(float) } else { Err(self.out_of_range(expected)) }
    }
}

/// A scalar of NumPy's, or the item of an array without axes, if it is a number that Rust has.
fn of_item(dtype: &Dtype, found: &[u8]) -> Option<Number> {
    let size = dtype.item_size();
    let mut bytes = [0_u8; 8];
    let low = bytes.get_mut(..size).filter(|low| low.len() == found.len())?;
    low.copy_from_slice(found);
    if dtype.byte_order() == ByteOrder::Big {
        low.reverse();
    }
    let value = u64::from_le_bytes(bytes);
    match (dtype.kind(), size) {
        (DtypeKind::Bool, 1) if value <= 1 => Some(Number::Bool(value == 1)),
        (DtypeKind::Uint, _) => Some(Number::Integer(value.into())),
        (DtypeKind::Int, 1..=8) => {
            let unused = 64 - 8 * size;
            Some(Number::Integer((value.cast_signed() << unused >> unused).into()))
        }
        (DtypeKind::Float, 2) => Some(Number::F32(widened_half(value))),
        (DtypeKind::Float, 4) => {
            let [a, b, c, d, ..] = bytes;
            Some(Number::F32(f32::from_le_bytes([a, b, c, d])))
        }
        (DtypeKind::Float, 8) => Some(Number::F64(f64::from_bits(value))),
        _ => None,
    }
}

/// An IEEE 754 binary16 as a wider float, which holds it exactly.
fn widened_half(bits: u64) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (bits >> 10 & 0x1f, bits & 0x3ff);
    #[expect(clippy::cast_precision_loss, reason = "ten bits")]
    let fraction_of = |fraction: u64| fraction as f32 / 1024.0;
    match (exponent, fraction) {
        (0, fraction) => sign * fraction_of(fraction) * 2.0_f32.powi(-14),
        (31, 0) => sign * f32::INFINITY,
        (31, _) => f32::NAN,
        (exponent, fraction) => {
            let power = i32::try_from(exponent).unwrap_or_default() - 15;
            sign * (1.0 + fraction_of(fraction)) * 2.0_f32.powi(power)
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit is noticed by the caller")]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// A NaN with fewer bits: those of an `f32` that was written as an `f64`.
fn narrowed(value: f64) -> f32 {
    let bits = value.to_bits();
    let fraction = u32::try_from(bits >> 29 & 0x007f_ffff).unwrap_or_default();
    let sign = u32::try_from(bits >> 63).unwrap_or_default();
    // A fraction of zero would be infinity.
    let fraction = if fraction == 0 { 0x0040_0000 } else { fraction };
    f32::from_bits(sign << 31 | 0xff << 23 | fraction)
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^127")]
fn to_i128(float: f64) -> i128 {
    float as i128
}

const TWO_127: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
