//! Commands: frames that are not part of a message.

use super::{error::Error, options::SocketType};

/// A command of the other side.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'c> {
    Ready(Ready<'c>),
    Error(&'c [u8]),
    /// Wants its context back.
    Ping(&'c [u8]),
    /// One that a client need not know.
    Other,
}

/// What the other side says about itself.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Ready<'c> {
    pub(super) socket_type: &'c [u8],
}

impl<'c> Command<'c> {
    pub(super) fn parse(body: &'c [u8]) -> Result<Self, Error> {
        let mut body = Body(body);
        let name = body.short("the name of a command")?;
        Ok(match name {
            b"READY" => {
                let mut ready = Ready::default();
                while !body.0.is_empty() {
                    let property = body.short("the name of a property")?;
                    let value = body.long("the value of a property")?;
                    if property.eq_ignore_ascii_case(b"Socket-Type") {
                        ready.socket_type = value;
                    }
                }
                Self::Ready(ready)
            }
            b"ERROR" => Self::Error(body.short("a reason")?),
            b"PING" => {
                let (_ttl, context) =
                    body.0.split_at_checked(2).ok_or(Error::Malformed("a time to live"))?;
                if context.len() > MAX_CONTEXT {
                    return Err(Error::Malformed("a context of at most 16 bytes"));
                }
                Self::Ping(context)
            }
            b"" => return Err(Error::Malformed("the name of a command")),
            _ => Self::Other,
        })
    }
}

/// What is left of a command.
struct Body<'c>(&'c [u8]);

impl<'c> Body<'c> {
    /// Takes bytes after their number in one byte.
    fn short(&mut self, expected: &'static str) -> Result<&'c [u8], Error> {
        let (len, rest) = self.0.split_first().ok_or(Error::Malformed(expected))?;
        self.0 = rest;
        self.take(usize::from(*len), expected)
    }

    /// Takes bytes after their number in four bytes.
    fn long(&mut self, expected: &'static str) -> Result<&'c [u8], Error> {
        let (len, rest) = self.0.split_first_chunk().ok_or(Error::Malformed(expected))?;
        self.0 = rest;
        let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
        self.take(len, expected)
    }

    fn take(&mut self, len: usize, expected: &'static str) -> Result<&'c [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Error::Malformed(expected))?;
        self.0 = rest;
        Ok(taken)
    }
}

/// Says who we are.
pub(super) fn ready(socket_type: &SocketType) -> Vec<u8> {
    let mut body = named(b"READY");
    let identity = matches!(socket_type, SocketType::Dealer { .. })
        .then_some((&b"\x08Identity"[..], socket_type.identity()));
    let properties = [(&b"\x0bSocket-Type"[..], socket_type.name().as_bytes())];
    for (name, value) in properties.into_iter().chain(identity) {
        body.extend(name);
        // No identity has 4 GiB: it is checked before.
        body.extend(u32::try_from(value.len()).unwrap_or_default().to_be_bytes());
        body.extend(value);
    }
    frame(body)
}

/// Subscribes to everything.
pub(super) fn subscribe(peer_minor: u8) -> Vec<u8> {
    match peer_minor {
        // A message there.
        0 => vec![0, 1, 1],
        _ => frame(named(b"SUBSCRIBE")),
    }
}

/// Answers a ping.
pub(super) fn pong(context: &[u8]) -> Vec<u8> {
    let mut body = named(b"PONG");
    body.extend(context);
    frame(body)
}

fn named(name: &[u8]) -> Vec<u8> {
    let mut body = vec![u8::try_from(name.len()).unwrap_or_default()];
    body.extend(name);
    body
}

fn frame(body: Vec<u8>) -> Vec<u8> {
    let mut frame = Vec::with_capacity(9 + body.len());
    match u8::try_from(body.len()) {
        Ok(len) => frame.extend([COMMAND, len]),
        Err(_) => {
            frame.push(COMMAND | LONG);
            frame.extend((body.len() as u64).to_be_bytes());
        }
    }
    frame.extend(body);
    frame
}

/// More frames of the message follow.
pub(super) const MORE: u8 = 1;
/// The length takes eight bytes.
pub(super) const LONG: u8 = 2;
/// It is a command.
pub(super) const COMMAND: u8 = 4;

/// The longest context of a ping.
const MAX_CONTEXT: usize = 16;

/// The longest identity.
pub(super) const MAX_IDENTITY: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libzmq_says_is_understood() {
        let body = b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER\x08Identity\0\0\0\0";
        let ready = Ready { socket_type: b"ROUTER" };
        assert_eq!(Command::parse(body).unwrap(), Command::Ready(ready));
        assert_eq!(Command::parse(b"\x04PING\0\x0aabc").unwrap(), Command::Ping(b"abc"));
        assert_eq!(Command::parse(b"\x05ERROR\x02no").unwrap(), Command::Error(b"no"));
        assert_eq!(Command::parse(b"\x06CANCELx").unwrap(), Command::Other);
    }

    #[test]
    fn what_is_cut_is_malformed() {
        for whole in [
            &b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER"[..],
            b"\x04PING\0\x0a",
            b"\x05ERROR\x02no",
        ] {
            for len in 0..whole.len() {
                // Without properties, all is said; what is missing is noticed later.
                let cut = &whole[..len];
                let parsed = Command::parse(cut);
                assert!(parsed.is_err() || cut == b"\x05READY", "{}", cut.escape_ascii());
            }
        }
        assert!(Command::parse(&[b"\x04PING\0\0", &[0; 17][..]].concat()).is_err());
        let long = b"\x05READY\x0bSocket-Type\xff\xff\xff\xffROUTER";
        assert!(Command::parse(long).is_err());
    }

    #[test]
    fn commands_are_as_the_specification_has_them() {
        let named = SocketType::Dealer { identity: b"me".to_vec() };
        let expected = b"\x04\x2b\x05READY\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\x02me";
        assert_eq!(ready(&named), expected);
        assert_eq!(
            ready(&SocketType::Subscriber),
            b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB"
        );
        assert_eq!(subscribe(0), [0, 1, 1]);
        assert_eq!(subscribe(1), b"\x04\x0a\x09SUBSCRIBE");
        assert_eq!(pong(b"x"), b"\x04\x06\x04PONGx");
        let long = SocketType::Dealer { identity: vec![7; 255] };
        assert_eq!(ready(&long)[..9], [6, 0, 0, 0, 0, 0, 0, 1, 40]);
    }
}
