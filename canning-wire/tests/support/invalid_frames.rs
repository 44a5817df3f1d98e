//! The invalid vectors that are frames.

use super::{
    assemble::{Header, frame},
    featured_frames,
};

/// A frame, and the error that a reader gives: while it reads, or as it puts the first object
/// together.
pub struct InvalidFrame {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub error: &'static str,
}

/// All of them that this build reads as far as to what is wrong.
pub fn all() -> Vec<InvalidFrame> {
    let mut all = whole();
    all.retain(|vector| featured_frames::lacks(&vector.bytes).is_none());
    all
}

/// All of them.
pub fn whole() -> Vec<InvalidFrame> {
    let mut all = preludes();
    all.extend(lengths());
    all.extend(buffers());
    all.extend(featured_frames::invalid());
    all
}

fn preludes() -> Vec<InvalidFrame> {
    let with = |name, at: usize, byte: u8, error| {
        let mut bytes = plain();
        bytes[at] = byte;
        InvalidFrame { name, bytes, error }
    };
    vec![
        with("magic", 0, b'P', "expected the start of a message, found [50, 43, 41, 4e]"),
        with("version", 4, 2, "unknown frame version 2"),
        with("alignment", 5, 17, "malformed frame: the alignment is above 65,536"),
        with("reserved", 6, 1, "malformed frame: reserved bytes are not zero"),
        with("flag_critical", 8, 4, "unknown critical frame flags 0x4"),
        with("padding_not_zero", 50, 1, "malformed frame: padding is not zero"),
    ]
}

fn lengths() -> Vec<InvalidFrame> {
    let with_len = |name, len: u64, error| {
        let mut bytes = plain();
        bytes[24..32].copy_from_slice(&len.to_le_bytes());
        InvalidFrame { name, bytes, error }
    };
    let header_len = |name, len: u64, error| {
        let mut bytes = plain();
        bytes[32..40].copy_from_slice(&len.to_le_bytes());
        InvalidFrame { name, bytes, error }
    };
    let mut cut = plain();
    cut.pop();
    let len = plain().len() as u64;
    vec![
        InvalidFrame {
            name: "truncated",
            bytes: cut,
            error: "the input ended within a message, after 76 bytes of it",
        },
        with_len("shorter_than_table", 39, "malformed frame: shorter than its own table"),
        with_len("shorter_than_objects", len - 1, "malformed frame: shorter than its objects"),
        with_len(
            "longer_than_objects",
            len + 1,
            "malformed frame: longer than its objects (after 1 whole objects)",
        ),
        header_len("header_longer", 14, "malformed frame: shorter than its objects"),
        header_len("header_shorter", 12, "malformed header at byte 12: expected more bytes"),
    ]
}

fn buffers() -> Vec<InvalidFrame> {
    let case = |name, table: &str, body: &str, buffers: &[usize], error| {
        let header = Header::of_body(body).buffers(table).dtype_names(&["<f8", "|u1"]);
        let buffers = buffers.iter().map(|len| vec![0; *len]).collect();
        InvalidFrame { name, bytes: frame(&[(header.build(), buffers)]), error }
    };
    vec![
        case("buffer_never_referenced", "81 82 08 00", "05", &[8], "buffer 0 is never referenced"),
        case(
            "buffer_referenced_twice",
            "81 82 08 00",
            "83 00 83 04 00 01 83 04 00 01",
            &[8],
            "[1]: expected a reference to buffer 1, found buffer 0",
        ),
        case(
            "buffer_out_of_turn",
            "82 82 08 00 82 08 00",
            "83 00 83 04 01 01 83 04 00 01",
            &[8, 8],
            "[0]: expected a reference to buffer 0, found buffer 1",
        ),
        case(
            "buffer_contradicts_shape",
            "81 82 08 00",
            "83 04 00 02",
            &[8],
            "expected a buffer of 16 bytes, found 8",
        ),
        case(
            "buffer_of_half_an_item",
            "81 82 07 00",
            "83 04 00 01",
            &[7],
            "malformed header at byte 11: expected buffers of whole items",
        ),
        case(
            "buffer_empty",
            "81 82 00 00",
            "83 04 00 00",
            &[],
            "malformed header at byte 8: expected a buffer of at least one byte",
        ),
        case(
            "buffer_dtype_unknown",
            "81 82 08 02",
            "83 04 00 01",
            &[8],
            "malformed header at byte 11: expected a dtype of the table",
        ),
        case(
            "buffer_of_three_parts",
            "81 83 08 00 00",
            "83 04 00 01",
            &[8],
            "malformed header at byte 8: expected a pair of length and dtype",
        ),
        case(
            "text_of_floats",
            "81 82 08 00",
            "82 06 00",
            &[8],
            "malformed header at byte 21: expected text of the dtype |u1",
        ),
    ]
}

/// A frame of the object 5.
fn plain() -> Vec<u8> {
    frame(&[(Header::of_body("05").build(), vec![])])
}
