//! Valid bytes, changed: what plain noise seldom comes to.

use crate::input::Input;

/// A change that keeps most of what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Flips bits of one byte.
    Flip { at: usize, bits: u8 },
    /// Overwrites bytes with zeros.
    Zero { at: usize, len: usize },
    /// Cuts the end off.
    Cut { at: usize },
    /// Takes bytes out.
    Remove { at: usize, len: usize },
    /// Puts a copy of other bytes in.
    Repeat { at: usize, from: usize, len: usize },
    /// Puts one byte in.
    Insert { at: usize, byte: u8 },
}

impl Edit {
    /// A change of so many bytes; those of a unit stay together.
    pub(crate) fn choose(input: &mut Input<'_>, len: usize, unit: usize) -> Self {
        let kind = input.byte();
        // Any byte, if it is a single one that changes; and where a unit begins, otherwise.
        let any = usize::from(input.u16()) % (len + 1);
        let at = any / unit * unit;
        match kind % 6 {
            0 => Self::Flip { at: any, bits: input.byte() },
            1 => Self::Zero { at: any, len: input.below(64) * unit },
            2 => Self::Cut { at: any },
            3 => Self::Remove { at, len: input.below(64) * unit },
            4 => {
                let from = usize::from(input.u16()) % (len + 1) / unit * unit;
                Self::Repeat { at, from, len: input.below(64) * unit }
            }
            _ => Self::Insert { at: any, byte: input.byte() },
        }
    }

    /// Changes the bytes, and gives the number of those at the start that are as they were.
    pub(crate) fn apply(self, bytes: &mut Vec<u8>) -> usize {
        let before = bytes.clone();
        let len = bytes.len();
        match self {
            Self::Flip { at, bits } => bytes.iter_mut().skip(at).take(1).for_each(|b| *b ^= bits),
            Self::Zero { at, len } => bytes.iter_mut().skip(at).take(len).for_each(|b| *b = 0),
            Self::Cut { at } => bytes.truncate(at),
            Self::Remove { at, len: count } => drop(bytes.drain(at..(at + count).min(len))),
            Self::Repeat { at, from, len: count } => {
                bytes.splice(at..at, before[from..(from + count).min(len)].iter().copied());
            }
            Self::Insert { at, byte } => bytes.insert(at, byte),
        }
        before.iter().zip(&*bytes).take_while(|(before, now)| before == now).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edit_tells_what_it_left() {
        let edited = |edit: Edit| {
            let mut bytes = b"abcdef".to_vec();
            let same = edit.apply(&mut bytes);
            (String::from_utf8(bytes).unwrap(), same)
        };
        let of = |text: &str, same| (text.to_owned(), same);
        assert_eq!(edited(Edit::Flip { at: 1, bits: 1 }), of("accdef", 1));
        assert_eq!(edited(Edit::Flip { at: 6, bits: 1 }), of("abcdef", 6));
        assert_eq!(edited(Edit::Zero { at: 4, len: 9 }), of("abcd\0\0", 4));
        assert_eq!(edited(Edit::Cut { at: 2 }), of("ab", 2));
        assert_eq!(edited(Edit::Remove { at: 2, len: 2 }), of("abef", 2));
        assert_eq!(edited(Edit::Repeat { at: 6, from: 4, len: 9 }), of("abcdefef", 6));
        assert_eq!(edited(Edit::Insert { at: 0, byte: b'z' }), of("zabcdef", 0));
    }

    #[test]
    fn whatever_is_chosen_can_be_applied() {
        for kind in 0..6 {
            for len in [0, 1, 65, 1000] {
                for place in [0, 1, 64, 65, 999, u16::MAX] {
                    let [low, high] = place.to_le_bytes();
                    let mut input = [kind, low, high, low, high, 63].as_slice().to_vec();
                    input.push(0xff);
                    let edit = Edit::choose(&mut Input::new(&input), len, 64);
                    let mut bytes: Vec<u8> = (0..=255).cycle().take(len).collect();
                    assert!(edit.apply(&mut bytes) <= len, "{edit:?}");
                }
            }
        }
    }
}
