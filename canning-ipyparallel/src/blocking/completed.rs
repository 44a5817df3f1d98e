//! Results as they come.

use std::fmt;

use futures_core::Stream as _;
use futures_util::StreamExt as _;

use super::runtime::{self, Handle};
use crate::{
    error::Result,
    results::{Completed, Results},
};

/// Results in the order in which they come.
///
/// Dropped, it [aborts](Self::abort) what has not come, and does not tell when that fails.
#[must_use = "what has not come when it is dropped is aborted"]
pub struct CompletedIter<T> {
    results: Results<T>,
    runtime: Handle,
}

impl<T> CompletedIter<T> {
    pub(super) fn new(results: Results<T>, runtime: Handle) -> Self {
        Self { results, runtime }
    }

    /// Waits for all results that have not been taken yet; gives them in the order of the calls.
    ///
    /// # Errors
    ///
    /// The first error that comes; what has not come by then is aborted.
    pub fn in_order(mut self) -> Result<Vec<T>> {
        let mut values = Vec::new();
        for completed in &mut self {
            values.push((completed.index, completed.result?));
        }
        values.sort_unstable_by_key(|(index, _)| *index);
        Ok(values.into_iter().map(|(_, value)| value).collect())
    }

    /// Asks the engines not to begin what has not come, which then is
    /// [`Aborted`](crate::ErrorKind::Aborted). What has begun is not stopped.
    ///
    /// # Errors
    ///
    /// When an engine does not answer.
    pub fn abort(&self) -> Result<()> {
        self.runtime.wait(self.results.abort())
    }
}

impl<T> Iterator for CompletedIter<T> {
    type Item = Completed<T>;

    fn next(&mut self) -> Option<Completed<T>> {
        self.runtime.wait(self.results.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.results.size_hint()
    }
}

impl<T> Drop for CompletedIter<T> {
    fn drop(&mut self) {
        if self.results.size_hint().0 == 0 {
            return;
        }
        let aborted = self.results.abort();
        // That engines answer says that the requests have left.
        if !runtime::is_in_runtime() {
            let _ = self.runtime.wait(aborted);
        }
    }
}

impl<T> fmt::Debug for CompletedIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompletedIter").field(&self.results).finish()
    }
}
