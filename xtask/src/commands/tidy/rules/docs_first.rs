//! Every Rust file says first what it is.

use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// The first line is a doc comment on the file itself, and it says something.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    let first = source.text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//!").unwrap_or_default();
    if says.contains(char::is_alphanumeric) {
        Vec::new()
    } else {
        vec![source.violation(1, "the file must start with `//!` and say what it holds")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    fn count(text: &str) -> usize {
        check(&Source::new(&File::new("canning-core/src/object.rs", text))).len()
    }

    #[test]
    fn a_file_with_docs_first_passes() {
        assert_eq!(count("//! Objects.\n\nfn f() {}\n"), 0);
    }

    #[test]
    fn other_first_lines_are_refused() {
        for text in ["fn f() {}\n", "\n//! Late.\n", "// Not docs.\n", "//! .\n", ""] {
            assert_eq!(count(text), 1, "{text:?}");
        }
    }
}
