//! `docs/unsafe.md` lists all unsafe code that is published, and the tests that hold it.

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::tidy::attribute::{after_word, bracketed, has_word};
use crate::commands::tidy::files::File;
use crate::commands::tidy::place;
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;
use crate::workspace::PUBLISHED;

/// Compares the list with the sources. In a section named for a file, a row is
/// ``| `function` | count | … | `test`, `ui/topic/case` |``: an item and how often `unsafe` stands
/// in it, and last the tests, of which each must exist. Functions of the same name count together.
pub(in crate::commands::tidy) fn check(files: &[File]) -> Vec<Violation> {
    let Some(list) = files.iter().find(|file| file.path == LIST) else {
        return vec![Violation::new(LIST, 1, "is missing")];
    };
    let rows = rows(&list.text);
    let tests = tests(files);
    let mut found = Vec::new();
    let mut listed = Counts::new();
    for row in &rows {
        *listed.entry((row.file.to_owned(), row.item.to_owned())).or_default() += row.count;
        if row.tests.is_empty() {
            found.push(Violation::new(LIST, row.line, format!("`{}` has no test", row.item)));
        }
        for test in row.tests.iter().filter(|test| !tests.contains(**test)) {
            found.push(Violation::new(LIST, row.line, format!("there is no test `{test}`")));
        }
    }
    let code = code(files);
    let keys: BTreeSet<_> = listed.keys().chain(code.keys()).collect();
    for key in keys {
        let (in_list, in_code) = (listed.get(key), code.get(key));
        let (in_list, in_code) = (in_list.unwrap_or(&0), in_code.unwrap_or(&0));
        if in_list != in_code {
            let row = rows.iter().find(|row| (row.file, row.item) == (&key.0, &key.1));
            let line = row.map_or(1, |row| row.line);
            let (file, item) = key;
            let message =
                format!("`unsafe` of `{item}` in {file}: {in_list} listed, {in_code} in the code");
            found.push(Violation::new(LIST, line, message));
        }
    }
    found
}

/// How often `unsafe` stands in an item of a file.
type Counts = BTreeMap<(String, String), usize>;

struct Row<'l> {
    line: usize,
    file: &'l str,
    item: &'l str,
    count: usize,
    tests: Vec<&'l str>,
}

fn rows(list: &str) -> Vec<Row<'_>> {
    let mut file = "";
    let mut rows = Vec::new();
    for (text, line) in list.lines().zip(1..) {
        if text.starts_with('#') {
            file = spans(text).next().unwrap_or_default();
        }
        let mut cells = text.split('|').skip(1);
        let (Some(item), Some(count)) = (cells.next(), cells.next()) else { continue };
        let item = spans(item).next().map(name_of);
        let (Some(item), Ok(count)) = (item, count.trim().parse()) else { continue };
        let last = text.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        rows.push(Row { line, file, item, count, tests: spans(last).collect() });
    }
    rows
}

/// `Type::function` is listed by the function; `Trait for Type` as it is.
fn name_of(item: &str) -> &str {
    let function = item.rsplit("::").next().filter(|_| !item.contains(' '));
    function.unwrap_or(item)
}

/// What stands between backticks.
pub(super) fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The tests of the workspace; those of the compiler's refusals as `ui/topic/case`.
pub(super) fn tests(files: &[File]) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for file in files {
        if let Some(case) = file.path.strip_prefix("canning-tests/tests/") {
            tests.extend(case.strip_suffix(".stderr").map(str::to_owned));
        }
        if !file.path.ends_with(".rs") || place::is_fixture(&file.path) {
            continue;
        }
        let source = Source::new(file);
        for attribute in source.attributes() {
            let is_test = attribute.name() != "cfg" && has_word(attribute.text, "test");
            let after = source.code.get(attribute.end()..).filter(|_| is_test);
            tests.extend(after.and_then(|code| after_word(code, "fn").find_map(first_name)));
        }
    }
    tests
}

