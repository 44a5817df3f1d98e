//! Panics in a user's code: every value is dropped once, and what is left works.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap, LinkedList, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use canning_core::{
    Can, Canned, CannedObject, ErrorKind, Result, Uncan, UncanOwned,
    buffer::Pool,
    visitor::{Canner, Uncanner},
};
use canning_wire::{Limits, Message, Object, can, can_arc, read_message, write_message};

thread_local! {
    /// Values that were made, less those that were dropped.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// How many calls succeed until one panics.
    static FUSE: Cell<usize> = const { Cell::new(usize::MAX) };
}

fn burn() {
    let left = FUSE.get();
    FUSE.set(left.wrapping_sub(1));
    assert!(left > 0, "the fuse is burnt");
}

/// Counts itself, and panics in each of its methods when the fuse is burnt.
#[derive(Debug)]
struct Fused {
    memory: Vec<f64>,
}

impl Fused {
    fn new() -> Self {
        LIVE.set(LIVE.get() + 1);
        Self { memory: vec![0.5; 1000] }
    }
}

impl Drop for Fused {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

impl Can for Fused {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        burn();
        self.memory.can(canner)
    }
}

impl<'b> Uncan<'b> for Fused {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let memory = Vec::uncan(uncanner)?;
        burn();
        let mut this = Self::new();
        this.memory = memory;
        assert_eq!(this.memory, [0.5; 1000]);
        Ok(this)
    }

    fn recycle(&mut self, pool: &Pool) {
        burn();
        Uncan::recycle(&mut self.memory, pool);
    }
}

#[derive(Canned, Debug)]
struct Nested {
    one: Option<Fused>,
    list: Vec<Fused>,
    numbers: Vec<u32>,
    pair: (Fused, Box<Fused>),
    array: [Fused; 3],
    many: VecDeque<LinkedList<Fused>>,
    map: BTreeMap<String, Fused>,
    hashed: HashMap<u8, Fused>,
    boxed: Box<[Fused]>,
}

const FUSED: usize = 14;

fn nested() -> Nested {
    let two = || [Fused::new(), Fused::new()];
    Nested {
        one: Some(Fused::new()),
        list: two().into(),
        numbers: vec![7; 1000],
        pair: (Fused::new(), Box::new(Fused::new())),
        array: [Fused::new(), Fused::new(), Fused::new()],
        many: VecDeque::from([LinkedList::from(two())]),
        map: BTreeMap::from([("a".into(), Fused::new())]),
        hashed: HashMap::from([(1, Fused::new())]),
        boxed: Box::new(two()),
    }
}

fn received<T: Can<V>, V>(value: &T) -> Object<'static> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, &Message::from(can(value).unwrap())).unwrap();
    let message = read_message(&mut &*bytes, &Limits::default()).unwrap().unwrap();
    let [object] = message.into_array().unwrap();
    object
}

/// Runs `work` with fuses of every length, until it has no panic; gives how many panics there were.
fn with_every_fuse(mut work: impl FnMut()) -> usize {
    for fuse in 0..100 {
        FUSE.set(fuse);
        let live = LIVE.get();
        let outcome = catch_unwind(AssertUnwindSafe(&mut work));
        FUSE.set(usize::MAX);
        assert_eq!(LIVE.get(), live, "dropped once, each: fuse {fuse}");
        if outcome.is_ok() {
            return fuse;
        }
    }
    panic!("no fuse is long enough")
}

#[test]
fn a_panic_in_can_leaves_the_value_and_others() {
    let value = Arc::new(nested());
    let mut kept = Vec::new();
    let panics = with_every_fuse(|| kept.push(can_arc(&value).unwrap()));
    assert_eq!(panics, FUSED);
    assert_eq!(with_every_fuse(|| drop(can(&*value).unwrap())), FUSED);
    assert_eq!(
        Arc::strong_count(&value),
        1 + FUSED + 1, /* `numbers` */
        "each buffer of the one that was canned"
    );
    drop(value);
    let copy: Nested = kept.remove(0).get().unwrap();
    assert_eq!((copy.list.len(), copy.numbers), (2, vec![7; 1000]));
}

#[test]
fn a_panic_in_uncan_drops_what_was_made() {
    let object = received(&nested());
    assert_eq!(with_every_fuse(|| drop(object.get::<Nested, _>().unwrap())), FUSED);
    assert_eq!(LIVE.get(), 0);
}

