//! The first bytes of a connection.

use std::ops::RangeInclusive;

use crate::{
    error::{Error, ErrorKind, Result},
    frame::{self, FrameOptions},
    handshake::HandshakeError,
    header,
};

/// `0x89 "HEL"`: no text, and no frame either.
const MAGIC: [u8; 4] = [0x89, b'H', b'E', b'L'];

/// What an end of a connection speaks.
///
/// ```text
///  0  magic, 4 bytes              8  critical flags, u32
///  4  frame versions, 2 × u8     12  other flags, u32
///  6  header versions, 2 × u8
/// ```
///
/// The default is what this release speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Versions of the frame.
    pub frame: RangeInclusive<u8>,
    /// Versions of the header.
    pub header: RangeInclusive<u8>,
    /// What the other end must know, or refuse. Here none is known yet.
    pub critical: u32,
    /// What this end can do, and the other may overlook: bit 0 that it reads frames with checksums,
    /// bit 1 those with compressed buffers. By default they are set as this crate's features
    /// `integrity` and `compression` are.
    pub other: u32,
}

/// What both ends speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The highest version of the frame that both speak.
    pub frame: u8,
    /// The highest version of the header that both speak.
    pub header: u8,
    /// The other flags that both have.
    pub flags: u32,
}

impl Agreed {
    /// What frames may do for their bytes, as both ends read it. A build without the features
    /// `integrity` and `compression` has neither, whatever the flags are: it cannot write them.
    pub const fn frames(&self) -> FrameOptions {
        FrameOptions {
            integrity: READS_SUMS && self.flags & INTEGRITY != 0,
            compression: READS_PACKED && self.flags & COMPRESSION != 0,
        }
    }

    /// Refuses what the peer does not read.
    ///
    /// # Errors
    ///
    /// [`HandshakeError::Unread`].
    pub fn require(&self, frames: FrameOptions) -> Result<()> {
        let agreed = self.frames();
        for (is_wanted, is_read, what) in [
            (frames.integrity, agreed.integrity, "checksums"),
            (frames.compression, agreed.compression, "compressed buffers"),
        ] {
            if is_wanted && !is_read {
                return Err(HandshakeError::Unread { what }.into());
            }
        }
        Ok(())
    }
}

impl Default for Hello {
    fn default() -> Self {
        let (frame, header) = (frame::VERSION, HEADER_VERSION);
        let other = [(READS_SUMS, INTEGRITY), (READS_PACKED, COMPRESSION)];
        let other = other.into_iter().filter(|(is_read, _)| *is_read);
        let other = other.fold(0, |flags, (_, flag)| flags | flag);
        Self { frame: frame..=frame, header: header..=header, critical: 0, other }
    }
}

impl Hello {
    /// Bytes of a hello.
    pub const LEN: usize = 16;

    /// Writes it as bytes.
    pub fn encode(&self) -> [u8; Self::LEN] {
        let [m0, m1, m2, m3] = MAGIC;
        let [c0, c1, c2, c3] = self.critical.to_le_bytes();
        let [o0, o1, o2, o3] = self.other.to_le_bytes();
        let (f0, f1) = (*self.frame.start(), *self.frame.end());
        let (h0, h1) = (*self.header.start(), *self.header.end());
        [m0, m1, m2, m3, f0, f1, h0, h1, c0, c1, c2, c3, o0, o1, o2, o3]
    }

    /// Reads it from bytes; allocates nothing.
    ///
    /// # Errors
    ///
    /// [`HandshakeError::Magic`] and [`HandshakeError::Range`]. Flags are not looked at before
    /// [`agree`](Self::agree).
    pub fn parse(bytes: &[u8; Self::LEN]) -> Result<Self> {
        Self::check_start(bytes)?;
        let [_, _, _, _, f0, f1, h0, h1, c0, c1, c2, c3, o0, o1, o2, o3] = *bytes;
        Ok(Self {
            frame: versions(FRAME, f0, f1)?,
            header: versions(HEADER, h0, h1)?,
            critical: u32::from_le_bytes([c0, c1, c2, c3]),
            other: u32::from_le_bytes([o0, o1, o2, o3]),
        })
    }

