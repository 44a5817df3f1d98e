//! The stack, its marks, and the memo.

use std::collections::HashMap;

use canning_core::{ErrorKind, Result};

use crate::{Limits, object::graph::Id};

/// The objects that later opcodes work on. Nothing is taken from below the last mark.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    items: Vec<Id>,
    /// How many items there were at each mark.
    marks: Vec<usize>,
}

impl Stack {
    pub(super) fn push(&mut self, item: Id) {
        self.items.push(item);
    }

    pub(super) fn mark(&mut self) {
        self.marks.push(self.items.len());
    }

    /// How many items may be taken.
    pub(super) fn len(&self) -> usize {
        self.items.len().saturating_sub(self.fence())
    }

    pub(super) fn has_marks(&self) -> bool {
        !self.marks.is_empty()
    }

    /// The item on top.
    pub(super) fn top(&self) -> Option<Id> {
        if self.len() == 0 { None } else { self.items.last().copied() }
    }

    pub(super) fn pop(&mut self) -> Option<Id> {
        if self.len() == 0 { None } else { self.items.pop() }
    }

    /// Takes the `N` items on top, in the order in which they were put.
    pub(super) fn pop_array<const N: usize>(&mut self) -> Option<[Id; N]> {
        let start = self.start_of(N)?;
        let items = self.items.get(start..)?.try_into().ok()?;
        self.items.truncate(start);
        Some(items)
    }

    /// Where the `count` items on top begin, if so many may be taken.
    pub(super) fn start_of(&self, count: usize) -> Option<usize> {
        self.items.len().checked_sub(count).filter(|start| *start >= self.fence())
    }

    /// The item below a place that [`pop_mark`](Self::pop_mark) or [`start_of`](Self::start_of)
    /// gave, if it may be taken, and the items from there on.
    pub(super) fn container(&self, start: usize) -> Option<(Id, &[Id])> {
        let below = start.checked_sub(1).filter(|below| *below >= self.fence())?;
        let (below, items) = self.items.get(below..)?.split_first()?;
        Some((*below, items))
    }

    /// Takes the last mark away, and tells where the items after it begin.
    pub(super) fn pop_mark(&mut self) -> Option<usize> {
        self.marks.pop()
    }

    /// The items from a place that [`pop_mark`](Self::pop_mark) gave.
    pub(super) fn from(&self, start: usize) -> &[Id] {
        self.items.get(start..).unwrap_or_default()
    }

    /// Drops the items from a place that [`pop_mark`](Self::pop_mark) gave.
    pub(super) fn truncate(&mut self, start: usize) {
        self.items.truncate(start);
    }

    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
}

/// Objects by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    /// The slots that picklers use: one after the other.
    dense: Vec<Option<Id>>,
    /// A slot far beyond costs no more than any other.
    sparse: HashMap<usize, Id>,
    filled: usize,
}

/// How many slots may be left out, as Python 2 leaves out the first.
const GAP: usize = 4;

impl Memo {
    pub(super) fn get(&self, slot: usize) -> Option<Id> {
        let dense = self.dense.get(slot).copied().flatten();
        dense.or_else(|| self.sparse.get(&slot).copied())
    }

    /// Fills a slot; `None` means the next, the number of those filled.
    pub(super) fn put(&mut self, slot: Option<usize>, item: Id, limits: &Limits) -> Result<()> {
        let slot = slot.unwrap_or(self.filled);
        if slot > limits.memo {
            let (limit, found) = (limits.memo as u64, slot as u64);
            return Err(ErrorKind::Limit { what: "memo slot", limit, found }.into());
        }
        if self.sparse.contains_key(&slot) || slot > self.dense.len() + GAP {
            self.filled += usize::from(self.sparse.insert(slot, item).is_none());
            return Ok(());
        }
        if slot >= self.dense.len() {
            self.dense.resize(slot + 1, None);
        }
        if let Some(place) = self.dense.get_mut(slot) {
            self.filled += usize::from(place.replace(item).is_none());
        }
        Ok(())
    }
}
