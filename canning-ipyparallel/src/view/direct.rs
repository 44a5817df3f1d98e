//! Several engines.

use std::{sync::Arc, time::Duration};

use canning_core::{Can, UncanOwned};

use super::request;
use crate::{
    block::{self, Block},
    call::{self, Call, Variables},
    client::{Core, Target},
    error::Error,
    execute::Executed,
    result::{self, AsyncResult},
    results::{Gather, Results},
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

    /// As [`push`](Self::push), of a value that is shared: it is not copied to be sent.
    pub fn push_arc<T, V>(&self, name: &str, value: &Arc<T>) -> Results<()>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        self.push_all(Variables::new().set_arc(name, value))
    }

    /// Gives several variables the same values on each engine.
    pub fn push_all(&self, variables: Variables<'_>) -> Results<()> {
        self.run(variables.into_call())
    }

    /// Asks each engine for the value of a variable, or of any expression. It is evaluated there:
    /// do not take it from a stranger.
    pub fn pull<T: UncanOwned<V>, V>(&self, expression: &str) -> Results<T> {
        self.apply(call::pull(expression))
    }

    /// Runs code on each engine.
    pub fn execute(&self, code: &str) -> Results<Executed> {
        Results::new(
            self.targets().map(|target| request::execute(&self.core, target, code, self.timeout)),
        )
    }

    /// Gives each engine a block of the rows of an array, as the value of a variable: the first
    /// engine the first ones. Where it does not come out even, the first engines have a row more.
    ///
    /// Blocks are taken from the array where its rows lie one after the other in memory, and each
    /// copied once to be sent; other orders are copied once more.
    pub fn scatter<T: Can<V> + ?Sized, V>(&self, name: &str, array: &T) -> Results<()> {
        match block::split(array, self.ids.len()) {
            Ok(blocks) => self.push_blocks(name, &blocks),
            Err(error) => Error::from(error).into(),
        }
    }

    /// As [`scatter`](Self::scatter), of an array that is shared: its blocks are not copied to be
    /// sent, where its rows lie one after the other in memory.
    pub fn scatter_arc<T, V>(&self, name: &str, array: &Arc<T>) -> Results<()>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        match block::split_arc(array, self.ids.len()) {
            Ok(blocks) => self.push_blocks(name, &blocks),
            Err(error) => Error::from(error).into(),
        }
    }

    /// Puts together the arrays that engines have for a variable, or any expression, along their
    /// first axis.
    ///
    /// The result is one `Vec`, or array of whatever kind: each block is copied once, into memory
    /// that the result takes over.
    pub fn gather<T: UncanOwned<V>, V>(&self, expression: &str) -> Gather<T> {
        let call = call::pull(expression);
        let what = call.what();
        Gather::new(self.request(call, request::part), what, block::join::<T, V>)
    }

    fn push_blocks(&self, name: &str, blocks: &[Block<'_>]) -> Results<()> {
        Results::new(self.targets().zip(blocks).map(|(target, block)| {
            match Variables::new().set(name, block).into_call().into_question() {
                Ok(question) => {
                    request::apply(&self.core, target, question, self.timeout, result::nothing)
                }
                Err(error) => AsyncResult::failed(error),
            }
        }))
    }

    fn request<T>(&self, call: Call<'_>, read: result::Read<T>) -> Results<T> {
        match call.into_question() {
            Ok(question) => Results::new(self.targets().map(|target| {
                request::apply(&self.core, target, question.clone(), self.timeout, read)
            })),
            Err(error) => error.into(),
        }
    }

    fn targets(&self) -> impl Iterator<Item = Target> {
        self.ids.iter().map(|&id| Target::Engine(id))
    }
}
