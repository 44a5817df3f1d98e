//! What all handles of a client share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64};

use canning_core::Buffer;
use serde_json::Value;
use tokio::sync::watch;

use super::{
    engines::Engines,
    options::Options,
    pending::{Expected, Pending, Waiting},
};
use crate::{
    error::{ErrorKind, LostReason, Result},
    session::{MessageId, Request, Session},
    socket::Outbox,
    tasks::Tasks,
};

/// What all handles of a client share: views and results keep it. Its tasks end when it is
/// dropped.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) options: Options,
    pub(super) session: Session,
    pub(super) hub: String,
    state: Mutex<State>,
    /// Counts changes of the list of engines.
    pub(super) changes: watch::Sender<u64>,
    pub(super) refused: RefusedCounts,
    pub(super) tasks: Tasks,
}

/// Whom a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Hub,
    /// An engine, after what it was asked before.
    Engine(u32),
    /// Whichever engine the scheduler chooses.
    Any,
    /// An engine, at once.
    Control(u32),
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) engines: Engines,
    pub(super) pending: Pending,
    connection: Connection,
}

#[derive(Debug)]
enum Connection {
    /// Sockets are being connected.
    Partial(Option<Outbox>),
    Open(Outboxes),
    Lost(Option<LostReason>),
    Closed,
}

impl Connection {
    /// Why nothing can be asked for.
    fn error(&self) -> ErrorKind {
        match self {
            Self::Closed => ErrorKind::Closed,
            Self::Lost(reason) => ErrorKind::ConnectionLost { reason: reason.clone() },
            Self::Partial(_) | Self::Open(_) => ErrorKind::ConnectionLost { reason: None },
        }
    }
}

impl Target {
    /// The engine, where it is known.
    pub(crate) fn engine(self) -> Option<u32> {
        match self {
            Self::Engine(id) | Self::Control(id) => Some(id),
            Self::Hub | Self::Any => None,
        }
    }
}

/// Where requests are left for each of the sockets.
#[derive(Debug)]
pub(super) struct Outboxes {
    pub(super) hub: Outbox,
    pub(super) mux: Outbox,
    pub(super) task: Outbox,
    pub(super) control: Outbox,
}

#[derive(Debug, Default)]
pub(super) struct RefusedCounts {
    pub(super) malformed: AtomicU64,
    pub(super) forged: AtomicU64,
    pub(super) unknown: AtomicU64,
}

impl Core {
    pub(super) fn new(options: Options, key: &[u8], hub: String) -> Arc<Self> {
        Arc::new(Self {
            options,
            session: Session::new(key),
            hub,
            state: Mutex::new(State {
                engines: Engines::default(),
                pending: Pending::default(),
                connection: Connection::Partial(None),
            }),
            changes: watch::Sender::new(0),
            refused: RefusedCounts::default(),
            tasks: Tasks::default(),
        })
    }

    /// Sends a request; the answer arrives at the receiver.
    pub(crate) fn send(
        &self,
        target: Target,
        kind: &'static str,
        expected: &'static str,
        content: Value,
        buffers: Vec<Buffer<'static>>,
    ) -> Result<(MessageId, Waiting)> {
        let id = self.session.next_id();
        let mut state = self.state();
        let state = &mut *state;
        let (outbox, route, engine) = state.outbox(target)?;
        let request = Request { kind, route, content, buffers };
        outbox.leave(self.session.request(&id, request));
        let waiting = state.pending.insert(id.clone(), Expected { kind: expected, engine });
        Ok((id, waiting))
    }

    /// Nobody waits for the answer any more.
    pub(crate) fn forget(&self, id: &str) {
        self.state().pending.forget(id);
    }

    /// The numbers of the engines.
    pub(crate) fn ids(&self) -> Vec<u32> {
        self.state().engines.ids().collect()
    }

    pub(super) fn waiting_requests(&self) -> usize {
        self.state().pending.len()
    }

    pub(super) fn with_engines<R>(&self, f: impl FnOnce(&mut Engines) -> R) -> R {
        f(&mut self.state().engines)
    }

    /// Whether it is still of use, and why not.
    pub(crate) fn check(&self) -> Result<()> {
        match self.state().connection {
            Connection::Partial(_) | Connection::Open(_) => Ok(()),
            ref ended => Err(ended.error().into()),
        }
    }

    /// Notes the socket of the hub, the first that is connected.
    pub(super) fn opened_hub(&self, hub: Outbox) {
        self.state().connection = Connection::Partial(Some(hub));
    }

    /// Notes the other sockets, unless the connection was lost in the meantime.
    pub(super) fn opened(&self, mux: Outbox, task: Outbox, control: Outbox) -> Result<()> {
        let mut state = self.state();
        match &mut state.connection {
            Connection::Partial(Some(hub)) => {
                let hub = hub.clone();
                state.connection = Connection::Open(Outboxes { hub, mux, task, control });
                Ok(())
            }
            ended => Err(ended.error().into()),
        }
    }

    /// Changes the list of engines, and tells those who wait for that.
    pub(super) fn change(&self, change: impl FnOnce(&mut Engines)) {
        let mut state = self.state();
        change(&mut state.engines);
        // Counted before anybody can see it.
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// The connection is gone: nobody waits in vain.
    pub(super) fn lost(&self, reason: Option<LostReason>) {
        self.end(Connection::Lost(reason));
    }

    /// Closes the connection, and waits until nothing runs any more.
    pub(super) async fn close(&self) {
        self.end(Connection::Closed);
        self.tasks.end().await;
    }

    fn end(&self, connection: Connection) {
        let mut state = self.state();
        state.pending.fail(|_| true, |_| connection.error());
        if !matches!(state.connection, Connection::Lost(_) | Connection::Closed) {
            state.connection = connection;
        }
        drop(state);
        self.tasks.abort();
        self.changes.send_modify(|changes| *changes += 1);
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock panics in the middle of a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Where a request for `target` is left, how it is routed, and which engine will answer.
    fn outbox(&self, target: Target) -> Result<(&Outbox, Option<&str>, Option<u32>)> {
        let boxes = match (&self.connection, target) {
            (Connection::Open(boxes), _) => boxes,
            (Connection::Partial(Some(hub)), Target::Hub) => return Ok((hub, None, None)),
            (ended, _) => return Err(ended.error().into()),
        };
        let engine = |id| self.engines.uuid(id).ok_or_else(|| self.engines.missing(id));
        Ok(match target {
            Target::Hub => (&boxes.hub, None, None),
            Target::Any => (&boxes.task, None, None),
            Target::Engine(id) => (&boxes.mux, Some(engine(id)?), Some(id)),
            Target::Control(id) => (&boxes.control, Some(engine(id)?), Some(id)),
        })
    }
}
