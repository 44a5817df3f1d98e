//! Exceptions that Python raised, and their tracebacks without the colours of a terminal.

use std::{error, fmt};

use serde_json::{Map, Value};

use crate::frames;

/// An exception that was raised on an engine, or in the scheduler.
///
/// Printed, it is a line with its name, text and engine, and then the traceback, without colours and
/// other control characters, and without the frames in which ipyparallel calls what it was asked
/// to. The fields are as they came.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RemoteError {
    /// The name of the exception's class, as `ZeroDivisionError`.
    pub ename: String,
    /// Its text, as `division by zero`.
    pub evalue: String,
    /// The traceback as IPython formats it, in pieces of one or more lines, with the escape
    /// sequences that colour a terminal. Print the error instead, or [`plain_traceback`](Self::plain_traceback).
    pub traceback: Vec<String>,
    /// The number of the engine, where one was involved.
    pub engine: Option<u32>,
    /// What code that was run had printed before it failed.
    pub stdout: String,
    /// What it had printed to `sys.stderr`.
    pub stderr: String,
}

impl RemoteError {
    /// Reads what a reply of status `error` says; what is missing is empty.
    pub(crate) fn from_content(content: &Map<String, Value>) -> Self {
        let text = |name: &str| {
            content.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default()
        };
        let traceback = match content.get("traceback") {
            Some(Value::Array(pieces)) => {
                pieces.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            Some(Value::String(whole)) => vec![whole.clone()],
            _ => Vec::new(),
        };
        let engine = content.get("engine_info").and_then(|info| info.get("engine_id"));
        Self {
            ename: text("ename"),
            evalue: text("evalue"),
            traceback,
            engine: engine.and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok()),
            stdout: String::new(),
            stderr: String::new(),
        }
    }

    /// The traceback as plain text: no escape sequences, no control characters but line ends and
    /// tabs.
    pub fn plain_traceback(&self) -> String {
        let mut plain = String::new();
        for piece in &self.traceback {
            // As Python joins them: pieces that end a line are frames, set off by an empty one.
            strip(piece, &mut plain);
            plain.push('\n');
        }
        plain.truncate(plain.trim_end().len());
        plain
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut name, mut text) = (String::new(), String::new());
        strip(&self.ename, &mut name);
        strip(&self.evalue, &mut text);
        let text = text.trim_end();
        let line = text.lines().next().unwrap_or_default();
        let short = line.char_indices().nth(LINE_CHARS).and_then(|(end, _)| line.get(..end));
        let is_short = line.len() < text.len() || short.is_some();
        write!(f, "{name}: {}{}", short.unwrap_or(line), if is_short { "…" } else { "" })?;
        if let Some(engine) = self.engine {
            write!(f, " (on engine {engine})")?;
        }
        let traceback = frames::without_own(&self.plain_traceback());
        match traceback.as_str() {
            "" if is_short => write!(f, "\n{text}"),
            "" => Ok(()),
            // It ends with the text.
            traceback => write!(f, "\n{traceback}"),
        }
    }
}

impl error::Error for RemoteError {}

/// How much of its text stands in the first line.
const LINE_CHARS: usize = 200;

/// Appends `text` without escape sequences and control characters.
fn strip(text: &str, plain: &mut String) {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => skip_sequence(&mut chars),
            // The same as `ESC [` in one character.
            '\u{9b}' => skip_parameters(&mut chars),
            '\n' | '\t' => plain.push(c),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
}

/// Skips what follows an escape character.
fn skip_sequence(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => skip_parameters(chars),
        // Text for the terminal itself, such as a title; it ends at a bell or `ESC \`.
        Some(']' | 'P' | '^' | '_' | 'X') => {
            while let Some(c) = chars.next() {
                if c == '\x07' || c == '\u{9c}' {
                    return;
                }
                if c == '\x1b' {
                    chars.next();
                    return;
                }
            }
        }
        _ => {}
    }
}

/// Skips parameters up to the letter that ends them.
fn skip_parameters(chars: &mut std::str::Chars<'_>) {
    for c in chars {
        if ('\x40'..='\x7e').contains(&c) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(content: &Value) -> RemoteError {
        RemoteError::from_content(content.as_object().unwrap())
    }

    #[test]
    fn colours_are_stripped_for_print_and_kept_in_the_fields() {
        let red = "\u{1b}[31mZeroDivisionError\u{1b}[39m: division by zero";
        let error = error(&json!({
            "status": "error", "ename": "ZeroDivisionError", "evalue": "division by zero",
            "traceback": ["\u{1b}[1;36mFile <ipython>:2\u{1b}[0m", red],
            "engine_info": {"engine_uuid": "u", "engine_id": 3, "method": "apply"},
        }));
        assert_eq!(error.traceback[1], red);
        assert_eq!(
            error.to_string(),
            "ZeroDivisionError: division by zero (on engine 3)\n\
             File <ipython>:2\nZeroDivisionError: division by zero"
        );
    }

    #[test]
    fn the_first_line_is_one_line() {
        let shown = |content: &Value| error(content).to_string();
        let content =
            json!({"ename": "E", "evalue": "one\ntwo\n", "engine_info": {"engine_id": 0}});
        assert_eq!(shown(&content), "E: one… (on engine 0)\none\ntwo");
        let content =
            json!({"ename": "E", "evalue": "one\ntwo", "traceback": ["x\n\nE: one\ntwo"]});
        assert_eq!(shown(&content), "E: one…\nx\n\nE: one\ntwo");
        let long = "é".repeat(1000);
        let text = shown(&json!({"ename": "E", "evalue": long}));
        assert_eq!(text, format!("E: {}…\n{long}", "é".repeat(LINE_CHARS)));
    }

    #[test]
    fn nothing_that_moves_the_cursor_or_sets_a_title_is_left() {
        let mut plain = String::new();
        strip("a\x1b]0;title\x07b\x1b[2Jc\r\x08d\u{9b}1mE\x1b(f\x1b]8;;x\x1b\\g\x1b", &mut plain);
        assert_eq!(plain, "abcdEfg");
    }

    #[test]
    fn what_is_missing_is_empty() {
        let error = error(&json!({"traceback": "one text", "engine_info": {"engine_id": -1}}));
        assert_eq!(error.to_string(), ": \none text");
        assert!(error.engine.is_none());
    }
}
