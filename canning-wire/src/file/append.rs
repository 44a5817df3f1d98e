//! How a writer comes to its file: the lock, and what an earlier writer left.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Seek, Write},
    path::Path,
};

use super::{
    chain,
    error::{FileError, failed},
    head::{self, FIRST},
    index::{Entries, Index},
    progress::Watcher,
    record::HEAD,
    scan::scan,
    tail::{self, Tail},
    window::Window,
    writer::State,
};
use crate::error::{Error, Result};

/// Makes a new file.
pub(super) fn create(path: &Path) -> Result<(File, State)> {
    first(make(path)?, path)
}

fn make(path: &Path) -> Result<File> {
    open_with(path, OpenOptions::new().create_new(true), "create")
}

/// What the first writer of a file does that was just made.
fn first(mut file: File, path: &Path) -> Result<(File, State)> {
    if let Err(error) = file.try_lock() {
        if let TryLockError::Error(_) = error {
            fs::remove_file(path).ok(); // where there are no locks, nobody else has come to it
        }
        return Err(unlocked(error, path));
    }
    let len = file.metadata().map_err(|error| system("write", path, error))?.len();
    if len != 0 {
        // Another came between, appended, and is done.
        return Err(system("create", path, io::ErrorKind::AlreadyExists.into()).into());
    }
    match begin(&mut file) {
        Ok(state) => Ok((file, state)),
        Err(error) => {
            fs::remove_file(path).ok(); // it is this call's, and useless
            Err(system("write", path, error).into())
        }
    }
}

/// Opens a file, and finds where the next record is to stand; the lock is held, so that nobody
/// else writes meanwhile, or cuts off.
pub(super) fn open(path: &Path) -> Result<(File, State)> {
    let mut file = open_with(path, &mut OpenOptions::new(), "open")?;
    lock(&file, path)?;
    let copy = file.try_clone().map_err(|error| system("open", path, error))?;
    let mut window = Window::new(copy);
    let len = window.file_len().map_err(failed)?;
    let head = window.slice(0, HEAD).map_err(failed)?;
    if head::is_unfinished(head) {
        let state = begin(&mut file).map_err(|error| system("write", path, error))?;
        return Ok((file, state));
    }
    let identity = head::parse(head)?;
    let mut index = chain::load(&mut window, identity, len).map_err(failed)?;
    let (last, mut indexed) = (index.last, index.len());
    let watcher = &mut Watcher::default();
    scan(&mut window, identity, len, &mut index, watcher).map_err(failed)?;
    let (end, number) = (index.end, index.len());
    let tail = tail::look(&mut window, identity, end, number, len).map_err(failed)?;
    if matches!(tail, Tail::Damaged { .. }) {
        return Err(FileError::Damaged { offset: end }.into());
    }
    if index.last != last {
        // Those that the end of the file did not lead to.
        let found = chain::load_from(&mut window, identity, index.last, end).map_err(failed)?;
        (index.last, indexed) = (found.last, found.len());
    }
    // The writer cuts off whatever is behind the end.
    Ok((file, state(identity, &index, indexed).map_err(failed)?))
}

/// What a writer begins with, and has to put into the index.
fn state(identity: u64, index: &Index, indexed: u64) -> io::Result<State> {
    let mut entries = vec![Entries::default()];
    for position in indexed..index.len() {
        if entries.last().is_none_or(Entries::is_full) {
            entries.push(Entries::default());
        }
        if let Some(entries) = entries.last_mut() {
            let (offset, name) = (index.offset(position).unwrap_or(0), index.name(position));
            entries.reserve(name)?;
            entries.push(offset, name);
        }
    }
    Ok(State { identity, end: index.end, len: index.len(), index: index.last, entries })
}

/// Writes the head of a file in which there is nothing else; gives what its writer begins with.
fn begin(file: &mut File) -> io::Result<State> {
    let identity = head::new_identity();
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&head::encode(identity))?;
    Ok(State { identity, end: FIRST, len: 0, index: 0, entries: Vec::new() })
}

fn open_with(path: &Path, options: &mut OpenOptions, tried: &'static str) -> Result<File> {
    let file = options.read(true).write(true).open(path);
    Ok(file.map_err(|error| system(tried, path, error))?)
}

fn lock(file: &File, path: &Path) -> Result<()> {
    file.try_lock().map_err(|error| unlocked(error, path))
}

fn unlocked(error: TryLockError, path: &Path) -> Error {
    match error {
        TryLockError::WouldBlock => FileError::Locked { path: path.to_owned() }.into(),
        TryLockError::Error(error) => system("lock", path, error).into(),
    }
}

fn system(tried: &'static str, path: &Path, error: io::Error) -> FileError {
    FileError::System { tried, path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;
    use crate::{
        Limits, can,
        file::{Reader, Writer},
    };

    #[test]
    fn who_comes_between_a_new_file_and_its_first_writer_loses_nothing() {
        let path = env::temp_dir().join(format!("canning-{}-between.can", process::id()));
        fs::remove_file(&path).ok();
        let file = make(&path).unwrap();
        let mut other = Writer::append(&path).unwrap();
        other.write(&can(&5).unwrap().into()).unwrap();
        other.finish().unwrap();
        let error = first(file, &path).err().unwrap();
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(Reader::open(&path, Limits::default()).unwrap().len(), 1);
        fs::remove_file(&path).unwrap();
    }
}
