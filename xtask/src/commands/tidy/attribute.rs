//! The attributes of a Rust file.

/// An attribute, `#[...]` or `#![...]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'s> {
    /// Where it starts, in bytes.
    pub(super) start: usize,
    /// From the `#` to the `]`.
    pub(super) text: &'s str,
}

impl Attribute<'_> {
    /// Where it ends, in bytes.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The name: `cfg` of `#[cfg(test)]`.
    pub(super) fn name(&self) -> &str {
        let inside = self.text.trim_start_matches(['#', '!', '[', ' ']);
        inside.split(|c: char| !is_in_word(c)).next().unwrap_or(inside)
    }
}

/// The attributes in `code`, which holds no comments and no literals.
pub(super) fn attributes(code: &str) -> impl Iterator<Item = Attribute<'_>> {
    code.match_indices('#').filter_map(|(start, _)| {
        let rest = code.get(start..)?;
        let list = rest.strip_prefix("#!").or_else(|| rest.strip_prefix('#'))?;
        let prefix = rest.len() - list.len();
        let text = rest.get(..prefix + bracketed(list, '[', ']')?)?;
        Some(Attribute { start, text })
    })
}

/// The length of the part from `open`, which `text` must start with, to the `close` that ends it.
pub(super) fn bracketed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.checked_sub(1)?;
        }
        if depth == 0 {
            return (c == close).then_some(at + c.len_utf8());
        }
    }
    None
}

/// Whether `word` stands in `text` as a word of its own.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    after_word(text, word).next().is_some()
}

/// What follows each `word` that stands in `text` as a word of its own.
pub(super) fn after_word<'t>(text: &'t str, word: &str) -> impl Iterator<Item = &'t str> {
    text.match_indices(word).filter_map(|(at, found)| {
        let (before, rest) = text.split_at_checked(at)?;
        let after = rest.strip_prefix(found)?;
        let is_whole = !before.ends_with(is_in_word) && !after.starts_with(is_in_word);
        is_whole.then_some(after)
    })
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_end_at_their_own_bracket() {
        let code = "#![forbid(a)]\n#[cfg([b])] fn f(x: [u8; 1]) { y[#z] }";
        let texts: Vec<&str> = attributes(code).map(|attribute| attribute.text).collect();
        assert_eq!(texts, ["#![forbid(a)]", "#[cfg([b])]"]);
        let names: Vec<String> = attributes(code).map(|a| a.name().to_owned()).collect();
        assert_eq!(names, ["forbid", "cfg"]);
        assert_eq!(attributes(code).next().unwrap().end(), 13);
    }

    #[test]
    fn brackets_nest() {
        assert_eq!(bracketed("{ {} } {}", '{', '}'), Some(6));
        assert_eq!(bracketed("{ {}", '{', '}'), None);
        assert_eq!(bracketed(" {}", '{', '}'), None);
        assert_eq!(bracketed("", '{', '}'), None);
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("pub unsafe fn", "unsafe"));
        assert!(has_word("unsafe", "unsafe"));
        assert!(!has_word("forbid(unsafe_code)", "unsafe"));
        assert!(has_word("unsafe_code unsafe{", "unsafe"));
    }
}
