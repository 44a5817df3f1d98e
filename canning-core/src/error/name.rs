//! Names that a peer chose, in text for people.

use std::fmt::{self, Write};

use crate::dtype::Dtype;

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

impl Name<'_> {
    /// As much of the name as is displayed, and one character more where it is cut.
    pub(crate) fn shown(&self) -> &str {
        let end = self.0.char_indices().nth(MOST_CHARS + 1).map(|(end, _)| end);
        end.and_then(|end| self.0.get(..end)).unwrap_or(self.0)
    }
}

/// Displays a dtype, whose fields a peer chose, in bounded length; it escapes their names itself.
pub(crate) struct ShortDtype<'d, D = Dtype>(pub(crate) &'d D);

impl<D: fmt::Display> fmt::Display for ShortDtype<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (out, left) = (&mut *f, MOST_DTYPE_CHARS);
        let mut short = Short { out, left };
        match (write!(short, "{}", self.0), short.left) {
            (Err(_), 0) => f.write_str("…"),
            (result, _) => result,
        }
    }
}

/// Writes so many characters, and then fails.
struct Short<'o, 'f> {
    out: &'o mut fmt::Formatter<'f>,
    left: usize,
}

impl fmt::Write for Short<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            self.left = match self.left.checked_sub(1) {
                Some(left) => left,
                None => return Err(fmt::Error),
            };
            self.out.write_char(char)?;
        }
        Ok(())
    }
}

const MOST_CHARS: usize = 64;
const MOST_DTYPE_CHARS: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::{Field, Scalar, StructDtype};

    #[test]
    fn names_stay_on_their_line_and_are_cut() {
        assert_eq!(Name("größe").to_string(), "größe");
        assert_eq!(Name("a\nb\x1b[2J").to_string(), r"a\nb\u{1b}[2J");
        assert_eq!(Name(&"ä".repeat(64)).to_string(), "ä".repeat(64));
        let long = format!("{}…", "ä".repeat(64));
        for len in [65, 66, 1000] {
            let name = "ä".repeat(len);
            assert_eq!(Name(&name).to_string(), long);
            assert_eq!(Name(&name).shown(), "ä".repeat(65));
            assert_eq!(Name(Name(&name).shown()).to_string(), long);
        }
        assert_eq!(Name("größe").shown(), "größe");
    }

    #[test]
    fn dtypes_are_cut() {
        let dtype = |name: String| {
            let field = Field::new(name, Scalar::U8.into(), vec![]);
            Dtype::Struct(StructDtype::new(vec![field]).unwrap())
        };
        let short = dtype("x".into());
        assert_eq!(ShortDtype(&short).to_string(), short.to_string());
        let long = ShortDtype(&dtype("x".repeat(1 << 20))).to_string();
        assert_eq!(long, format!("[('{}…", "x".repeat(397)));
    }
}
