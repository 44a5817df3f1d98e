//! Running code on engines.

use serde_json::{Map, Value, json};

use crate::{
    client::{Core, Reply},
    error::{ErrorKind, Result},
};

/// That code was run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Executed {
    /// How many pieces of code the engine has run so far, as IPython counts them.
    pub execution_count: u64,
}

pub(crate) const REQUEST: &str = "execute_request";
pub(crate) const REPLY: &str = "execute_reply";

/// The content of a request.
pub(crate) fn content(code: &str) -> Value {
    json!({
        "code": code,
        "silent": true,
        "store_history": false,
        "user_expressions": Map::new(),
        "allow_stdin": false,
        // What was asked for after it is a request of its own.
        "stop_on_error": false,
    })
}

/// Reads an answer of status `ok`.
pub(crate) fn read(_: &Core, reply: Reply) -> Result<Executed> {
    let count = reply.content.get("execution_count").and_then(Value::as_u64);
    let execution_count = count.ok_or(ErrorKind::Protocol("no count of executions"))?;
    Ok(Executed { execution_count })
}
