//! One engine.

use std::{sync::Arc, time::Duration};

use canning_core::{Can, UncanOwned};

use super::request;
use crate::{
    call::{self, Call, Variables},
    client::{Core, Target},
    execute::Executed,
    result::{self, AsyncResult},
};

/// One engine. It does what it is asked in the order in which it is asked.
///
/// Each method makes its request at once, and gives the result as a future.
#[derive(Debug, Clone)]
pub struct EngineView {
    core: Arc<Core>,
    id: u32,
    timeout: Option<Duration>,
}

impl EngineView {
    pub(crate) fn new(core: Arc<Core>, id: u32) -> Self {
        Self { core, id, timeout: None }
    }

    /// Waits so long for each result.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The number of the engine.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Calls a function: `engine.apply::<f64, _>(Call::new("numpy.sum").arg(&array)).await?`.
    pub fn apply<T: UncanOwned<V>, V>(&self, call: Call<'_>) -> AsyncResult<T> {
        self.request(call, request::value::<T, V>)
    }

    /// Calls a function whose result is of no interest, or none that could be read.
    pub fn run(&self, call: Call<'_>) -> AsyncResult<()> {
        self.request(call, result::nothing)
    }

    /// Gives a variable on the engine a value.
    pub fn push<T: Can<V> + ?Sized, V>(&self, name: &str, value: &T) -> AsyncResult<()> {
        self.push_all(Variables::new().set(name, value))
    }

    /// As [`push`](Self::push), of a value that is shared: it is not copied to be sent.
    pub fn push_arc<T, V>(&self, name: &str, value: &Arc<T>) -> AsyncResult<()>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        self.push_all(Variables::new().set_arc(name, value))
    }

    /// Gives several variables on the engine values, in one message.
    pub fn push_all(&self, variables: Variables<'_>) -> AsyncResult<()> {
        self.run(variables.into_call())
    }

    /// Asks for the value of a variable, or of any expression. It is evaluated there: do not take
    /// it from a stranger.
    pub fn pull<T: UncanOwned<V>, V>(&self, expression: &str) -> AsyncResult<T> {
        self.apply(call::pull(expression))
    }

    /// Runs code on the engine.
    pub fn execute(&self, code: &str) -> AsyncResult<Executed> {
        request::execute(&self.core, Target::Engine(self.id), code, self.timeout)
    }

    fn request<T>(&self, call: Call<'_>, read: result::Read<T>) -> AsyncResult<T> {
        match call.into_question() {
            Ok(question) => {
                request::apply(&self.core, Target::Engine(self.id), question, self.timeout, read)
            }
            Err(error) => AsyncResult::failed(error),
        }
    }
}
