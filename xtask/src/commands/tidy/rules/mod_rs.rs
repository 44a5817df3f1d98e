//! A `mod.rs` is a table of contents.

use crate::commands::tidy::attribute::attributes;
use crate::commands::tidy::place;
use crate::commands::tidy::source::{Source, blank};
use crate::commands::tidy::violation::Violation;

/// Finds the first item in a `mod.rs` that neither declares a module nor imports a name.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    if !source.path.ends_with("/mod.rs") || !place::is_src(source.path) {
        return Vec::new();
    }
    let code = without_attributes(&source.code);
    let mut at = 0;
    for item in code.split(';') {
        let blanks = item.len() - item.trim_start().len();
        if !is_allowed(item.trim()) {
            let message = "a `mod.rs` holds only docs, `mod` and `use`";
            return vec![source.violation_at(at + blanks, message)];
        }
        at += item.len() + 1;
    }
    Vec::new()
}

fn is_allowed(item: &str) -> bool {
    let item = item.strip_prefix("pub").unwrap_or(item).trim_start();
    let item = match item.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((_, rest)) => rest.trim_start(),
        None => item,
    };
    item.is_empty()
        || item.starts_with("use ")
        || item.starts_with("mod ") && !item.contains(['{', '}'])
}

/// The code with blanks for its attributes.
fn without_attributes(code: &str) -> String {
    let mut rest = String::new();
    let mut at = 0;
    for attribute in attributes(code) {
        rest.push_str(code.get(at..attribute.start).unwrap_or_default());
        rest.push_str(&blank(attribute.text));
        at = attribute.end();
    }
    rest.push_str(code.get(at..).unwrap_or_default());
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&Source::new(&File::new(path, text))).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn modules_and_imports_pass() {
        let text = "//! Docs.\n#![forbid(unsafe_code)]\n\nmod a;\n#[cfg(\n    test\n)]\nmod tests;\n\
                    pub(crate) use self::a::{\n    B,\n    C,\n};\npub mod d;\n";
        assert!(messages("canning-core/src/impls/mod.rs", text).is_empty());
    }

    #[test]
    fn the_first_other_item_is_reported_at_its_line() {
        let found =
            messages("a/src/b/mod.rs", "//! Docs.\nmod a;\n\nfn f() {\n    x;\n    y;\n}\n");
        assert_eq!(found, ["a/src/b/mod.rs:4: a `mod.rs` holds only docs, `mod` and `use`"]);
        for text in ["mod a { }", "const A: u8 = 1;", "mod a;\nmod_macro!();", "pub struct S;"] {
            assert_eq!(messages("a/src/b/mod.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn other_files_may_hold_anything() {
        assert!(messages("a/src/b.rs", "fn f() {}").is_empty());
        assert!(messages("a/tests/support/mod.rs", "fn f() {}").is_empty());
    }
}
