//! Bytes that come, as messages and commands; without a socket.

use std::{io::IoSliceMut, sync::Arc};

use canning_core::{Buffer, buffer::Allocation};

use super::{
    command::{COMMAND, LONG, MORE},
    error::Error,
    landing::Landing,
    options::{Limits, Placing},
};

/// A message: its frames.
pub type Message = Vec<Buffer<'static>>;

/// What came.
#[derive(Debug)]
pub(super) enum Item {
    Message(Message),
    /// The body of a command.
    Command(Vec<u8>),
}

/// Puts frames together. Short ones are copied out of a block that is read ahead; long ones are
/// read into the memory that they stay in.
#[derive(Debug)]
pub(super) struct Decoder {
    limits: Limits,
    placing: Arc<dyn Placing>,
    ahead: Box<[u8]>,
    /// What of the block was read and not yet understood.
    start: usize,
    end: usize,
    /// The frame that is being read into its own memory, and whether others follow.
    landing: Option<(Landing, bool)>,
    /// The frames of the message so far, and their length.
    parts: Message,
    bytes: u64,
}

/// The header of a frame.
#[derive(Debug, Clone, Copy)]
struct Header {
    flags: u8,
    /// Of the header itself.
    len: usize,
    body: u64,
}

impl Decoder {
    pub(super) fn new(limits: Limits, placing: Arc<dyn Placing>) -> Self {
        let ahead = vec![0; AHEAD].into_boxed_slice();
        Self {
            limits,
            placing,
            ahead,
            start: 0,
            end: 0,
            landing: None,
            parts: Vec::new(),
            bytes: 0,
        }
    }

    /// Where the next bytes go: never empty, if [`next`](Self::next) has given all that there is.
    pub(super) fn spaces(&mut self) -> [IoSliceMut<'_>; 2] {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        } else if self.ahead.len() - self.end < SHORT {
            self.ahead.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        let ahead = self.ahead.get_mut(self.end..).unwrap_or_default();
        match &mut self.landing {
            None => [IoSliceMut::new(&mut []), IoSliceMut::new(ahead)],
            Some((landing, _)) => {
                let missing = landing.missing();
                let space = landing.space();
                // What comes after its end may be read as well, but not what comes in between.
                let ahead = if space.len() == missing { ahead } else { &mut [] };
                [IoSliceMut::new(space), IoSliceMut::new(ahead)]
            }
        }
    }

    /// Is told that `len` bytes were put into the spaces.
    pub(super) fn fill(&mut self, len: usize) -> Result<(), Error> {
        let mut ahead = len;
        if let Some((landing, _)) = &mut self.landing {
            let landed = len.min(landing.space().len());
            landing.fill(landed)?;
            ahead -= landed;
        }
        self.end = self.end.saturating_add(ahead).min(self.ahead.len());
        Ok(())
    }

    /// Whether nothing has come of a frame or message that is not yet whole.
    pub(super) fn is_between_messages(&self) -> bool {
        self.start == self.end && self.landing.is_none() && self.parts.is_empty()
    }

    /// What is whole of that which came; `None` where more must come first.
    pub(super) fn next(&mut self) -> Result<Option<Item>, Error> {
        loop {
            if let Some((landing, more)) = self.landing.take() {
                if landing.missing() > 0 {
                    self.landing = Some((landing, more));
                    return Ok(None);
                }
                if let Some(message) = self.part(landing.into_buffer(), more) {
                    return Ok(Some(Item::Message(message)));
                }
            }
            let came = self.ahead.get(self.start..self.end).unwrap_or_default();
            let Some(header) = Header::parse(came)? else { return Ok(None) };
            self.check(header)?;
            // The limits are checked, so that it fits, unless they are beyond this machine.
            let body = usize::try_from(header.body).unwrap_or(usize::MAX);
            let (more, is_command) = (header.flags & MORE != 0, header.flags & COMMAND != 0);
            let rest = came.get(header.len..).unwrap_or_default();
            if body > SHORT {
                let place = self.placing.place(&self.parts, &self.limits);
                let mut landing = Landing::new(body, place)?;
                let copied = landing.copy(rest)?;
                self.start += header.len + copied;
                self.landing = Some((landing, more));
                continue;
            }
            let Some(bytes) = rest.get(..body) else { return Ok(None) };
            if is_command {
                let command = bytes.to_vec();
                self.start += header.len + body;
                return Ok(Some(Item::Command(command)));
            }
            let buffer = short(bytes)?;
            self.start += header.len + body;
            if let Some(message) = self.part(buffer, more) {
                return Ok(Some(Item::Message(message)));
            }
        }
    }

    /// Adds a frame; gives the message when it is the last.
    fn part(&mut self, buffer: Buffer<'static>, more: bool) -> Option<Message> {
        self.bytes += buffer.len() as u64;
        self.parts.push(buffer);
        if more {
            return None;
        }
        self.bytes = 0;
        Some(std::mem::take(&mut self.parts))
    }

    fn check(&self, header: Header) -> Result<(), Error> {
        let limits = &self.limits;
        if header.flags & COMMAND != 0 {
            let limit = SHORT as u64;
            return match header.body <= limit {
                true => Ok(()),
                false => Err(Error::FrameLength { declared: header.body, limit }),
            };
        }
        if header.body > limits.frame_bytes {
            let (declared, limit) = (header.body, limits.frame_bytes);
            return Err(Error::FrameLength { declared, limit });
        }
        if self.parts.len() >= limits.parts {
            return Err(Error::Parts { limit: limits.parts });
        }
        if header.body > limits.message_bytes.saturating_sub(self.bytes) {
            return Err(Error::MessageLength { limit: limits.message_bytes });
        }
        Ok(())
    }
}

impl Header {
    /// Reads a header; `None` where it is not all there.
    fn parse(bytes: &[u8]) -> Result<Option<Self>, Error> {
        let Some((&flags, rest)) = bytes.split_first() else { return Ok(None) };
        if flags & !(MORE | LONG | COMMAND) != 0 || flags & (MORE | COMMAND) == MORE | COMMAND {
            return Err(Error::Malformed("the flags of a frame"));
        }
        Ok(if flags & LONG == 0 {
            rest.first().map(|&len| Self { flags, len: 2, body: u64::from(len) })
        } else {
            let body = rest.first_chunk().map(|len| u64::from_be_bytes(*len));
            body.map(|body| Self { flags, len: 9, body })
        })
    }
}

/// A short frame in memory of its own, so that it keeps nothing else alive.
fn short(bytes: &[u8]) -> Result<Buffer<'static>, Error> {
    if bytes.is_empty() {
        return Ok(Buffer::borrowed(&[]));
    }
    let mut memory = Allocation::with_capacity(bytes.len(), align_of::<u64>())?;
    memory.extend_from_slice(bytes)?;
    Ok(memory.into())
}

/// So many bytes are read ahead.
const AHEAD: usize = 64 << 10;

/// The longest frame that is copied out of what was read ahead; and the longest command.
const SHORT: usize = 8 << 10;
