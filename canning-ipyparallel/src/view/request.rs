//! The requests that all views make.

use std::{sync::Arc, time::Duration};

use canning_core::{Buffer, UncanOwned};
use serde_json::json;

use crate::{
    client::{Core, Reply, Target},
    error::Result,
    execute::{self, Executed},
    packing,
    result::{AsyncResult, Read},
};

/// Asks `target` to apply what `buffers` say.
pub(super) fn apply<T>(
    core: &Arc<Core>,
    target: Target,
    buffers: Vec<Buffer<'static>>,
    timeout: Option<Duration>,
    read: Read<T>,
) -> AsyncResult<T> {
    let sent = core.send(target, "apply_request", "apply_reply", json!({}), buffers);
    AsyncResult::new(core, target, sent, timeout, read)
}

/// Asks `target` to run code.
pub(super) fn execute(
    core: &Arc<Core>,
    target: Target,
    code: &str,
    timeout: Option<Duration>,
) -> AsyncResult<Executed> {
    let content = execute::content(code);
    let sent = core.send(target, execute::REQUEST, execute::REPLY, content, Vec::new());
    AsyncResult::new(core, target, sent, timeout, execute::read)
}

/// Reads what a function gave.
pub(super) fn value<T: UncanOwned<V>, V>(core: &Core, reply: Reply) -> Result<T> {
    packing::deserialize(reply.buffers, core.options.limits)
}
