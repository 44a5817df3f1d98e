//! What earlier messages left to be used again.

use std::mem;

use canning_core::{Buffer, buffer::Pool};

use crate::{header::BufferEntry, message::Message, object::Object};

/// Memory and empty lists.
#[derive(Debug)]
pub(super) struct Spare<'p> {
    pub(super) pool: Pool,
    objects: Vec<Object<'p>>,
    lists: Vec<Lists<'p>>,
}

/// The empty lists of an object.
#[derive(Debug, Default)]
pub(super) struct Lists<'p> {
    pub(super) buffers: Vec<Buffer<'p>>,
    pub(super) entries: Vec<BufferEntry>,
}

impl<'p> Spare<'p> {
    /// Nothing, and a pool that keeps nothing.
    pub(super) fn new() -> Self {
        Self { pool: Pool::new(0), objects: Vec::new(), lists: Vec::new() }
    }

    /// An empty list for the objects of a message.
    pub(super) fn objects(&mut self) -> Vec<Object<'p>> {
        mem::take(&mut self.objects)
    }

    /// Empty lists for an object.
    pub(super) fn lists(&mut self) -> Lists<'p> {
        self.lists.pop().unwrap_or_default()
    }

    /// Keeps the lists of a message, and puts the memory that nobody shares into the
    /// pool.
    pub(super) fn keep(&mut self, message: Message<'p>) {
        let mut objects = message.into_objects();
        for object in objects.drain(..) {
            let (header, mut buffers, mut entries) = object.into_spare();
            entries.clear();
            for buffer in buffers.drain(..).chain([header]) {
                if let Ok(allocation) = buffer.try_into_allocation() {
                    self.pool.put(allocation);
                }
            }
            if buffers.capacity() > 0 && self.lists.len() < MOST_LISTS {
                self.lists.push(Lists { buffers, entries });
            }
        }
        self.objects = objects;
    }
}

/// Lists that are kept.
const MOST_LISTS: usize = 1024;
