//! The session: who we are, and the requests that we make.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use canning_core::Buffer;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::key::Key;
use crate::zmtp::Message;

/// What a request is called by; replies name it.
pub(crate) type MessageId = String;

/// Who we are, and the key that both sides sign with.
pub(crate) struct Session {
    pub(super) key: Key,
    id: String,
    requests: AtomicU64,
}

impl Session {
    pub(crate) fn new(key: &[u8]) -> Self {
        let id = Uuid::new_v4().simple().to_string();
        Self { key: Key::new(key), id, requests: AtomicU64::new(0) }
    }

    /// The name of the next request.
    pub(crate) fn next_id(&self) -> MessageId {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{}_{number}", self.id)
    }

    /// Makes the frames of a signed request.
    pub(crate) fn request(&self, id: &str, request: Request<'_>) -> Message {
        let header = Header {
            msg_id: id,
            msg_type: request.kind,
            username: "canning",
            session: &self.id,
            date: humantime::format_rfc3339_micros(SystemTime::now()).to_string(),
            version: "5.3",
        };
        let parts = [
            // A struct of texts is always JSON.
            serde_json::to_vec(&header).unwrap_or_default(),
            b"{}".to_vec(),
            b"{}".to_vec(),
            request.content.to_string().into_bytes(),
        ];
        let signature = self.key.sign(parts.iter().map(Vec::as_slice));
        let route = request.route.map(|route| route.as_bytes().to_vec().into());
        let front = [Buffer::borrowed(DELIMITER), signature.into_bytes().into()];
        let parts = parts.into_iter().map(Buffer::from);
        route.into_iter().chain(front).chain(parts).chain(request.buffers).collect()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a request says.
#[derive(Debug)]
pub(crate) struct Request<'r> {
    /// Its type, as `apply_request`.
    pub(crate) kind: &'static str,
    /// The engine that the controller passes it on to.
    pub(crate) route: Option<&'r str>,
    pub(crate) content: Value,
    pub(crate) buffers: Vec<Buffer<'static>>,
}

/// The frame between the route and the message.
pub(super) const DELIMITER: &[u8] = b"<IDS|MSG>";

#[derive(Serialize)]
struct Header<'h> {
    msg_id: &'h str,
    msg_type: &'h str,
    username: &'h str,
    session: &'h str,
    date: String,
    version: &'h str,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::session::Incoming;

    #[test]
    fn a_request_is_what_the_other_side_reads() {
        let session = Session::new(b"key");
        let id = session.next_id();
        let frames = session.request(
            &id,
            Request {
                kind: "apply_request",
                route: Some("engine"),
                content: json!({"a": [1, "é"]}),
                buffers: vec![Buffer::borrowed(b"one"), Buffer::borrowed(b"")],
            },
        );
        assert_eq!(frames[0].as_slice(), Some(&b"engine"[..]));
        let message = Incoming::read(&session, frames).unwrap();
        assert_eq!(message.kind, "apply_request");
        assert_eq!(message.parent, None);
        assert_eq!(message.content["a"], json!([1, "é"]));
        let buffers = message.buffers.iter().map(|buffer| buffer.as_slice().unwrap());
        assert!(buffers.eq([&b"one"[..], b""]));
    }

    #[test]
    fn no_two_requests_have_the_same_name() {
        let (one, other) = (Session::new(b""), Session::new(b""));
        let mut ids = [one.next_id(), one.next_id(), other.next_id(), other.next_id()];
        ids.sort();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn the_key_is_not_printed() {
        let text = format!("{:?}", Session::new(b"secret"));
        assert!(text.starts_with("Session { id: \"") && !text.contains("key"), "{text}");
    }
}
