//! An asynchronous stream that is never ready at once, and futures that are polled by hand.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Gives and takes at most `most` bytes a call, and is pending every other time.
#[derive(Debug, Default)]
pub struct Trickle {
    /// What was written, or is to be read.
    pub bytes: Vec<u8>,
    pub most: usize,
    read: usize,
    is_ready: bool,
    pub flushed: usize,
    pub is_shut_down: bool,
}

impl Trickle {
    pub fn new(bytes: Vec<u8>, most: usize) -> Self {
        Self { bytes, most, ..Self::default() }
    }

    fn poll_ready(&mut self) -> Poll<()> {
        self.is_ready = !self.is_ready;
        if self.is_ready { Poll::Pending } else { Poll::Ready(()) }
    }
}

impl AsyncRead for Trickle {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        space: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        std::task::ready!(self.poll_ready());
        let rest = &self.bytes[self.read..];
        let len = rest.len().min(self.most).min(space.remaining());
        space.put_slice(&rest[..len]);
        self.read += len;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Trickle {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        std::task::ready!(self.poll_ready());
        let before = self.bytes.len();
        for slice in slices {
            let left = self.most - (self.bytes.len() - before);
            self.bytes.extend_from_slice(&slice[..slice.len().min(left)]);
        }
        Poll::Ready(Ok(self.bytes.len() - before))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.flushed < self.bytes.len() {
            std::task::ready!(self.poll_ready());
            self.flushed = self.bytes.len();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.poll_ready());
        self.is_shut_down = true;
        Poll::Ready(Ok(()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}

/// Polls a future so many times, and drops it.
pub fn poll_times<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..times).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

/// Polls a future until it is ready.
pub fn finish<F: Future>(future: F) -> F::Output {
    poll_times(future, 10_000_000).expect("a future that becomes ready")
}
