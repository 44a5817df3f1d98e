//! Both hellos on their way.

use crate::{
    error::Result,
    handshake::{Agreed, HandshakeError, Hello},
};

/// Both hellos on their way: gives the bytes to write, and the memory for those to read.
///
/// All is written before anything is read: both ends do so, and 16 bytes fit into any socket.
/// It never asks for a byte beyond the peer's hello, and allocates nothing.
#[derive(Clone, Debug)]
pub struct Handshake {
    ours: Hello,
    sending: [u8; Hello::LEN],
    sent: usize,
    coming: [u8; Hello::LEN],
    read: usize,
}

impl Handshake {
    /// Starts.
    pub fn new(ours: Hello) -> Self {
        let sending = ours.encode();
        Self { ours, sending, sent: 0, coming: [0; Hello::LEN], read: 0 }
    }

    /// The bytes to write next; empty once all are written.
    pub fn unsent(&self) -> &[u8] {
        self.sending.get(self.sent..).unwrap_or_default()
    }

    /// Is told that so many bytes were written.
    ///
    /// # Panics
    ///
    /// When that is more than were unsent.
    pub fn advance(&mut self, len: usize) {
        assert!(len <= self.unsent().len(), "more bytes than there are");
        self.sent += len;
    }

    /// Where the next bytes of the peer go; empty once its hello is there.
    pub fn space(&mut self) -> &mut [u8] {
        self.coming.get_mut(self.read..).unwrap_or_default()
    }

    /// Is told that `len` bytes were put into the space. Gives what is agreed on once the
    /// peer's hello is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Handshake`](crate::ErrorKind::Handshake): at the first byte that cannot
    /// belong to a hello, or when there is no agreement.
    ///
    /// # Panics
    ///
    /// When `len` is more than the space.
    pub fn fill(&mut self, len: usize) -> Result<Option<Agreed>> {
        assert!(len <= self.space().len(), "more bytes than there is space");
        self.read += len;
        if self.read < Hello::LEN {
            Hello::check_start(self.coming.get(..self.read).unwrap_or_default())?;
            return Ok(None);
        }
        self.ours.agree(&Hello::parse(&self.coming)?).map(Some)
    }

    /// Bytes of the peer's hello so far.
    pub fn bytes_read(&self) -> usize {
        self.read
    }

    /// What is wrong when the peer ends here.
    pub fn ended(&self) -> HandshakeError {
        HandshakeError::Ended { read: self.read }
    }
}
