//! What a client does about what comes on its sockets.

use std::sync::{Arc, Weak, atomic::Ordering};

use tokio::time;

use super::{
    core::Core,
    engines::Engines,
    pending::{Answered, Expected},
};
use crate::{
    error::ErrorKind,
    session::{Incoming, MessageId, Refused},
    socket::{Event, Handler},
    zmtp::Message,
};

impl Core {
    /// What a socket for answers calls.
    pub(super) fn answers(self: &Arc<Self>) -> Handler {
        self.handler(Self::answered)
    }

    /// What the socket for notifications calls.
    pub(super) fn notifications(self: &Arc<Self>) -> Handler {
        self.handler(Self::notified)
    }

    /// What the socket for the output of engines calls.
    pub(super) fn outputs(self: &Arc<Self>) -> Handler {
        let publish = |core: &Arc<Self>, message: Incoming| core.state().pending.publish(&message);
        // Engines publish for everybody, and about all that they do: most of it is not even read.
        self.handler_if(|core| core.state().pending.is_listening(), publish)
    }

    fn handler(self: &Arc<Self>, take: fn(&Arc<Self>, Incoming)) -> Handler {
        self.handler_if(|_| true, take)
    }

    fn handler_if(
        self: &Arc<Self>,
        is_wanted: fn(&Self) -> bool,
        take: fn(&Arc<Self>, Incoming),
    ) -> Handler {
        let core = Arc::downgrade(self);
        Arc::new(move |event| {
            let Some(core) = core.upgrade() else { return };
            match event {
                Event::Message(frames) => {
                    if is_wanted(&core)
                        && let Some(message) = core.read(frames)
                    {
                        take(&core, message);
                    }
                }
                Event::Lost(reason) => core.lost(reason),
            }
        })
    }

    fn read(&self, frames: Message) -> Option<Incoming> {
        let counter = match Incoming::read(&self.session, frames) {
            Ok(message) => return Some(message),
            Err(Refused::Malformed) => &self.refused.malformed,
            Err(Refused::Forged) => &self.refused.forged,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        None
    }

    fn answered(self: &Arc<Self>, message: Incoming) {
        let mut state = self.state();
        let state = &mut *state;
        match state.pending.answer(message, &state.engines) {
            Answered::Done => {}
            Answered::Held(id) => self.tasks.spawn(release_later(Arc::downgrade(self), id)),
            Answered::Unknown => {
                self.refused.unknown.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn notified(self: &Arc<Self>, message: Incoming) {
        match message.kind.as_str() {
            "registration_notification" => {
                if let Some(engine) = Engines::one(&message.content) {
                    self.change(|engines| engines.insert(engine));
                }
            }
            "unregistration_notification" => {
                if let Some(engine) = Engines::one(&message.content) {
                    self.change(|engines| engines.remove(engine.id));
                    self.tasks.spawn(fail_later(Arc::downgrade(self), engine.id));
                }
            }
            "shutdown_notification" => self.lost(None),
            _ => {}
        }
    }
}

/// Fails what an engine has not answered, some time after it has ended.
async fn fail_later(core: Weak<Core>, engine: u32) {
    let Some(grace) = core.upgrade().map(|core| core.options.grace) else { return };
    time::sleep(grace).await;
    if let Some(core) = core.upgrade() {
        let is_of_engine = |expected: &Expected| expected.engine == Some(engine);
        core.state().pending.fail(is_of_engine, |_| ErrorKind::EngineLost(engine));
    }
}

/// Gives an answer without the rest of its output, some time after it came.
async fn release_later(core: Weak<Core>, id: MessageId) {
    let Some(grace) = core.upgrade().map(|core| core.options.grace) else { return };
    time::sleep(grace).await;
    if let Some(core) = core.upgrade() {
        core.state().pending.release(&id);
    }
}
