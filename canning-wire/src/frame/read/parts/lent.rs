//! Buffers that are read into arrays which exist already.

use canning_core::Dtype;

use super::Parts;
use crate::{
    error::{Error, ErrorKind, Result},
    frame::{
        prelude::in_memory,
        read::{landing::Landing, place::Place},
    },
    message::Message,
};

impl<'p> Parts<'p> {
    /// The array for the next buffer. What follows one that did not fit was lent for another
    /// message.
    pub(super) fn next_place(&mut self) -> Option<Place<'p>> {
        if self.misfit.is_some() {
            return None;
        }
        self.places.pop_front()
    }

    /// Puts the next buffer where it was asked for; or elsewhere if it does not fit, as what follows
    /// it is only found once it is read.
    pub(super) fn want_in(&mut self, place: Place<'p>, len: u64, align: usize) -> Result<()> {
        let buffer = self.buffers.len();
        let fits = place.check(self.next_dtype()?, in_memory(len)?);
        if let Err(error) = fits {
            self.misfit = Some(Error::new(ErrorKind::Place { buffer, error }, self.objects.len()));
            return self.want(len, align);
        }
        self.land_in(Landing::lent(place.bytes));
        Ok(())
    }

    /// Refuses a whole message of which a buffer did not fit, and gives up all that was lent.
    pub(in crate::frame::read) fn check_places(
        &mut self,
        message: Message<'p>,
    ) -> Result<Message<'p>> {
        match self.misfit.take() {
            Some(error) => {
                self.places.clear();
                Err(error)
            }
            None => Ok(message),
        }
    }

    /// The dtype of the next buffer. The tables are read for the first of a header.
    fn next_dtype(&mut self) -> Result<&Dtype> {
        let Some((header, front)) = &self.header else {
            unreachable!("a buffer has a header");
        };
        let tables = match self.tables.take() {
            Some(tables) => tables,
            None => front.shared_tables(header)?,
        };
        Ok(front.buffer_dtype(self.tables.insert(tables), self.buffers.len())?)
    }
}
