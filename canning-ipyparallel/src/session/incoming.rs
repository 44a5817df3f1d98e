//! Messages from the other side, of which nothing is believed before the signature was checked.

use canning_core::Buffer;
use serde_json::{Map, Value};

use super::outgoing::{DELIMITER, Session};
use crate::zmtp::Message;

/// A message whose signature was right.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// Its type, as `apply_reply`.
    pub(crate) kind: String,
    /// The request that it answers.
    pub(crate) parent: Option<String>,
    /// What the controller calls the engine by that has sent it, where one has.
    pub(crate) engine: Option<String>,
    pub(crate) content: Map<String, Value>,
    /// The signature does not cover these.
    pub(crate) buffers: Vec<Buffer<'static>>,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It lacks frames, or what is signed is not the JSON that it should be.
    Malformed,
    /// The signature is wrong or missing.
    Forged,
}

impl Incoming {
    /// Checks the signature, and then reads the message.
    pub(crate) fn read(session: &Session, frames: Message) -> Result<Self, Refused> {
        let (end, [signature, signed @ ..]) = front(&frames).ok_or(Refused::Malformed)?;
        let [header, parent, metadata, content] = signed;
        if signed.iter().any(|part| part.len() > MAX_JSON) {
            return Err(Refused::Malformed);
        }
        if !session.key.verifies(signature, signed) {
            return Err(Refused::Forged);
        }
        let text = |object: &Map<String, Value>, name: &str| {
            object.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let kind = text(&object(header)?, "msg_type").ok_or(Refused::Malformed)?;
        let parent = text(&object(parent)?, "msg_id");
        // Whoever sends it may put anything there.
        let engine = object(metadata).ok().and_then(|metadata| text(&metadata, "engine"));
        let content = object(content)?;
        let buffers = frames.into_iter().skip(end).collect();
        Ok(Self { kind, parent, engine, content, buffers })
    }

    /// Whether the first frames of a message are those of somebody who has the key.
    ///
    /// This is asked for each long frame that follows. So that nobody can make us hash megabytes
    /// for each, the answer is no where they are long.
    pub(crate) fn is_signed(session: &Session, frames: &[Buffer<'_>]) -> bool {
        front(frames).is_some_and(|(_, [signature, signed @ ..])| {
            let len: usize = signed.iter().map(|part| part.len()).sum();
            len <= MAX_EARLY && session.key.verifies(signature, signed)
        })
    }
}

/// The signature and what is signed; and where that ends.
fn front<'f>(frames: &'f [Buffer<'_>]) -> Option<(usize, [&'f [u8]; 5])> {
    // What stands in front is the route back, a frame or two.
    let mut delimiters = frames.iter().take(MAX_ROUTE);
    let start = delimiters.position(|frame| frame.as_slice() == Some(DELIMITER))? + 1;
    let front = frames.get(start..)?.first_chunk::<5>()?;
    // What was received lies in one piece.
    Some((start + front.len(), front.each_ref().map(|part| part.as_slice().unwrap_or_default())))
}

fn object(json: &[u8]) -> Result<Map<String, Value>, Refused> {
    serde_json::from_slice(json).map_err(|_| Refused::Malformed)
}

/// How many frames may stand in front of the delimiter.
const MAX_ROUTE: usize = 8;

/// How long one part of JSON may be. A traceback is the longest that there is.
const MAX_JSON: usize = 16 << 20;

/// How long all that is signed may be, to be checked before the buffers come.
const MAX_EARLY: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const KEY: &[u8] = b"70171371-2ad5f2f40b4d9ea5a9ea5ab4";

    /// What `jupyter_client.session.Session.serialize` 8 made of a reply.
    const RECORDED: [&str; 7] = [
        "\0route",
        "<IDS|MSG>",
        "800d248a444af1d5574da42b2f72068f4f0127bdfba10676b53453d3efc5dbc4",
        r#"{"msg_id": "5b1f_1_0", "msg_type": "apply_reply", "username": "ada", "session": "5b1f0d0c6b7a4e58a2f9b7f4", "date": "2026-11-23T06:00:01.000000Z", "version": "5.4"}"#,
        r#"{"msg_id": "req-1", "msg_type": "apply_request", "username": "rust", "session": "abc", "date": "2026-11-23T06:00:00.000000Z", "version": "5.3"}"#,
        r#"{"engine": "e-0", "started": "2026-11-23T06:00:00.100000Z"}"#,
        r#"{"status": "ok", "text": "é☃"}"#,
    ];

