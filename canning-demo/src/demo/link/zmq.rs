//! Messages as multipart messages of ZeroMQ: each process pushes to a socket that the other pulls
//! from.

use std::{
    future::Future,
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream as StdUnixStream,
};

use canning_core::CannedObject;
use canning_wire::{Limits, Message, zmq};
use ndarray::Array1;
use tokio::{
    net::UnixStream,
    runtime::{Builder, Runtime},
};
use zeromq::{PullSocket, PushSocket, Socket, ZmqError};

use super::{Incoming, Link};
use crate::demo::{
    error::{Error, Result},
    progress::Progress,
};

/// A socket to push to and one to pull from; and one that tells when the other process has ended,
/// which those of ZeroMQ do not.
pub(in crate::demo) struct ZmqLink {
    push: PushSocket,
    pull: PullSocket,
    bell: UnixStream,
    /// Dropped last: the sockets work in it.
    runtime: Runtime,
}

impl ZmqLink {
    /// Connects to the other process, which does the same with the other end.
    ///
    /// Each listens in a directory that nobody else can enter, and removes it as soon as the other
    /// one has connected. When this returns both are gone, and nothing is left behind, whichever of
    /// the two is killed later.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub(in crate::demo) fn over(mut bell: StdUnixStream) -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let directory = tempfile::Builder::new().prefix("canning-demo-").tempdir()?;
        let (mut push, mut pull) = (PushSocket::new(), PullSocket::new());
        let endpoint = format!("ipc://{}", directory.path().join("pull").display());
        runtime.block_on(pull.bind(&endpoint))?;

        let mut lines = BufReader::new(bell.try_clone()?.take(MOST));
        writeln!(bell, "{endpoint}")?;
        let theirs = line(&mut lines)?;
        runtime.block_on(push.connect(&theirs))?;
        agree(&mut bell, &mut lines, "connected")?;
        directory.close()?;
        // Or the other one might be killed before it has done so.
        agree(&mut bell, &mut lines, "removed")?;

        bell.set_nonblocking(true)?;
        let entered = runtime.enter();
        let bell = UnixStream::from_std(bell)?;
        drop(entered);
        Ok(Self { push, pull, bell, runtime })
    }
}

impl Link for ZmqLink {
    fn send(&mut self, message: Message<'_>, progress: &mut Progress) -> Result<u64> {
        // A socket queues messages, so that they may not borrow.
        let (mut owned, mut copied, mut bytes) = (Message::new(), 0, 0);
        for object in message.into_objects() {
            bytes += object.len_in_bytes();
            let object = object.into_owned()?;
            copied += object.copied().out_of_band;
            owned.push(object);
        }
        let sent = zmq::send(&mut self.push, owned);
        let sent = self.runtime.block_on(unless_ended(&self.bell, sent))?;
        let copies = sent.ok_or(io::ErrorKind::BrokenPipe).map_err(io::Error::from)?;
        progress.reach(bytes);
        Ok(copied + copies.bytes)
    }

    fn receive(&mut self) -> Result<Option<Incoming>> {
        let limits = Limits::default();
        let received = zmq::recv(&mut self.pull, &limits);
        let received = self.runtime.block_on(unless_ended(&self.bell, received))?;
        Ok(received.map(|received| Incoming { message: received.message, time: None }))
    }

    /// Parts lie in blocks that the socket makes.
    fn recycle(&mut self, _numbers: Array1<f64>) {}
}

/// What a socket does; `None` where the other process ends before it is done.
async fn unless_ended<T>(
    bell: &UnixStream,
    task: impl Future<Output = canning_wire::Result<T>>,
) -> Result<Option<T>> {
    tokio::select! {
        biased;
        done = task => match done {
            Ok(done) => Ok(Some(done)),
            // Which is how a socket says that nobody is there.
            Err(_) if has_ended(bell)? => Ok(None),
            Err(error) => Err(error.into()),
        },
        ended = ended(bell) => ended.map(|()| None),
    }
}

/// Waits until the other process has ended: it says nothing more on this socket.
async fn ended(bell: &UnixStream) -> Result<()> {
    loop {
        bell.readable().await?;
        if has_ended(bell)? {
            return Ok(());
        }
    }
}

fn has_ended(bell: &UnixStream) -> Result<bool> {
    match bell.try_read(&mut [0; 16]) {
        Ok(read) => Ok(read == 0),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Says a word, and waits until the other process has said it, too.
fn agree(bell: &mut StdUnixStream, lines: &mut impl BufRead, word: &str) -> Result<()> {
    writeln!(bell, "{word}")?;
    if line(lines)? == word { Ok(()) } else { Err(Error::Protocol("another word")) }
}

fn line(lines: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    match lines.read_line(&mut line)? {
        0 => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

impl From<ZmqError> for Error {
    fn from(error: ZmqError) -> Self {
        Self::Io(io::Error::other(error))
    }
}

/// Bytes that the other process says at most before it has connected.
const MOST: u64 = 4096;
