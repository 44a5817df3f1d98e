//! A bound on what waits to be sent.

use std::sync::Arc;

use ::tokio::sync::{OwnedSemaphorePermit, Semaphore};
use bytes::Bytes;
use zeromq::ZmqMessage;

/// Bounds the bytes of the messages that wait in the queues of sockets, whatever reads them slowly.
///
/// The `zeromq` crate, 0.7, counts messages only: 100,000 for each peer. Then PUSH, DEALER and
/// ROUTER sockets wait, and PUB sockets drop. So 100,000 large arrays may be kept alive before the
/// sender waits, or even more for several peers. Messages that a backlog admits have room in
/// it until the socket has written them, or dropped them.
///
/// Beyond it, the crate has one message in a block of its own for each peer.
///
/// With a backlog a PUB socket waits for its slowest subscriber, rather than drop.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use canning_wire::{can_arc, zmq::{self, Backlog, Envelope}};
/// use zeromq::{PullSocket, PushSocket, Socket, SocketSend};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (mut push, mut pull) = (PushSocket::new(), PullSocket::new());
/// # push.connect(&pull.bind("tcp://127.0.0.1:0").await?.to_string()).await?;
/// let backlog = Backlog::new(64 << 20);
/// let numbers = Arc::new(vec![0.5_f64; 4096]);
/// let packed = zmq::pack(can_arc(&numbers)?.into(), Envelope::none())?;
/// push.send(backlog.admit(packed.message).await).await?; // waits for room
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Backlog {
    room: Arc<Semaphore>,
    /// All of it, in units of 1 KiB.
    units: u32,
}

impl Backlog {
    /// Of so many bytes, in units of 1 KiB, at most 256 GiB.
    pub fn new(bytes: u64) -> Self {
        let units = units(bytes).clamp(1, MOST);
        // At most 2²⁸, which is less than a semaphore can have.
        Self { room: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Waits until there is room for a message, and takes it until all its clones are gone.
    ///
    /// A message that is longer than the whole waits until it is the only one. Who came first goes
    /// first. It may be dropped before it is ready, and the message with it.
    ///
    /// # Panics
    ///
    /// When `message` has no parts, which no socket can send.
    pub async fn admit(&self, message: ZmqMessage) -> ZmqMessage {
        let bytes = message.iter().fold(0_u64, |sum, part| sum.saturating_add(part.len() as u64));
        let wanted = units(bytes).min(self.units);
        let room = Arc::clone(&self.room).acquire_many_owned(wanted).await;
        let room = room.unwrap_or_else(|_closed| unreachable!("nobody closes it"));
        let mut parts = message.into_vecdeque();
        // A socket may take the first part off, and lets go of the others together.
        if let Some(part) = parts.pop_back() {
            parts.push_back(Bytes::from_owner(Admitted { part, _room: room }));
        }
        parts.try_into().unwrap_or_else(|_empty| panic!("a message has parts"))
    }
}

/// The last part of a message, which keeps its room.
struct Admitted {
    part: Bytes,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Admitted {
    fn as_ref(&self) -> &[u8] {
        &self.part
    }
}

fn units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

const UNIT: u64 = 1 << 10;

const MOST: u32 = 1 << 28;
