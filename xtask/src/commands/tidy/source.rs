//! A Rust file, its code told apart from its comments and literals.

use crate::commands::tidy::attribute::{Attribute, attributes, bracketed, has_word};
use crate::commands::tidy::files::File;
use crate::commands::tidy::violation::Violation;

/// A Rust file. `code` and `comments` have the lines of `text`, with blanks for what is left out.
#[derive(Debug)]
pub(super) struct Source<'f> {
    pub(super) path: &'f str,
    pub(super) text: &'f str,
    /// Without comments, and without what stands inside literals.
    pub(super) code: String,
    /// Nothing but the comments.
    pub(super) comments: String,
}

impl<'f> Source<'f> {
    pub(super) fn new(file: &'f File) -> Self {
        let mut splitter = Splitter { rest: &file.text, ..Splitter::default() };
        splitter.run();
        let Splitter { code, comments, .. } = splitter;
        Self { path: &file.path, text: &file.text, code, comments }
    }

    /// The attributes in the code.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        attributes(&self.code)
    }

    /// A violation in the line that holds the byte `at` of the code.
    pub(super) fn violation_at(&self, at: usize, message: impl Into<String>) -> Violation {
        let before = self.code.get(..at).unwrap_or(&self.code);
        self.violation(before.matches('\n').count() + 1, message)
    }

    pub(super) fn violation(&self, line: usize, message: impl Into<String>) -> Violation {
        Violation::new(self.path, line, message)
    }

    /// How many lines stand before the test module that ends the file; all, if there is none.
    pub(super) fn lines_before_tests(&self) -> usize {
        let before = self.tests_start().and_then(|start| self.code.get(..start));
        before.map_or_else(|| self.text.lines().count(), |before| before.matches('\n').count())
    }

    /// Where the attribute of the test module stands, if nothing but that module follows it.
    fn tests_start(&self) -> Option<usize> {
        self.attributes()
            .find(|attribute| {
                attribute.name() == "cfg"
                    && has_word(attribute.text, "test")
                    && self.code.get(attribute.end()..).is_some_and(is_last_module)
            })
            .map(|attribute| attribute.start)
    }
}

/// Whether `code` is, after attributes, one module named `tests` and nothing else.
fn is_last_module(code: &str) -> bool {
    let mut code = code.trim_start();
    while let Some(attribute) = attributes(code).next().filter(|found| found.start == 0) {
        code = code.get(attribute.end()..).unwrap_or_default().trim_start();
    }
    let Some(body) = code.strip_prefix("mod tests").map(str::trim_start) else {
        return false;
    };
    let after = bracketed(body, '{', '}').and_then(|length| body.get(length..));
    after.is_some_and(|after| after.trim().is_empty())
}

/// Cuts a file into code, comments and literals.
#[derive(Debug, Default)]
struct Splitter<'t> {
    rest: &'t str,
    /// The last character of the code, which tells `r"` from the end of a longer word.
    previous: char,
    code: String,
    comments: String,
}

impl Splitter<'_> {
    fn run(&mut self) {
        while let Some(first) = self.rest.chars().next() {
            if self.rest.starts_with("//") {
                self.take_comment(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.take_comment(block_comment_length(self.rest));
            } else if let Some((open, close)) = self.raw_string() {
                self.take_code(open);
                let length = self.rest.find(&close).unwrap_or(self.rest.len());
                self.take_literal(length);
                self.take_code(close.len());
            } else if first == '"' {
                self.take_code(1);
                self.take_literal(string_length(self.rest));
                self.take_code(1);
            } else if let Some(length) = char_literal_length(self.rest) {
                self.take_literal(length);
            } else {
                self.take_code(first.len_utf8());
            }
        }
    }

    fn take_code(&mut self, length: usize) {
        let part = self.take(length);
        self.previous = part.chars().next_back().unwrap_or(self.previous);
        self.code.push_str(part);
        self.comments.push_str(&blank(part));
    }

    fn take_comment(&mut self, length: usize) {
        let part = self.take(length);
        self.code.push_str(&blank(part));
        self.comments.push_str(part);
    }

    fn take_literal(&mut self, length: usize) {
        let part = self.take(length);
        self.code.push_str(&blank(part));
        self.comments.push_str(&blank(part));
    }
}

