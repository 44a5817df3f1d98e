//! The second process, as the first one sees it.

use std::{
    env, io,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use canning_core::{Buffer, CannedObject, UncanOwned};
use canning_wire::{ErrorKind, Message, Object, can, handshake::HandshakeError};

use super::{
    arguments::WORKER,
    error::{Error, Result},
    link::Link,
    progress::Progress,
    protocol::{Receipt, Reply, Task},
    transport::Transport,
};

/// A worker process, and the way to it. It does not outlive this value.
pub(super) struct Worker {
    child: Running,
    link: Box<dyn Link>,
}

/// A process that is ended with this value.
struct Running(Child);

/// What one transfer took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    /// Bytes of the value's header.
    pub(super) header: u64,
    pub(super) buffers: usize,
    /// Bytes of all buffers.
    pub(super) out_of_band: usize,
    /// Bytes of these that were [copied to be sent](Link::send).
    pub(super) copied: u64,
    /// From before the value was canned until the worker said that it holds it.
    pub(super) time: Duration,
    pub(super) receipt: Receipt,
}

impl Worker {
    /// Starts this program again, as the worker.
    ///
    /// A socket is its standard input: so it needs no name in any directory, nobody else can
    /// connect, and each process sees the end of the other, whatever else is between them.
    ///
    /// # Errors
    ///
    /// Those of the system, and when the process does not greet.
    pub(super) fn start(transport: Transport) -> Result<Self> {
        let (ours, theirs) = transport.pair()?;
        let child = Command::new(env::current_exe()?)
            .args([WORKER, transport.name()])
            .stdin(theirs)
            .stdout(Stdio::null())
            .spawn()?;
        let mut child = Running(child);
        let link = transport.link(ours).map_err(|error| child.explain(error))?;
        Ok(Self { child, link })
    }

    /// The number that the system gave the process.
    pub(super) fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Sends a value, and waits until the worker holds it and has worked on it.
    ///
    /// # Errors
    ///
    /// When the value cannot be canned, the worker fails or ends, or it answers something else
    /// than an `A`.
    pub(super) fn request<'a, A, V>(
        &mut self,
        task: Task,
        can_value: impl FnOnce() -> canning_core::Result<Object<'a>>,
        progress: &mut Progress,
    ) -> Result<(Transfer, A)>
    where
        Reply<A>: UncanOwned<V>,
    {
        let start = Instant::now();
        let object = can_value()?;
        let header = object.header().len() as u64;
        let buffers = object.buffers().len();
        let out_of_band = object.buffers().iter().map(Buffer::len).sum();
        let message = Message::from_iter([can(&task)?, object]);
        let copied = self.link.send(message, progress);
        let copied = copied.map_err(|error| self.child.explain(error))?;
        let receipt = self.reply::<Receipt, _>()?;
        let transfer =
            Transfer { header, buffers, out_of_band, copied, time: start.elapsed(), receipt };
        Ok((transfer, self.reply()?))
    }

    /// Tells the worker that nothing more comes, and waits for its end.
    ///
    /// # Errors
    ///
    /// When it does not end well.
    pub(super) fn finish(self) -> Result<()> {
        let Self { mut child, link } = self;
        // The socket ends with it.
        drop(link);
        let status = child.0.wait()?;
        match status.success() {
            true => Ok(()),
            false => Err(Error::WorkerEnded(status)),
        }
    }

    fn reply<A, V>(&mut self) -> Result<A>
    where
        Reply<A>: UncanOwned<V>,
    {
        let incoming = self.link.receive();
        let incoming = incoming.map_err(|error| self.child.explain(error))?;
        let Some(incoming) = incoming else {
            return Err(self.child.ended());
        };
        let [object] = <[Object<'_>; 1]>::try_from(incoming.message.into_objects())
            .map_err(|_| Error::Protocol("not one answer"))?;
        match object.get_object::<Reply<A>, _>()? {
            Reply::Done(answer) => Ok(answer),
            Reply::Failed(why) => Err(Error::WorkerFailed(why)),
        }
    }
}

impl Running {
    /// Says why the transport failed: mostly because the worker is no more.
    fn explain(&mut self, error: Error) -> Error {
        let is_ended = match &error {
            Error::Message(error) => match error.kind() {
                ErrorKind::Truncated { .. }
                | ErrorKind::Handshake(HandshakeError::Ended { .. }) => true,
                ErrorKind::Io(source) => is_end(source),
                _ => false,
            },
            Error::Io(source) => is_end(source),
            _ => false,
        };
        if is_ended { self.ended() } else { error }
    }

    /// The error of a worker that has closed its end of the socket, which it does by ending.
    fn ended(&mut self) -> Error {
        match self.0.wait() {
            Ok(status) => Error::WorkerEnded(status),
            Err(error) => error.into(),
        }
    }
}

impl Drop for Running {
    /// Ends the process where an error left it running. Where it has ended by itself, this does
    /// nothing.
    fn drop(&mut self) {
        // An error here says that it has ended.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};

    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}
