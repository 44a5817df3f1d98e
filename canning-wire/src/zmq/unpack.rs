//! A multipart message as a message.

use std::collections::VecDeque;

use bytes::Bytes;
use canning_core::{Buffer, CannedObject, Copied, ErrorKind as CoreKind, buffer::room};
use zeromq::ZmqMessage;

use super::{Copies, Envelope, MultipartError};
use crate::{
    error::Result, frame, header::Front, limits::Limits, message::Message, object::Object,
};

/// What was received.
#[derive(Debug)]
pub struct Received {
    /// The parts in front of the message.
    pub envelope: Envelope,
    /// The message, which shares the memory of the parts.
    pub message: Message<'static>,
    /// Parts of the message that lay at addresses where their items cannot, and were copied to
    /// better ones. Their objects [count](CannedObject::copied) the bytes as well.
    pub copies: Copies,
}

/// Takes a multipart message apart that was received: `envelope` parts that are not the message,
/// then the objects.
///
/// The message shares the memory of the parts. A part that does not lie well for its dtype on this
/// machine is copied to where it does, so that its array can be borrowed, and a `Vec` take it
/// over. That is counted.
///
/// `limits` hold for the message without its envelope. It may have
/// [`objects`](Limits::objects) + [`buffers`](Limits::buffers) parts.
///
/// # Errors
///
/// - [`ErrorKind::Multipart`](crate::ErrorKind::Multipart) names the part that is wrong, or after which others are missing.
/// - [`ErrorKind::Limit`](crate::ErrorKind::Limit) where the message as a whole exceeds a limit.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, can_arc, zmq};
///
/// let text = Arc::new("hi".to_owned());
/// let packed = zmq::pack(can_arc(&text)?.into(), "greetings".into())?;
///
/// let received = zmq::unpack(packed.message, 1, &Limits::default())?;
/// assert_eq!(received.envelope.address(), b"greetings");
/// assert_eq!(received.message.objects()[0].get::<&str, _>()?, "hi");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn unpack(message: ZmqMessage, envelope: usize, limits: &Limits) -> Result<Received> {
    let mut parts = message.into_vecdeque();
    if parts.len() <= envelope {
        let (expected, found) = (envelope, parts.len());
        return Err(MultipartError::Envelope { expected, found }.into());
    }
    let in_front = Vec::from_iter(parts.drain(..envelope)).into();
    check_whole(&parts, limits)?;
    let mut parts = Parts { left: parts, at: envelope, copies: Copies::default(), limits };
    parts.pass_empty();
    let mut objects = Vec::new();
    while let Some(header) = parts.next() {
        let object = parts.object(header, objects.len());
        let object = object.map_err(|error| error.after(objects.len()))?;
        room::push(&mut objects, object)?;
    }
    Ok(Received { envelope: in_front, message: objects.into(), copies: parts.copies })
}

fn check_whole(parts: &VecDeque<Bytes>, limits: &Limits) -> Result<()> {
    frame::limit("number of parts", most_parts(limits), parts.len() as u64)?;
    let bytes = parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.len() as u64));
    frame::limit("message length", limits.message_bytes, bytes)
}

/// How many parts a message may have.
pub(super) fn most_parts(limits: &Limits) -> u64 {
    limits.objects.saturating_add(limits.buffers)
}

/// A message of which parts are left.
struct Parts<'l> {
    left: VecDeque<Bytes>,
    /// The number of the next part.
    at: usize,
    copies: Copies,
    limits: &'l Limits,
}

impl Parts<'_> {
    /// Passes the part of a message without objects.
    fn pass_empty(&mut self) {
        if self.left.len() == 1 && self.left.front().is_some_and(Bytes::is_empty) {
            self.next();
        }
    }

    fn next(&mut self) -> Option<Bytes> {
        let part = self.left.pop_front()?;
        self.at += 1;
        Some(part)
    }

    /// The object of a header that was the last part; there were `before` others.
    fn object(&mut self, header: Bytes, before: usize) -> Result<Object<'static>> {
        frame::limit("number of objects", self.limits.objects, before as u64 + 1)?;
        let part = self.at - 1;
        let wrong = |error| MultipartError::part(part, error);
        let header = Buffer::from(header);
        let front = Front::parse(&header, self.limits).map_err(wrong)?;
        let (expected, found) = (front.buffers.len(), self.left.len());
        if found < expected {
            return Err(MultipartError::Missing { header: part, expected, found }.into());
        }
        let mut aligns = Vec::new();
        front.buffer_aligns(&header, &mut aligns).map_err(wrong)?;
        let mut buffers = Vec::new();
        room::reserve_exact(&mut buffers, expected)?;
        let mut copied = 0;
        for (entry, align) in front.buffers.iter().zip(aligns) {
            let buffer = self.buffer(entry.len, align)?;
            copied += buffer.copied;
            buffers.push(buffer.bytes);
        }
        let object = Object::from_parts(header, front, buffers, *self.limits).map_err(wrong)?;
        let Copied { in_band, .. } = object.copied();
        if in_band > 0 {
            self.copies.add(in_band);
        }
        object.count_copied(Copied { in_band: 0, out_of_band: copied });
        Ok(object)
    }

    /// The next part, of this length, where its items can lie.
    fn buffer(&mut self, len: u64, align: usize) -> Result<Landed, MultipartError> {
        let part = self.at;
        let bytes = self.next().unwrap_or_default();
        if bytes.len() as u64 != len {
            let expected = usize::try_from(len).unwrap_or(usize::MAX);
            let error = CoreKind::BufferLength { expected, found: bytes.len() };
            return Err(MultipartError::part(part, error));
        }
        if bytes.as_ptr().addr().is_multiple_of(align) {
            return Ok(Landed { bytes: bytes.into(), copied: 0 });
        }
        let landed = Buffer::borrowed(&bytes).to_allocation(align);
        let landed = landed.map_err(|error| MultipartError::part(part, error))?;
        self.copies.add(len);
        Ok(Landed { bytes: landed.into(), copied: len })
    }
}

/// A buffer, and how much of it was copied.
struct Landed {
    bytes: Buffer<'static>,
    copied: u64,
}
