//! Memory that is used again.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::shared::Shell;
use crate::{
    buffer::Allocation,
    error::Result,
    object::{Uncan, UncanOwned},
};

/// A bounded pool of allocations, for a steady stream of values of like shape: large memory is
/// neither allocated nor faulted in anew for each.
///
/// What it lends comes back when it is dropped, as when an object was only looked at. What
/// became a `Vec` or an array belongs to the value; [`recycle`](Self::recycle) takes it back
/// out of there. Cloning a pool shares it, between threads too.
///
/// # Examples
///
/// ```
/// use canning_core::buffer::Pool;
///
/// let pool = Pool::new(1 << 20);
/// let numbers = vec![1.0_f64; 1000];
/// let address = numbers.as_ptr();
/// pool.recycle(numbers);
/// assert_eq!(pool.held_bytes(), 8000);
///
/// let memory = pool.allocate(8000, align_of::<f64>())?;
/// assert_eq!(memory.as_slice().as_ptr(), address.cast());
/// drop(memory); // lent, and given back
/// assert_eq!(pool.held_bytes(), 8000);
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    limit: AtomicUsize,
    /// As in the shelves: a glance at it spares an empty pool the lock.
    held: AtomicUsize,
    shelves: Mutex<Shelves>,
}

#[derive(Default)]
struct Shelves {
    /// The capacities of all blocks together.
    held: usize,
    /// By alignment and capacity. Empty shelves stay for the next block of their size.
    blocks: BTreeMap<(usize, usize), Vec<Allocation>>,
    shells: Vec<Shell>,
}

impl Pool {
    /// A pool that keeps at most so many bytes, in blocks of 64 and more. To remember a block takes
    /// up to 80 bytes beside its own: blocks that short take more than twice the limit.
    pub fn new(limit: usize) -> Self {
        let (limit, held) = (AtomicUsize::new(limit), AtomicUsize::new(0));
        Self { inner: Arc::new(Inner { limit, held, shelves: Mutex::default() }) }
    }

    /// Sets the most bytes that it keeps, and frees what it holds beyond that.
    pub fn set_limit(&self, bytes: usize) {
        self.inner.limit.store(bytes, Ordering::Relaxed);
        self.with_shelves(|shelves| shelves.make_room(bytes));
    }