/// The unsafe code of the published crates, tests apart.
fn code(files: &[File]) -> Counts {
    let mut counts = Counts::new();
    for file in files {
        let is_published = PUBLISHED
            .iter()
            .any(|name| file.path.strip_prefix(name).is_some_and(|rest| rest.starts_with("/src/")));
        let is_code = file.path.ends_with(".rs") && !place::is_test(&file.path);
        if !is_published || !is_code || place::is_fixture(&file.path) {
            continue;
        }
        let source = Source::new(file);
        let lines = source.lines_before_tests();
        let code: String = source.code.lines().take(lines).flat_map(|line| [line, "\n"]).collect();
        for after in after_word(&code, "unsafe") {
            let before = code.get(..code.len() - after.len()).unwrap_or_default();
            let item = item(before, after);
            *counts.entry((file.path.clone(), item)).or_default() += 1;
        }
    }
    counts
}

/// What an `unsafe` between `before` and `after` belongs to: a function, `Trait for Type` of an
/// impl, or a trait.
fn item(before: &str, after: &str) -> String {
    let after = after.trim_start();
    if let Some(rest) = after.strip_prefix("impl") {
        let parameters = bracketed(rest, '<', '>').unwrap_or(0);
        let rest = rest.get(parameters..).unwrap_or_default();
        let header = rest.split('{').next().unwrap_or_default();
        return header.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let named = ["trait", "fn"].iter().find_map(|word| first_name(after.strip_prefix(word)?));
    let within = || after_word(before, "fn").filter_map(first_name).last();
    named.or_else(within).unwrap_or_default()
}

/// The identifier that `code` starts with.
fn first_name(code: &str) -> Option<String> {
    let code = code.trim_start();
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    code.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
}

const LIST: &str = "docs/unsafe.md";

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "//! Docs.\nunsafe impl<T: A<B>> Send for C<T> {}\nunsafe trait Raw {}\n\
        impl D {\n    unsafe fn f() {\n        unsafe { g::<unsafe fn()>() }\n    }\n    fn h() {\n\
        unsafe { x() }\n    }\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn holds() {\n\
        unsafe { y() }\n    }\n}\n";

    const ROWS: &str = "# List\n## `canning-core/src/a.rs`\n| where | | |\n|---|---|---|\n\
        | `Send for C<T>` | 1 | `holds` |\n| `Raw` | 1 | `holds` |\n\
        | `D::f` | 3 | `holds`, `ui/a/b` |\n| `D::h` | 1 | `holds` |\n";

    fn messages(code: &str, list: &str) -> Vec<String> {
        let files = [
            File::new("canning-core/src/a.rs", code),
            File::new("canning-tests/tests/ui/a/b.stderr", ""),
            File::new("xtask/src/not_published.rs", "fn f() { unsafe { g() } }"),
            File::new(LIST, list),
        ];
        check(&files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_of_all_that_is_there_passes() {
        assert_eq!(messages(CODE, ROWS), [""; 0]);
        assert_eq!(check(&[]).len(), 1, "no list");
    }

    #[test]
    fn code_without_a_row_and_rows_without_code_are_found() {
        let found = messages(&CODE.replace("fn h()", "fn i()"), ROWS);
        let expected = [
            "docs/unsafe.md:1: `unsafe` of `i` in canning-core/src/a.rs: 0 listed, 1 in the code",
            "docs/unsafe.md:8: `unsafe` of `h` in canning-core/src/a.rs: 1 listed, 0 in the code",
        ];
        let mut found: Vec<_> = found.iter().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(messages(CODE, &ROWS.replace("`D::f` | 3", "`D::f` | 2")).len(), 1);
        assert_eq!(messages(CODE, &ROWS.replace("src/a.rs", "src/b.rs")).len(), 8);
    }

    #[test]
    fn tests_that_do_not_exist_are_found() {
        let found = messages(CODE, &ROWS.replace("`ui/a/b`", "`ui/a/c`"));
        assert_eq!(found, ["docs/unsafe.md:7: there is no test `ui/a/c`"]);
        let found = messages(CODE, &ROWS.replace("1 | `holds` |\n| `Raw`", "1 | none |\n| `Raw`"));
        assert_eq!(found, ["docs/unsafe.md:5: `Send for C<T>` has no test"]);
    }
}
