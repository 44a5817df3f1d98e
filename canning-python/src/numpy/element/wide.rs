//! The `long double` of another machine: bytes that Rust has no number for.

use canning_core::Element;

/// `f16`: a `long double` of 16 bytes, as it lies.
///
/// What it means depends on the machine that wrote it: 80 bits of x87 and six bytes of padding, or
/// an IEEE 754 binary128.
#[derive(Clone, Copy, Debug, Element, Eq, Hash, PartialEq)]
#[repr(C)]
pub struct LongDouble {
    /// The bytes, the lowest first.
    #[canned(rename = "numpy:f16")]
    pub bytes: [u8; 16],
}

impl LongDouble {
    /// The number, rounded, if it is one of x87: what NumPy writes on x86-64 Linux.
    ///
    /// What is too large becomes infinity; what is too small for a normal `f64`, zero.
    pub fn of_x87(self) -> f64 {
        let [fraction @ .., high, low, _, _, _, _, _, _] = self.bytes;
        let fraction = u64::from_le_bytes(fraction);
        let head = u16::from_le_bytes([high, low]);
        let sign = if head & 0x8000 == 0 { 1.0 } else { -1.0 };
        let exponent = i32::from(head & 0x7fff) - 16_383;
        // The leading bit stands there, too.
        #[expect(clippy::cast_precision_loss, reason = "rounds, as it says")]
        let fraction_f64 = fraction as f64 / 2.0_f64.powi(63);
        match exponent {
            16_384 if fraction << 1 == 0 => sign * f64::INFINITY,
            16_384 => f64::NAN,
            1_024.. => sign * f64::INFINITY,
            ..-1_022 => sign * 0.0,
            exponent => sign * fraction_f64 * 2.0_f64.powi(exponent),
        }
    }
}

/// `c32`: two `long double` of 16 bytes, the real part first.
#[derive(Clone, Copy, Debug, Element, Eq, Hash, PartialEq)]
#[repr(C)]
pub struct LongComplex {
    /// The bytes, the lowest of the real part first.
    #[canned(rename = "numpy:c32")]
    pub bytes: [u8; 32],
}

impl LongComplex {
    /// The real and the imaginary part.
    pub fn parts(self) -> (LongDouble, LongDouble) {
        let part = |half: usize| {
            let mut bytes = [0; 16];
            let from = self.bytes.iter().skip(half * 16);
            bytes.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
            LongDouble { bytes }
        };
        (part(0), part(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As NumPy writes them on x86-64.
    fn x87(fraction: u64, head: u16) -> LongDouble {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&fraction.to_le_bytes());
        bytes[8..10].copy_from_slice(&head.to_le_bytes());
        LongDouble { bytes }
    }

    #[test]
    fn x87_numbers_are_rounded() {
        assert_eq!(x87(1 << 63, 0x3fff).of_x87().to_bits(), 1.0_f64.to_bits());
        assert_eq!(x87(0xc000_0000_0000_0000, 0xc000).of_x87().to_bits(), (-3.0_f64).to_bits());
        assert_eq!(x87(0, 0).of_x87().to_bits(), 0);
        assert_eq!(x87(1 << 63, 0x7fff).of_x87().to_bits(), f64::INFINITY.to_bits());
        assert!(x87(3 << 62, 0x7fff).of_x87().is_nan());
        assert_eq!(x87(1 << 63, 0x7ffe).of_x87().to_bits(), f64::INFINITY.to_bits());
        let tenth = x87(0xcccc_cccc_cccc_cccd, 0x3ffb);
        assert_eq!(tenth.of_x87().to_bits(), 0.1_f64.to_bits());
    }

    #[test]
    fn complex_numbers_have_two_parts() {
        let mut bytes = [0; 32];
        bytes[16] = 1;
        let (real, imaginary) = LongComplex { bytes }.parts();
        assert_eq!((real.bytes[0], imaginary.bytes[0]), (0, 1));
    }
}
