//! Panics in a user's code: every value is dropped once, and what is left works.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test")]

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap, LinkedList, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};
#[cfg(target_os = "linux")]
use std::{os::unix::net::UnixStream, thread};

#[cfg(target_os = "linux")]
use canning_core::SharedSlice;
use canning_core::{
    Can, Canned, CannedObject, ErrorKind, Result, Uncan, UncanOwned,
    buffer::Pool,
    visitor::{Canner, Uncanner},
};
use canning_wire::{
    Limits, Message, MessageReader, MessageWriter, Object, can, can_arc, read_message,
    tokio as asynchronous, write_message,
};
#[cfg(target_os = "linux")]
use canning_wire::{
    shm::{Arena, Handover},
    socket::Options,
};

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
        Self::of(vec![0.5; 1000])
    }

    fn of(memory: Vec<f64>) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self { memory }
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
        assert!(memory.iter().all(|item| *item == 0.5));
        Ok(Self::of(memory))
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

/// Values of several fuses, with names and dtypes before and between them.
#[derive(Canned, Debug)]
struct Bunch {
    numbers: Vec<u16>,
    fused: Vec<Fused>,
    last: (Fused, String),
}

const BUNCH: usize = 3;

/// Small ones are canned into memory that is used again, and copied; long ones are views.
const LENS: [usize; 2] = [3, 1000];

fn bunch(len: usize) -> Bunch {
    let fused = || Fused::of(vec![0.5; len]);
    Bunch { numbers: vec![7; len], fused: vec![fused(), fused()], last: (fused(), "last".into()) }
}

/// Says whether `work` panics with such a fuse.
fn panics<T>(fuse: usize, work: impl FnOnce() -> T) -> bool {
    FUSE.set(fuse);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    FUSE.set(usize::MAX);
    outcome.is_err()
}

/// The bytes of what is written in the tests below, each message put together by itself.
fn stream(value: &Bunch, times: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut write = |object: Object<'_>| {
        write_message(&mut bytes, &object.into()).unwrap();
    };
    write(can("before").unwrap());
    (0..times).for_each(|_| write(can(value).unwrap()));
    write(can(&("after", [1.5_f32; 3])).unwrap());
    bytes
}

/// What writes one value after the other.
trait Writes {
    fn write<T: Can<V> + ?Sized, V>(&mut self, value: &T);
    fn bytes(self) -> Vec<u8>;
}

impl Writes for MessageWriter<Vec<u8>> {
    fn write<T: Can<V> + ?Sized, V>(&mut self, value: &T) {
        self.write_value(value).unwrap();
    }

    fn bytes(self) -> Vec<u8> {
        self.into_inner().unwrap()
    }
}

impl Writes for asynchronous::MessageWriter<Vec<u8>> {
    fn write<T: Can<V> + ?Sized, V>(&mut self, value: &T) {
        at_once(self.write_value(value)).unwrap();
    }

    fn bytes(mut self) -> Vec<u8> {
        at_once(self.flush()).unwrap();
        self.into_inner()
    }
}

/// What reads one value after the other.
trait Reads {
    fn read<T: UncanOwned<V>, V>(&mut self) -> Option<T>;
    fn recycle<T: UncanOwned<V>, V>(&mut self, value: T);
}

impl Reads for MessageReader<&[u8]> {
    fn read<T: UncanOwned<V>, V>(&mut self) -> Option<T> {
        self.read_value().unwrap()
    }

    fn recycle<T: UncanOwned<V>, V>(&mut self, value: T) {
        self.recycle(value);
    }
}

impl Reads for asynchronous::MessageReader<&[u8]> {
    fn read<T: UncanOwned<V>, V>(&mut self) -> Option<T> {
        at_once(self.read_value()).unwrap()
    }

    fn recycle<T: UncanOwned<V>, V>(&mut self, value: T) {
        self.recycle(value);
    }
}

/// Streams in memory are always ready.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn panics_while_it_is_written<W: Writes>(new: impl Fn() -> W) {
    for (len, fuse) in LENS.iter().flat_map(|len| (0..BUNCH).map(move |fuse| (*len, fuse))) {
        let value = bunch(len);
        for times in [0, 2] {
            let mut writer = new();
            writer.write("before");
            assert!(panics(fuse, || writer.write(&value)));
            (0..times).for_each(|_| writer.write(&value));
            assert!(panics(fuse, || writer.write(&value)));
            writer.write(&("after", [1.5_f32; 3]));
            assert!(writer.bytes() == stream(&value, times), "{len} items, fuse {fuse}");
        }
    }
}

