//! The parts in front of a message that are not the message.

use bytes::Bytes;
use zeromq::util::PeerIdentity;

/// The parts in front of a message that say where it goes: the identity of a peer, or a topic.
///
/// What [`recv_from`](super::recv_from) gave is what [`send_to`](super::send_to) takes for the
/// answer, unchanged.
///
/// ```
/// use canning_wire::zmq::Envelope;
///
/// let topic = Envelope::from("temperature");
/// assert_eq!(topic.address(), b"temperature");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    parts: Vec<Bytes>,
}

impl Envelope {
    /// No part, as with sockets that have one peer, or take turns among them.
    pub const fn none() -> Self {
        Self { parts: Vec::new() }
    }

    /// The first part: the identity or the topic. Empty where there is no part.
    pub fn address(&self) -> &[u8] {
        self.parts.first().map_or(&[], |part| part)
    }

    /// All parts. There may be an empty one behind the identity, which REQ sockets ask for.
    pub fn parts(&self) -> &[Bytes] {
        &self.parts
    }

    /// The parts.
    pub fn into_parts(self) -> Vec<Bytes> {
        self.parts
    }
}

impl From<Vec<Bytes>> for Envelope {
    fn from(parts: Vec<Bytes>) -> Self {
        Self { parts }
    }
}

impl From<Bytes> for Envelope {
    fn from(address: Bytes) -> Self {
        Self { parts: vec![address] }
    }
}

/// A topic.
impl From<&str> for Envelope {
    fn from(topic: &str) -> Self {
        Bytes::copy_from_slice(topic.as_bytes()).into()
    }
}

/// A peer of a ROUTER.
impl From<PeerIdentity> for Envelope {
    fn from(identity: PeerIdentity) -> Self {
        Bytes::from(identity).into()
    }
}
