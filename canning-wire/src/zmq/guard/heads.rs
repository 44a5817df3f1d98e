//! The bytes of a peer, of which only the heads of parts are looked at; without IO.

use super::Refusal;
use crate::{limits::Limits, zmq::unpack::most_parts};

/// Follows the bytes that a peer sends, and refuses what exceeds the limits as soon as the head
/// that says so is whole. Keeps nothing but the head that it is at.
#[derive(Debug)]
pub(super) struct Heads {
    most: Most,
    at: At,
    /// The parts of the message so far, and their bytes.
    parts: u64,
    bytes: u64,
    has_greeted: bool,
}

#[derive(Debug)]
struct Most {
    part: u64,
    message: u64,
    parts: u64,
}

/// Where the next byte belongs.
#[derive(Debug)]
enum At {
    /// The greeting, and its bytes so far.
    Greeting(usize),
    /// The head of a part or a command, and its bytes so far.
    Head([u8; LONG_HEAD], usize),
    /// What a head announced, and its bytes to come.
    Body { left: u64, is_command: bool },
}

impl Heads {
    pub(super) fn new(limits: &Limits) -> Self {
        let most = Most {
            part: limits.believed_bytes.min(limits.message_bytes),
            message: limits.message_bytes,
            parts: most_parts(limits),
        };
        Self { most, at: At::Greeting(0), parts: 0, bytes: 0, has_greeted: false }
    }

    /// Whether the greeting and the first command are behind it: then the socket has accepted the
    /// peer, or ends the connection.
    pub(super) fn has_greeted(&self) -> bool {
        self.has_greeted
    }

    /// Goes over bytes that came. If it refuses them, none of them may be passed on.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) -> Result<(), Refusal> {
        while let Some((&first, rest)) = bytes.split_first() {
            match &mut self.at {
                At::Greeting(at) => {
                    check_greeting(*at, first)?;
                    *at += 1;
                    if *at == GREETING {
                        self.at = At::NEXT;
                    }
                    bytes = rest;
                }
                At::Head(head, len) => {
                    if let Some(place) = head.get_mut(*len) {
                        *place = first;
                        *len += 1;
                    }
                    if let Some((flags, body)) = parse(head, *len) {
                        self.body(flags, body)?;
                    }
                    bytes = rest;
                }
                At::Body { left, is_command } => {
                    // What is longer than memory does not end with these bytes.
                    let end = usize::try_from(*left).unwrap_or(usize::MAX);
                    let (body, next) = bytes.split_at(end.min(bytes.len()));
                    *left -= body.len() as u64;
                    bytes = next;
                    if *left == 0 {
                        self.has_greeted |= *is_command;
                        self.at = At::NEXT;
                    }
                }
            }
        }
        Ok(())
    }

    /// Begins what a head announced.
    fn body(&mut self, flags: u8, declared: u64) -> Result<(), Refusal> {
        let is_command = flags & COMMAND != 0;
        if flags & !(MORE | LONG | COMMAND) != 0 || (is_command && flags & MORE != 0) {
            return Err(Refusal::Flags { found: flags });
        }
        if is_command {
            let limit = COMMAND_BYTES;
            if declared > limit {
                return Err(Refusal::Command { limit, declared });
            }
        } else {
            self.part(declared)?;
            if flags & MORE == 0 {
                (self.parts, self.bytes) = (0, 0);
            }
        }
        self.has_greeted |= is_command && declared == 0;
        self.at = match declared {
            0 => At::NEXT,
            left => At::Body { left, is_command },
        };
        Ok(())
    }

    fn part(&mut self, declared: u64) -> Result<(), Refusal> {
        let Most { part, message, parts } = self.most;
        if declared > part {
            return Err(Refusal::Part { limit: part, declared });
        }
        self.parts += 1;
        if self.parts > parts {
            return Err(Refusal::Parts { limit: parts });
        }
        self.bytes = self.bytes.saturating_add(declared);
        if self.bytes > message {
            return Err(Refusal::Message { limit: message, declared: self.bytes });
        }
        Ok(())
    }
}

impl At {
    /// Before a head.
    const NEXT: Self = Self::Head([0; LONG_HEAD], 0);
}

fn check_greeting(at: usize, found: u8) -> Result<(), Refusal> {
    let is_right = match at {
        0 => found == 0xff,
        9 => found == 0x7f,
        MAJOR => found >= 3,
        _ => true,
    };
    if is_right { Ok(()) } else { Err(Refusal::Greeting { at, found }) }
}

/// Reads a head; `None` where it is not all there.
fn parse(head: &[u8; LONG_HEAD], len: usize) -> Option<(u8, u64)> {
    let [flags, body @ ..] = head;
    match (flags & LONG != 0, len) {
        (false, 2) => body.first().map(|&body| (*flags, u64::from(body))),
        (true, LONG_HEAD) => Some((*flags, u64::from_be_bytes(*body))),
        _ => None,
    }
}

/// Bytes of a greeting.
const GREETING: usize = 64;

/// Where in a greeting the major version stands.
const MAJOR: usize = 10;

/// Flags of a head.
const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;

/// Flags, and a length of eight bytes.
const LONG_HEAD: usize = 9;

/// More than any command has: they carry names.
const COMMAND_BYTES: u64 = 8 << 10;

#[cfg(test)]
mod tests;
