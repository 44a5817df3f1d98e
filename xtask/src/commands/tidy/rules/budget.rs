//! Files stay short: each has a budget of lines, and half as much again is too much.

use crate::commands::tidy::place;
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// Counts the lines of the file, without the test module that ends it.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let all = source.text.lines().count();
    if all > MOST {
        found.push(source.violation(all, format!("{all} lines: no file has more than {MOST}")));
    }
    if place::is_test(source.path) {
        return found;
    }
    let lines = source.lines_before_tests();
    let budget = budget(source.path);
    if lines > budget + budget / 2 {
        let message = format!(
            "{lines} lines without tests: the budget is {budget}; split the file above {}",
            budget + budget / 2
        );
        found.push(source.violation(lines, message));
    }
    found
}

/// The first entry that the path starts with decides.
fn budget(path: &str) -> usize {
    let entry = BUDGETS.iter().find(|(prefix, _)| path.starts_with(prefix));
    entry.map_or(DEFAULT, |(_, budget)| *budget)
}

/// Lines of a file with its tests.
const MOST: usize = 1000;

/// The budget of a file that has none of its own.
const DEFAULT: usize = 300;

/// Budgets by path, or by the start of one.
const BUDGETS: &[(&str, usize)] = &[
    // Generated.
    ("canning-bench/src/peers/capnp/values_capnp.rs", 600),
    ("canning-core/src/dtype", 250),
    ("canning-core/src/element", 250),
    ("canning-core/src/error", 250),
    ("canning-core/src/impls/", 250),
    ("canning-core/src/lib.rs", 150),
    ("canning-core/src/private", 60),
    ("canning-core/src/value", 250),
    ("canning-core/src/visitor", 250),
    ("canning-derive/src/ast.rs", 200),
    ("canning-derive/src/bound.rs", 150),
    ("canning-derive/src/check.rs", 150),
    ("canning-derive/src/ctxt.rs", 80),
    ("canning-derive/src/expand/", 200),
    ("canning-derive/src/fallback.rs", 50),
    ("canning-derive/src/lib.rs", 60),
    ("canning-derive/src/symbol.rs", 40),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&Source::new(&File::new(path, text))).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn half_as_much_again_is_the_limit() {
        let path = "canning-wire/src/message.rs";
        assert!(messages(path, &"a\n".repeat(450)).is_empty());
        assert_eq!(
            messages(path, &"a\n".repeat(451)),
            ["canning-wire/src/message.rs:451: 451 lines without tests: the budget is 300; \
              split the file above 450"]
        );
    }

    #[test]
    fn a_file_may_have_a_budget_of_its_own() {
        assert!(messages("canning-derive/src/symbol.rs", &"a\n".repeat(60)).is_empty());
        assert_eq!(messages("canning-derive/src/symbol.rs", &"a\n".repeat(61)).len(), 1);
        assert_eq!(messages("canning-core/src/impls/map.rs", &"a\n".repeat(376)).len(), 1);
    }

    #[test]
    fn tests_count_only_towards_the_whole() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "b\n".repeat(600));
        assert!(messages("canning-core/src/visitor.rs", &tests).is_empty());
        assert!(messages("canning-core/tests/map.rs", &"a\n".repeat(1000)).is_empty());
        assert_eq!(messages("canning-core/tests/map.rs", &"a\n".repeat(1001)).len(), 1);
    }
}
