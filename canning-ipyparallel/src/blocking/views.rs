//! The views.

use std::{sync::Arc, time::Duration};

use canning_core::{Can, UncanOwned};

use super::{completed::CompletedIter, runtime::Handle};
use crate::{
    call::{Call, Variables},
    error::Result,
    execute::Executed,
    results::{Progress, Results},
};

/// As [`EngineView`](crate::EngineView); each call waits for its result.
#[derive(Debug, Clone)]
pub struct EngineView {
    pub(super) view: crate::EngineView,
    pub(super) runtime: Handle,
}

/// As [`DirectView`](crate::DirectView); each call waits for its results, which come in the order
/// of the engines.
#[derive(Debug, Clone)]
pub struct DirectView {
    pub(super) view: crate::DirectView,
    pub(super) runtime: Handle,
}

/// As [`BalancedView`](crate::BalancedView); each call waits for its result.
#[derive(Debug, Clone)]
pub struct BalancedView {
    pub(super) view: crate::BalancedView,
    pub(super) runtime: Handle,
}

impl EngineView {
    /// Waits so long for each result.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { view: self.view.with_timeout(timeout), ..self }
    }

    /// Calls a function.
    ///
    /// # Errors
    ///
    /// What went wrong, an exception in Python included.
    pub fn apply<T: UncanOwned<V>, V>(&self, call: Call<'_>) -> Result<T> {
        self.runtime.wait(self.view.apply::<T, V>(call))
    }

    /// Calls a function whose result is of no interest.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn run(&self, call: Call<'_>) -> Result<()> {
        self.runtime.wait(self.view.run(call))
    }

    /// Gives a variable on the engine a value.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn push<T: Can<V> + ?Sized, V>(&self, name: &str, value: &T) -> Result<()> {
        self.runtime.wait(self.view.push(name, value))
    }

    /// As [`push`](Self::push), of a value that is shared: it is not copied to be sent.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn push_arc<T, V>(&self, name: &str, value: &Arc<T>) -> Result<()>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        self.runtime.wait(self.view.push_arc(name, value))
    }

    /// Gives several variables on the engine values.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn push_all(&self, variables: Variables<'_>) -> Result<()> {
        self.runtime.wait(self.view.push_all(variables))
    }

    /// Asks for the value of a variable, or of any expression.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn pull<T: UncanOwned<V>, V>(&self, expression: &str) -> Result<T> {
        self.runtime.wait(self.view.pull::<T, V>(expression))
    }

    /// Runs code on the engine.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn execute(&self, code: &str) -> Result<Executed> {
        self.runtime.wait(self.view.execute(code))
    }
}

impl DirectView {
    /// Waits so long for each result.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { view: self.view.with_timeout(timeout), ..self }
    }

    /// Calls a function on each engine.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn apply<T: UncanOwned<V>, V>(&self, call: Call<'_>) -> Result<Vec<T>> {
        self.wait(self.view.apply::<T, V>(call))
    }

    /// Calls a function on each engine; its results are of no interest.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn run(&self, call: Call<'_>) -> Result<()> {
        self.wait(self.view.run(call)).map(drop)
    }

    /// Gives a variable the same value on each engine.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn push<T: Can<V> + ?Sized, V>(&self, name: &str, value: &T) -> Result<()> {
        self.wait(self.view.push(name, value)).map(drop)
    }

    /// As [`push`](Self::push), of a value that is shared: it is not copied to be sent.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn push_arc<T, V>(&self, name: &str, value: &Arc<T>) -> Result<()>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        self.wait(self.view.push_arc(name, value)).map(drop)
    }

    /// Gives several variables the same values on each engine.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn push_all(&self, variables: Variables<'_>) -> Result<()> {
        self.wait(self.view.push_all(variables)).map(drop)
    }

    /// Asks each engine for the value of a variable, or of any expression.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn pull<T: UncanOwned<V>, V>(&self, expression: &str) -> Result<Vec<T>> {
        self.wait(self.view.pull::<T, V>(expression))
    }

    /// Runs code on each engine.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn execute(&self, code: &str) -> Result<Vec<Executed>> {
        self.wait(self.view.execute(code))
    }

    /// As [`DirectView::scatter`](crate::DirectView::scatter), with a `report` of progress.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn scatter<T: Can<V> + ?Sized, V>(
        &self,
        name: &str,
        array: &T,
        report: impl FnMut(Progress) + Send + 'static,
    ) -> Result<()> {
        self.wait(self.view.scatter(name, array).progress(report)).map(drop)
    }

    /// As [`DirectView::scatter_arc`](crate::DirectView::scatter_arc), with a `report` of progress.
    ///
    /// # Errors
    ///
    /// The first error that comes.
    pub fn scatter_arc<T, V>(
        &self,
        name: &str,
        array: &Arc<T>,
        report: impl FnMut(Progress) + Send + 'static,
    ) -> Result<()>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        self.wait(self.view.scatter_arc(name, array).progress(report)).map(drop)
    }

    /// As [`DirectView::gather`](crate::DirectView::gather), with a `report` of progress.
    ///
    /// # Errors
    ///
    /// The first error that comes; and when the blocks do not fit.
    pub fn gather<T: UncanOwned<V>, V>(
        &self,
        expression: &str,
        report: impl FnMut(Progress) + Send + 'static,
    ) -> Result<T> {
        self.runtime.wait(self.view.gather::<T, V>(expression).progress(report))
    }

    fn wait<T>(&self, results: Results<T>) -> Result<Vec<T>> {
        self.runtime.wait(IntoFuture::into_future(results))
    }
}

impl BalancedView {
    /// Waits so long for each result.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { view: self.view.with_timeout(timeout), ..self }
    }

    /// Calls a function on some engine.
    ///
    /// # Errors
    ///
    /// What went wrong, an exception in Python included.
    pub fn apply<T: UncanOwned<V>, V>(&self, call: Call<'_>) -> Result<T> {
        self.runtime.wait(self.view.apply::<T, V>(call))
    }

    /// Calls a function whose result is of no interest, on some engine.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn run(&self, call: Call<'_>) -> Result<()> {
        self.runtime.wait(self.view.run(call))
    }

    /// Runs code on some engine.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub fn execute(&self, code: &str) -> Result<Executed> {
        self.runtime.wait(self.view.execute(code))
    }

    /// Makes many calls; gives each result when it comes, or [all](CompletedIter::in_order) in
    /// the order of the calls.
    pub fn map<'a, T: UncanOwned<V>, V>(
        &self,
        calls: impl IntoIterator<Item = Call<'a>>,
    ) -> CompletedIter<T> {
        CompletedIter::new(self.view.map(calls), self.runtime.clone())
    }
}
