//! A directory for a socket that no other user can reach.

use std::{
    env, fs,
    hash::{BuildHasher, RandomState},
    io::{self, ErrorKind},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process,
};

/// A directory of this user's alone, with a socket in it; both are gone when this is.
#[derive(Debug)]
pub(super) struct Room(PathBuf);

impl Room {
    /// Makes a directory that was not there.
    pub(super) fn new() -> io::Result<Self> {
        loop {
            // Seeded anew each time.
            let random = RandomState::new().hash_one(0);
            let name = format!("canning-{}-{random:016x}", process::id());
            let directory = env::temp_dir().join(name);
            match fs::DirBuilder::new().mode(0o700).create(&directory) {
                Ok(()) => return Ok(Self(directory.join("zmq"))),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where the socket is to be.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // Nothing depends on it.
        fs::remove_file(&self.0).ok();
        if let Some(directory) = self.0.parent() {
            fs::remove_dir(directory).ok();
        }
    }
}
