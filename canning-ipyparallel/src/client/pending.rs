//! The requests that wait for an answer.

use std::collections::HashMap;

use canning_core::Buffer;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use crate::{
    error::{ErrorKind, Result},
    remote::RemoteError,
    session::{Incoming, MessageId},
};

/// An answer of status `ok`.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) content: Map<String, Value>,
    pub(crate) buffers: Vec<Buffer<'static>>,
}

/// Where the answer to a request arrives.
pub(crate) type Waiting = oneshot::Receiver<Result<Reply>>;

/// What a request waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The type of the answer.
    pub(crate) kind: &'static str,
    /// The engine it comes from, where that is known.
    pub(crate) engine: Option<u32>,
}

/// The requests that wait, by their names.
#[derive(Debug, Default)]
pub(crate) struct Pending(HashMap<MessageId, (Expected, oneshot::Sender<Result<Reply>>)>);

impl Pending {
    pub(crate) fn insert(&mut self, id: MessageId, expected: Expected) -> Waiting {
        let (sender, receiver) = oneshot::channel();
        self.0.insert(id, (expected, sender));
        receiver
    }

    /// Forgets a request: nobody waits any more.
    pub(crate) fn forget(&mut self, id: &str) {
        self.0.remove(id);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes an answer to whom it may concern; `false` if that is nobody.
    pub(crate) fn answer(&mut self, message: Incoming) -> bool {
        let Some((expected, sender)) = message.parent.as_deref().and_then(|id| self.0.remove(id))
        else {
            return false;
        };
        // Who has stopped waiting may have done so just now.
        let _ = sender.send(reply(message, expected));
        true
    }

    /// Fails the requests that are selected; gives the number of them.
    pub(crate) fn fail(
        &mut self,
        selected: impl Fn(&Expected) -> bool,
        error: impl Fn(&Expected) -> ErrorKind,
    ) -> usize {
        let failed = self.0.extract_if(|_, (expected, _)| selected(expected));
        failed
            .map(|(_, (expected, sender))| {
                let _ = sender.send(Err(error(&expected).into()));
            })
            .count()
    }
}

fn reply(message: Incoming, expected: Expected) -> Result<Reply> {
    let status = message.content.get("status").and_then(Value::as_str);
    match status {
        Some("error") => {
            let mut error = RemoteError::from_content(&message.content);
            error.engine = error.engine.or(expected.engine);
            Err(ErrorKind::Remote(error).into())
        }
        Some("aborted" | "abort") => Err(ErrorKind::Aborted.into()),
        Some("ok") if message.kind == expected.kind => {
            Ok(Reply { content: message.content, buffers: message.buffers })
        }
        Some("ok") => Err(ErrorKind::Protocol("another type of answer").into()),
        _ => Err(ErrorKind::Protocol("no status").into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const APPLY: Expected = Expected { kind: "apply_reply", engine: Some(1) };

    fn answer(parent: &str, kind: &str, content: Value) -> Incoming {
        Incoming {
            kind: kind.to_owned(),
            parent: Some(parent.to_owned()),
            content: content.as_object().unwrap().clone(),
            buffers: vec![Buffer::borrowed(b"buffer")],
        }
    }

    fn outcome(kind: &str, content: Value) -> Result<Reply> {
        let mut pending = Pending::default();
        let mut waiting = pending.insert("a".into(), APPLY);
        assert!(pending.answer(answer("a", kind, content)));
        assert_eq!(pending.len(), 0);
        waiting.try_recv().unwrap()
    }

    #[test]
    fn answers_find_those_who_wait() {
        let mut pending = Pending::default();
        let (mut a, mut b) = (pending.insert("a".into(), APPLY), pending.insert("b".into(), APPLY));
        assert!(pending.answer(answer("b", "apply_reply", json!({"status": "ok"}))));
        assert!(a.try_recv().is_err());
        let reply = b.try_recv().unwrap().unwrap();
        assert_eq!(reply.buffers[0].as_slice(), Some(&b"buffer"[..]));
    }

    #[test]
    fn answers_to_unknown_requests_are_nobodys() {
        let mut pending = Pending::default();
        let ok = || answer("a", "apply_reply", json!({"status": "ok"}));
        assert!(!pending.answer(ok()));
        let waiting = pending.insert("a".into(), APPLY);
        assert!(!pending.answer(Incoming { parent: None, ..ok() }));
        assert!(pending.answer(ok()));
        assert!(!pending.answer(ok()), "a second answer");
        drop(waiting);
        let _waiting = pending.insert("a".into(), APPLY);
        pending.forget("a");
        assert!(!pending.answer(ok()), "an answer that comes too late");
    }

    #[test]
    fn the_status_decides() {
        let kind = |kind: &str, content: Value| outcome(kind, content).unwrap_err().into_kind();
        let ErrorKind::Remote(error) =
            kind("apply_reply", json!({"status": "error", "ename": "KeyError"}))
        else {
            panic!("no remote error")
        };
        assert_eq!((error.ename.as_str(), error.engine), ("KeyError", Some(1)));
        let aborted = kind("apply_reply", json!({"status": "aborted"}));
        assert!(matches!(aborted, ErrorKind::Aborted));
        for (name, content) in [
            ("apply_reply", json!({})),
            ("apply_reply", json!({"status": 1})),
            ("apply_reply", json!({"status": "fine"})),
            ("execute_reply", json!({"status": "ok"})),
        ] {
            assert!(matches!(kind(name, content), ErrorKind::Protocol(_)));
        }
        assert!(outcome("apply_reply", json!({"status": "ok"})).is_ok());
    }

    #[test]
    fn only_those_selected_fail() {
        let mut pending = Pending::default();
        let mut lost = pending.insert("a".into(), APPLY);
        let mut kept = pending.insert("b".into(), Expected { engine: Some(2), ..APPLY });
        let count = pending.fail(|e| e.engine == Some(1), |_| ErrorKind::EngineLost(1));
        assert_eq!((count, pending.len()), (1, 1));
        assert!(matches!(lost.try_recv().unwrap().unwrap_err().kind(), ErrorKind::EngineLost(1)));
        assert!(kept.try_recv().is_err());
    }
}