    /// Refuses bytes that no hello starts with, however few there are.
    ///
    /// # Errors
    ///
    /// [`HandshakeError::Magic`].
    pub fn check_start(bytes: &[u8]) -> Result<()> {
        let pairs = bytes.iter().zip(MAGIC).enumerate();
        for (at, (&found, expected)) in pairs {
            if found != expected {
                return Err(HandshakeError::Magic { at, found, expected }.into());
            }
        }
        Ok(())
    }

    /// Settles what is spoken with a peer. Both ends come to the same.
    ///
    /// # Errors
    ///
    /// [`HandshakeError::Flags`] and [`HandshakeError::Version`].
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_wire::handshake::Hello;
    ///
    /// let newer = Hello { frame: 1..=3, ..Hello::default() };
    /// let newest = Hello { frame: 2..=4, ..Hello::default() };
    /// assert_eq!(newer.agree(&newest)?.frame, 3);
    ///
    /// let error = Hello::default().agree(&newest).unwrap_err();
    /// assert_eq!(error.to_string(), "no common frame version: 1 here, 2 to 4 there");
    /// # Ok::<(), canning_wire::Error>(())
    /// ```
    pub fn agree(&self, theirs: &Self) -> Result<Agreed> {
        if theirs.critical != 0 {
            return Err(HandshakeError::Flags { unknown: theirs.critical }.into());
        }
        Ok(Agreed {
            frame: common(FRAME, &self.frame, &theirs.frame)?,
            header: common(HEADER, &self.header, &theirs.header)?,
            flags: self.other & theirs.other,
        })
    }
}

/// The other flags of an end that reads frames with the critical flags of the same number.
const INTEGRITY: u32 = 1 << 0;
const COMPRESSION: u32 = 1 << 1;

/// What this build reads.
const READS_SUMS: bool = cfg!(feature = "integrity");
const READS_PACKED: bool = cfg!(feature = "compression");

/// The header's version, in the byte that it has here.
const HEADER_VERSION: u8 = 1;

const _: () = assert!(HEADER_VERSION == header::VERSION);

const FRAME: &str = "frame";

const HEADER: &str = "header";

fn versions(what: &'static str, lowest: u8, highest: u8) -> Result<RangeInclusive<u8>> {
    match lowest > 0 && lowest <= highest {
        true => Ok(lowest..=highest),
        false => Err(HandshakeError::Range { what, lowest, highest }.into()),
    }
}

/// The highest version of both.
fn common(
    what: &'static str,
    ours: &RangeInclusive<u8>,
    theirs: &RangeInclusive<u8>,
) -> Result<u8> {
    let highest = *ours.end().min(theirs.end());
    match ours.contains(&highest) && theirs.contains(&highest) {
        true => Ok(highest),
        false => {
            let (ours, theirs) = (ours.clone(), theirs.clone());
            Err(HandshakeError::Version { what, ours, theirs }.into())
        }
    }
}

impl From<HandshakeError> for Error {
    fn from(error: HandshakeError) -> Self {
        Self::new(ErrorKind::Handshake(error), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{can, message::Message};

    #[test]
    fn frames_are_agreed_on_only_as_this_build_writes_them() {
        let agreed = |flags| Agreed { frame: frame::VERSION, header: HEADER_VERSION, flags };
        let both = agreed(u32::MAX).frames();
        assert_eq!(both.has_integrity(), cfg!(feature = "integrity"));
        assert_eq!(both.has_compression(), cfg!(feature = "compression"));
        assert_eq!(agreed(!(INTEGRITY | COMPRESSION)).frames(), FrameOptions::new());

        let numbers = vec![0.5_f64; 4096];
        let message = Message::from(can(&numbers).unwrap());
        let sent = both.write_message(&mut Vec::new(), &message).unwrap();
        assert_eq!(sent.compressed > 0, cfg!(feature = "compression"));
    }
}
