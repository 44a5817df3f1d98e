//! Whoever switches a lint off says why.

use crate::commands::tidy::attribute::has_word;
use crate::commands::tidy::place;
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// Finds `allow` and `expect` attributes without a reason, in `src`.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    if !place::is_src(source.path) {
        return Vec::new();
    }
    source
        .attributes()
        .filter(|attribute| matches!(attribute.name(), "allow" | "expect"))
        .filter(|attribute| !has_word(attribute.text, "reason"))
        .map(|attribute| {
            let message = format!("`{}` needs a `reason`", attribute.name());
            source.violation_at(attribute.start, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(&File::new(path, text))).len()
    }

    #[test]
    fn a_lint_switched_off_without_a_reason_is_refused() {
        for text in ["#[allow(dead_code)]", "#![allow(\n    a,\n    b,\n)]", "#[expect(a)]"] {
            assert_eq!(count("canning-core/src/a.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn a_reason_or_another_place_makes_it_pass() {
        let text = "#[expect(dead_code, reason = \"read by the derive\")]";
        assert_eq!(count("canning-core/src/a.rs", text), 0);
        assert_eq!(count("canning-core/tests/a.rs", "#![allow(dead_code)]"), 0);
        assert_eq!(count("canning-core/src/a.rs", "// #[allow(dead_code)]"), 0);
    }
}