#[test]
fn a_panic_while_a_value_is_written_leaves_the_messages_around_it() {
    panics_while_it_is_written(|| MessageWriter::new(Vec::new()));
    panics_while_it_is_written(|| MessageWriter::with_capacity(0, Vec::new()));
    panics_while_it_is_written(|| asynchronous::MessageWriter::new(Vec::new()));
    assert_eq!(LIVE.get(), 0);
}

fn panics_while_it_is_read<'b, R: Reads>(new: impl Fn(&'b [u8]) -> R, streams: &'b [Vec<u8>]) {
    for (bytes, len) in streams.iter().zip(LENS) {
        for fuse in 0..BUNCH {
            let mut reader = new(bytes);
            assert_eq!(reader.read::<String, _>().unwrap(), "before");
            assert!(panics(fuse, || reader.read::<Bunch, _>()));
            assert_eq!(LIVE.get(), 0, "{len} items, fuse {fuse}");
            let value: Bunch = reader.read().unwrap();
            assert_eq!((value.numbers.as_slice(), &*value.last.1), (&*vec![7; len], "last"));
            assert_eq!([&value.fused[1], &value.last.0].map(|fused| fused.memory.len()), [len; 2]);
            // What it was received in is kept, until then.
            assert!(panics(fuse, || reader.recycle(value)));
            assert_eq!(LIVE.get(), 0, "{len} items, fuse {fuse}");
            let after: (String, Vec<f32>) = reader.read().unwrap();
            assert_eq!(after, ("after".into(), vec![1.5; 3]));
            assert!(reader.read::<String, _>().is_none());
        }
    }
}

#[test]
fn a_panic_while_a_value_is_read_leaves_the_messages_around_it() {
    let streams = LENS.map(|len| stream(&bunch(len), 2));
    let limits = Limits::default();
    panics_while_it_is_read(|bytes| MessageReader::new(bytes, limits), &streams);
    panics_while_it_is_read(|bytes| MessageReader::exact(bytes, limits), &streams);
    panics_while_it_is_read(|bytes| asynchronous::MessageReader::new(bytes, limits), &streams);
    panics_while_it_is_read(|bytes| asynchronous::MessageReader::exact(bytes, limits), &streams);
}

/// An array in shared memory, and values of several fuses on the socket.
#[cfg(target_os = "linux")]
#[derive(Canned, Debug)]
struct Shared {
    array: SharedSlice<f64>,
    bunch: Bunch,
}

#[test]
#[cfg(target_os = "linux")]
fn a_panic_leaves_the_messages_around_it_in_shared_memory() {
    let maps = || {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        maps.lines().filter(|line| line.contains("memfd:canning")).count()
    };
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
    let mut here = Handover::over(here, &Options::default()).unwrap();
    let mut there = there.join().unwrap();
    let arena = Arena::new(8000).unwrap();
    let array = arena.copied(&[1.5_f64; 1000]).unwrap().finish();
    let array = arena.seal().unwrap().get(array).unwrap();
    for (len, fuse) in LENS.iter().flat_map(|len| (0..BUNCH).map(move |fuse| (*len, fuse))) {
        let value = Shared { array: array.clone(), bunch: bunch(len) };
        assert!(panics(fuse, || here.write_message(&can(&value).unwrap().into())));
        for is_whole in [false, true] {
            here.write_message(&can(&value).unwrap().into()).unwrap();
            let [object] = there.read_message().unwrap().unwrap().into_array().unwrap();
            assert_eq!((LIVE.get(), maps()), (BUNCH as isize, 2));
            if is_whole {
                let received: Shared = object.get_object().unwrap();
                assert_eq!(received.array, value.array);
                assert_eq!(received.bunch.fused[1].memory, vec![0.5; len]);
            } else {
                assert!(panics(fuse, || object.get_object::<Shared, _>().unwrap()));
            }
            assert_eq!((LIVE.get(), maps()), (BUNCH as isize, 1), "{len} items, fuse {fuse}");
        }
    }
}

fn received_without_a_fuse<T: Can<V>, V>(value: &T) -> Object<'static> {
    let fuse = FUSE.replace(usize::MAX);
    let object = received(value);
    FUSE.set(fuse);
    object
}
