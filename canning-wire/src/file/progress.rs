//! How far a long task has come.

use std::fmt;

/// How far a task has come, as told to the function given to
/// [`Reader::open_with`](super::Reader::open_with) or
/// [`Writer::with_progress`](super::Writer::with_progress).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is being done.
    pub task: Task,
    /// Bytes that are done.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// What a [`Progress`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Task {
    /// Finding the messages of a file.
    Indexing,
    /// Reading a message.
    Reading,
    /// Writing a message.
    Writing,
}

/// Who is told; maybe nobody.
#[derive(Default)]
pub(super) struct Watcher(Option<Box<dyn FnMut(Progress) + Send + Sync>>);

impl Watcher {
    pub(super) fn new(watch: impl FnMut(Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(watch)))
    }

    pub(super) fn tell(&mut self, task: Task, done: u64, total: u64) {
        if let Some(watch) = &mut self.0 {
            watch(Progress { task, done, total });
        }
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watcher" } else { "Nobody" })
    }
}