    fn recorded() -> Vec<Bytes> {
        RECORDED.map(|frame| Bytes::from_static(frame.as_bytes())).to_vec()
    }

    fn read(frames: Vec<Bytes>) -> Result<Incoming, Refused> {
        Incoming::read(&Session::new(KEY), frames.into_iter().map(Buffer::from).collect())
    }

    #[test]
    fn what_python_wrote_is_read() {
        let mut frames = recorded();
        frames.push(Bytes::from_static(b"buffer"));
        let message = read(frames).unwrap();
        assert_eq!(message.kind, "apply_reply");
        assert_eq!(message.parent.as_deref(), Some("req-1"));
        assert_eq!(message.engine.as_deref(), Some("e-0"));
        assert_eq!(message.content["text"], "é☃");
        assert_eq!(message.buffers.len(), 1);
        assert_eq!(message.buffers[0].as_slice(), Some(&b"buffer"[..]));
        let unrouted = recorded().split_off(1);
        assert!(read(unrouted).unwrap().buffers.is_empty());
    }

    #[test]
    fn a_change_to_any_signed_part_is_found() {
        for index in 3..7 {
            for at in 0..RECORDED[index].len() {
                let mut frames = recorded();
                let mut changed = frames[index].to_vec();
                changed[at] ^= 1;
                frames[index] = changed.into();
                assert_eq!(read(frames).unwrap_err(), Refused::Forged, "part {index} at {at}");
            }
        }
        let frames = recorded().into_iter().map(Buffer::from).collect();
        let other_key = Incoming::read(&Session::new(b"another"), frames);
        assert_eq!(other_key.unwrap_err(), Refused::Forged);
        let mut unsigned = recorded();
        unsigned[2] = Bytes::new();
        assert_eq!(read(unsigned).unwrap_err(), Refused::Forged);
        let mut swapped = recorded();
        swapped.swap(3, 4);
        assert_eq!(read(swapped).unwrap_err(), Refused::Forged);
    }

    #[test]
    fn who_signed_is_known_before_the_buffers_come() {
        let session = Session::new(KEY);
        let mut frames: Message = recorded().into_iter().map(Buffer::from).collect();
        assert!(Incoming::is_signed(&session, &frames));
        assert!(!Incoming::is_signed(&Session::new(b"another"), &frames));
        for len in 0..frames.len() {
            assert!(!Incoming::is_signed(&session, &frames[..len]), "{len}");
        }
        frames[6] = Buffer::borrowed(b"{}");
        assert!(!Incoming::is_signed(&session, &frames));
    }

    #[test]
    fn long_parts_are_not_hashed_before_the_buffers_come() {
        let session = Session::new(KEY);
        let mut frames = recorded();
        frames[6] = format!("{{\"text\": \"{}\"}}", "x".repeat(MAX_EARLY)).into();
        frames[2] = session.key.sign(frames[3..7].iter().map(Bytes::as_ref)).into();
        let early: Message = frames.iter().cloned().map(Buffer::from).collect();
        assert!(!Incoming::is_signed(&session, &early));
        assert_eq!(read(frames).unwrap().kind, "apply_reply");
    }

    #[test]
    fn missing_frames_are_refused() {
        for len in 0..RECORDED.len() {
            let mut frames = recorded();
            frames.truncate(len);
            assert_eq!(read(frames).unwrap_err(), Refused::Malformed, "{len} frames");
        }
        let mut far = vec![Bytes::from_static(b"route"); MAX_ROUTE];
        far.extend(recorded());
        assert_eq!(read(far).unwrap_err(), Refused::Malformed);
    }

    #[test]
    fn signed_parts_that_are_no_objects_are_refused() {
        let deep = "[".repeat(1 << 16);
        for (index, text) in [(3, "[]"), (3, "{}"), (4, "5"), (6, "\"ok\""), (6, deep.as_str())] {
            let mut frames = recorded();
            frames[index] = Bytes::copy_from_slice(text.as_bytes());
            let key = Session::new(KEY).key;
            frames[2] = key.sign(frames[3..7].iter().map(Bytes::as_ref)).into();
            assert_eq!(read(frames).unwrap_err(), Refused::Malformed, "part {index}");
        }
    }

    #[test]
    fn a_part_that_is_too_long_is_not_even_hashed() {
        let mut frames = recorded();
        frames[6] = vec![b' '; MAX_JSON + 1].into();
        assert_eq!(read(frames).unwrap_err(), Refused::Malformed);
    }
}
