//! The results of several requests, as they come.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use futures_util::{StreamExt as _, stream::FuturesUnordered};

use crate::{
    block::Part,
    error::{Error, Result},
    result::{self, AsyncResult},
};

/// The results of several requests.
///
/// Awaited, they are a `Vec` in the order of the requests, or the first error that came. As a
/// [`Stream`], each is a [`Completed`] of its own, in the order in which they come. Those that
/// have not come when this is dropped are forgotten.
#[must_use = "results that are dropped are forgotten, and their errors as well"]
pub struct Results<T> {
    waiting: FuturesUnordered<Numbered<T>>,
    total: usize,
    progress: Option<OnProgress>,
}

type OnProgress = Box<dyn FnMut(Progress) + Send>;

/// One of several results.
#[derive(Debug)]
#[non_exhaustive]
pub struct Completed<T> {
    /// Which request it was, counted from zero.
    pub index: usize,
    /// The engine that was asked, or has answered; `None` where the scheduler would have chosen
    /// one, and none has answered.
    pub engine: Option<u32>,
    /// What it gave.
    pub result: Result<T>,
}

/// How far something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many have come, errors among them.
    pub done: usize,
    /// How many there are.
    pub total: usize,
}

impl<T> Results<T> {
    pub(crate) fn new(results: impl IntoIterator<Item = AsyncResult<T>>) -> Self {
        let numbered = results.into_iter().enumerate();
        let waiting: FuturesUnordered<_> =
            numbered.map(|(index, result)| Numbered { index, result }).collect();
        Self { total: waiting.len(), waiting, progress: None }
    }

    /// How many results there are, those that have come included.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Has `report` called for each result that comes, while they are waited for.
    pub fn progress(mut self, report: impl FnMut(Progress) + Send + 'static) -> Self {
        self.progress = Some(Box::new(report));
        self
    }
}

impl<T> Results<T> {
    /// As [`AsyncResult::abort`], of all requests whose results have not come. The engines are
    /// asked at once, and their answers are what the future waits for.
    ///
    /// # Errors
    ///
    /// When an engine does not answer; not when requests have begun.
    pub fn abort(&self) -> impl Future<Output = Result<()>> + use<T> {
        let waiting = self.waiting.iter().map(|numbered| &numbered.result);
        result::all_done(result::ask_to_abort(waiting))
    }
}

impl<T> Stream for Results<T> {
    type Item = Completed<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Completed<T>>> {
        let completed = ready!(self.waiting.poll_next_unpin(cx));
        let this = &mut *self;
        if completed.is_some()
            && let Some(report) = &mut this.progress
        {
            report(Progress { done: this.total - this.waiting.len(), total: this.total });
        }
        Poll::Ready(completed)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.waiting.len(), Some(self.waiting.len()))
    }
}

impl<T> IntoFuture for Results<T> {
    type Output = Result<Vec<T>>;
    type IntoFuture = AllResults<T>;

    fn into_future(self) -> AllResults<T> {
        let values = std::iter::repeat_with(|| None).take(self.total).collect();
        AllResults { results: self, values }
    }
}

impl<T> fmt::Debug for Results<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Results")
            .field("total", &self.total)
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}

/// All of several results, or the first error that comes; a future.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct AllResults<T> {
    results: Results<T>,
    values: Vec<Option<T>>,
}

// Nothing in it is pinned.
impl<T> Unpin for AllResults<T> {}

impl<T> Future for AllResults<T> {
    type Output = Result<Vec<T>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Vec<T>>> {
        let this = &mut *self;
        while let Some(completed) = ready!(this.results.poll_next_unpin(cx)) {
            let value = completed.result?;
            if let Some(place) = this.values.get_mut(completed.index) {
                *place = Some(value);
            }
        }
        Poll::Ready(Ok(this.values.drain(..).flatten().collect()))
    }
}

/// An array that engines send in blocks, put together; a future.
#[must_use = "futures do nothing unless polled"]
pub struct Gather<T> {
    parts: AllResults<Part>,
    /// What is gathered.
    what: Arc<str>,
    join: fn(Vec<Part>, &str) -> Result<T>,
}

impl<T> Gather<T> {
    pub(crate) fn new(
        parts: Results<Part>,
        what: Arc<str>,
        join: fn(Vec<Part>, &str) -> Result<T>,
    ) -> Self {
        Self { parts: IntoFuture::into_future(parts), what, join }
    }

    /// Has `report` called for each block that comes, while they are waited for.
    pub fn progress(mut self, report: impl FnMut(Progress) + Send + 'static) -> Self {
        self.parts.results.progress = Some(Box::new(report));
        self
    }
}

impl<T> Future for Gather<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let parts = ready!(Pin::new(&mut self.parts).poll(cx))?;
        Poll::Ready((self.join)(parts, &self.what))
    }
}

impl<T> fmt::Debug for Gather<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gather").field(&self.parts.results).finish()
    }
}

/// A result that knows which it is.
struct Numbered<T> {
    index: usize,
    result: AsyncResult<T>,
}

impl<T> Future for Numbered<T> {
    type Output = Completed<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Completed<T>> {
        let result = ready!(Pin::new(&mut self.result).poll(cx));
        Poll::Ready(Completed { index: self.index, engine: self.result.engine(), result })
    }
}

impl<T> From<Error> for Results<T> {
    /// Results of which the only one is this error.
    fn from(error: Error) -> Self {
        Self::new([AsyncResult::failed(error)])
    }
}
