//! What stands before the first blob.

use super::{Parts, State};
use crate::{
    checksum,
    error::Result,
    frame::{
        Part,
        prelude::{Prelude, SUM},
    },
};

impl Parts<'_> {
    pub(super) fn take_prelude(&mut self) -> Result<()> {
        let bytes = self.scratch.bytes().first_chunk();
        let bytes = bytes.unwrap_or_else(|| unreachable!("the prelude was wanted whole"));
        self.prelude = Prelude::parse(bytes, &self.limits)?;
        if self.prelude.has_sums {
            self.sum = checksum::of(bytes);
        }
        if self.objects.capacity() == 0 {
            self.objects = self.spare.objects();
        }
        // Where another table follows, the checksum stands behind that.
        let sum_len = if self.prelude.is_packed { 0 } else { self.prelude.sum_len() };
        self.want_small(State::Table, self.prelude.table_len() + sum_len)
    }

    pub(super) fn take_table(&mut self) -> Result<()> {
        if !self.prelude.is_packed {
            self.check_tables()?;
        } else if self.prelude.has_sums {
            self.sum = checksum::append(self.sum, self.scratch.bytes());
        }
        let len = usize::try_from(self.prelude.table_len()).unwrap_or(usize::MAX);
        let table = self.scratch.bytes().get(..len).unwrap_or_default();
        let lens = self.lengths.take_objects(table, &self.prelude, &self.limits)?;
        if self.prelude.is_packed {
            return self.want_small(State::Lengths, lens.saturating_add(self.prelude.sum_len()));
        }
        self.plan()
    }

    pub(super) fn take_lengths(&mut self) -> Result<()> {
        self.check_tables()?;
        let sum_len = if self.prelude.has_sums { SUM } else { 0 };
        let bytes = self.scratch.bytes();
        let lens = bytes.get(..bytes.len() - sum_len).unwrap_or_default();
        self.lengths.take_buffers(lens)?;
        self.plan()
    }

    /// Compares the checksum behind the tables, if there is one.
    fn check_tables(&self) -> Result<()> {
        match self.scratch.bytes().split_last_chunk::<SUM>() {
            Some((bytes, sum)) if self.prelude.has_sums => {
                Part::Table.check(checksum::append(self.sum, bytes), sum)
            }
            _ => Ok(()),
        }
    }
}
