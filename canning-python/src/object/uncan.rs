//! Putting the value of an object together.

use std::mem;

use canning_core::{Buffer, CannedObject, Copied, Result, Uncan, UncanOwned};

use super::{
    Object,
    graph::Sources,
    reader::Reader,
    walk::{Buffers, Walker, nested_sources, shared_buffers},
};

impl CannedObject for Object<'_> {
    fn header(&self) -> &Buffer<'_> {
        &self.header
    }

    fn buffers(&self) -> &[Buffer<'_>] {
        &self.buffers
    }

    fn get<'b, T: Uncan<'b, V>, V>(&'b self) -> Result<T> {
        let (reader, buffers) = (self.reader()?, Buffers::View(&self.buffers));
        let mut walker = Walker::new(reader, self.header.as_shared(), buffers, self.limits);
        let value = T::uncan(&mut walker).map_err(|error| walker.explain(error))?;
        self.copied.add(walker.copied());
        Ok(value)
    }

    fn take<T: UncanOwned<V>, V>(&mut self) -> Result<T> {
        if self.buffers.is_empty() {
            return self.get();
        }
        self.check_whole()?;
        self.loaded()?;
        let Some(loaded) = self.loaded.get() else { return self.get() };
        let shared = shared_buffers(&loaded.graph);
        let nested = nested_sources(&loaded.graph, &self.buffers);
        let mut slots: Vec<_> = mem::take(&mut self.buffers).into_iter().map(Some).collect();
        let header = self.header.as_slice().unwrap_or_default();
        let sources = Sources { header, buffers: &nested };
        let (graph, lens, known) = (&loaded.graph, &self.lens, &self.known);
        let reader = Reader { graph, sources, lens, known };
        let take = Buffers::Take { slots: &mut slots, shared };
        let mut walker = Walker::new(reader, self.header.as_shared(), take, self.limits);
        let result = T::uncan(&mut walker).map_err(|error| walker.explain(error));
        let (copied, moved) = (walker.copied(), walker.moved());
        drop(walker);
        // Whatever came of it, what was not moved is still there.
        let left = slots.into_iter().map(|slot| slot.unwrap_or(Buffer::borrowed(&[])));
        self.buffers = left.collect();
        let value = result.map_err(|error| error.with_buffers_moved(moved))?;
        self.copied.add(copied);
        Ok(value)
    }

    fn copied(&self) -> Copied {
        self.copied.get()
    }
}
