//! The requests that all views make.

use std::{sync::Arc, time::Duration};

use canning_core::UncanOwned;
use serde_json::json;

use crate::{
    block::Part,
    call::Question,
    client::{Core, Reply, Target},
    error::Result,
    execute::{self, Executed},
    packing,
    result::{AsyncResult, Read, Reader},
};

/// Asks `target` to apply a function.
pub(super) fn apply<T>(
    core: &Arc<Core>,
    target: Target,
    question: Question,
    timeout: Option<Duration>,
    read: Read<T>,
) -> AsyncResult<T> {
    let Question { what, buffers } = question;
    let sent = core.send(target, "apply_request", "apply_reply", json!({}), buffers);
    AsyncResult::new(core, target, sent, timeout, Reader { read, what })
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
    AsyncResult::new(core, target, sent, timeout, Reader::of(execute::read))
}

/// Reads what a function gave.
pub(super) fn value<T: UncanOwned<V>, V>(core: &Core, reply: Reply, what: &str) -> Result<T> {
    packing::deserialize(reply.buffers, core.options.limits)
        .map_err(|error| error.of_result(what, reply.engine))
}

/// Reads the block that an engine has.
pub(super) fn part(core: &Core, reply: Reply, what: &str) -> Result<Part> {
    let engine = reply.engine;
    value::<Part, _>(core, reply, what).map(|part| part.of_engine(engine))
}
