//! How many bytes were copied.

use std::ops::AddAssign;

/// Bytes that putting a value together copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "count what was copied"]
pub struct Copied {
    /// Bytes of small arrays and text, copied out of the header.
    pub in_band: u64,
    /// Bytes of buffers, copied because they could not be taken over or shared as they lay.
    pub out_of_band: u64,
}

impl Copied {
    pub(crate) fn of(is_in_band: bool, bytes: usize) -> Self {
        let mut copied = Self::default();
        if is_in_band {
            copied.in_band = bytes as u64;
        } else {
            copied.out_of_band = bytes as u64;
        }
        copied
    }
}

impl AddAssign for Copied {
    fn add_assign(&mut self, other: Self) {
        self.in_band += other.in_band;
        self.out_of_band += other.out_of_band;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_copies_add_up_apart() {
        let mut copied = Copied::of(true, 2);
        assert_eq!(copied, Copied { in_band: 2, out_of_band: 0 });
        copied += Copied::of(false, 3);
        copied += Copied { in_band: 5, out_of_band: 7 };
        assert_eq!(copied, Copied { in_band: 7, out_of_band: 10 });
    }
}
