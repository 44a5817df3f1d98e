//! How long a client waits.

use std::time::Duration;

/// How long a client waits. The default is ten seconds for a connection and for each answer of
/// the hub, and without end for results.
#[derive(Debug, Clone)]
#[must_use]
pub struct Options {
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Option<Duration>,
    pub(crate) grace: Duration,
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits so long for each socket to be connected, and for each answer of the hub.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Waits so long for each result, from when it was asked for. Views may have a timeout of
    /// their own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Waits so long for the answers of an engine that has ended: they come over another
    /// connection than the word that it has ended.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: None,
            grace: Duration::from_millis(500),
        }
    }
}
