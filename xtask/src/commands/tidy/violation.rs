//! One broken rule, at one place.

use std::fmt;

/// One broken rule, at one place. Sorts by place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Violation {
    path: String,
    line: usize,
    message: String,
}

impl Violation {
    pub(super) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_print_as_editors_read_them_and_sort_by_line_number() {
        let (early, late) = (Violation::new("a.rs", 9, "x"), Violation::new("a.rs", 10, "x"));
        assert!(early < late);
        assert_eq!(late.to_string(), "a.rs:10: x");
    }
}
