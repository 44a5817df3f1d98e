//! The file of a Unix socket.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::{
        fs::{FileTypeExt, MetadataExt},
        net::UnixListener,
    },
    path::{Path, PathBuf, absolute},
    thread,
    time::Duration,
};

use super::unix_stream::probe;

/// A listener, and the file that it made.
#[derive(Debug)]
pub(super) struct BoundPath {
    listener: UnixListener,
    /// Absolute, as the process may go to another directory.
    path: PathBuf,
    made: FileId,
}

/// Tells a file from a later one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl BoundPath {
    /// Makes the file, in the place of one where nobody listens.
    pub(super) fn bind(path: &Path) -> io::Result<Self> {
        let absolute = absolute(path)?;
        // The lock keeps two processes from both replacing the same file, where the second
        // would remove the first one's.
        let lock = lock_directory_of(&absolute);
        // Only as it was given: the absolute path may be longer than a socket's may be.
        let listener = match UnixListener::bind(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_stale(path) => {
                let _locked = lock.map_err(not_replaced)?;
                fs::remove_file(path)?;
                UnixListener::bind(path)?
            }
            result => result?,
        };
        let made = FileId::of(path)?;
        Ok(Self { listener, path: absolute, made })
    }

    pub(super) fn listener(&self) -> &UnixListener {
        &self.listener
    }
}

impl Drop for BoundPath {
    fn drop(&mut self) {
        let _lock = lock_directory_of(&self.path);
        if FileId::of(&self.path).is_ok_and(|found| found == self.made) {
            // What is left is stale, and replaced by the next.
            fs::remove_file(&self.path).ok();
        }
    }
}

impl FileId {
    fn of(path: &Path) -> io::Result<Self> {
        let found = fs::symlink_metadata(path)?;
        Ok(Self { device: found.dev(), inode: found.ino() })
    }
}

/// Whether it is a socket at which nobody listens. Anything else is not ours to remove.
fn is_stale(path: &Path) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    is_socket && probe(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn not_replaced(error: io::Error) -> io::Error {
    let why = format!(
        "the address is in use by a file where nobody listens, which is not replaced, as its \
         directory cannot be locked: {error}"
    );
    io::Error::new(io::ErrorKind::AddrInUse, why)
}

/// Keeps other listeners out of the directory, until the file is closed. Others hold the lock only
/// as briefly as we do, so it is not waited for very long.
fn lock_directory_of(path: &Path) -> io::Result<File> {
    let directory = File::open(path.parent().unwrap_or(path))?;
    for _ in 0..LOCK_ATTEMPTS {
        match directory.try_lock() {
            Ok(()) => return Ok(directory),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

const LOCK_ATTEMPTS: u32 = 100;

const LOCK_PAUSE: Duration = Duration::from_millis(10);
