//! The requests that wait for an answer.

use std::collections::HashMap;

use canning_core::Buffer;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::engines::Engines;
use crate::{
    error::{ErrorKind, Result},
    execute,
    output::Output,
    remote::RemoteError,
    session::{Incoming, MessageId},
};

/// An answer of status `ok`.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) content: Map<String, Value>,
    pub(crate) buffers: Vec<Buffer<'static>>,
    /// The engine that has answered, where that is known.
    pub(crate) engine: Option<u32>,
    /// What code that was run has printed.
    pub(crate) output: Output,
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
pub(crate) struct Pending {
    entries: HashMap<MessageId, Entry>,
    /// How many of them want to know what engines publish.
    listening: usize,
}

/// A request that waits.
#[derive(Debug)]
struct Entry {
    expected: Expected,
    sender: oneshot::Sender<Result<Reply>>,
    /// What the engine publishes, of code that it runs.
    output: Option<Output>,
    /// The answer, which waits for the rest of that.
    held: Option<Result<Reply>>,
}

/// What became of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Somebody has it.
    Done,
    /// It waits for the rest of what the engine publishes; release it after a while.
    Held(MessageId),
    /// Nobody waits for it.
    Unknown,
}

impl Pending {
    pub(crate) fn insert(&mut self, id: MessageId, expected: Expected) -> Waiting {
        let (sender, receiver) = oneshot::channel();
        let output = (expected.kind == execute::REPLY).then(Output::default);
        self.listening += usize::from(output.is_some());
        self.entries.insert(id, Entry { expected, sender, output, held: None });
        receiver
    }