impl<'t> Splitter<'t> {
    fn take(&mut self, length: usize) -> &'t str {
        let (part, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        part
    }

    /// The length of what opens a raw string here, and what will close it.
    fn raw_string(&self) -> Option<(usize, String)> {
        if self.previous.is_alphanumeric() || self.previous == '_' {
            return None;
        }
        let letters = self.rest.strip_prefix(['b', 'c']).unwrap_or(self.rest);
        let opening = letters.strip_prefix('r')?;
        let body = opening.trim_start_matches('#');
        let hashes = opening.len() - body.len();
        let body = body.strip_prefix('"')?;
        Some((self.rest.len() - body.len(), format!("\"{}", "#".repeat(hashes))))
    }
}

/// Spaces in place of `part`, on as many lines.
pub(super) fn blank(part: &str) -> String {
    part.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// The length of the comment that `text` starts with; comments nest.
fn block_comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut length = 0;
    while let Some(rest) = text.get(length..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            length += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            length += 2;
            if depth == 0 {
                return length;
            }
        } else {
            length += rest.chars().next().map_or(0, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a string's inside, up to the quote that closes it.
fn string_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return at,
            '\\' => drop(chars.next()),
            _ => {}
        }
    }
    text.len()
}

/// The length of the character literal that `text` starts with. A lifetime is none.
fn char_literal_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    let mut chars = body.chars();
    let first = chars.next()?;
    if first != '\\' {
        return (chars.next()? == '\'').then_some(first.len_utf8() + 2);
    }
    let escaped = chars.next()?;
    let fixed = 2 + escaped.len_utf8();
    let end = text.get(fixed..)?.find('\'')?;
    Some(fixed + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of blanks are shortened to one.
    fn split(text: &str) -> (String, String) {
        let file = File::new("a.rs", text);
        let source = Source::new(&file);
        assert_eq!(source.code.lines().count(), text.lines().count());
        let short = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        (short(&source.code), short(&source.comments))
    }

    #[test]
    fn comments_are_not_code() {
        let (code, comments) = split("a // b\n/* c /* d */ e */ f\n//! g");
        assert_eq!(code, "a f");
        assert_eq!(comments, "// b /* c /* d */ e */ //! g");
    }

    #[test]
    fn the_inside_of_literals_is_neither_code_nor_comment() {
        let (code, comments) =
            split(r###"f("a // \" b", r#"c " d"#, br"e\", '"', '\'', '\u{41}') // g"###);
        assert_eq!(code, "f(\" \", r#\" \"#, br\" \", , , )");
        assert_eq!(comments, "// g");
    }

    #[test]
    fn lifetimes_and_raw_identifiers_are_code() {
        let (code, _) = split("fn f<'a, 'b>(r#type: &'a u8) { for \"x\" }");
        assert_eq!(code, "fn f<'a, 'b>(r#type: &'a u8) { for \" \" }");
    }

    #[test]
    fn an_unclosed_comment_or_string_runs_to_the_end() {
        assert_eq!(split("a /* b").0, "a");
        assert_eq!(split("a \"b\\").0, "a \"");
        assert_eq!(split("a r#\"b\"").0, "a r#\"");
    }

    fn before_tests(text: &str) -> usize {
        Source::new(&File::new("a.rs", text)).lines_before_tests()
    }

    #[test]
    fn the_test_module_at_the_end_is_not_counted() {
        assert_eq!(before_tests("a\n\n#[cfg(test)]\nmod tests {\n    fn f() {}\n}\n"), 2);
        assert_eq!(before_tests("a\n#[cfg(all(test, unix))]\n#[x]\nmod tests { }\n// end\n"), 1);
    }

    #[test]
    fn everything_else_is_counted() {
        assert_eq!(before_tests("a\nb\n"), 2);
        assert_eq!(before_tests("#[cfg(test)]\nmod tests {}\nfn after() {}\n"), 3);
        assert_eq!(before_tests("#[cfg(test)]\nmod helpers {}\n"), 2);
        assert_eq!(before_tests("#[cfg(test)]\nmod tests;\n"), 2);
    }
}
