//! The vectors that are frames with checksums or compressed buffers, which a build reads that has
//! the features.

use canning_core::Value;

use super::{
    assemble::{Header, framed},
    invalid_frames::InvalidFrame,
    lz4::{CHUNK, packed, run, stored},
    valid::Valid,
};

pub const INTEGRITY: u32 = 1;
pub const COMPRESSION: u32 = 2;

/// The feature that a frame needs, and this build lacks.
pub fn lacks(frame: &[u8]) -> Option<&'static str> {
    let flags = frame.get(8).map_or(0, |flags| u32::from(*flags));
    match flags {
        _ if flags & INTEGRITY != 0 && !cfg!(feature = "integrity") => Some("integrity"),
        _ if flags & COMPRESSION != 0 && !cfg!(feature = "compression") => Some("compression"),
        _ => None,
    }
}

/// The valid ones.
pub fn valid() -> Vec<Valid> {
    let five = (Header::of_body("05").build(), vec![]);
    let case = |name: &str, bytes, objects: Vec<Value>| Valid {
        name: format!("frame_{name}"),
        bytes,
        objects,
    };
    let numbers = [0.0_f64, 1.0, 2.0, 3.0];
    let array = (of_floats(4), vec![numbers.map(f64::to_le_bytes).concat()]);
    let zeros = vec![0_u8; 64];
    let of_zeros = |wire| vec![(of_bytes(64), vec![wire])];
    let long = vec![7_u8; CHUNK + 40];
    let long_wire = [packed(&run(7, CHUNK)), stored(&[7; 40])].concat();
    let mut two = of_zeros(packed(&run(0, 64)));
    two.push((of_bytes(64), vec![zeros.clone()]));
    let value = |bytes: &Vec<u8>| Value::of(bytes).unwrap();
    vec![
        case("integrity", framed(&[array], INTEGRITY), vec![Value::of(&numbers.to_vec()).unwrap()]),
        case("integrity_empty", framed(&[], INTEGRITY), vec![]),
        case(
            "integrity_several",
            framed(&[five.clone(), five.clone()], INTEGRITY),
            vec![Value::of(&5).unwrap(), Value::of(&5).unwrap()],
        ),
        case(
            "compression",
            framed(&of_zeros(packed(&run(0, 64))), COMPRESSION),
            vec![value(&zeros)],
        ),
        case("compression_stored", framed(&two, COMPRESSION), vec![value(&zeros), value(&zeros)]),
        case(
            "compression_chunks",
            framed(&[(of_bytes(long.len()), vec![long_wire])], COMPRESSION),
            vec![value(&long)],
        ),
        case("compression_empty", framed(&[five], COMPRESSION), vec![Value::of(&5).unwrap()]),
        case(
            "compression_integrity",
            framed(&of_zeros(packed(&run(0, 64))), COMPRESSION | INTEGRITY),
            vec![value(&zeros)],
        ),
    ]
}

/// The invalid ones.
pub fn invalid() -> Vec<InvalidFrame> {
    let flipped = |name, at: usize, error| {
        let array = (of_floats(4), vec![vec![0; 32]]);
        let mut bytes = framed(&[array], INTEGRITY);
        bytes[at] ^= 1;
        InvalidFrame { name, bytes, error }
    };
    let wire = |name, wire: Vec<u8>, error| {
        let bytes = framed(&[(of_bytes(64), vec![wire])], COMPRESSION);
        InvalidFrame { name, bytes, error }
    };
    let five = Header::of_body("05").build();
    let count = framed(&[(five, vec![vec![]])], COMPRESSION);
    let mut all = vec![
        flipped("integrity_table", 40, "the frame's table was damaged: its checksum differs"),
        flipped("integrity_length", 24, "the frame's table was damaged: its checksum differs"),
        flipped("integrity_header", 70, "the header of object 0 was damaged: its checksum differs"),
        flipped("integrity_buffer", 130, "buffer 0 of object 0 was damaged: its checksum differs"),
        flipped("integrity_padding", 50, "malformed frame: padding is not zero"),
        InvalidFrame {
            name: "compression_count",
            bytes: count,
            error: "malformed frame: an object has another number of buffers than its table says",
        },
    ];
    let bad = [
        ("compression_longer", vec![0; 65], badly!("it is longer than its bytes")),
        ("compression_empty", vec![], badly!("so few bytes cannot unfold to as many")),
        (
            "compression_cut",
            packed(&run(0, 64))[..10].to_vec(),
            badly!("its bytes on the wire end within a chunk"),
        ),
        (
            "compression_left_over",
            [packed(&run(0, 64)), vec![0]].concat(),
            badly!("it ends before its bytes on the wire"),
        ),
        ("compression_too_few", packed(&run(0, 63)), badly!("a chunk unfolds to too few bytes")),
        (
            "compression_too_many",
            packed(&run(0, 65)),
            badly!("a chunk is no LZ4 block of its length"),
        ),
        (
            "compression_offset",
            packed(&[0x1f, 0, 2, 0, 39, 0x50, 0, 0, 0, 0, 0]),
            badly!("a chunk is no LZ4 block of its length"),
        ),
        (
            "compression_chunk_longer",
            {
                let mut chunk = packed(&run(0, 64));
                chunk[0] = 64;
                chunk
            },
            badly!("a chunk is no shorter than its bytes"),
        ),
        (
            "compression_stored_shorter",
            stored(&[0; 40]),
            badly!("a stored chunk has another length"),
        ),
        (
            "compression_ratio",
            [&[0, 0, 0, 0][..], &[0; 7]].concat(),
            badly!("so few bytes cannot unfold to as many"),
        ),
    ];
    all.extend(bad.map(|(name, bytes, error)| wire(name, bytes, error)));
    all
}

/// What a reader says of a buffer that is badly compressed.
macro_rules! badly {
    ($why:literal) => {
        concat!("buffer 0 of object 0 is badly compressed: ", $why)
    };
}
use badly;

/// A header of so many floats in a buffer.
pub fn of_floats(len: u8) -> Vec<u8> {
    let body = format!("83 04 00 {len:02x}");
    let table = format!("81 82 18 {:02x} 00", len * 8);
    Header::of_body(&body).buffers(&table).dtype_names(&["<f8"]).build()
}

/// A header of so many bytes in a buffer.
pub fn of_bytes(len: usize) -> Vec<u8> {
    let mut head = super::assemble::head(0, len as u64);
    let table = [&[0x81, 0x82], head.as_slice(), &[0]].concat();
    let mut body = vec![0x83, 4, 0];
    body.append(&mut head);
    let header = Header { buffers: table, body, ..Header::of_body("") };
    header.dtype_names(&["|u1"]).build()
}
