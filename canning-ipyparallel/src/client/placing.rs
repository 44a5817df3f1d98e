//! Where the buffers of messages go.

use std::sync::{Arc, Weak};

use canning_core::Buffer;

use super::core::Core;
use crate::{
    align,
    session::Incoming,
    zmtp::{Limits, Place, Placing},
};

impl Core {
    /// Chooses memory for the buffers of messages.
    pub(super) fn placing(self: &Arc<Self>) -> Arc<dyn Placing> {
        Arc::new(Buffers(Arc::downgrade(self)))
    }
}

/// The buffers of messages: who has the key is believed how long they are. Large memory is then
/// allocated at once, in huge pages, which halves the time that it takes to receive.
#[derive(Debug)]
struct Buffers(Weak<Core>);

impl Placing for Buffers {
    fn place(&self, frames: &[Buffer<'static>], limits: &Limits) -> Place {
        let core = self.0.upgrade();
        let is_signed = core.is_some_and(|core| Incoming::is_signed(&core.session, frames));
        let believed_bytes = if is_signed { SIGNED_BYTES } else { limits.believed_bytes };
        Place { align: align::guess(frames), believed_bytes }
    }
}

/// So many bytes of one buffer are believed in a message that is signed.
const SIGNED_BYTES: usize = 1 << 30;
