//! How long a client waits, and what it believes.

use std::time::Duration;

use canning_python::Limits;

use crate::zmtp;

/// How long a client waits, and what it believes. The default is ten seconds for a connection and for each answer of
/// the hub, and without end for results.
#[derive(Debug, Clone)]
#[must_use]
pub struct Options {
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Option<Duration>,
    pub(crate) grace: Duration,
    pub(crate) limits: Limits,
    pub(crate) message_limits: zmtp::Limits,
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
    /// connection than the word that it has ended. And so long for what code has printed, once
    /// the engine has answered. Default half a second.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// What is believed of the pickles that engines send.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How long messages may be, of whoever answers: a connection on which a longer one comes is
    /// given up.
    pub fn message_limits(mut self, limits: zmtp::Limits) -> Self {
        self.message_limits = limits;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: None,
            grace: Duration::from_millis(500),
            limits: Limits::default(),
            message_limits: zmtp::Limits::default(),
        }
    }
}
