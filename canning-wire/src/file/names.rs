//! The names of the messages of a file.

use std::{cmp::Ordering, io, mem};

/// The name of each message, and the messages in the order of their names.
///
/// A message, lost or not, costs nothing as long as neither it nor one behind it has a name; then
/// 8 bytes, and one that has a name 8 more and the bytes of it.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where in the text the name of each message ends. It starts where the one before ends.
    /// May be shorter than there are messages: the others have no name.
    ends: Vec<usize>,
    /// The messages that have a name, sorted by name, then by position.
    sorted: Vec<usize>,
    /// Those that came since.
    fresh: Vec<usize>,
}

impl Names {
    /// Names the message at `position`, which is the last, or says that there is no room for it.
    pub(super) fn push(&mut self, position: usize, name: &str) -> io::Result<()> {
        if name.is_empty() {
            return Ok(());
        }
        self.ends.try_reserve(position + 1 - self.ends.len())?;
        self.text.try_reserve(name.len())?;
        self.fresh.try_reserve(1)?;
        self.ends.resize(position, self.text.len());
        self.text.push_str(name);
        self.ends.push(self.text.len());
        self.fresh.push(position);
        Ok(())
    }

    /// The name of a message; none is empty.
    pub(super) fn get(&self, position: usize) -> &str {
        let start = position.checked_sub(1).and_then(|before| self.ends.get(before));
        let range = self.ends.get(position).map(|end| start.copied().unwrap_or(0)..*end);
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// Puts those that came since in order, so that they can be found, or says that there is no
    /// room to do so.
    pub(super) fn sort(&mut self) -> io::Result<()> {
        let mut fresh = mem::take(&mut self.fresh);
        // Not a stable sort, which ends the process where it has no room.
        fresh.sort_unstable_by(|a, b| self.order(*a, *b));
        self.fresh = fresh;
        if self.sorted.is_empty() {
            mem::swap(&mut self.sorted, &mut self.fresh);
        }
        if self.fresh.is_empty() {
            return Ok(());
        }
        let mut merged = Vec::new();
        merged.try_reserve(self.sorted.len() + self.fresh.len())?;
        let mut rest = self.sorted.as_slice();
        for position in &self.fresh {
            let before = rest.partition_point(|other| self.order(*other, *position).is_lt());
            merged.extend(rest.split_off(..before).unwrap_or_default());
            merged.push(*position);
        }
        merged.extend(rest);
        (self.sorted, self.fresh) = (merged, Vec::new());
        Ok(())
    }

    fn order(&self, a: usize, b: usize) -> Ordering {
        self.get(a).cmp(self.get(b)).then(a.cmp(&b))
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
            names.push(position, name).unwrap();
        }
        names.sort().unwrap();
        let all: Vec<_> = (0..7).map(|position| names.get(position)).collect();
        assert_eq!(all, ["", "b", "", "a", "b", "", ""]);
        assert_eq!((names.find("a"), names.find("b")), (Some(3), Some(4)));
        assert_eq!((names.find(""), names.find("c"), names.find("aa")), (None, None, None));
        for (position, name) in (6..).zip(["a", "c", ""]) {
            names.push(position, name).unwrap();
        }
        names.sort().unwrap();
        assert_eq!((names.find("a"), names.get(5)), (Some(6), ""));
        assert_eq!((names.find("b"), names.find("c")), (Some(4), Some(7)));
    }
}
