//! What earlier messages left to be used again.

use std::mem;

use canning_core::{Buffer, buffer::Pool};

use crate::{message::Message, object::Object};

/// Memory and empty lists.
#[derive(Debug, Default)]
pub(super) struct Spare<'p> {
    pub(super) pool: Option<Pool>,
    objects: Vec<Object<'p>>,
    buffers: Vec<Vec<Buffer<'p>>>,
}

impl<'p> Spare<'p> {
    /// The pool; makes one of at most so many bytes, if there is none.
    pub(super) fn pool(&mut self, bytes: u64) -> &Pool {
        let most = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.pool.get_or_insert_with(|| Pool::new(most))
    }

    /// An empty list for the objects of a message.
    pub(super) fn objects(&mut self) -> Vec<Object<'p>> {
        mem::take(&mut self.objects)
    }

    /// An empty list for the buffers of an object.
    pub(super) fn buffers(&mut self) -> Vec<Buffer<'p>> {
        self.buffers.pop().unwrap_or_default()
    }

    /// Keeps the lists of a message, and puts the memory that nobody shares into a pool.
    pub(super) fn keep(&mut self, message: Message<'p>, pool: &Pool) {
        let mut objects = message.into_objects();
        for object in objects.drain(..) {
            let (header, mut buffers) = object.into_parts();
            for buffer in buffers.drain(..).chain([header]) {
                if let Ok(allocation) = buffer.try_into_allocation() {
                    pool.put(allocation);
                }
            }
            if buffers.capacity() > 0 && self.buffers.len() < MOST_LISTS {
                self.buffers.push(buffers);
            }
        }
        self.objects = objects;
    }
}

/// Lists that are kept.
const MOST_LISTS: usize = 1024;
