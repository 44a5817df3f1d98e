//! A message as a multipart message.

use std::collections::VecDeque;

use bytes::Bytes;
use canning_core::{Buffer, SharedBytes};
use zeromq::ZmqMessage;

use super::{Copies, Envelope};
use crate::{error::Result, message::Message, object::HEADER_ALIGN};

/// A message as parts, to be sent.
///
/// Cloning `message` shares the parts, so that one message can go to many sockets.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The envelope and the message.
    pub message: ZmqMessage,
    /// Parts of the message that had to be copied.
    pub copies: Copies,
}

/// Makes a multipart message: the parts of the envelope, then each object's header, and behind it
/// its buffers. A message without objects is one empty part.
///
/// Each part shares the memory of the message. What does not lie in one run of memory is copied
/// into one, and counted: sliced arrays, and headers of which the small arrays lie apart.
///
/// # Errors
///
/// - When buffers were taken out of an object: what is left of it cannot be read.
/// - [`OutOfMemory`](canning_core::ErrorKind::OutOfMemory).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use canning_wire::{can_arc, zmq::{self, Envelope}};
///
/// let numbers = Arc::new(vec![0.5_f64; 4096]);
/// let packed = zmq::pack(can_arc(&numbers)?.into(), Envelope::none())?;
/// let parts = packed.message.into_vec();
/// assert_eq!(parts.len(), 2); // a header, an array
/// assert_eq!(parts[1].as_ptr(), numbers.as_ptr().cast()); // not copied
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pack(message: Message<'static>, envelope: Envelope) -> Result<Packed> {
    let mut copies = Copies::default();
    let mut parts = VecDeque::from(envelope.into_parts());
    let in_front = parts.len();
    for object in message {
        for blob in object.into_blobs()? {
            parts.push_back(part(blob, &mut copies)?);
        }
    }
    if parts.len() == in_front {
        parts.push_back(Bytes::new());
    }
    let message = parts.try_into();
    let message = message.unwrap_or_else(|_empty| unreachable!("there is at least one part"));
    Ok(Packed { message, copies })
}

fn part(blob: Buffer<'static>, copies: &mut Copies) -> Result<Bytes> {
    match Contiguous::new(blob) {
        Ok(contiguous) => Ok(Bytes::from_owner(contiguous)),
        Err(pieces) => {
            copies.add(pieces.len() as u64);
            let joined = pieces.to_allocation(HEADER_ALIGN)?;
            Ok(Bytes::from_owner(SharedBytes::from_allocation(joined)))
        }
    }
}

/// A blob that lies in one run of memory.
struct Contiguous(Buffer<'static>);

impl Contiguous {
    fn new(blob: Buffer<'static>) -> Result<Self, Buffer<'static>> {
        if blob.as_slice().is_some() { Ok(Self(blob)) } else { Err(blob) }
    }
}

impl AsRef<[u8]> for Contiguous {
    fn as_ref(&self) -> &[u8] {
        self.0.as_slice().unwrap_or_else(|| unreachable!("it lies in one run of memory"))
    }
}
