//! A long stream of like messages over a socket: memory stays as it is, and what is recycled is
//! received without allocating.

#![cfg(all(unix, feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    os::unix::net::UnixStream,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use canning_core::{Canned, CannedObject};
use canning_wire::{
    Message, can,
    socket::{Connection, Options},
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

/// Arrays alone, so that nothing but their memory is to be recycled.
#[derive(Debug, PartialEq, Canned)]
struct Arrays {
    positions: Vec<[f64; 3]>,
    masses: Vec<f32>,
    kinds: Vec<u16>,
}

impl Arrays {
    fn example() -> Self {
        let items = 0..700;
        Self {
            positions: items.clone().map(|item| [f64::from(item); 3]).collect(),
            masses: items.clone().map(|item| item as f32).collect(),
            kinds: items.map(|item| u16::try_from(item).unwrap()).collect(),
        }
    }
}

/// Sends so many messages from a thread, and gives what `receive` makes of the other end.
fn stream<T>(messages: usize, receive: impl FnOnce(Connection) -> T) -> T {
    let (here, there) = UnixStream::pair().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            let arrays = Arrays::example();
            let message = Message::from(can(&arrays).unwrap());
            let mut connection = Connection::over(here, &Options::default()).unwrap();
            for _ in 0..messages {
                connection.write_message(&message).unwrap();
            }
            connection.finish().unwrap();
        });
        receive(Connection::over(there, &Options::default()).unwrap())
    })
}

/// Receives a message, and gives its memory back or drops it.
fn receive(connection: &mut Connection, recycles: bool) {
    let mut message = connection.read_message().unwrap().unwrap();
    let arrays: Arrays = message.objects_mut().first_mut().unwrap().take().unwrap();
    assert_eq!(arrays.kinds.last(), Some(&699));
    if recycles {
        connection.recycle(arrays);
        connection.recycle_message(message);
    }
}

#[test]
fn memory_stays_flat_over_100_000_messages() {
    let _alone = alone();
    const WINDOWS: usize = 10;
    const MESSAGES: usize = 10_000;
    for recycles in [false, true] {
        let windows = stream(WINDOWS * MESSAGES, |mut connection| {
            let windows = [(); WINDOWS].map(|()| {
                let window = || (0..MESSAGES).for_each(|_| receive(&mut connection, recycles));
                let ((), cost) = count(window);
                (cost, resident())
            });
            assert!(connection.read_message().unwrap().is_none());
            windows
        });
        // The first window grows what is kept.
        let (_, [first, rest @ ..]) = windows.split_first().unwrap() else { unreachable!() };
        for (cost, resident) in rest {
            assert_eq!(cost.allocations, first.0.allocations, "recycles: {recycles}");
            assert!(cost.peak < 100 << 10, "recycles: {recycles}, {cost:?}");
            let grown = resident.saturating_sub(first.1);
            assert!(grown < NOISE, "recycles: {recycles}, {grown} bytes more are in use");
        }
    }
}

#[test]
fn recycled_arrays_are_received_into_the_same_memory() {
    let _alone = alone();
    stream(10, |mut connection| {
        let mut addresses = Vec::new();
        for _ in 0..10 {
            let mut message = connection.read_message().unwrap().unwrap();
            let arrays: Arrays = message.objects_mut().first_mut().unwrap().take().unwrap();
            assert_eq!(arrays, Arrays::example());
            addresses.push([
                arrays.positions.as_ptr().addr(),
                arrays.masses.as_ptr().addr(),
                arrays.kinds.as_ptr().addr(),
            ]);
            connection.recycle(arrays);
            connection.recycle_message(message);
        }
        assert!(addresses.windows(2).all(|pair| pair.first() == pair.last()), "{addresses:x?}");
    });
}

/// What each message allocates after the first.
fn steady_cost(recycles: bool) -> Count {
    let _alone = alone();
    stream(12, |mut connection| {
        (0..2).for_each(|_| receive(&mut connection, recycles));
        let costs = [(); 10].map(|()| count(|| receive(&mut connection, recycles)).1);
        let (first, rest) = costs.split_first().unwrap();
        assert!(rest.iter().all(|cost| cost == first), "{costs:?}");
        *first
    })
}

#[test]
fn recycled_struct_of_arrays_allocates_nothing() {
    assert_eq!(steady_cost(true), Count::default());
}

#[test]
fn fresh_struct_of_arrays_allocates_its_arrays_and_little_else() {
    let fresh = steady_cost(false);
    let arrays = 700 * (24 + 4 + 2);
    assert!(fresh.bytes < arrays + 4096, "{fresh:?}");
    assert!(fresh.allocations <= 14, "{fresh:?}");
}
