//! What code prints and shows while it runs.

use serde_json::Value;

use crate::session::Incoming;

/// What code has printed and shown so far.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The value of the last expression, as text.
    pub(crate) result: Option<String>,
    /// What was shown besides, as text.
    pub(crate) displayed: Vec<String>,
    /// Something was left out.
    pub(crate) is_truncated: bool,
    /// The engine has said that there is no more.
    pub(crate) is_complete: bool,
    /// How much of [`MAX_OUTPUT`] is used.
    bytes: usize,
}

impl Output {
    /// Takes what the engine has published about it; the rest is of no interest.
    pub(crate) fn take(&mut self, message: &Incoming) {
        let text = |name: &str| message.content.get(name).and_then(Value::as_str);
        match message.kind.as_str() {
            "stream" => {
                let printed = self.bounded(text("text").unwrap_or_default(), 0);
                match text("name") {
                    Some("stderr") => self.stderr.push_str(printed),
                    _ => self.stdout.push_str(printed),
                }
            }
            // Before IPython 3 it was called `pyout`.
            "execute_result" | "pyout" => {
                self.result = plain(message).map(|shown| self.bounded(shown, 0).to_owned());
            }
            "display_data" => {
                if let Some(shown) = plain(message)
                    && self.bytes < MAX_OUTPUT
                {
                    let shown = self.bounded(shown, size_of::<String>()).to_owned();
                    self.displayed.push(shown);
                }
            }
            "status" => self.is_complete |= text("execution_state") == Some("idle"),
            _ => {}
        }
    }

    /// As much of a text as there is room for, besides `more` bytes.
    fn bounded<'t>(&mut self, text: &'t str, more: usize) -> &'t str {
        let room = MAX_OUTPUT.saturating_sub(self.bytes);
        let end = text.floor_char_boundary(room);
        self.is_truncated |= end < text.len();
        self.bytes = self.bytes.saturating_add(end).saturating_add(more);
        text.get(..end).unwrap_or_default()
    }
}

/// A value as text.
fn plain(message: &Incoming) -> Option<&str> {
    message.content.get("data")?.get("text/plain")?.as_str()
}

/// How many bytes of output are kept of one request.
const MAX_OUTPUT: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(kind: &str, content: &Value) -> Incoming {
        Incoming {
            kind: kind.to_owned(),
            parent: None,
            engine: None,
            content: content.as_object().unwrap().clone(),
            buffers: Vec::new(),
        }
    }

    #[test]
    fn output_is_bounded() {
        let mut output = Output::default();
        let long = "é".repeat(MAX_OUTPUT / 4);
        for _ in 0..3 {
            output.take(&message("stream", &json!({"name": "stdout", "text": &long})));
        }
        output.take(&message("stream", &json!({"name": "stderr", "text": "x"})));
        output.take(&message("execute_result", &json!({"data": {"text/plain": "x"}})));
        assert_eq!(output.stdout.len(), MAX_OUTPUT);
        assert_eq!((output.stderr.as_str(), output.result.as_deref()), ("", Some("")));
        assert!(output.is_truncated);

        let mut output = Output::default();
        let nothing = message("display_data", &json!({"data": {"text/plain": ""}}));
        for _ in 0..MAX_OUTPUT / size_of::<String>() + 100 {
            output.take(&nothing);
        }
        assert!(output.displayed.len() <= MAX_OUTPUT / size_of::<String>() + 1);
    }

    #[test]
    fn what_is_not_as_it_should_be_is_passed_over() {
        let mut output = Output::default();
        for kind in ["stream", "execute_result", "display_data", "status", "error", ""] {
            for content in [json!({}), json!({"data": 1, "text": 2}), json!({"data": {}})] {
                output.take(&message(kind, &content));
            }
        }
        assert!(output.stdout.is_empty() && output.result.is_none() && !output.is_complete);
    }
}
