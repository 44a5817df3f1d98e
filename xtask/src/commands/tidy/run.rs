//! Applies every rule to every file.

use std::ffi::OsString;
use std::path::Path;

use crate::commands::arguments;
use crate::commands::tidy::files::{self, File};
use crate::commands::tidy::place;
use crate::commands::tidy::rules::{
    budget, docs_first, layers, mod_rs, names, no_ignored_tests, outside, reasons, tests_listed,
    unfinished, unsafe_listed, unsafe_places,
};
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;
use crate::error::Error;
use crate::process;

/// Prints all violations at once, and fails if there are any.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("tidy", args)?;
    let files = files::all(Path::new("."))?;
    let mut found: Vec<Violation> = files.iter().flat_map(check).collect();
    found.extend(unsafe_listed::check(&files));
    found.extend(tests_listed::check(&files));
    found.sort();
    let lines: String = found.iter().map(|violation| format!("{violation}\n")).collect();
    process::print(&lines);
    match found.len() {
        0 => Ok(()),
        violations => Err(Error::Untidy { violations }),
    }
}

fn check(file: &File) -> Vec<Violation> {
    let mut found = outside::check(file);
    if place::is_fixture(&file.path) {
        return found;
    }
    match file.path.rsplit_once('.') {
        Some((_, "rs")) => {
            let source = Source::new(file);
            found.extend(RUST_RULES.iter().flat_map(|rule| rule(&source)));
        }
        Some((_, "md")) => found.extend(unfinished::check_markdown(file)),
        Some((_, "toml")) => found.extend(layers::check(file)),
        _ => {}
    }
    found
}

/// What one Rust file breaks of one rule.
type RustRule = fn(&Source<'_>) -> Vec<Violation>;

const RUST_RULES: &[RustRule] = &[
    budget::check,
    docs_first::check,
    mod_rs::check,
    names::check,
    no_ignored_tests::check,
    reasons::check,
    unfinished::check,
    unsafe_places::check,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&File::new(path, text)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_rule_is_applied() {
        let text = "fn f() { todo!() }\n#[ignore]\nunsafe fn g() {}\n#[allow(dead_code)]\n";
        let found = messages("canning-core/src/types.rs", text);
        assert_eq!(found.len(), 6, "{found:?}");
        let found = messages("canning-core/src/impls/mod.rs", "//! Docs.\nfn f() {}\n");
        assert_eq!(found.len(), 1, "{found:?}");
        let found = messages("canning-core/src/long.rs", &"//! Docs.\n".repeat(451));
        assert_eq!(found.len(), 1, "{found:?}");
        let found = messages("canning-core/Cargo.toml", "[dependencies]\nndarray = \"0.17\"\n");
        assert_eq!(found.len(), 1, "{found:?}");
        let found = messages("README.md", concat!("TO", "DO\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        let found = messages("run.sh", concat!("cd /wo", "rk/here\n"));
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_fixture_may_break_all_rules_but_the_one_on_paths() {
        let path = "canning-tests/tests/ui/object/types.rs";
        assert!(messages(path, "fn main() { todo!() }\n").is_empty());
        assert_eq!(messages(path, concat!("// /wo", "rk/here\n")).len(), 1);
    }
}
