//! The second process, as the first one sees it.

use std::{
    env, io,
    net::Shutdown,
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use canning_core::{Buffer, CannedObject, UncanOwned};
use canning_wire::{ErrorKind, Limits, Message, Object, can, read_message, write_message};

use super::{
    arguments::WORKER,
    error::{Error, Result},
    progress::{Progress, Watched},
    protocol::{Receipt, Reply, Task},
};

/// A worker process, and the socket to it. It does not outlive this value.
pub(super) struct Worker {
    child: Child,
    stream: UnixStream,
}

/// What one transfer took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    /// Bytes of the value's header.
    pub(super) header: u64,
    pub(super) buffers: usize,
    /// Bytes of all buffers.
    pub(super) out_of_band: usize,
    /// Bytes of these that were copied to be sent.
    pub(super) gathered: u64,
    /// From before the value was canned until the worker said that it holds it.
    pub(super) time: Duration,
    pub(super) receipt: Receipt,
}

impl Worker {
    /// Starts this program again, as the worker.
    ///
    /// The socket is its standard input: so it needs no name in any directory, nobody else can
    /// connect, and each process sees the end of the other.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(super) fn start() -> Result<Self> {
        let (stream, theirs) = UnixStream::pair()?;
        let child = Command::new(env::current_exe()?)
            .arg(WORKER)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self { child, stream })
    }

    /// The number that the system gave the process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
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
        let mut writer = Watched::new(&self.stream, progress);
        let sent = write_message(&mut writer, &message).map_err(|error| self.explain(error))?;
        let receipt = self.reply::<Receipt, _>()?;
        let transfer = Transfer {
            header,
            buffers,
            out_of_band,
            gathered: sent.gathered,
            time: start.elapsed(),
            receipt,
        };
        Ok((transfer, self.reply()?))
    }

    /// Tells the worker that nothing more comes, and waits for its end.
    ///
    /// # Errors
    ///
    /// When it does not end well.
    pub(super) fn finish(mut self) -> Result<()> {
        self.stream.shutdown(Shutdown::Write)?;
        let status = self.child.wait()?;
        match status.success() {
            true => Ok(()),
            false => Err(Error::WorkerEnded(status)),
        }
    }

    fn reply<A, V>(&mut self) -> Result<A>
    where
        Reply<A>: UncanOwned<V>,
    {
        let message = read_message(&mut &self.stream, &Limits::default());
        let message = message.map_err(|error| self.explain(error))?;
        let Some(message) = message else {
            return Err(self.ended());
        };
        let [object] = <[Object<'_>; 1]>::try_from(message.into_objects())
            .map_err(|_| Error::Protocol("not one answer"))?;
        match object.get_object::<Reply<A>, _>()? {
            Reply::Done(answer) => Ok(answer),
            Reply::Failed(why) => Err(Error::WorkerFailed(why)),
        }
    }

    /// Says why the socket failed: mostly because the worker is no more.
    fn explain(&mut self, error: canning_wire::Error) -> Error {
        match error.kind() {
            ErrorKind::Truncated { .. } => self.ended(),
            ErrorKind::Io(source)
                if matches!(
                    source.kind(),
                    io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset
                ) =>
            {
                self.ended()
            }
            _ => error.into(),
        }
    }

    /// The error of a worker that has closed its end of the socket, which it does by ending.
    fn ended(&mut self) -> Error {
        match self.child.wait() {
            Ok(status) => Error::WorkerEnded(status),
            Err(error) => error.into(),
        }
    }
}

impl Drop for Worker {
    /// Ends the process where an error left it running. After [`finish`](Self::finish), or
    /// where it has ended by itself, this does nothing.
    fn drop(&mut self) {
        // An error here says that it has ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