#[test]
fn a_panic_while_memory_is_moved_out_frees_it_once() {
    let value = nested();
    let mut later = Vec::new();
    let panics = with_every_fuse(|| {
        let mut object = received_without_a_fuse(&value);
        let taken = catch_unwind(AssertUnwindSafe(|| object.take::<Nested, _>().map(drop)));
        // What is left of it is an object still, which says so; checked below, as a panic here
        // would be taken for that of a fuse.
        let fuse = FUSE.replace(usize::MAX);
        let got = object.get::<Nested, _>().map(drop);
        let taken_again = object.take::<Nested, _>().map(drop);
        later.extend([got, taken_again, object.into_blobs().map(drop)]);
        FUSE.set(fuse);
        if let Err(panic) = taken {
            std::panic::resume_unwind(panic);
        }
    });
    assert_eq!(panics, FUSED);
    assert_eq!(later.len(), 3 * (FUSED + 1));
    for (at, result) in later.into_iter().enumerate() {
        let error = result.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::BufferTaken { .. }), "{at}: {error}");
    }
}

#[test]
fn a_panic_while_memory_is_given_back_leaves_the_pool() {
    let object = received(&nested());
    let pool = Pool::new(1 << 20);
    let panics = with_every_fuse(|| {
        let fuse = FUSE.replace(usize::MAX);
        let value: Nested = object.get().unwrap();
        FUSE.set(fuse);
        pool.recycle(value);
    });
    assert_eq!(panics, FUSED);
    let held = pool.held_bytes();
    assert!(held >= 8000 * FUSED, "{held}");
    let lent = pool.allocate(8000, align_of::<f64>()).unwrap();
    assert_eq!(pool.held_bytes(), held - lent.capacity());
}

/// Panics when it is dropped, unless that would end the process.
struct Falls(#[expect(dead_code, reason = "it is dropped")] Fused);

impl Drop for Falls {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "dropped");
    }
}

impl<'b> Uncan<'b> for Falls {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        Fused::uncan(uncanner).map(Self)
    }
}

#[test]
fn a_panic_in_drop_drops_the_others() {
    let numbers = vec![vec![0.5; 1000]; 5];
    let text = (numbers.clone(), "no array");
    fn dropped<T: UncanOwned<V>, V>(object: &Object<'static>) {
        let fell = catch_unwind(AssertUnwindSafe(|| object.get::<T, _>().map(drop).is_ok()));
        assert!(fell.is_err());
        assert_eq!(LIVE.get(), 0);
    }
    dropped::<Vec<Falls>, _>(&received(&numbers));
    dropped::<[Falls; 5], _>(&received(&numbers));
    dropped::<[Falls; 4], _>(&received(&numbers));
    dropped::<(Vec<Falls>, u8), _>(&received(&text));
}

/// Receives another object of its kind, and gives memory back, while it is received.
struct Within(Vec<u32>);

thread_local! {
    static OUTER: Cell<Option<(Object<'static>, Pool)>> = const { Cell::new(None) };
}

impl<'b> Uncan<'b> for Within {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        if let Some((mut object, pool)) = OUTER.take() {
            let inner: Self = object.take().unwrap();
            assert_eq!(inner.0, [9; 1000]);
            pool.recycle(inner);
        }
        Vec::uncan(uncanner).map(Self)
    }

    fn recycle(&mut self, pool: &Pool) {
        let held = pool.held_bytes();
        pool.recycle(vec![1_u16; 500]);
        Uncan::recycle(&mut self.0, pool);
        assert!(pool.held_bytes() > held);
    }
}

#[test]
fn a_value_may_receive_and_recycle_others_meanwhile() {
    let pool = Pool::new(1 << 20);
    OUTER.set(Some((received(&vec![9_u32; 1000]), pool.clone())));
    let value: Within = received(&vec![5_u32; 1000]).get_object().unwrap();
    assert_eq!(value.0, [5; 1000]);
    pool.recycle(value);
    assert_eq!(pool.held_bytes(), 2 * (1000 + 4000));
}

fn received_without_a_fuse<T: Can<V>, V>(value: &T) -> Object<'static> {
    let fuse = FUSE.replace(usize::MAX);
    let object = received(value);
    FUSE.set(fuse);
    object
}
