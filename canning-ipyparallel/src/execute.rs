//! Running code on engines.

use serde_json::{Map, Value, json};

use crate::{
    client::{Core, Reply},
    error::{ErrorKind, Result},
    output::Output,
};

/// What code that was run has printed and shown.
///
/// It comes over another connection than the answer of the engine, and is waited for
/// [a short time](crate::Options::grace) only. No more than 16 MiB of it are kept.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Executed {
    /// What it has printed.
    pub stdout: String,
    /// What it has printed to `sys.stderr`, warnings among it.
    pub stderr: String,
    /// The value of the last expression, as IPython shows it in text; `None` where that is `None`,
    /// or the code does not end with an expression.
    pub result: Option<String>,
    /// What was given to IPython's `display`, in text.
    pub displayed: Vec<String>,
    /// Whether some of that is missing: there was more than is kept, or it did not come in time.
    pub is_truncated: bool,
    /// IPython's number of the code. It counts what is kept in its history, as code that clients
    /// of this crate run is not.
    pub execution_count: u64,
}

pub(crate) const REQUEST: &str = "execute_request";
pub(crate) const REPLY: &str = "execute_reply";

/// The content of a request.
pub(crate) fn content(code: &str) -> Value {
    json!({
        "code": code,
        // Else no result is shown.
        "silent": false,
        "store_history": false,
        "user_expressions": Map::new(),
        "allow_stdin": false,
        // What was asked for after it is a request of its own.
        "stop_on_error": false,
    })
}

/// Reads an answer of status `ok`.
pub(crate) fn read(_: &Core, reply: Reply, _: &str) -> Result<Executed> {
    let count = reply.content.get("execution_count").and_then(Value::as_u64);
    let execution_count = count.ok_or(ErrorKind::Protocol("no count of executions"))?;
    let Output { stdout, stderr, result, displayed, is_truncated, is_complete, .. } = reply.output;
    let is_truncated = is_truncated || !is_complete;
    Ok(Executed { stdout, stderr, result, displayed, is_truncated, execution_count })
}
