//! The alignment of arrays that are on their way.

use canning_core::Buffer;

/// Guesses the alignment of the items of the array whose buffer comes next, by the frames of the
/// message so far.
///
/// ipyparallel says the dtype of an array, as `<f4`, in the pickle in front of its buffer. That
/// is looked for without reading the pickle; where there is another, or none, it is the guess for
/// most. A wrong guess costs a copy when an owned array is taken out.
pub(crate) fn guess(frames: &[Buffer<'static>]) -> usize {
    let pickles = frames.iter().rev().filter_map(Buffer::as_slice);
    pickles.take(NEAR).find_map(of_pickle).unwrap_or(USUAL)
}

/// The alignment that all dtypes in a pickle agree on.
fn of_pickle(pickle: &[u8]) -> Option<usize> {
    let pickle = pickle.get(..FAR).unwrap_or(pickle);
    let mut found = None;
    for window in pickle.windows(LONGEST) {
        let Some(align) = of_text(window) else { continue };
        if found.is_some_and(|found| found != align) {
            return None;
        }
        found = Some(align);
    }
    found
}

/// The alignment of a dtype whose name begins here, after its length.
fn of_text(bytes: &[u8]) -> Option<usize> {
    let (digits, kind) = match bytes {
        [3, b'<' | b'|', kind, digit, ..] => (&[*digit][..], kind),
        [4, b'<', kind, ten, one] => (&[*ten, *one][..], kind),
        _ => return None,
    };
    match (kind, digits) {
        (b'i' | b'u' | b'b', b"1") => Some(1),
        (b'i' | b'u' | b'f', b"2") => Some(2),
        (b'i' | b'u' | b'f', b"4") | (b'c', b"8") => Some(4),
        (b'i' | b'u' | b'f', b"8") | (b'c', b"16") => Some(8),
        _ => None,
    }
}

/// The length of `<c16` and its length.
const LONGEST: usize = 5;

/// So much of a frame is looked at.
const FAR: usize = 4096;

/// So many frames are looked at.
const NEAR: usize = 4;

/// That of `f64` and `i64`.
const USUAL: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(frames: &[&'static [u8]]) -> usize {
        guess(&frames.iter().map(|frame| Buffer::borrowed(frame)).collect::<Vec<_>>())
    }

    #[test]
    fn dtypes_are_found_in_the_pickle_in_front() {
        assert_eq!(of(&[]), 8);
        assert_eq!(of(&[b"{}", b"\x8c\x05dtype\x94\x8c\x03<f4\x94\x8c\x07buffers"]), 4);
        assert_eq!(of(&[b"X\x03\0\0\0<f4 no length of one byte"]), 8);
        assert_eq!(of(&[b"\x8c\x04<c16\x94u", b"buffer"]), 8);
        assert_eq!(of(&[b"\x8c\x03|u1\x94ub"]), 1);
        assert_eq!(of(&[b"\x8c\x03<f4\x94 \x8c\x03<f8\x94.."]), 8);
    }
}
