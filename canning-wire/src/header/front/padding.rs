//! The zeros that bring the tail to a multiple.

use crate::header::cbor;

/// The tail starts at a multiple of this from the start of the header.
const TAIL_ALIGN: usize = 64;

/// Whether all bytes are zero; a whole block of them is compared at once.
pub(crate) fn are_zeros(bytes: &[u8]) -> bool {
    static ZEROS: [u8; 2 * TAIL_ALIGN] = [0; 2 * TAIL_ALIGN];
    bytes.chunks(ZEROS.len()).all(|block| ZEROS.starts_with(block))
}

/// How many zeros bring the tail to a multiple of [`TAIL_ALIGN`], given what stands before and
/// the length of the tail.
pub(crate) fn padding(before: usize, tail: u64) -> usize {
    if tail == 0 {
        return 0;
    }
    let up_to_multiple = |pad_head: usize| {
        let start = before + pad_head + cbor::head_len(tail);
        start.next_multiple_of(TAIL_ALIGN) - start
    };
    match (up_to_multiple(1), up_to_multiple(2)) {
        (pad @ 0..24, _) => pad,
        // Its head were shorter.
        (_, 23) => 23 + TAIL_ALIGN,
        (_, pad) => pad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_always_reaches_a_multiple() {
        for before in 0..200 {
            assert_eq!(padding(before, 0), 0);
            for tail in [1, 23, 24, 255, 256, 65_536] {
                let pad = padding(before, tail);
                let start = before + cbor::head_len(pad as u64) + pad + cbor::head_len(tail);
                assert_eq!(start % TAIL_ALIGN, 0, "{before} {tail}");
                assert!(pad < TAIL_ALIGN + 26);
                let shorter = (0..pad)
                    .map(|pad| before + cbor::head_len(pad as u64) + pad + cbor::head_len(tail));
                assert!(shorter.into_iter().all(|start| start % TAIL_ALIGN != 0));
            }
        }
    }
}
