//! What a connection is to be, and what it believes.

use std::{fmt, sync::Arc, time::Duration};

use canning_core::Buffer;

/// Bounds on what is received, each checked before anything is believed or allocated.
///
/// The defaults take whatever arrays a program may ask for; who faces strangers lowers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of one frame. Default 64 GiB.
    pub frame_bytes: u64,
    /// The bytes of all frames of a message together. Default 64 GiB.
    pub message_bytes: u64,
    /// The frames of a message. Default 65 536.
    pub parts: usize,
    /// A declared length up to this is believed, and allocated in one piece, unless
    /// [`Options::placing`] says otherwise. Memory for a longer frame grows as its bytes come: so
    /// no peer can make the receiver allocate more than this, or twice what it sends. Default
    /// 1 MiB.
    pub believed_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: 64 << 30,
            message_bytes: 64 << 30,
            parts: 1 << 16,
            believed_bytes: 1 << 20,
        }
    }
}

/// The type of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocketType {
    /// Sends and receives, with one other side.
    Dealer {
        /// What a ROUTER knows it by; it chooses something itself where this is empty.
        identity: Vec<u8>,
    },
    /// Receives whatever is published.
    Subscriber,
}

impl SocketType {
    /// A DEALER without a name of its own.
    pub const fn dealer() -> Self {
        Self::Dealer { identity: Vec::new() }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Dealer { .. } => "DEALER",
            Self::Subscriber => "SUB",
        }
    }

    pub(super) fn identity(&self) -> &[u8] {
        match self {
            Self::Dealer { identity } => identity,
            Self::Subscriber => &[],
        }
    }

    pub(super) fn goes_with(&self, other: &[u8]) -> bool {
        match self {
            Self::Dealer { .. } => matches!(other, b"ROUTER" | b"DEALER" | b"REP"),
            Self::Subscriber => matches!(other, b"PUB" | b"XPUB"),
        }
    }
}

/// What memory a long frame is read into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The alignment to allocate with, a power of two. A `Vec` can take memory over that was
    /// allocated with the alignment of its items, neither less nor more.
    pub align: usize,
    /// As [`Limits::believed_bytes`], for this frame.
    pub believed_bytes: usize,
}

/// Chooses the memory that long frames are read into.
pub trait Placing: fmt::Debug + Send + Sync {
    /// Chooses that for the next frame of a message, by the frames before it.
    fn place(&self, frames: &[Buffer<'static>], limits: &Limits) -> Place;
}

/// The alignment of `f64`, and the limits' belief.
#[derive(Debug)]
struct Usual;

impl Placing for Usual {
    fn place(&self, _: &[Buffer<'static>], limits: &Limits) -> Place {
        Place { align: align_of::<f64>(), believed_bytes: limits.believed_bytes }
    }
}

/// How a connection is made, and what it believes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The time for all of a connection: the name, the socket and the greetings. Default ten
    /// seconds.
    pub connect_timeout: Duration,
    /// Bounds on what is received.
    pub limits: Limits,
    /// Chooses the memory that long frames are read into. Default: at the alignment of `f64`, and
    /// nothing is believed beyond the limits.
    pub placing: Arc<dyn Placing>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            limits: Limits::default(),
            placing: Arc::new(Usual),
        }
    }
}