    /// Forgets a request: nobody waits any more.
    pub(crate) fn forget(&mut self, id: &str) {
        self.remove(id);
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Takes an answer to whom it may concern.
    pub(crate) fn answer(&mut self, message: Incoming, engines: &Engines) -> Answered {
        let Some(id) = message.parent.clone() else { return Answered::Unknown };
        let Some(entry) = self.entries.get_mut(&id) else { return Answered::Unknown };
        if entry.held.is_some() {
            return Answered::Unknown;
        }
        let engine = || engines.id(message.engine.as_deref()?);
        let engine = entry.expected.engine.or_else(engine);
        let outcome = reply(message, entry.expected.kind, engine);
        let has_run = outcome.as_ref().err().is_none_or(|error| error.remote().is_some());
        if has_run && entry.output.as_ref().is_some_and(|output| !output.is_complete) {
            entry.held = Some(outcome);
            return Answered::Held(id);
        }
        if let Some(entry) = self.remove(&id) {
            entry.send(outcome);
        }
        Answered::Done
    }

    /// Whether anybody wants to know what engines publish.
    pub(crate) fn is_listening(&self) -> bool {
        self.listening > 0
    }

    fn remove(&mut self, id: &str) -> Option<Entry> {
        let entry = self.entries.remove(id)?;
        self.listening -= usize::from(entry.output.is_some());
        Some(entry)
    }

    /// Takes what an engine publishes, where it is about a request that waits.
    pub(crate) fn publish(&mut self, message: &Incoming) {
        let Some(id) = message.parent.as_deref() else { return };
        let Some(entry) = self.entries.get_mut(id) else { return };
        let Some(output) = &mut entry.output else { return };
        output.take(message);
        if output.is_complete {
            self.release(id);
        }
    }

    /// Gives an answer that is held, with the output that there is.
    pub(crate) fn release(&mut self, id: &str) {
        if self.entries.get(id).is_some_and(|entry| entry.held.is_some())
            && let Some(mut entry) = self.remove(id)
            && let Some(outcome) = entry.held.take()
        {
            entry.send(outcome);
        }
    }

    /// Fails the requests that are selected, and gives the number of them; but those that are
    /// answered get their answers.
    pub(crate) fn fail(
        &mut self,
        selected: impl Fn(&Expected) -> bool,
        error: impl Fn(&Expected) -> ErrorKind,
    ) -> usize {
        let failed = self.entries.extract_if(|_, entry| selected(&entry.expected));
        failed
            .map(|(_, mut entry)| {
                self.listening -= usize::from(entry.output.is_some());
                let held = entry.held.take();
                let outcome = held.unwrap_or_else(|| Err(error(&entry.expected).into()));
                entry.send(outcome);
            })
            .count()
    }
}

impl Entry {
    fn send(self, mut outcome: Result<Reply>) {
        if let Some(output) = self.output {
            match &mut outcome {
                Ok(reply) => reply.output = output,
                Err(error) => error.add_output(output),
            }
        }
        // Who has stopped waiting may have done so just now.
        let _ = self.sender.send(outcome);
    }
}

fn reply(message: Incoming, kind: &str, engine: Option<u32>) -> Result<Reply> {
    let status = message.content.get("status").and_then(Value::as_str);
    match status {
        Some("error") => {
            let mut error = RemoteError::from_content(&message.content);
            error.engine = error.engine.or(engine);
            Err(ErrorKind::Remote(error).into())
        }
        Some("aborted" | "abort") => Err(ErrorKind::Aborted.into()),
        Some("ok") if message.kind == kind => {
            let Incoming { content, buffers, .. } = message;
            Ok(Reply { content, buffers, engine, output: Output::default() })
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
            engine: Some("second".to_owned()),
            content: content.as_object().unwrap().clone(),
            buffers: vec![Buffer::borrowed(b"buffer")],
        }
    }

    fn is_taken(pending: &mut Pending, message: Incoming) -> bool {
        pending.answer(message, &Engines::default()) != Answered::Unknown
    }

    fn outcome(kind: &str, content: Value) -> Result<Reply> {
        let mut pending = Pending::default();
        let mut waiting = pending.insert("a".into(), APPLY);
        assert!(is_taken(&mut pending, answer("a", kind, content)));
        assert_eq!(pending.len(), 0);
        waiting.try_recv().unwrap()
    }

    #[test]
    fn answers_find_those_who_wait() {
        let mut pending = Pending::default();
        let (mut a, mut b) = (pending.insert("a".into(), APPLY), pending.insert("b".into(), APPLY));
        assert!(is_taken(&mut pending, answer("b", "apply_reply", json!({"status": "ok"}))));
        assert!(a.try_recv().is_err());
        let reply = b.try_recv().unwrap().unwrap();
        assert_eq!(reply.buffers[0].as_slice(), Some(&b"buffer"[..]));
    }

    #[test]
    fn answers_to_unknown_requests_are_nobodys() {
        let mut pending = Pending::default();
        let ok = || answer("a", "apply_reply", json!({"status": "ok"}));
        assert!(!is_taken(&mut pending, ok()));
        let waiting = pending.insert("a".into(), APPLY);
        assert!(!is_taken(&mut pending, Incoming { parent: None, ..ok() }));
        assert!(is_taken(&mut pending, ok()));
        assert!(!is_taken(&mut pending, ok()), "a second answer");
        drop(waiting);
        let _waiting = pending.insert("a".into(), APPLY);
        pending.forget("a");
        assert!(!is_taken(&mut pending, ok()), "an answer that comes too late");
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

    #[test]
    fn who_has_answered_is_known() {
        let engines = json!({"engines": {"0": "first", "1": "second"}});
        let engines = Engines::from_reply(engines.as_object().unwrap()).unwrap();
        let mut pending = Pending::default();
        for content in [json!({"status": "ok"}), json!({"status": "error"})] {
            let mut waiting = pending.insert("a".into(), Expected { engine: None, ..APPLY });
            assert_eq!(
                pending.answer(answer("a", "apply_reply", content), &engines),
                Answered::Done
            );
            let engine = match waiting.try_recv().unwrap() {
                Ok(reply) => reply.engine,
                Err(error) => error.remote().unwrap().engine,
            };
            assert_eq!(engine, Some(1));
        }
    }

    #[test]
    fn an_answer_waits_for_what_was_printed() {
        const EXECUTE: Expected = Expected { kind: "execute_reply", engine: Some(1) };
        let mut pending = Pending::default();
        let ok = |id| answer(id, "execute_reply", json!({"status": "ok"}));
        let idle = |id| answer(id, "status", json!({"execution_state": "idle"}));
        let printed = |id| answer(id, "stream", json!({"name": "stdout", "text": "hi"}));
        let mut a = pending.insert("a".into(), EXECUTE);
        let mut b = pending.insert("b".into(), EXECUTE);
        let mut c = pending.insert("c".into(), EXECUTE);
        pending.publish(&printed("b"));
        for (id, held) in [("a", true), ("b", true), ("c", true)] {
            let answered = pending.answer(ok(id), &Engines::default());
            assert_eq!(answered == Answered::Held(id.into()), held);
            assert!(!is_taken(&mut pending, ok(id)), "a second answer");
        }
        pending.publish(&printed("a"));
        assert!(a.try_recv().is_err());
        pending.publish(&idle("a"));
        let output = a.try_recv().unwrap().unwrap().output;
        assert_eq!((output.stdout.as_str(), output.is_complete), ("hi", true));
        pending.release("b");
        let output = b.try_recv().unwrap().unwrap().output;
        assert_eq!((output.stdout.as_str(), output.is_complete), ("hi", false));
        pending.fail(|_| true, |_| ErrorKind::EngineLost(1));
        assert!(c.try_recv().unwrap().is_ok(), "it was answered");

        let mut d = pending.insert("d".into(), EXECUTE);
        pending.publish(&idle("d"));
        pending.release("d");
        assert!(d.try_recv().is_err(), "it was not answered");
        assert_eq!(pending.answer(ok("d"), &Engines::default()), Answered::Done);
        assert!(d.try_recv().unwrap().is_ok());
        pending.publish(&idle("d"));
        assert_eq!((pending.len(), pending.is_listening()), (0, false));
        let _e = pending.insert("e".into(), EXECUTE);
        let _f = pending.insert("f".into(), APPLY);
        assert!(pending.is_listening());
        pending.forget("e");
        assert!(!pending.is_listening());
    }
}
