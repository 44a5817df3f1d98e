//! Licence expressions, as SPDX and crates write them.

/// Whether the `allowed` licences let someone use a package of this licence: `AND` asks for both
/// sides, `OR` and the `/` of older crates for one; `AND` binds closer. A licence with an
/// exception (`WITH`) is one that is allowed as it stands. What cannot be read is not satisfied.
pub(super) fn is_satisfied(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut parser = Parser { words: spaced.split_whitespace().collect(), allowed };
    // Taken from the end.
    parser.words.reverse();
    parser.any() == Some(true) && parser.words.is_empty()
}

struct Parser<'a> {
    words: Vec<&'a str>,
    allowed: &'a [&'a str],
}

impl Parser<'_> {
    /// `all OR all …`. Both sides are read, whatever the first says.
    fn any(&mut self) -> Option<bool> {
        let mut satisfied = self.all()?;
        while self.take("OR") {
            satisfied |= self.all()?;
        }
        Some(satisfied)
    }

    /// `one AND one …`
    fn all(&mut self) -> Option<bool> {
        let mut satisfied = self.one()?;
        while self.take("AND") {
            satisfied &= self.one()?;
        }
        Some(satisfied)
    }

    /// A licence, with an exception or without, or an expression in parentheses.
    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let satisfied = self.any();
            return satisfied.filter(|_| self.take(")"));
        }
        let name = self.words.pop().filter(|word| !["OR", "AND", "WITH", ")"].contains(word))?;
        if !self.take("WITH") {
            return Some(self.allowed.contains(&name));
        }
        let name = format!("{name} WITH {}", self.words.pop()?);
        Some(self.allowed.contains(&name.as_str()))
    }

    fn take(&mut self, word: &str) -> bool {
        self.words.pop_if(|next| *next == word).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_satisfied_as_their_words_say() {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
        for (expression, satisfied) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT/GPL-3.0-only", true),
            ("GPL-3.0-only OR MIT", true),
            ("GPL-3.0-only AND MIT", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
            ("MIT OR Apache-2.0 AND GPL-3.0-only", true),
            ("GPL-3.0-only AND Apache-2.0 OR MIT", true),
            ("Apache-2.0 WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
        ] {
            assert_eq!(is_satisfied(expression, &allowed), satisfied, "{expression}");
        }
        let with = ["Apache-2.0 WITH LLVM-exception"];
        assert!(is_satisfied("Apache-2.0 WITH LLVM-exception", &with));
        assert!(!is_satisfied("Apache-2.0", &with));
    }

    #[test]
    fn what_cannot_be_read_is_not_satisfied() {
        for expression in
            ["", "MIT OR", "OR MIT", "MIT MIT", "(MIT", "MIT)", "()", "MIT AND", "MIT WITH"]
        {
            assert!(!is_satisfied(expression, &["MIT"]), "{expression:?}");
        }
    }
}
