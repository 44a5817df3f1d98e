//! One element as text.

use std::fmt::{self, Display};

use crate::dtype::Scalar;

/// An element's little-endian bytes, printed as its dtype reads them. Bytes that are none of
/// its values, or too few, print as `?`.
pub(super) struct Item<'b>(pub(super) Scalar, pub(super) &'b [u8]);

impl Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f).unwrap_or_else(|| f.write_str("?"))
    }
}

impl Item<'_> {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self.0 {
            Scalar::Bool => match self.1 {
                [0] => f.write_str("false"),
                [1] => f.write_str("true"),
                _ => return None,
            },
            Scalar::I8 => i8::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::I16 => i16::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::I32 => i32::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::I64 => i64::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::I128 => i128::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::U8 => u8::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::U16 => u16::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::U32 => u32::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::U64 => u64::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::U128 => u128::from_le_bytes(self.bytes()?).fmt(f),
            Scalar::F16 => write!(f, "{:?}", from_half(u16::from_le_bytes(self.bytes()?))),
            Scalar::Bf16 => {
                let upper = u32::from(u16::from_le_bytes(self.bytes()?));
                write!(f, "{:?}", f32::from_bits(upper << 16))
            }
            Scalar::F32 => write!(f, "{:?}", f32::from_le_bytes(self.bytes()?)),
            Scalar::F64 => write!(f, "{:?}", f64::from_le_bytes(self.bytes()?)),
            Scalar::Complex64 => {
                let (re, im) = self.1.split_first_chunk()?;
                let (re, im) = (f32::from_le_bytes(*re), f32::from_le_bytes(im.try_into().ok()?));
                write!(f, "{re:?}{im:+?}i")
            }
            Scalar::Complex128 => {
                let (re, im) = self.1.split_first_chunk()?;
                let (re, im) = (f64::from_le_bytes(*re), f64::from_le_bytes(im.try_into().ok()?));
                write!(f, "{re:?}{im:+?}i")
            }
            Scalar::Char => {
                let item = char::from_u32(u32::from_le_bytes(self.bytes()?))?;
                write!(f, "{item:?}")
            }
        })
    }

    fn bytes<const SIZE: usize>(&self) -> Option<[u8; SIZE]> {
        self.1.try_into().ok()
    }
}

/// An IEEE 754 binary16.
fn from_half(bits: u16) -> f32 {
    let fraction = bits & 0x3ff;
    let size = match (bits >> 10) & 0x1f {
        0 => f32::from(fraction) * 2_f32.powi(-24),
        0x1f if fraction == 0 => f32::INFINITY,
        0x1f => f32::NAN,
        exponent => f32::from(fraction | 0x400) * 2_f32.powi(i32::from(exponent) - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_of_every_width_are_read() {
        for (bits, value) in [
            (0x3c00, "1.0"),
            (0xc100, "-2.5"),
            (0x0001, "5.9604645e-8"),
            (0x7bff, "65504.0"),
            (0x7c00, "inf"),
            (0xfe00, "NaN"),
            (0x8000, "-0.0"),
        ] {
            let bytes = u16::to_le_bytes(bits);
            assert_eq!(Item(Scalar::F16, &bytes).to_string(), value);
        }
        assert_eq!(Item(Scalar::Bf16, &[0x80, 0x3f]).to_string(), "1.0");
        let complex = [1.5_f32, -2.0].map(f32::to_le_bytes);
        let complex = Item(Scalar::Complex64, complex.as_flattened());
        assert_eq!(complex.to_string(), "1.5-2.0i");
    }

    #[test]
    fn invalid_bits_are_marked() {
        assert_eq!(Item(Scalar::Bool, &[2]).to_string(), "?");
        assert_eq!(Item(Scalar::F64, &[2]).to_string(), "?");
        assert_eq!(Item(Scalar::Char, &[0, 0xd8, 0, 0]).to_string(), "?");
    }
}
