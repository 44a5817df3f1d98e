//! Heads of all kinds, whole and in pieces.

use super::*;

const LIMITS: Limits = Limits {
    header_bytes: 1 << 10,
    buffers: 2,
    message_bytes: 1000,
    objects: 2,
    depth: 8,
    believed_bytes: 600,
    expanded_bytes: 0,
    unfolded_bytes: 0,
    recycled_bytes: 0,
};

/// A greeting and the command READY.
fn greeting() -> Vec<u8> {
    let mut bytes = vec![0; GREETING];
    (bytes[0], bytes[9], bytes[MAJOR]) = (0xff, 0x7f, 3);
    bytes[12..16].copy_from_slice(b"NULL");
    bytes.extend([COMMAND, 6, 5]);
    bytes.extend(b"READY");
    bytes
}

fn part(flags: u8, len: usize) -> Vec<u8> {
    let mut bytes = head(flags, len as u64);
    bytes.extend((0..=255).cycle().take(len));
    bytes
}

fn head(flags: u8, len: u64) -> Vec<u8> {
    let mut bytes = vec![flags];
    if flags & LONG == 0 {
        bytes.push(u8::try_from(len).unwrap());
    } else {
        bytes.extend(len.to_be_bytes());
    }
    bytes
}

/// What comes of the bytes at once, which must be the same in two blocks, divided anywhere, and
/// byte by byte.
fn pass(bytes: &[u8]) -> Result<(), Refusal> {
    let whole = Heads::new(&LIMITS).pass(bytes);
    for at in 0..bytes.len() {
        let mut heads = Heads::new(&LIMITS);
        let (first, second) = bytes.split_at(at);
        assert_eq!(heads.pass(first).and_then(|()| heads.pass(second)), whole, "divided at {at}");
    }
    let mut heads = Heads::new(&LIMITS);
    assert_eq!(bytes.iter().try_for_each(|byte| heads.pass(&[*byte])), whole);
    whole
}

/// What comes of bytes behind a greeting. If they are refused, then with the last byte: that of
/// the head which is at fault.
fn after_greeting(parts: &[Vec<u8>]) -> Result<(), Refusal> {
    let mut bytes = greeting();
    bytes.extend(parts.iter().flatten());
    let passed = pass(&bytes);
    if passed.is_err() {
        assert_eq!(Heads::new(&LIMITS).pass(&bytes[..bytes.len() - 1]), Ok(()));
    }
    passed
}

#[test]
fn messages_within_the_limits_pass() {
    let messages = [
        part(0, 0),
        part(MORE, 255),
        part(LONG, 600),
        part(MORE | LONG, 600),
        part(MORE | LONG, 400),
        part(MORE, 0),
        part(LONG, 0),
        // Commands count towards no message.
        part(MORE | LONG, 600),
        part(COMMAND | LONG, 8192),
        part(COMMAND, 0),
        part(LONG, 400),
    ];
    assert_eq!(after_greeting(&messages), Ok(()));
}

#[test]
fn lengths_are_refused_with_the_last_byte_of_the_head() {
    for declared in [601, 1 << 34, 1 << 40, u64::MAX] {
        let refused = Err(Refusal::Part { limit: 600, declared });
        assert_eq!(after_greeting(&[head(LONG, declared)]), refused);
        assert_eq!(after_greeting(&[part(MORE, 3), head(MORE | LONG, declared)]), refused);
        assert_eq!(after_greeting(&[part(0, 3), head(LONG, declared)]), refused);
    }
    for declared in [8193, 1 << 40, u64::MAX] {
        let refused = Err(Refusal::Command { limit: 8192, declared });
        assert_eq!(after_greeting(&[head(COMMAND | LONG, declared)]), refused);
        // The first command too.
        let bytes = [&greeting()[..GREETING], &head(COMMAND | LONG, declared)].concat();
        assert_eq!(pass(&bytes), refused);
    }
    let first = [&greeting()[..GREETING], &head(LONG, 1 << 40)].concat();
    assert_eq!(pass(&first), Err(Refusal::Part { limit: 600, declared: 1 << 40 }));
}

#[test]
fn sums_and_numbers_of_parts_are_refused() {
    let parts = [part(MORE | LONG, 600), part(MORE, 200), head(0, 201)];
    assert_eq!(after_greeting(&parts), Err(Refusal::Message { limit: 1000, declared: 1001 }));
    let parts = [part(MORE, 0), part(MORE, 1), part(MORE, 0), part(MORE, 1), head(0, 0)];
    assert_eq!(after_greeting(&parts), Err(Refusal::Parts { limit: 4 }));
}

#[test]
fn flags_that_do_not_exist_are_refused() {
    for flags in (0..=u8::MAX).filter(|flags| !matches!(flags, 0..=4 | 6)) {
        let parts = [head(flags, 1)];
        assert_eq!(after_greeting(&parts), Err(Refusal::Flags { found: flags }), "{flags}");
    }
}

#[test]
fn other_greetings_are_refused() {
    for (at, found) in [(0, b'G'), (0, 0), (9, 0x7e), (MAJOR, 2), (MAJOR, 0)] {
        let mut bytes = greeting()[..=at].to_vec();
        bytes[at] = found;
        assert_eq!(pass(&bytes), Err(Refusal::Greeting { at, found }));
    }
}

#[test]
fn a_peer_has_greeted_with_its_first_command() {
    let bytes = greeting();
    for len in 0..=bytes.len() {
        let mut heads = Heads::new(&LIMITS);
        heads.pass(&bytes[..len]).unwrap();
        assert_eq!(heads.has_greeted(), len == bytes.len());
    }
}

#[test]
fn a_part_of_any_length_is_passed_in_blocks() {
    let limits = Limits { believed_bytes: u64::MAX, message_bytes: u64::MAX, ..LIMITS };
    let mut heads = Heads::new(&limits);
    heads.pass(&greeting()).unwrap();
    heads.pass(&head(LONG, 1 << 20)).unwrap();
    for _ in 0..16 {
        heads.pass(&vec![0xff; 1 << 16]).unwrap();
    }
    // Bytes of the body were no heads; the next are.
    assert_eq!(heads.pass(&[0xff; 9]), Err(Refusal::Flags { found: 0xff }));
    // The parts of this message cannot be longer than a number can say.
    let mut heads = Heads::new(&limits);
    heads.pass(&greeting()).unwrap();
    heads.pass(&part(MORE, 1)).unwrap();
    assert_eq!(heads.pass(&head(LONG, u64::MAX)), Ok(()));
}
