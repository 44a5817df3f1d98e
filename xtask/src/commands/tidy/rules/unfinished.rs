//! Nothing is left for later.

use crate::commands::tidy::attribute::{after_word, has_word};
use crate::commands::tidy::files::File;
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// Finds macros that stand for missing code, also in examples, and notes to oneself.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    let lines = source.code.lines().zip(source.comments.lines()).zip(1..);
    lines
        .flat_map(|((code, comment), line)| {
            let macros = MACROS
                .iter()
                .filter(|name| calls(code, name) || calls(comment, name))
                .map(|name| (name, "!"));
            let noted = |note: &&&str| has_word(code, note) || has_word(comment, note);
            let notes = NOTES.iter().filter(noted).map(|note| (note, ""));
            macros.chain(notes).map(move |(what, mark)| {
                source.violation(line, format!("`{what}{mark}` is unfinished work"))
            })
        })
        .collect()
}

/// Finds notes to oneself in a document. What stands in code spans is only named.
pub(in crate::commands::tidy) fn check_markdown(file: &File) -> Vec<Violation> {
    let lines = file.text.lines().zip(1..);
    lines
        .flat_map(|(text, line)| {
            let prose: String = text.split('`').step_by(2).collect();
            let notes = NOTES.iter().filter(move |note| has_word(&prose, note));
            notes.map(move |note| {
                Violation::new(&file.path, line, format!("`{note}` is unfinished work"))
            })
        })
        .collect()
}

/// Whether `code` calls the macro.
fn calls(code: &str, name: &str) -> bool {
    after_word(code, name)
        .filter_map(|after| after.strip_prefix('!'))
        .any(|after| after.trim_start().starts_with(['(', '[', '{']))
}

const MACROS: &[&str] = &["dbg", "todo", "unimplemented"];

const NOTES: &[&str] = &["FIXME", "TODO", "XXX"];

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let file = File::new("a/src/b.rs", text);
        check(&Source::new(&file)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn macros_for_missing_code_are_refused() {
        assert_eq!(messages("\nlet a = todo!();"), ["a/src/b.rs:2: `todo!` is unfinished work"]);
        assert_eq!(messages("unimplemented!(\"later\")").len(), 1);
        assert_eq!(messages("std::dbg!(a)").len(), 1);
        assert_eq!(messages("todo! { }").len(), 1);
        assert_eq!(messages("/// let a = todo!();").len(), 1);
    }

    #[test]
    fn notes_to_oneself_are_refused() {
        for text in ["// TODO: more", "/// FIXME", "/* XXX */", "fn f() { TODO }"] {
            assert_eq!(messages(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn finished_code_passes() {
        for text in ["f(\"TODO\")", "// the todo list", "todo!= 1", "// XXXX", "dbg_all!()"] {
            assert!(messages(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn documents_are_read_outside_of_code_spans() {
        let count = |text: &str| check_markdown(&File::new("README.md", text)).len();
        assert_eq!(count("a\nTODO: write this\n"), 1);
        assert_eq!(count("no `TODO` is left\n"), 0);
    }
}
