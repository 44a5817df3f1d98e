//! The tests that `docs/security-tests.md` names exist.

use super::unsafe_listed::{spans, tests};
use crate::commands::tidy::files::File;
use crate::commands::tidy::violation::Violation;

/// Looks for each test of the list: what stands between backticks in the last cell of a row.
pub(in crate::commands::tidy) fn check(files: &[File]) -> Vec<Violation> {
    let Some(list) = files.iter().find(|file| file.path == LIST) else {
        return vec![Violation::new(LIST, 1, "is missing")];
    };
    let tests = tests(files);
    let named = list.text.lines().zip(1..).filter(|(text, _)| text.starts_with('|'));
    let named = named.flat_map(|(text, line)| {
        let last = text.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        spans(last).map(move |test| (test, line))
    });
    named
        .filter(|(test, _)| !tests.contains(*test))
        .map(|(test, line)| Violation::new(LIST, line, format!("there is no test `{test}`")))
        .collect()
}

const LIST: &str = "docs/security-tests.md";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_there_is_told() {
        let list = "Text with `code`.\n\n| attack | tests |\n| --- | --- |\n\
                    | `x` | `it_is_refused`, `it_is_not` |\n";
        let code = "#[test]\nfn it_is_refused() {}\n";
        let files = [File::new(LIST.to_owned(), list), File::new("a/tests/b.rs".to_owned(), code)];
        let found: Vec<_> = check(&files).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["docs/security-tests.md:5: there is no test `it_is_not`"]);
        assert_eq!(check(&[]).len(), 1);
    }
}
