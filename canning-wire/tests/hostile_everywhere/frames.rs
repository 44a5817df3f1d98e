//! Attacks in what stands before the first header.

use crate::{
    attack::Attack,
    support::assemble::{Header, frame},
};

/// A frame of the object 5, with numbers of its prelude changed.
pub(crate) fn prelude(changes: &[(usize, u64)]) -> Vec<u8> {
    let mut frame = frame(&[(Header::of_body("05").build(), vec![])]);
    for (at, number) in changes {
        frame[*at..at + 8].copy_from_slice(&number.to_le_bytes());
    }
    frame
}

pub(crate) fn frames() -> Vec<Attack> {
    const OBJECTS: usize = 16;
    const LEN: usize = 24;
    const HEADER: usize = 32;
    vec![
        Attack::of_frame(
            "endless message",
            prelude(&[(LEN, 1 << 60)]),
            "length of the message is 1152921504606846976, above the limit",
        ),
        Attack::of_frame(
            "endless header",
            prelude(&[(HEADER, 1 << 40)]),
            "header length is 1099511627776, above the limit",
        ),
        Attack::of_frame(
            "header beyond the message",
            prelude(&[(HEADER, 8 << 20)]),
            "malformed frame: shorter than its objects",
        ),
        Attack::of_frame(
            "2^60 objects",
            prelude(&[(OBJECTS, 1 << 60)]),
            "number of objects is 1152921504606846976, above the limit",
        ),
        Attack::of_frame(
            "a million objects",
            prelude(&[(OBJECTS, 1 << 20)]),
            "number of objects is 1048576, above the limit",
        ),
        Attack::of_frame(
            "objects that are not there",
            prelude(&[(OBJECTS, 1 << 16)]),
            "malformed frame: shorter than its own table",
        ),
        Attack::of_frame(
            "lengths that overflow",
            prelude(&[(OBJECTS, u64::MAX)]),
            "number of objects is 18446744073709551615",
        ),
        Attack::of_frame(
            "another protocol",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3),
            "expected the start of a message, found [47, 45, 54, 20]",
        ),
    ]
}
