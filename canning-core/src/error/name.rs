//! Names that a peer chose, in text for people.

use std::fmt;

/// Displays a name on one line and of bounded length: it may come from a stranger, and the
/// text may go to a log or a terminal.
pub(crate) struct Name<'n>(pub(crate) &'n str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(MOST_CHARS) {
            None => self.0.escape_debug().fmt(f),
            Some((end, _)) => {
                let start = self.0.get(..end).unwrap_or_default();
                write!(f, "{}…", start.escape_debug())
            }
        }
    }
}

const MOST_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_their_line_and_are_cut() {
        assert_eq!(Name("größe").to_string(), "größe");
        assert_eq!(Name("a\nb\x1b[2J").to_string(), r"a\nb\u{1b}[2J");
        assert_eq!(Name(&"ä".repeat(64)).to_string(), "ä".repeat(64));
        let long = format!("{}…", "ä".repeat(64));
        assert_eq!(Name(&"ä".repeat(65)).to_string(), long);
    }
}
