//! The sealed memory of this process, by address.
//!
//! It is how a message's buffers are recognised wherever they come from: canned from a struct that
//! holds them, received and passed on, or parts of either.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use super::sealed::Memory;

/// By the address of its start; with the address of its end.
type Live = BTreeMap<usize, (usize, Weak<Memory>)>;

static LIVE: Mutex<Live> = Mutex::new(Live::new());

/// From now on it is found.
pub(super) fn insert(memory: &Arc<Memory>) {
    let Range { start, end } = addresses(memory.as_slice());
    live().insert(start, (end, Arc::downgrade(memory)));
}

/// It is about to be unmapped.
pub(super) fn remove(memory: &Memory) {
    live().remove(&addresses(memory.as_slice()).start);
}

/// Finds the memory that bytes lie in, and their offset; `None` where they lie elsewhere, or there
/// are none.
pub(super) fn find(bytes: &[u8]) -> Option<(Arc<Memory>, usize)> {
    if bytes.is_empty() {
        return None; // they may be borrowed from nobody
    }
    let Range { start, end } = addresses(bytes);
    let live = live();
    let (memory_start, (memory_end, memory)) = live.range(..=start).next_back()?;
    if end > *memory_end {
        return None;
    }
    // It lives, as somebody borrows the bytes: this is not the last reference, whose drop would
    // need the lock.
    Some((memory.upgrade()?, start - memory_start))
}

fn addresses(bytes: &[u8]) -> Range<usize> {
    let Range { start, end } = bytes.as_ptr_range();
    start.addr()..end.addr()
}

/// Nothing panics while it is locked.
fn live() -> MutexGuard<'static, Live> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shm::Arena;

    #[test]
    fn bytes_are_found_in_their_memory_and_none_are_in_no_memory() {
        let sealed = Arena::new(4096).unwrap().seal().unwrap();
        let bytes = sealed.as_bytes();
        for start in [0, 1, 4095] {
            assert_eq!(find(&bytes[start..]).unwrap().1, start);
            assert!(find(&bytes[start..start]).is_none());
        }
        assert!(find(&bytes[4096..]).is_none() && find(&[1, 2]).is_none());
    }
}
