//! A hundred thousand messages in shared memory: what is mapped, open and allocated stays as it is.

#![cfg(all(target_os = "linux", feature = "shm"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    fs,
    os::unix::net::UnixStream,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use canning_core::{CannedObject, SharedSlice};
use canning_wire::{
    Limits, Message, can,
    shm::{Arena, Handover, SharedPool},
    socket::Options,
};
use support::{
    counting::{Count, Counting, count},
    resident::{NOISE, resident},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// What the process uses is everybody's.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pair() -> (Handover, Handover) {
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
    let here = Handover::over(here, &Options::default()).unwrap();
    (here, there.join().unwrap())
}

const WINDOWS: u64 = 10;
const MESSAGES: u64 = 10_000;

/// What each part of a task costs, and what the process has in use after it.
fn assert_flat(messages: u64, mut task: impl FnMut(u64)) {
    let mut window = |window: u64| {
        let numbers = window * messages..(window + 1) * messages;
        let ((), cost) = count(|| numbers.for_each(&mut task));
        (cost, [descriptors(), maps()], resident())
    };
    // The first grows what is kept.
    let (first, open, used) = window(0);
    for number in 1..WINDOWS {
        let (cost, now, resident) = window(number);
        let Count { allocations, peak, .. } = cost;
        assert_eq!(now, open, "descriptors and maps");
        assert_eq!(cost.kept(), 0, "{cost:?}");
        assert!(peak < 100 << 10, "{cost:?}");
        assert!(allocations <= first.allocations, "{first:?}, then {cost:?}");
        let grown = resident.saturating_sub(used);
        assert!(grown < NOISE, "{grown} bytes more are in use");
    }
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// How many pieces of our memory are mapped.
fn maps() -> usize {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("memfd:canning")).count()
}

/// Each in an arena of its own, which is sealed, handed over and received.
#[test]
fn memory_stays_flat_over_100_000_arenas() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    assert_flat(MESSAGES, |number| {
        let arena = Arena::new(4096).unwrap();
        let mut items = arena.zeroed::<u64>(500).unwrap();
        items.fill(number);
        let items = items.finish();
        let items = arena.seal().unwrap().get(items).unwrap();
        let handed = here.write_message(&can(&items).unwrap().into()).unwrap();
        assert_eq!((handed.shared, handed.sent), (4000, 0));
        let [object] = there.read_message().unwrap().unwrap().into_array().unwrap();
        let received: SharedSlice<u64> = object.get_object().unwrap();
        assert!(received.len() == 500 && received.iter().all(|item| *item == number));
    });
    assert_eq!(maps(), 0);
}

/// One arena that is handed over again and again, and passed back: two messages a round.
#[test]
fn memory_stays_flat_over_100_000_handovers_of_one_arena() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let arena = Arena::new(4096).unwrap();
    let items = arena.copied(&[7_u64; 500]).unwrap().finish();
    let items = arena.seal().unwrap().get(items).unwrap();
    assert_flat(MESSAGES / 2, |_number| {
        here.write_message(&can(&items).unwrap().into()).unwrap();
        let message = there.read_message().unwrap().unwrap();
        there.write_message(&message).unwrap();
        let [object] = here.read_message().unwrap().unwrap().into_array().unwrap();
        assert_eq!(object.get::<&[u64], _>().unwrap(), [7; 500]);
    });
    assert_eq!(maps(), 1);
}

/// One pool, in which each message overwrites the one before.
#[test]
fn memory_stays_flat_over_100_000_messages_in_a_pool() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let pool = SharedPool::new(1 << 16).unwrap();
    here.write_pool(&pool).unwrap();
    let theirs = there.read_pool().unwrap();
    let mut items = vec![0_u64; 200];
    assert_flat(MESSAGES, |number| {
        items.fill(number);
        let block = Message::from(can(&items).unwrap()).to_block().unwrap();
        pool.copy_in(64, block.as_slice()).unwrap();
        here.write_message(&can(&block.len()).unwrap().into()).unwrap();

        let [len] = there.read_message().unwrap().unwrap().into_array().unwrap();
        let block = theirs.copy_out(64, len.get::<usize, _>().unwrap()).unwrap();
        let message = Message::from_block(block, &Limits::default()).unwrap();
        let received: &[u64] = message.objects().first().unwrap().get().unwrap();
        assert!(received.len() == 200 && received.iter().all(|item| *item == number));
    });
    assert_eq!(maps(), 2);
}
