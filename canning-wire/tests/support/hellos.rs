//! The vectors that are hellos, and a second reader of them, written from the document alone.

use canning_wire::handshake::{Agreed, Handshake, Hello};

use super::assemble::hex;

/// A hello, and what a peer of version 1 makes of it.
pub struct HelloVector {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub outcome: Result<Agreed, &'static str>,
}

/// All of them.
pub fn all() -> Vec<HelloVector> {
    let agreed = Agreed { frame: 1, header: 1, flags: 0 };
    let ours = Agreed { flags: Hello::default().other, ..agreed };
    let case = |name, digits: &str, outcome| HelloVector { name, bytes: hex(digits), outcome };
    vec![
        case("hello", "89 48 45 4c 01 01 01 01 00000000 00000000", Ok(agreed)),
        case("hello_features", "89 48 45 4c 01 01 01 01 00000000 03000000", Ok(ours)),
        case("hello_of_later", "89 48 45 4c 01 03 01 02 00000000 00000000", Ok(agreed)),
        case("hello_flag_ignorable", "89 48 45 4c 01 01 01 01 00000000 04000000", Ok(agreed)),
        case(
            "invalid_hello_magic",
            "89 43 41 4e 01 01 01 01 00000000 00000000",
            Err("the peer speaks something else: it sends messages without a handshake"),
        ),
        case(
            "invalid_hello_version_zero",
            "89 48 45 4c 00 01 01 01 00000000 00000000",
            Err("malformed hello: frame versions from 0 to 1"),
        ),
        case(
            "invalid_hello_no_versions",
            "89 48 45 4c 01 01 02 01 00000000 00000000",
            Err("malformed hello: header versions from 2 to 1"),
        ),
        case(
            "invalid_hello_version_later",
            "89 48 45 4c 02 03 01 01 00000000 00000000",
            Err("no common frame version: 1 here, 2 to 3 there"),
        ),
        case(
            "invalid_hello_flag_critical",
            "89 48 45 4c 01 01 01 01 01000000 00000000",
            Err("unknown critical flags 0x1 in the hello"),
        ),
        case(
            "invalid_hello_truncated",
            "89 48 45 4c 01 01 01 01 00000000 000000",
            Err("the peer ended the connection after 15 bytes of its hello"),
        ),
    ]
}

/// Gives bytes to a handshake, at most so many at a time, and then the end.
pub fn exchange(bytes: &[u8], at_once: usize) -> Result<Agreed, String> {
    let mut handshake = Handshake::new(Hello::default());
    for piece in bytes.chunks(at_once) {
        let space = handshake.space();
        space[..piece.len()].copy_from_slice(piece);
        if let Some(agreed) = handshake.fill(piece.len()).map_err(|error| error.to_string())? {
            return Ok(agreed);
        }
    }
    Err(handshake.ended().to_string())
}

/// Versions of the frame, of the header, and the flags that may be ignored.
pub fn read(bytes: &[u8]) -> Option<([u8; 2], [u8; 2], u32)> {
    let [0x89, 0x48, 0x45, 0x4c, f0, f1, h0, h1, 0, 0, 0, 0, flags @ ..] = bytes else {
        return None;
    };
    let flags = u32::from_le_bytes(flags.try_into().ok()?);
    Some(([*f0, *f1], [*h0, *h1], flags))
}
