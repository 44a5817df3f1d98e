//! The client that users hold.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::time;

use super::{core::Core, engines::Engine, options::Options};
use crate::{
    connection::ConnectionFile,
    error::{ErrorKind, Result},
    view::{BalancedView, DirectView, EngineView},
};

/// A client of a running cluster.
///
/// Clones share one connection. It ends when the last clone, view and result is dropped, or with
/// [`close`](Self::close).
#[derive(Debug, Clone)]
pub struct Client {
    core: Arc<Core>,
}

impl Client {
    /// Connects to the controller of the profile with this name; IPython's own is `default`.
    ///
    /// # Errors
    ///
    /// As [`ConnectionFile::of_profile`] and [`connect`](Self::connect).
    pub async fn from_profile(profile: &str) -> Result<Self> {
        Self::connect(&ConnectionFile::of_profile(profile)?, Options::default()).await
    }

    /// Connects to the controller that wrote the connection file at `path`.
    ///
    /// # Errors
    ///
    /// As [`ConnectionFile::read`] and [`connect`](Self::connect).
    pub async fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::connect(&ConnectionFile::read(path)?, Options::default()).await
    }

    /// Connects to a controller. It needs no engines to be there yet.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Connect`] when a socket of the controller cannot be reached.
    /// - [`ErrorKind::NoAnswer`] when the hub does not answer, as when the key is wrong.
    pub async fn connect(file: &ConnectionFile, options: Options) -> Result<Self> {
        Core::connect(file, options).await.map(|core| Self { core })
    }

    /// The engines that are there, by their numbers.
    pub fn engines(&self) -> Vec<Engine> {
        self.core.with_engines(|engines| engines.list())
    }

    /// The numbers of the engines that are there.
    pub fn ids(&self) -> Vec<u32> {
        self.core.ids()
    }

    /// Asks the hub for the engines anew, which notifications make unnecessary as a rule.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoAnswer`], and when the connection is lost.
    pub async fn refresh(&self) -> Result<Vec<Engine>> {
        self.core.refresh().await?;
        Ok(self.engines())
    }

    /// Waits until so many engines are there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooFewEngines`] when they are not there in time.
    pub async fn wait_for_engines(&self, wanted: usize, within: Duration) -> Result<Vec<Engine>> {
        let mut changes = self.core.changes.subscribe();
        let enough = async {
            loop {
                changes.mark_unchanged();
                self.core.check()?;
                let engines = self.engines();
                if engines.len() >= wanted {
                    return Ok(engines);
                }
                // A subscription takes effect some time after it was made: ask again, too.
                tokio::select! {
                    _ = changes.changed() => {}
                    () = time::sleep(ASK_AGAIN) => self.core.refresh().await?,
                }
            }
        };
        let Ok(outcome) = time::timeout(within, enough).await else {
            return Err(ErrorKind::TooFewEngines { wanted, found: self.engines().len() }.into());
        };
        outcome
    }

    /// A view of one engine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoSuchEngine`], or [`ErrorKind::EngineEnded`].
    pub fn engine(&self, id: u32) -> Result<EngineView> {
        let missing = self.core.with_engines(|engines| match engines.uuid(id) {
            Some(_) => None,
            None => Some(engines.missing(id)),
        });
        match missing {
            None => Ok(EngineView::new(Arc::clone(&self.core), id)),
            Some(missing) => Err(missing),
        }
    }

    /// A view of several engines, in the order in which they are given.
    ///
    /// # Errors
    ///
    /// As [`engine`](Self::engine); [`ErrorKind::NoEngines`] if there are none.
    pub fn direct(&self, ids: impl IntoIterator<Item = u32>) -> Result<DirectView> {
        let ids: Vec<u32> = ids.into_iter().collect();
        for &id in &ids {
            self.engine(id)?;
        }
        match ids.as_slice() {
            [] => Err(ErrorKind::NoEngines.into()),
            _ => Ok(DirectView::new(Arc::clone(&self.core), ids)),
        }
    }

    /// A view of all engines that are there now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoEngines`] if there are none.
    pub fn all(&self) -> Result<DirectView> {
        self.direct(self.ids())
    }

    /// A view of the scheduler, which gives each call to whichever engine has least to do.
    pub fn balanced(&self) -> BalancedView {
        BalancedView::new(Arc::clone(&self.core))
    }

    /// How many requests wait for an answer.
    pub fn waiting(&self) -> usize {
        self.core.waiting_requests()
    }

    /// How many messages were dropped, and why.
    pub fn refusals(&self) -> Refusals {
        let counts = &self.core.refused;
        Refusals {
            malformed: counts.malformed.load(Ordering::Relaxed),
            forged: counts.forged.load(Ordering::Relaxed),
            unknown: counts.unknown.load(Ordering::Relaxed),
        }
    }

    /// Closes the connection and waits until nothing of it runs any more. Whoever waits for a
    /// result gets [`ErrorKind::Closed`]. What was asked for and not sent yet is not sent.
    pub async fn close(&self) {
        self.core.close().await;
    }
}

/// How many messages were dropped since the client was connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Refusals {
    /// They were no messages.
    pub malformed: u64,
    /// Their signature was wrong.
    pub forged: u64,
    /// They answered no request that waits: it was dropped or timed out, or never made.
    pub unknown: u64,
}

/// How long to wait for a notification before the hub is asked.
const ASK_AGAIN: Duration = Duration::from_millis(500);
