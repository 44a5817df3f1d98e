//! The hello of a connection, in pieces.

use canning_wire::handshake::{Handshake, Hello};

use crate::{heap, input::Input};

/// Two ends greet each other, one of them with any bytes.
///
/// - Nothing is allocated but the error, and no byte beyond a hello is asked for.
/// - The pieces change nothing; a wrong byte is refused as soon as it is there.
/// - What is read is written as it was; both ends come to the same.
pub(crate) fn handshake(data: &[u8]) {
    let mut input = Input::new(data);
    let ours =
        Hello { frame: 1..=1 + input.byte() % 4, other: input.byte().into(), ..Hello::default() };
    let step = 1 + input.below(Hello::LEN);
    let theirs: &[u8] = input.bytes(Hello::LEN);

    let mut handshake = Handshake::new(ours.clone());
    assert_eq!(handshake.unsent(), ours.encode());
    let mut rest = theirs;
    let in_pieces = heap::within("a hello", 1024, || {
        loop {
            let (now, later) = rest.split_at(step.min(rest.len()));
            handshake.space()[..now.len()].copy_from_slice(now);
            rest = later;
            match handshake.fill(now.len()) {
                Ok(None) if rest.is_empty() => return None,
                Ok(None) => {}
                Ok(Some(agreed)) => return Some(Ok(agreed)),
                Err(error) => return Some(Err(error.to_string())),
            }
        }
    });

    let Ok(whole) = <[u8; Hello::LEN]>::try_from(theirs) else {
        assert_eq!(in_pieces.is_some(), Hello::check_start(theirs).is_err(), "{in_pieces:?}");
        assert!(in_pieces.is_none_or(|end| end.is_err()));
        return;
    };
    match Hello::parse(&whole) {
        Err(error) => assert_eq!(in_pieces, Some(Err(error.to_string()))),
        Ok(theirs) => {
            assert_eq!(theirs.encode(), whole);
            let agreed = ours.agree(&theirs).map_err(|error| error.to_string());
            // The flags that must be known are the other end's business.
            if let (Ok(agreed), 0) = (&agreed, theirs.critical) {
                assert_eq!(theirs.agree(&ours).unwrap(), *agreed);
            }
            assert_eq!(in_pieces, Some(agreed));
        }
    }
}
