//! What earlier messages left to be used again.

use std::mem;

use canning_core::{Buffer, buffer::Pool};

use crate::{header::BufferEntry, message::Message, object::Object};

/// Memory and empty lists.
#[derive(Debug)]
pub(super) struct Spare<'p> {
    pool: OwnPool,
    objects: Vec<Object<'p>>,
    lists: Vec<Lists<'p>>,
    /// The buffers that all lists together have room for.
    room: usize,
}

/// The empty lists of an object.
#[derive(Debug, Default)]
pub(super) struct Lists<'p> {
    pub(super) buffers: Vec<Buffer<'p>>,
    pub(super) entries: Vec<BufferEntry>,
}

impl Lists<'_> {
    fn room(&self) -> usize {
        self.buffers.capacity().max(self.entries.capacity())
    }
}

impl<'p> Spare<'p> {
    /// Nothing, and a pool that keeps nothing.
    pub(super) fn new() -> Self {
        let pool = OwnPool { pool: Pool::new(0), is_given: false };
        Self { pool, objects: Vec::new(), lists: Vec::new(), room: 0 }
    }

    /// Takes memory from a pool that others may share.
    pub(super) fn share(&mut self, pool: &Pool) {
        self.pool = OwnPool { pool: pool.clone(), is_given: true };
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool.pool
    }

    /// An empty list for the objects of a message.
    pub(super) fn objects(&mut self) -> Vec<Object<'p>> {
        mem::take(&mut self.objects)
    }

    /// Empty lists for an object.
    pub(super) fn lists(&mut self) -> Lists<'p> {
        let lists = self.lists.pop().unwrap_or_default();
        self.room -= lists.room();
        lists
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
                    self.pool().put(allocation);
                }
            }
            let lists = Lists { buffers, entries };
            let room = self.room + lists.room();
            let is_worth_it = lists.buffers.capacity() > 0 && room <= MOST_ROOM;
            if is_worth_it && self.lists.len() < MOST_LISTS && self.lists.try_reserve(1).is_ok() {
                self.room = room;
                self.lists.push(lists);
            }
        }
        if objects.capacity() <= MOST_ROOM {
            self.objects = objects;
        }
    }
}

/// A pool of one reader's own, unless it was given.
#[derive(Debug)]
struct OwnPool {
    pool: Pool,
    is_given: bool,
}

/// What is lent keeps the pool, however long it lives: but nothing more is to be read into it.
impl Drop for OwnPool {
    fn drop(&mut self) {
        if !self.is_given {
            self.pool.set_limit(0);
            self.pool.clear();
        }
    }
}

/// Lists that are kept.
const MOST_LISTS: usize = 1024;

/// What the lists that are kept may have room for, some 200 bytes each. A peer pays three bytes
/// for a buffer: lists are not kept because one message was full of them.
const MOST_ROOM: usize = 1 << 14;
