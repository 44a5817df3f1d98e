//! Messages in files: each process appends to its own and reads the other's, and a socket says
//! when something is there.

use std::{
    ffi::OsString,
    fs, mem,
    os::unix::ffi::{OsStrExt, OsStringExt},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use canning_core::Canned;
use canning_wire::{
    Limits, Message,
    file::{Reader, Writer},
    socket::{Connection, Options},
};
use ndarray::Array1;
use tempfile::TempDir;

use super::{Incoming, Link};
use crate::demo::{
    error::{Error, Result},
    progress::Progress,
};

/// Two files, and the socket on which each process says what it did with its own.
///
/// A file has a name only until the other process has opened it, which it does at once. So
/// nothing is left behind, whichever of the two is killed, and the disk has its space back when
/// both have closed it.
pub(in crate::demo) struct FileLink {
    bell: Connection,
    own: Option<Outgoing>,
    theirs: Option<Reader>,
}

/// A file that is appended to.
struct Outgoing {
    writer: Writer,
    /// Bytes of messages in it, but for what frames them.
    bytes: u64,
    /// Of the message that is being written.
    progress: Arc<Mutex<Progress>>,
    /// Removed with this, if the other process has not done it.
    _directory: TempDir,
}

/// What the socket says.
#[derive(Canned, Debug)]
enum Notice {
    /// There is a file of this path, and later messages are in it.
    File(Vec<u8>),
    /// The message at this position of the file is there.
    Message(u64),
}

impl FileLink {
    /// Greets the other process.
    ///
    /// # Errors
    ///
    /// As [`Connection::over`].
    pub(in crate::demo) fn over(socket: UnixStream) -> Result<Self> {
        let bell = Connection::over(socket, &Options::default())?;
        Ok(Self { bell, own: None, theirs: None })
    }

    /// The file for the next message: after a long one another, so that they do not fill the disk.
    fn own(&mut self) -> Result<&mut Outgoing> {
        let own = match self.own.take().filter(|own| own.bytes < LONGEST) {
            Some(own) => own,
            None => {
                let (own, path) = Outgoing::new()?;
                self.bell.write_value(&Notice::File(path.as_os_str().as_bytes().to_vec()))?;
                self.bell.flush()?;
                own
            }
        };
        Ok(self.own.insert(own))
    }
}

impl Link for FileLink {
    fn send(&mut self, message: Message<'_>, progress: &mut Progress) -> Result<u64> {
        let own = self.own()?;
        let position = own.writer.len();
        own.swap(progress);
        let sent = own.writer.write(&message);
        own.swap(progress);
        let sent = sent?;
        own.bytes += sent.bytes;
        self.bell.write_value(&Notice::Message(position))?;
        self.bell.flush()?;
        Ok(sent.gathered)
    }

    fn receive(&mut self) -> Result<Option<Incoming>> {
        loop {
            let Some(notice) = self.bell.read_value()? else { return Ok(None) };
            match notice {
                Notice::File(path) => self.theirs = Some(open(OsString::from_vec(path).into())?),
                Notice::Message(position) => {
                    let start = Instant::now();
                    let reader = self.theirs.as_mut().ok_or(Error::Protocol("of no file"))?;
                    reader.refresh()?;
                    let message = reader.get(position)?;
                    return Ok(Some(Incoming { message, time: Some(start.elapsed()) }));
                }
            }
        }
    }

    fn recycle(&mut self, numbers: Array1<f64>) {
        if let Some(reader) = &mut self.theirs {
            reader.recycle(numbers);
        }
    }
}

impl Outgoing {
    fn new() -> Result<(Self, PathBuf)> {
        // Nobody else can look into it.
        let directory = tempfile::Builder::new().prefix("canning-demo-").tempdir()?;
        let path = directory.path().join("messages.can");
        let progress = Arc::new(Mutex::new(Progress::Hidden));
        let watched = Arc::clone(&progress);
        let writer = Writer::create(&path)?.with_progress(move |told| {
            watched.lock().unwrap_or_else(PoisonError::into_inner).reach(told.done);
        });
        Ok((Self { writer, bytes: 0, progress, _directory: directory }, path))
    }

    /// Lends the progress of a message to the writer's watcher, or takes it back.
    fn swap(&self, progress: &mut Progress) {
        let mut lent = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut *lent, progress);
    }
}

/// Opens a file of the other process, and takes its name away.
fn open(path: PathBuf) -> Result<Reader> {
    let reader = Reader::open(&path, Limits::default())?;
    fs::remove_file(&path)?;
    if let Some(directory) = path.parent() {
        fs::remove_dir(directory)?;
    }
    Ok(reader)
}

/// Bytes after which messages go to another file.
const LONGEST: u64 = 64 << 20;
