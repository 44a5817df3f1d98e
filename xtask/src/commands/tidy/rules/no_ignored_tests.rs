//! Every test runs.

use crate::commands::tidy::attribute::{Attribute, has_word};
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// Finds tests and doc tests that would be ignored.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    let tests = source
        .attributes()
        .filter(ignores)
        .map(|attribute| source.violation_at(attribute.start, "an ignored test proves nothing"));
    let doc_tests = source
        .comments
        .lines()
        .zip(1..)
        .filter(|(line, _)| is_ignored_doc_test(line))
        .map(|(_, line)| source.violation(line, "an ignored doc test proves nothing"));
    tests.chain(doc_tests).collect()
}

/// Miri, which takes minutes for what else takes a second, may leave a test out.
fn ignores(attribute: &Attribute<'_>) -> bool {
    match attribute.name() {
        "ignore" => true,
        "cfg_attr" => {
            has_word(attribute.text, "ignore") && !attribute.text.starts_with("#[cfg_attr(miri,")
        }
        _ => false,
    }
}

fn is_ignored_doc_test(comment: &str) -> bool {
    let text = comment.trim_start().trim_start_matches(['/', '!', '*']).trim_start();
    text.strip_prefix("```").is_some_and(|words| has_word(words, "ignore"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    fn count(text: &str) -> usize {
        check(&Source::new(&File::new("canning-core/tests/map.rs", text))).len()
    }

    #[test]
    fn ignored_tests_are_refused() {
        assert_eq!(count("#[test]\n#[ignore]\nfn f() {}\n"), 1);
        assert_eq!(count("#[test]\n#[ignore = \"slow\"]\nfn f() {}\n"), 1);
        assert_eq!(count("#[cfg_attr(windows, ignore)]\nfn f() {}\n"), 1);
        assert_eq!(count("/// ```ignore\n/// f();\n/// ```\nfn f() {}\n"), 1);
        assert_eq!(count("//! ```rust,ignore\n//! f();\n//! ```\n"), 1);
    }

    #[test]
    fn tests_that_run_pass() {
        assert_eq!(count("// #[ignore]\nconst A: &str = \"#[ignore]\";\n"), 0);
        assert_eq!(count("#[cfg_attr(miri, ignore)]\nfn f() {}\n"), 0);
        assert_eq!(count("/// ```\n/// ignore();\n/// ```\nfn f() {}\n"), 0);
    }
}
