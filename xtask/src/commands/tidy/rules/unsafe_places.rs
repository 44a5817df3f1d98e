//! `unsafe` stands in few, named modules.

use crate::commands::tidy::attribute::has_word;
use crate::commands::tidy::place;
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// Finds the keyword in the code of any other file. Tests may use it.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    let is_named = PLACES.iter().any(|place| source.path.starts_with(place));
    if is_named || place::is_test(source.path) {
        return Vec::new();
    }
    let lines = source.code.lines().zip(1..).take(source.lines_before_tests());
    lines
        .filter(|(code, _)| has_word(code, "unsafe"))
        .map(|(_, line)| source.violation(line, "this is not one of the modules for `unsafe`"))
        .collect()
}

/// Files and directories. The one in `canning-derive` quotes `unsafe impl`.
const PLACES: &[&str] = &[
    "canning-bench/src/mapped.rs",
    "canning-bench/src/raw/huge_pages.rs",
    "canning-core/src/buffer/",
    "canning-core/src/element.rs",
    "canning-core/src/element/",
    "canning-derive/src/expand/element.rs",
    "canning-fuzz/src/mapped.rs",
    "canning-ndarray/src/strided.rs",
    "canning-wire/src/shm/map",
    "canning-wire/src/shm/pool.rs",
    "canning-wire/src/file/map.rs",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&Source::new(&File::new(path, text))).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn other_modules_are_refused() {
        let found = messages("canning-wire/src/frame.rs", "fn f() {\n    unsafe { g() }\n}\n");
        assert_eq!(
            found,
            ["canning-wire/src/frame.rs:2: this is not one of the modules for `unsafe`"]
        );
        assert_eq!(messages("canning-core/src/object.rs", "unsafe impl Send for A {}").len(), 1);
    }

    #[test]
    fn the_named_modules_and_tests_pass() {
        for path in [
            "canning-core/src/buffer/segment.rs",
            "canning-core/src/element.rs",
            "canning-ndarray/src/strided.rs",
            "canning-wire/tests/alloc.rs",
        ] {
            assert!(messages(path, "unsafe fn f() {}").is_empty(), "{path}");
        }
        let tests = "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    unsafe fn g() {}\n}\n";
        assert!(messages("canning-wire/src/frame.rs", tests).is_empty());
    }

    #[test]
    fn only_the_keyword_in_code_counts() {
        let text = "//! Nothing unsafe.\n#![forbid(unsafe_code)]\nconst A: &str = \"unsafe\";\n";
        assert!(messages("canning-wire/src/lib.rs", text).is_empty());
    }
}
