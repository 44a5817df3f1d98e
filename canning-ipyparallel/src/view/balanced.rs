//! Whichever engine is free.

use std::{sync::Arc, time::Duration};

use canning_core::UncanOwned;

use super::request;
use crate::{
    call::Call,
    client::{Core, Target},
    execute::Executed,
    result::{self, AsyncResult},
    results::Results,
};

/// The scheduler, which gives each call to the engine that has least to do.
///
/// When an engine ends, the scheduler fails the calls that it was working on: the error is an
/// `EngineError` in [`RemoteError`](crate::RemoteError). Where no engine is there, calls wait for
/// one.
#[derive(Debug, Clone)]
pub struct BalancedView {
    core: Arc<Core>,
    timeout: Option<Duration>,
}

impl BalancedView {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core, timeout: None }
    }

    /// Waits so long for each result, from when it was asked for.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Calls a function on some engine.
    pub fn apply<T: UncanOwned<V>, V>(&self, call: Call<'_>) -> AsyncResult<T> {
        self.request(call, request::value::<T, V>)
    }

    /// Calls a function whose result is of no interest, or none that could be read.
    pub fn run(&self, call: Call<'_>) -> AsyncResult<()> {
        self.request(call, result::nothing)
    }

    /// Runs code on some engine.
    pub fn execute(&self, code: &str) -> AsyncResult<Executed> {
        request::execute(&self.core, Target::Any, code, self.timeout)
    }

    /// Makes many calls; the results come as they are done.
    pub fn map<'a, T: UncanOwned<V>, V>(
        &self,
        calls: impl IntoIterator<Item = Call<'a>>,
    ) -> Results<T> {
        Results::new(calls.into_iter().map(|call| self.apply(call)))
    }

    fn request<T>(&self, call: Call<'_>, read: result::Read<T>) -> AsyncResult<T> {
        match call.into_question() {
            Ok(question) => request::apply(&self.core, Target::Any, question, self.timeout, read),
            Err(error) => AsyncResult::failed(error),
        }
    }
}
