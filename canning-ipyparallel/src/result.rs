//! The result of one request, when it comes.

use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use serde_json::json;
use tokio::time::{Instant, Sleep};

use crate::{
    client::{Core, Reply, Target, Waiting},
    error::{Error, ErrorKind, Result},
    session::MessageId,
};

/// The result of one request, when it comes; a future.
///
/// The request was made already: it is not the future that makes it. Dropped, the result is
/// forgotten, and dropped when it comes; the engine does the work all the same, unless the
/// request is [aborted](Self::abort) before it began.
#[must_use = "a result that is dropped is forgotten, and its error as well"]
pub struct AsyncResult<T> {
    state: State<T>,
    engine: Option<u32>,
}

enum State<T> {
    Failed(Option<Error>),
    Waiting(Box<Request<T>>),
}

struct Request<T> {
    core: Arc<Core>,
    id: MessageId,
    target: Target,
    waiting: Waiting,
    reader: Reader<T>,
    made: Instant,
    timeout: Option<Duration>,
    /// Made when it is waited for: it needs a runtime.
    sleep: Option<Pin<Box<Sleep>>>,
}

/// Makes the value of a reply.
pub(crate) type Read<T> = fn(&Core, Reply, &str) -> Result<T>;

/// Makes the value of a reply, and knows what it is called by in errors.
#[derive(Debug)]
pub(crate) struct Reader<T> {
    pub(crate) read: Read<T>,
    pub(crate) what: Arc<str>,
}

impl<T> Reader<T> {
    /// A reader that does not need a name.
    pub(crate) fn of(read: Read<T>) -> Self {
        Self { read, what: Arc::default() }
    }
}

impl<T> AsyncResult<T> {
    pub(crate) fn failed(error: Error) -> Self {
        Self { state: State::Failed(Some(error)), engine: None }
    }

    pub(crate) fn new(
        core: &Arc<Core>,
        target: Target,
        sent: Result<(MessageId, Waiting)>,
        timeout: Option<Duration>,
        reader: Reader<T>,
    ) -> Self {
        let (id, waiting) = match sent {
            Ok(sent) => sent,
            Err(error) => return Self::failed(error),
        };
        let timeout = timeout.or(core.options.timeout);
        let core = Arc::clone(core);
        let made = Instant::now();
        let request = Request { core, id, target, waiting, reader, made, timeout, sleep: None };
        Self { state: State::Waiting(Box::new(request)), engine: target.engine() }
    }

    /// Waits no longer than this, from when the request was made.
    pub fn within(mut self, timeout: Duration) -> Self {
        if let State::Waiting(request) = &mut self.state {
            request.timeout = Some(timeout);
            request.sleep = None;
        }
        self
    }

    /// The engine that was asked. Where the scheduler chooses one, `None` until it has answered.
    pub fn engine(&self) -> Option<u32> {
        self.engine
    }

    /// Asks the engine, or all where the scheduler chooses one, not to begin the request. The
    /// result is then [`ErrorKind::Aborted`]. A request that has begun is not stopped.
    ///
    /// # Errors
    ///
    /// When an engine does not answer; not when the request has begun.
    pub async fn abort(&self) -> Result<()> {
        all_done(ask_to_abort([self])).await
    }
}

/// Asks engines not to begin requests, in one message to each engine; gives their answers.
pub(crate) fn ask_to_abort<'r, T: 'r>(
    results: impl IntoIterator<Item = &'r AsyncResult<T>>,
) -> Vec<AsyncResult<()>> {
    let mut asked: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let mut shared = None;
    for result in results {
        let State::Waiting(request) = &result.state else { continue };
        let core = &shared.get_or_insert(&request.core);
        let engines = request.target.engine().map_or_else(|| core.ids(), |id| vec![id]);
        for engine in engines {
            asked.entry(engine).or_default().push(&request.id);
        }
    }
    shared
        .into_iter()
        .flat_map(|core| asked.iter().map(move |asked| (core, asked)))
        .map(|(core, (&engine, ids))| {
            let target = Target::Control(engine);
            let content = json!({ "msg_ids": ids });
            let sent = core.send(target, "abort_request", "abort_reply", content, Vec::new());
            let within = Some(core.options.connect_timeout);
            AsyncResult::new(core, target, sent, within, Reader::of(nothing))
        })
        .collect()
}

/// Waits for each.
pub(crate) async fn all_done(results: Vec<AsyncResult<()>>) -> Result<()> {
    for result in results {
        result.await?;
    }
    Ok(())
}

/// Takes a reply whose only news is that it came.
pub(crate) fn nothing(_: &Core, _: Reply, _: &str) -> Result<()> {
    Ok(())
}

impl<T> Future for AsyncResult<T> {
    type Output = Result<T>;

    /// # Panics
    ///
    /// With a timeout, outside of a tokio runtime.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let this = &mut *self;
        let outcome = match &mut this.state {
            State::Failed(error) => Err(error.take().unwrap_or_else(lost)),
            State::Waiting(request) => ready!(request.poll(cx, &mut this.engine)),
        };
        this.state = State::Failed(None);
        Poll::Ready(outcome)
    }
}

impl<T> Request<T> {
    /// Notes the engine that has answered, too.
    fn poll(&mut self, cx: &mut Context<'_>, engine: &mut Option<u32>) -> Poll<Result<T>> {
        if let Poll::Ready(reply) = Pin::new(&mut self.waiting).poll(cx) {
            let reply = reply.unwrap_or_else(|_| Err(lost()));
            let answered = match &reply {
                Ok(reply) => reply.engine,
                Err(error) => error.remote().and_then(|remote| remote.engine),
            };
            *engine = engine.or(answered);
            let Reader { read, what } = &self.reader;
            return Poll::Ready(reply.and_then(|reply| read(&self.core, reply, what)));
        }
        let Some(after) = self.timeout else { return Poll::Pending };
        let made = self.made;
        let sleep = self.sleep.get_or_insert_with(|| {
            // Too far for a clock is as good as never.
            let end = made.checked_add(after).unwrap_or_else(|| made + LONG);
            Box::pin(tokio::time::sleep_until(end))
        });
        ready!(sleep.as_mut().poll(cx));
        Poll::Ready(Err(ErrorKind::Timeout { after }.into()))
    }
}

impl<T> Drop for Request<T> {
    fn drop(&mut self) {
        self.core.forget(&self.id);
    }
}

impl<T> fmt::Debug for AsyncResult<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            State::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            State::Waiting(request) => f
                .debug_struct("Waiting")
                .field("id", &request.id)
                .field("target", &request.target)
                .finish_non_exhaustive(),
        }
    }
}

fn lost() -> Error {
    ErrorKind::ConnectionLost { reason: None }.into()
}

/// A year.
const LONG: Duration = Duration::from_hours(24 * 365);
