//! The runtime of a blocking client.

use std::{future::Future, sync::Arc};

use tokio::runtime::{self, Runtime};

use crate::error::{ErrorKind, Result};

/// A runtime with one thread, which ends with the last of its handles.
#[derive(Debug, Clone)]
pub(super) struct Handle(Arc<Owned>);

/// Dropped without waiting for its tasks, which may be done from anywhere.
#[derive(Debug)]
struct Owned(Option<Runtime>);

impl Handle {
    pub(super) fn new() -> Result<Self> {
        // Waiting would panic there.
        if is_in_runtime() {
            return Err(ErrorKind::InRuntime.into());
        }
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("canning-ipyparallel")
            .enable_all()
            .build()
            .map_err(ErrorKind::Runtime)?;
        Ok(Self(Arc::new(Owned(Some(runtime)))))
    }

    /// Waits for a future.
    pub(super) fn wait<F: Future>(&self, future: F) -> F::Output {
        match &self.0.0 {
            Some(runtime) => runtime.block_on(future),
            None => unreachable!("it is taken when it is dropped only"),
        }
    }
}

/// Whether this thread is one of a runtime.
pub(super) fn is_in_runtime() -> bool {
    runtime::Handle::try_current().is_ok()
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
