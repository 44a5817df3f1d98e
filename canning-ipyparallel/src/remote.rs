//! Exceptions that Python raised, and their tracebacks without the colours of a terminal.

use std::{error, fmt};

use serde_json::{Map, Value};

/// An exception that was raised on an engine, or in the scheduler.
///
/// Printed, it is its name and text, the engine, and the traceback, without colours and other
/// control characters. The fields are as they came.
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
        }
    }

    /// The traceback as plain text: no escape sequences, no control characters but line ends and
    /// tabs.
    pub fn plain_traceback(&self) -> String {
        let mut plain = String::new();
        for piece in &self.traceback {
            strip(piece, &mut plain);
            if !plain.ends_with('\n') {
                plain.push('\n');
            }
        }
        plain.truncate(plain.trim_end().len());
        plain
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut head = String::new();
        strip(&self.ename, &mut head);
        head.push_str(": ");
        strip(&self.evalue, &mut head);
        f.write_str(&head)?;
        if let Some(engine) = self.engine {
            write!(f, " (on engine {engine})")?;
        }
        if self.traceback.is_empty() { Ok(()) } else { write!(f, "\n{}", self.plain_traceback()) }
    }
}

impl error::Error for RemoteError {}

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
