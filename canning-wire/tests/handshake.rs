//! The hello: every truncation, every changed byte, any pieces; and what two ends agree on.

mod support;

use canning_wire::{
    ErrorKind, MessageReader,
    handshake::{Agreed, Handshake, HandshakeError, Hello},
};
use support::{
    counting::{Counting, count},
    hellos::{self, exchange},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// What two ends of this build agree on.
fn agreed() -> Agreed {
    Agreed { frame: 1, header: 1, flags: Hello::default().other }
}

#[test]
fn every_truncation_says_how_much_came() {
    let hello = Hello::default().encode();
    for len in 0..Hello::LEN {
        let expected = format!("the peer ended the connection after {len} bytes of its hello");
        assert_eq!(exchange(&hello[..len], 16), Err(expected));
    }
    assert_eq!(exchange(&hello, 16), Ok(agreed()));
}

#[test]
fn pieces_of_any_length_give_the_same() {
    for at_once in 1..=Hello::LEN {
        for vector in hellos::all() {
            let outcome = vector.outcome.map_err(ToOwned::to_owned);
            assert_eq!(exchange(&vector.bytes, at_once), outcome, "{}", vector.name);
        }
    }
}

/// What each change of one byte must come to, said once more.
fn outcome_of(at: usize, byte: u8) -> Result<Agreed, &'static str> {
    match (at, byte) {
        (0..4, _) => Err("the peer speaks something else"),
        (4, 0) => Err("malformed hello: frame versions from 0 to 1"),
        (6, 0) => Err("malformed hello: header versions from 0 to 1"),
        (4, _) => Err("malformed hello: frame versions from "),
        (6, _) => Err("malformed hello: header versions from "),
        (5, 0) => Err("malformed hello: frame versions from 1 to 0"),
        (7, 0) => Err("malformed hello: header versions from 1 to 0"),
        (8..12, _) => Err("unknown critical flags "),
        (12, byte) => Ok(Agreed { flags: agreed().flags & u32::from(byte), ..agreed() }),
        _ => Ok(agreed()),
    }
}

#[test]
fn every_changed_byte_is_refused_or_may_be_ignored() {
    let hello = Hello::default().encode();
    for at in 0..Hello::LEN {
        for byte in (0..=255).filter(|byte| *byte != hello[at]) {
            let mut changed = hello;
            changed[at] = byte;
            let found = exchange(&changed, 16);
            match (outcome_of(at, byte), &found) {
                (Ok(expected), Ok(found)) => assert_eq!(*found, expected),
                (Err(start), Err(found)) if found.starts_with(start) => {}
                (expected, _) => panic!("byte {at} as {byte}: {found:?}, not {expected:?}"),
            }
        }
    }
}

#[test]
fn first_wrong_byte_is_told_without_waiting_for_more() {
    let hello = Hello::default().encode();
    for at in 0..4 {
        let mut handshake = Handshake::new(Hello::default());
        handshake.space()[..at].copy_from_slice(&hello[..at]);
        assert_eq!(handshake.fill(at).unwrap(), None);
        handshake.space()[0] = b'?';
        let error = handshake.fill(1).unwrap_err();
        let ErrorKind::Handshake(error) = error.kind() else { panic!("{error}") };
        let expected = HandshakeError::Magic { at, found: b'?', expected: hello[at] };
        assert_eq!(*error, expected);
    }
}

#[test]
fn both_ends_come_to_the_same() {
    let ranges = || (1..=4).flat_map(|lowest| (lowest..=4).map(move |highest| lowest..=highest));
    for ours in ranges() {
        for theirs in ranges() {
            let a = Hello { frame: ours.clone(), other: 0b110, ..Hello::default() };
            let b = Hello { frame: theirs.clone(), other: 0b011, ..Hello::default() };
            let (here, there) = (a.agree(&b), b.agree(&a));
            let expected = ours.clone().filter(|version| theirs.contains(version)).max();
            match expected {
                Some(frame) => {
                    assert_eq!(here.unwrap(), Agreed { frame, header: 1, flags: 0b010 });
                    assert_eq!(there.unwrap().frame, frame);
                }
                None => {
                    let error = here.unwrap_err();
                    let ErrorKind::Handshake(error) = error.kind() else { panic!("{error}") };
                    let expected =
                        HandshakeError::Version { what: "frame", ours: ours.clone(), theirs };
                    assert_eq!(*error, expected);
                    there.unwrap_err();
                }
            }
        }
    }
}

#[test]
fn nothing_is_allocated_for_a_hello() {
    let hello = Hello::default().encode();
    let ((), cost) = count(|| {
        let mut handshake = Handshake::new(Hello::default());
        handshake.advance(handshake.unsent().len());
        handshake.space().copy_from_slice(&hello);
        assert_eq!(handshake.fill(hello.len()).unwrap(), Some(agreed()));
    });
    assert_eq!(cost.allocations, 0, "{cost:?}");
}

#[test]
fn reader_of_frames_and_handshake_tell_each_other_apart() {
    let hello = Hello::default().encode();
    let error = MessageReader::new(hello.as_slice(), Default::default()).read_message();
    let expected = "expected the start of a message, found a handshake";
    assert_eq!(error.unwrap_err().to_string(), expected);

    let error = Hello::check_start(&[0x89, b'C']).unwrap_err();
    assert!(error.to_string().ends_with("it sends messages without a handshake"));
}
