//! The names of the messages of a file.

use std::mem;

/// The name of each message, and the messages in the order of their names.
///
/// A message costs nothing as long as none has a name; then 8 bytes, and one that has a name 8
/// more and the bytes of it.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where in the text the name of each message ends. It starts where the one before ends.
    /// May be shorter than there are messages: the others have no name.
    ends: Vec<usize>,
    /// The messages that have a name, sorted by name, then by position, unless `is_stale`.
    sorted: Vec<usize>,
    is_stale: bool,
}

impl Names {
    /// Names the message at `position`, which is the last.
    pub(super) fn push(&mut self, position: usize, name: &str) {
        if name.is_empty() {
            return;
        }
        self.ends.resize(position, self.text.len());
        self.text.push_str(name);
        self.ends.push(self.text.len());
        self.sorted.push(position);
        self.is_stale = true;
    }

    /// The name of a message; none is empty.
    pub(super) fn get(&self, position: usize) -> &str {
        let start = position.checked_sub(1).and_then(|before| self.ends.get(before));
        let range = self.ends.get(position).map(|end| start.copied().unwrap_or(0)..*end);
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// Puts them in order, so that they can be found.
    pub(super) fn sort(&mut self) {
        if mem::take(&mut self.is_stale) {
            let mut sorted = mem::take(&mut self.sorted);
            // Most of them are sorted already, which this makes use of.
            sorted.sort_by(|a, b| self.get(*a).cmp(self.get(*b)).then(a.cmp(b)));
            self.sorted = sorted;
        }
    }

    /// The last message of this name, once they are [sorted](Self::sort).
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let end = self.sorted.partition_point(|position| self.get(*position) <= name);
        let last = self.sorted.get(end.checked_sub(1)?)?;
        (self.get(*last) == name).then_some(*last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_names_is_found_and_messages_without_are_none() {
        let mut names = Names::default();
        for (position, name) in ["", "b", "", "a", "b", ""].into_iter().enumerate() {
            names.push(position, name);
        }
        names.sort();
        let all: Vec<_> = (0..7).map(|position| names.get(position)).collect();
        assert_eq!(all, ["", "b", "", "a", "b", "", ""]);
        assert_eq!((names.find("a"), names.find("b")), (Some(3), Some(4)));
        assert_eq!((names.find(""), names.find("c"), names.find("aa")), (None, None, None));
        names.push(6, "a");
        names.sort();
        assert_eq!((names.find("a"), names.get(5)), (Some(6), ""));
    }
}
