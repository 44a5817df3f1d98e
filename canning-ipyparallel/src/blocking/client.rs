//! The client.

use std::{future::Future, path::Path, time::Duration};

use super::{
    runtime::Handle,
    views::{BalancedView, DirectView, EngineView},
};
use crate::{
    client::{Engine, Options, Refusals},
    connection::ConnectionFile,
    error::Result,
};

/// As [`Client`](crate::Client); each call waits for its result.
#[derive(Debug, Clone)]
pub struct Client {
    // Before the runtime that it runs on.
    client: crate::Client,
    runtime: Handle,
}

impl Client {
    /// As [`Client::from_profile`](crate::Client::from_profile).
    ///
    /// # Errors
    ///
    /// The same, when no thread can be started, and [`InRuntime`](crate::ErrorKind::InRuntime).
    pub fn from_profile(profile: &str) -> Result<Self> {
        Self::connect(&ConnectionFile::of_profile(profile)?, Options::default())
    }

    /// As [`Client::from_file`](crate::Client::from_file).
    ///
    /// # Errors
    ///
    /// The same, when no thread can be started, and [`InRuntime`](crate::ErrorKind::InRuntime).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::connect(&ConnectionFile::read(path)?, Options::default())
    }

    /// As [`Client::connect`](crate::Client::connect).
    ///
    /// # Errors
    ///
    /// The same, when no thread can be started, and [`InRuntime`](crate::ErrorKind::InRuntime).
    pub fn connect(file: &ConnectionFile, options: Options) -> Result<Self> {
        let runtime = Handle::new()?;
        let client = runtime.wait(crate::Client::connect(file, options))?;
        Ok(Self { client, runtime })
    }

    /// The client itself, for whatever is not here; [`wait`](Self::wait) waits for its futures.
    pub fn asynchronous(&self) -> &crate::Client {
        &self.client
    }

    /// Waits for a future, on the client's runtime.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.wait(future)
    }

    /// The engines that are there, by their numbers.
    pub fn engines(&self) -> Vec<Engine> {
        self.client.engines()
    }

    /// The numbers of the engines that are there.
    pub fn ids(&self) -> Vec<u32> {
        self.client.ids()
    }

    /// As [`Client::wait_for_engines`](crate::Client::wait_for_engines).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn wait_for_engines(&self, wanted: usize, within: Duration) -> Result<Vec<Engine>> {
        self.wait(self.client.wait_for_engines(wanted, within))
    }

    /// A view of one engine.
    ///
    /// # Errors
    ///
    /// As [`Client::engine`](crate::Client::engine).
    pub fn engine(&self, id: u32) -> Result<EngineView> {
        Ok(EngineView { view: self.client.engine(id)?, runtime: self.runtime.clone() })
    }

    /// A view of several engines.
    ///
    /// # Errors
    ///
    /// As [`Client::direct`](crate::Client::direct).
    pub fn direct(&self, ids: impl IntoIterator<Item = u32>) -> Result<DirectView> {
        Ok(DirectView { view: self.client.direct(ids)?, runtime: self.runtime.clone() })
    }

    /// A view of all engines that are there now.
    ///
    /// # Errors
    ///
    /// As [`Client::all`](crate::Client::all).
    pub fn all(&self) -> Result<DirectView> {
        self.direct(self.ids())
    }

    /// A view of the scheduler.
    pub fn balanced(&self) -> BalancedView {
        BalancedView { view: self.client.balanced(), runtime: self.runtime.clone() }
    }

    /// How many messages were dropped, and why.
    pub fn refusals(&self) -> Refusals {
        self.client.refusals()
    }

    /// As [`Client::close`](crate::Client::close).
    pub fn close(&self) {
        self.wait(self.client.close());
    }
}
