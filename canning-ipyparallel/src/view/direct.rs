//! Several engines.

use std::{sync::Arc, time::Duration};

use canning_core::{Can, UncanOwned};

use super::request;
use crate::{
    call::{self, Call, Variables},
    client::{Core, Target},
    execute::Executed,
    result,
    results::Results,
};

/// Several engines: each does what is asked.
///
/// Each method makes a request to each engine at once. Values are canned, and copied to be sent,
/// once for all engines.
#[derive(Debug, Clone)]
pub struct DirectView {
    core: Arc<Core>,
    ids: Vec<u32>,
    timeout: Option<Duration>,
}

impl DirectView {
    pub(crate) fn new(core: Arc<Core>, ids: Vec<u32>) -> Self {
        Self { core, ids, timeout: None }
    }

    /// Waits so long for each result.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The numbers of the engines.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Calls a function on each engine.
    pub fn apply<T: UncanOwned<V>, V>(&self, call: Call<'_>) -> Results<T> {
        self.request(call, request::value::<T, V>)
    }

    /// Calls a function on each engine; its results are of no interest, or none that could be
    /// read.
    pub fn run(&self, call: Call<'_>) -> Results<()> {
        self.request(call, result::nothing)
    }

    /// Gives a variable the same value on each engine.
    pub fn push<T: Can<V> + ?Sized, V>(&self, name: &str, value: &T) -> Results<()> {
        self.push_all(Variables::new().set(name, value))
    }

    /// Gives several variables the same values on each engine.
    pub fn push_all(&self, variables: Variables<'_>) -> Results<()> {
        self.run(variables.into_call())
    }

    /// Asks each engine for the value of a variable, or of any expression.
    pub fn pull<T: UncanOwned<V>, V>(&self, expression: &str) -> Results<T> {
        self.apply(call::pull(expression))
    }

    /// Runs code on each engine.
    pub fn execute(&self, code: &str) -> Results<Executed> {
        Results::new(self.targets().map(|target| {
            request::execute(&self.core, target, code, self.timeout)
        }))
    }

    fn request<T>(&self, call: Call<'_>, read: result::Read<T>) -> Results<T> {
        match call.into_buffers() {
            Ok(buffers) => Results::new(self.targets().map(|target| {
                request::apply(&self.core, target, buffers.clone(), self.timeout, read)
            })),
            Err(error) => error.into(),
        }
    }

    fn targets(&self) -> impl Iterator<Item = Target> {
        self.ids.iter().map(|&id| Target::Engine(id))
    }
}