    /// Lends an allocation at a multiple of `align` with room for `capacity` bytes: one of the
    /// same alignment that holds them and is at most twice as large, or a new one.
    ///
    /// Its bytes are whatever they were, of another connection's value perhaps where the pool is
    /// shared; those of a new one are yet to [grow](Allocation::grow).
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`](crate::ErrorKind::OutOfMemory).
    ///
    /// # Panics
    ///
    /// When `align` is not a power of two.
    pub fn allocate(&self, capacity: usize, align: usize) -> Result<Allocation> {
        let mut found = None;
        if self.held_bytes() >= capacity.max(LEAST) {
            found = self.with_shelves(|shelves| shelves.take(capacity, align));
        }
        let mut allocation = match found {
            Some(allocation) => allocation,
            None => Allocation::with_capacity(capacity, align)?,
        };
        allocation.set_home(self.clone());
        Ok(allocation)
    }

    /// Takes the memory of a value's arrays back: of all that [`Uncan::recycle`] finds.
    pub fn recycle<T: UncanOwned<V>, V>(&self, mut value: T) {
        <T as Uncan<'_, V>>::recycle(&mut value, self);
    }

    /// Keeps an allocation; or drops it, where it is tiny or there is no room even without all
    /// others.
    pub fn put(&self, mut allocation: Allocation) {
        // Else it came back here when the shelves drop it.
        allocation.clear_home();
        let (capacity, limit) = (allocation.capacity(), self.inner.limit.load(Ordering::Relaxed));
        if (LEAST..=limit).contains(&capacity) {
            self.with_shelves(|shelves| shelves.put(allocation, limit));
        }
    }

    /// Bytes that it holds and could lend.
    pub fn held_bytes(&self) -> usize {
        self.inner.held.load(Ordering::Relaxed)
    }

    /// Frees all that it holds. What is lent still comes back.
    pub fn clear(&self) {
        self.with_shelves(|shelves| *shelves = Shelves::default());
    }

    pub(super) fn shell(&self) -> Option<Shell> {
        self.with_shelves(|shelves| shelves.shells.pop())
    }

    pub(super) fn put_shell(&self, shell: Shell) {
        self.with_shelves(|shelves| {
            let shells = &mut shelves.shells;
            if shells.len() < MOST_SHELLS && shells.try_reserve(1).is_ok() {
                shells.push(shell);
            }
        });
    }

    fn with_shelves<T>(&self, work: impl FnOnce(&mut Shelves) -> T) -> T {
        // Nothing that is done with the shelves can leave them half changed.
        let mut shelves = self.inner.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        let result = work(&mut shelves);
        self.inner.held.store(shelves.held, Ordering::Relaxed);
        result
    }
}

impl Shelves {
    fn take(&mut self, capacity: usize, align: usize) -> Option<Allocation> {
        let sizes = (align, capacity)..=(align, capacity.saturating_mul(2));
        let mut shelves = self.blocks.range_mut(sizes).take(MOST_LOOKS);
        let (shelf, allocation) = shelves.find_map(|(_, shelf)| {
            let allocation = shelf.pop()?;
            Some((shelf, allocation))
        })?;
        if shelf.is_empty() && shelf.capacity() > MOST_EMPTY {
            *shelf = Vec::new();
        }
        self.held -= allocation.capacity();
        Some(allocation)
    }

    /// Keeps an allocation that has no home, and is not above the limit.
    fn put(&mut self, allocation: Allocation, limit: usize) {
        let capacity = allocation.capacity();
        self.make_room(limit - capacity);
        let shelf = self.blocks.entry((allocation.align(), capacity)).or_default();
        if shelf.try_reserve(1).is_ok() {
            self.held += capacity;
            shelf.push(allocation);
        }
    }

    /// Frees blocks until at most `most` bytes are held; and all, where they have too many sizes.
    fn make_room(&mut self, most: usize) {
        if self.blocks.len() >= MOST_SHELVES {
            // Blocks of so many sizes are hardly ever asked for again.
            self.blocks.clear();
            self.held = 0;
        }
        while self.held > most
            && let Some(mut shelf) = self.blocks.first_entry()
        {
            match shelf.get_mut().pop() {
                Some(block) => self.held -= block.capacity(),
                None => drop(shelf.remove()),
            }
        }
    }
}

/// Where its parts lie says nothing, and there may be many.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("limit", &self.inner.limit)
            .field("held", &self.inner.held)
            .finish_non_exhaustive()
    }
}

/// Smaller blocks are not worth a search.
const LEAST: usize = 64;

/// Shelves that are looked at for one block: empty ones may be many, and everybody else waits.
const MOST_LOOKS: usize = 64;

/// Blocks that an empty shelf keeps room for.
const MOST_EMPTY: usize = 1024;

/// Different sizes that are remembered.
const MOST_SHELVES: usize = 4096;

/// Reference counts that are kept.
const MOST_SHELLS: usize = 1 << 12;

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;
    use crate::buffer::SharedBytes;

    fn block(bytes: usize) -> Allocation {
        Allocation::from_vec(vec![0_u8; bytes])
    }

    #[test]
    fn a_block_serves_for_half_its_size_and_the_same_alignment() {
        let pool = Pool::new(1 << 20);
        pool.put(block(1000));
        assert_eq!(pool.allocate(1001, 1).unwrap().capacity(), 1001);
        pool.clear();
        for (capacity, align, is_reused) in
            [(1001, 1, false), (499, 1, false), (1000, 2, false), (500, 1, true), (1000, 1, true)]
        {
            pool.clear();
            pool.put(block(1000));
            let lent = pool.allocate(capacity, align).unwrap();
            assert_eq!(lent.capacity() == 1000 && lent.align() == 1, is_reused, "{capacity}");
        }
    }

    #[test]
    fn the_smallest_block_that_fits_is_lent_and_comes_back() {
        let pool = Pool::new(1 << 20);
        pool.put(block(1500));
        pool.put(block(1200));
        let lent = pool.allocate(1000, 1).unwrap();
        assert_eq!((lent.capacity(), pool.held_bytes()), (1200, 1500));
        drop(lent);
        assert_eq!(pool.held_bytes(), 2700);
    }

    #[test]
    fn the_search_for_a_block_ends_after_some_empty_shelves() {
        let pool = Pool::new(1 << 20);
        for (empty, is_reused) in [(0, true), (MOST_LOOKS - 1, true), (MOST_LOOKS, false)] {
            pool.clear();
            (0..empty).for_each(|more| pool.put(block(1000 + more)));
            let lent: Vec<_> = (0..empty).map(|_| pool.allocate(1000, 1).unwrap()).collect();
            assert_eq!(pool.held_bytes(), 0);
            pool.put(block(2000));
            let found = pool.allocate(1000, 1).unwrap().capacity();
            assert_eq!(found == 2000, is_reused, "behind {empty} empty shelves");
            drop(lent);
        }
    }

    #[test]
    fn empty_shelves_keep_little_room() {
        let pool = Pool::new(1 << 20);
        let room = || pool.with_shelves(|shelves| shelves.blocks.values().map(Vec::capacity).sum());
        for (blocks, most) in [(MOST_EMPTY, MOST_EMPTY), (5 * MOST_EMPTY, 0)] {
            pool.clear();
            (0..blocks).for_each(|_| pool.put(block(LEAST)));
            let lent: Vec<_> = (0..blocks).map(|_| pool.allocate(LEAST, 1).unwrap()).collect();
            let room: usize = room();
            assert!(room <= most, "{room} after {blocks}");
            assert!(most == 0 || room > 0, "few stay for the next blocks");
            drop(lent);
        }
    }

    #[test]
    fn never_more_than_the_limit_is_held() {
        let pool = Pool::new(1000);
        for bytes in [400, 400, 400, 999, 1001, 10, 500] {
            pool.put(block(bytes));
            assert!(pool.held_bytes() <= 1000);
        }
        assert_eq!(pool.held_bytes(), 500, "the newest stays");
        let pool = Pool::new(1000);
        [400, 600].into_iter().for_each(|bytes| pool.put(block(bytes)));
        assert_eq!(pool.held_bytes(), 1000, "both fit");
        let pool = Pool::new(usize::MAX);
        (0..3 * MOST_SHELVES).for_each(|more| drop(pool.allocate(LEAST + more, 1).unwrap()));
        let lent: Vec<_> =
            (0..3 * MOST_SHELVES).map(|more| pool.allocate(LEAST + more, 1)).collect();
        drop(lent);
        pool.clear();
        assert_eq!(pool.held_bytes(), 0);
    }

    #[test]
    fn a_lower_limit_frees_at_once() {
        let pool = Pool::new(1000);
        pool.put(block(400));
        pool.put(block(500));
        pool.set_limit(899);
        assert_eq!(pool.held_bytes(), 500);
        pool.set_limit(0);
        assert_eq!(pool.held_bytes(), 0);
    }

    #[test]
    fn what_was_lent_and_put_does_not_come_back_when_it_is_freed() {
        let pool = Pool::new(1000);
        let (done, is_done) = mpsc::channel();
        // In a thread, as one that waits for itself never ends.
        thread::spawn(move || {
            pool.put(pool.allocate(100, 1).unwrap());
            assert_eq!(pool.held_bytes(), 100);
            pool.clear();
            done.send(pool.held_bytes()).unwrap();
        });
        assert_eq!(is_done.recv_timeout(Duration::from_secs(60)), Ok(0));
    }

    #[test]
    fn what_is_lent_and_too_small_or_large_to_keep_is_dropped() {
        let pool = Pool::new(1000);
        for capacity in [0, 1, LEAST - 1, 1001] {
            pool.put(pool.allocate(capacity, 1).unwrap());
            drop(pool.allocate(capacity, 1).unwrap());
            assert_eq!(pool.held_bytes(), 0);
        }
    }

    #[test]
    fn what_became_a_vec_does_not_come_back_by_itself() {
        let pool = Pool::new(1 << 20);
        let mut lent = pool.allocate(1001, 8).unwrap();
        lent.grow(800).unwrap();
        let numbers = lent.try_into_vec(crate::Elem::<f64>::of()).unwrap();
        assert_eq!((numbers.len(), numbers.capacity()), (100, 125));
        drop(numbers);
        assert_eq!(pool.held_bytes(), 0);
    }

    #[test]
    fn a_panic_elsewhere_does_not_spoil_it() {
        let pool = Pool::new(1 << 20);
        let shared = pool.clone();
        let panicked = thread::spawn(move || {
            shared.with_shelves(|_| panic!("while it is locked"));
        });
        assert!(panicked.join().is_err());
        pool.put(block(100));
        assert_eq!(pool.held_bytes(), 100);
    }

    #[test]
    fn debug_output_says_how_much_it_holds() {
        let pool = Pool::new(1000);
        pool.put(block(100));
        assert_eq!(format!("{pool:?}"), "Pool { limit: 1000, held: 100, .. }");
    }

    #[test]
    fn shells_are_kept_up_to_a_number() {
        let pool = Pool::new(1000);
        let share = |_| SharedBytes::from_allocation(pool.allocate(100, 1).unwrap());
        let shared: Vec<_> = (0..=MOST_SHELLS).map(share).collect();
        assert!(pool.shell().is_none());
        shared.into_iter().for_each(|bytes| drop(bytes.try_into_allocation().unwrap()));
        let kept: Vec<_> = std::iter::from_fn(|| pool.shell()).collect();
        assert_eq!(kept.len(), MOST_SHELLS);
    }
}
