//! Arrays handed over in shared memory: they keep their pages, and nothing stays behind.

#![cfg(all(target_os = "linux", feature = "shm"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    env, fs,
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{self, Command, Stdio},
    sync::{Barrier, Mutex, MutexGuard, PoisonError},
    thread,
};

use canning_core::{Canned, CannedObject, Element, SharedSlice};
use canning_wire::{
    Message, can,
    shm::{Arena, Handed, Handover, Sealed, SharedPool, ShmError},
    socket::Options,
};
use rustix::net::{RecvFlags, recv};
use support::{
    counting::{Counting, count},
    resident::{NOISE, resident},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// Tests that count what the process has open take turns with all others.
static ALONE: Mutex<()> = Mutex::new(());

/// Goes on after a test that failed.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Canned)]
struct Frame {
    step: u64,
    positions: SharedSlice<f64>,
    kinds: SharedSlice<u16>,
    notes: Vec<String>,
    elsewhere: Vec<f32>,
}

#[derive(Canned)]
#[canned(rename = "Frame")]
struct FrameView<'a> {
    positions: &'a [f64],
    kinds: &'a [u16],
}

fn frame(step: u64, items: usize) -> (Frame, Sealed) {
    let arena = Arena::new(items * 10 + 128).unwrap();
    let mut positions = arena.zeroed::<f64>(items).unwrap();
    let mut kinds = arena.zeroed::<u16>(items).unwrap();
    positions.fill(step as f64);
    kinds.fill(3);
    let (positions, kinds) = (positions.finish(), kinds.finish());
    let sealed = arena.seal().unwrap();
    let frame = Frame {
        step,
        positions: sealed.get(positions).unwrap(),
        kinds: sealed.get(kinds).unwrap(),
        notes: vec!["argon".into()],
        elsewhere: vec![0.5; 1000],
    };
    (frame, sealed)
}

fn pair() -> (Handover, Handover) {
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
    let here = Handover::over(here, &Options::default()).unwrap();
    (here, there.join().unwrap())
}

/// Lines of `/proc/self/maps` that map our memory.
fn map_lines() -> Vec<String> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("memfd:canning")).map(str::to_owned).collect()
}

/// Where our memory is mapped.
fn maps() -> Vec<(usize, usize)> {
    let range = |line: String| {
        let (start, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let address = |hex| usize::from_str_radix(hex, 16).unwrap();
        (address(start), address(end))
    };
    map_lines().into_iter().map(range).collect()
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn received_views_lie_in_mapped_memory_and_nothing_large_is_allocated() {
    let _alone = alone();
    const ITEMS: usize = 1 << 20;
    let (mut here, mut there) = pair();
    let (frame, sealed) = frame(7, ITEMS);
    let (handed, cost) = count(|| here.write_message(&can(&frame).unwrap().into()).unwrap());
    assert_eq!((handed.shared, handed.sent), (10 * ITEMS as u64, 4000));
    assert_eq!(cost.large, 0, "{cost:?}");
    let own = frame.positions.as_ptr().addr();
    drop((frame, sealed));
    assert!(maps().is_empty(), "the sender keeps nothing");

    let (message, cost) = count(|| there.read_message().unwrap().unwrap());
    assert_eq!(cost.large, 0, "{cost:?}");
    let [(start, end)] = maps().try_into().unwrap();
    let [object] = message.into_array().unwrap();
    let (view, cost) = count(|| object.get::<FrameView<'_>, _>().unwrap());
    assert_eq!((cost.large, object.copied().out_of_band), (0, 0));
    for slice in [view.positions.as_ptr_range().start.addr(), view.kinds.as_ptr_range().end.addr()]
    {
        assert!((start..=end).contains(&slice), "{own:x} {slice:x} {start:x} {end:x}");
    }
    assert!(view.positions.iter().all(|item| *item == 7.0));
    let (frame, cost) = count(|| object.get_object::<Frame, _>().unwrap());
    assert_eq!(cost.large, 0, "{cost:?}");
    assert_eq!((frame.step, frame.notes.len(), frame.elsewhere.len()), (7, 1, 1000));
    assert_eq!(frame.kinds.iter().map(|kind| u64::from(*kind)).sum::<u64>(), 3 * ITEMS as u64);
    drop(frame.kinds);
    assert_eq!(maps().len(), 1, "one array keeps the map");
    drop(frame.positions);
    assert!(maps().is_empty());
}

/// Before Linux 6.7 the system refuses a shared map of sealed memory. A private one that only reads
/// has the same pages: those that were written before they were sealed, here and at the other end.
#[test]
fn sealed_memory_is_mapped_privately_and_only_to_be_read() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let arena = Arena::new(1).unwrap();
    let [being_written] = map_lines().try_into().unwrap();
    assert!(being_written.contains(" rw-s "), "{being_written}");
    drop(arena);
    let (frame, _sealed) = frame(9, 1000);
    here.write_message(&can(&frame).unwrap().into()).unwrap();
    let message = there.read_message().unwrap().unwrap();
    let [own, received] = map_lines().try_into().unwrap();
    // Device and inode: it is the same file.
    let file = |line: &str| line.split_whitespace().nth(4).unwrap().to_owned();
    assert_eq!(file(&own), file(&received));
    for line in [own, received] {
        assert!(line.contains(" r--p "), "{line}");
    }
    let view: FrameView<'_> = message.objects()[0].get().unwrap();
    assert!(view.positions.iter().all(|item| *item == 9.0));
    // Whatever was read: no page was copied.
    let details = fs::read_to_string("/proc/self/smaps").unwrap();
    let ours = details.split("memfd:canning").skip(1);
    let mut anonymous = ours.map(|map| map.lines().find(|line| line.starts_with("Anonymous:")));
    assert!(anonymous.all(|line| line.unwrap().ends_with(" 0 kB")), "{details}");
}

#[test]
fn memory_stays_flat_and_no_descriptor_and_no_map_stays_over_10_000_handovers() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let mut hand_over = |step: u64| {
        let (frame, _sealed) = frame(step, 1000);
        here.write_message(&can(&frame).unwrap().into()).unwrap();
        let [object] = there.read_message().unwrap().unwrap().into_array().unwrap();
        assert_eq!(object.get::<FrameView<'_>, _>().unwrap().positions, &*frame.positions);
        assert_eq!(object.get_object::<Frame, _>().unwrap().step, step);
    };
    (0..1000).for_each(&mut hand_over);
    let before = (descriptors(), resident());
    let ((), cost) = count(|| (1000..11_000).for_each(hand_over));
    assert_eq!(descriptors(), before.0);
    assert!(maps().is_empty());
    assert!(cost.peak < 100 << 10, "{cost:?}");
    let grown = resident().saturating_sub(before.1);
    assert!(grown < NOISE, "{grown} bytes more are in use");
}

#[test]
fn received_memory_is_passed_on_as_it_lies() {
    let _alone = alone();
    let ((mut here, mut router), (mut onward, mut there)) = (pair(), pair());
    let (frame, _sealed) = frame(1, 5000);
    let mut message = Message::new();
    message.add(&frame).unwrap().add("between").unwrap().add(&frame).unwrap();
    let handed = here.write_message(&message).unwrap();
    assert_eq!((handed.shared, handed.sent), (100_000, 8000));
    let message = router.read_message().unwrap().unwrap();
    let passed = onward.write_message(&message).unwrap();
    assert_eq!((passed.shared, passed.sent), (100_000, 8000));
    let [first, second, third] = there.read_message().unwrap().unwrap().into_array().unwrap();
    assert_eq!(second.get::<&str, _>().unwrap(), "between");
    for object in [first, third] {
        assert_eq!(object.get_object::<Frame, _>().unwrap().positions, frame.positions);
    }
    drop(message);
    let empty = here.write_message(&Message::new()).unwrap();
    assert_eq!(empty, Handed { shared: 0, sent: 0, bytes: 40 });
    assert!(router.read_message().unwrap().unwrap().objects().is_empty());
    drop(here);
    assert!(router.read_message().unwrap().is_none());
}

#[test]
fn long_and_strided_buffers_go_over_the_socket() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let numbers: Vec<f64> = (0..300_000).map(f64::from).collect();
    let sender = thread::spawn(move || {
        let handed = here.write_message(&can(&numbers).unwrap().into()).unwrap();
        assert_eq!((handed.shared, handed.sent), (0, 2_400_000));
    });
    let [object] = there.read_message().unwrap().unwrap().into_array().unwrap();
    let received = object.get_object::<Vec<f64>, _>().unwrap();
    assert!(received.iter().zip(0..).all(|(item, index)| *item == f64::from(index)));
    sender.join().unwrap();
}

#[derive(Element, Clone, Copy, Debug, PartialEq)]
#[repr(C, packed)]
struct Packed {
    position: f64,
    kind: u8,
}

/// A receiver must refuse places that are no multiple of the alignment of the dtype.
#[test]
fn parts_that_do_not_lie_well_for_their_dtype_go_over_the_socket() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let items: Vec<_> = (0..200).map(|kind| Packed { position: f64::from(kind), kind }).collect();
    let arena = Arena::new(4096).unwrap();
    let slot = arena.copied(&items).unwrap().finish();
    let shared = arena.seal().unwrap().get(slot).unwrap();
    // Each item is nine bytes long; so the eighth lies well again.
    for (from, is_shared) in [(0, true), (1, false), (7, false), (8, true)] {
        let part = &shared[from..];
        let handed = here.write_message(&can(&part).unwrap().into()).unwrap();
        let len = size_of_val(part) as u64;
        let (shared, sent) = if is_shared { (len, 0) } else { (0, len) };
        assert_eq!((handed.shared, handed.sent), (shared, sent), "{from}");
        let [object] = there.read_message().unwrap().unwrap().into_array().unwrap();
        assert_eq!(object.get::<&[Packed], _>().unwrap(), &items[from..]);
    }
}

#[test]
fn arenas_give_out_what_fits_and_what_zeros_are() {
    let _alone = alone();
    use std::num::NonZeroU32;

    let kind = |error: canning_wire::Error| match error.kind() {
        canning_wire::ErrorKind::SharedMemory(error) => format!("{error:?}"),
        other => panic!("{other:?}"),
    };
    let arena = Arena::new(4096).unwrap();
    let flags = arena.zeroed::<bool>(3).unwrap();
    assert_eq!(*flags, [false; 3]);
    assert_eq!(kind(arena.zeroed::<NonZeroU32>(1).unwrap_err()), "NotZero");
    let ones = arena.copied(&[NonZeroU32::MIN; 2]).unwrap();
    assert_eq!(arena.left(), 4096 - 128);
    assert_eq!(
        kind(arena.zeroed::<u64>(497).unwrap_err()),
        "Full { needed: 3976, available: 3968 }"
    );
    assert!(arena.zeroed::<u64>(usize::MAX).is_err());
    assert!(arena.zeroed::<u8>(0).unwrap().is_empty());
    let all = arena.zeroed::<u64>(496).unwrap().finish();
    assert_eq!(arena.left(), 0);
    let (flags, ones) = (flags.finish(), ones.finish());
    let sealed = arena.seal().unwrap();
    assert_eq!(*sealed.get(flags).unwrap(), [false; 3]);
    assert_eq!(*sealed.get(ones).unwrap(), [NonZeroU32::MIN; 2]);
    assert_eq!(sealed.get(all).unwrap().len(), 496);
    let other = Arena::new(1).unwrap().seal().unwrap();
    assert_eq!(kind(other.get(all).unwrap_err()), "OtherArena");
    assert!(Arena::new(usize::MAX).is_err());
    assert!(matches!(
        Arena::new(1 << 60).unwrap_err().kind(),
        canning_wire::ErrorKind::SharedMemory(ShmError::System { .. })
    ));
}

/// A process that is forked would keep the memory from being sealed.
#[test]
fn arenas_stay_out_of_forks() {
    let _alone = alone();
    let arena = Arena::new(100).unwrap();
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let (_, map) = maps.split_once("memfd:canning").unwrap();
    let flags = map.lines().find_map(|line| line.strip_prefix("VmFlags:")).unwrap();
    assert!(flags.split_whitespace().any(|flag| flag == "dc"), "{flags}");
    drop(arena);
}

#[test]
fn pools_are_shared_copied_out_of_and_bounded() {
    let _alone = alone();
    let (mut here, mut there) = pair();
    let pool = SharedPool::new(1001).unwrap();
    assert_eq!(pool.len(), 1008);
    here.write_pool(&pool).unwrap();
    let theirs = there.read_pool().unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    for len in [0, 1, 7, 8, 9, 255] {
        pool.copy_in(0, &[0xff; 512]).unwrap();
        pool.copy_in(16, &bytes[..len]).unwrap();
        assert_eq!(theirs.copy_out(16, len).unwrap().as_slice(), &bytes[..len]);
        assert_eq!(theirs.copy_out(0, 16).unwrap().as_slice(), [0xff; 16]);
        assert_eq!(theirs.copy_out(0, 17 + len).unwrap().as_slice().last(), Some(&0xff));
    }
    assert_eq!(theirs.copy_out(1000, 8).unwrap().as_slice(), [0; 8]);
    assert!(theirs.copy_out(1008, 0).unwrap().is_empty());
    for (offset, len) in [(1001, 8), (1004, 4), (0, 1009), (usize::MAX, 2), (8, usize::MAX)] {
        assert!(theirs.copy_out(offset, len).is_err(), "{offset} {len}");
    }
    assert!(theirs.copy_in(1000, &[0; 9]).is_err() && theirs.copy_in(4, &[0]).is_err());
    for (offset, len) in [(1000, 9), (1009, 0), (usize::MAX, 2), (8, usize::MAX)] {
        // SAFETY: nobody writes while the view lives.
        assert!(unsafe { theirs.view(offset, len) }.is_err());
        // SAFETY: nobody else uses the pool.
        assert!(unsafe { theirs.view_mut(offset, len) }.is_err());
    }
    // SAFETY: nobody else uses the pool.
    let view = unsafe { theirs.view_mut(8, 3) }.unwrap();
    view.copy_from_slice(b"abc");
    assert_eq!(pool.copy_out(8, 3).unwrap().as_slice(), b"abc");
    // SAFETY: nobody writes while the view lives.
    assert_eq!(unsafe { pool.view(9, 2) }.unwrap(), b"bc");
    drop(pool);
    assert_eq!(theirs.copy_out(8, 3).unwrap().as_slice(), b"abc");
}

/// What is copied out while others copy in is torn between multiples of eight, and never within.
///
/// Each round begins together: ThreadSanitizer does not remember for long who wrote what.
#[test]
fn threads_copy_in_and_out_of_one_pool_at_once() {
    let _alone = alone();
    const LEN: usize = 8 * 8 + 3;
    let rounds = || (0..=u8::MAX).cycle().take(500);
    let pool = SharedPool::new(LEN).unwrap();
    let both_begin = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in rounds() {
                both_begin.wait();
                pool.copy_in(0, &[round; LEN]).unwrap();
            }
        });
        for _ in rounds() {
            both_begin.wait();
            let copy = pool.copy_out(0, LEN).unwrap();
            let mut words = copy.as_slice().chunks(8);
            assert!(words.all(|word| word.iter().all(|byte| *byte == word[0])));
        }
    });
    assert_eq!(pool.copy_out(0, LEN).unwrap().as_slice(), [rounds().last().unwrap(); LEN]);
}

#[test]
fn timeout_between_messages_is_survived() {
    let _alone = alone();
    let (here, there) = UnixStream::pair().unwrap();
    let timeout = Some(std::time::Duration::from_millis(20));
    let options = Options { read_timeout: timeout, ..Options::default() };
    let there = thread::spawn(move || Handover::over(there, &options).unwrap());
    let mut here = Handover::over(here, &Options::default()).unwrap();
    let mut there = there.join().unwrap();
    for _ in 0..2 {
        let error = std::io::Error::from(there.read_message().unwrap_err());
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    }
    here.write_message(&can("late").unwrap().into()).unwrap();
    let [late] = there.read_message().unwrap().unwrap().into_array().unwrap();
    assert_eq!(late.get::<&str, _>().unwrap(), "late");
}

#[test]
fn arrays_are_filled_by_several_threads_and_large_elements_are_checked() {
    let _alone = alone();
    let arena = Arena::new(1 << 20).unwrap();
    let mut slices: Vec<_> = (0..4).map(|_| arena.zeroed::<u64>(1000).unwrap()).collect();
    thread::scope(|scope| {
        let filling: Vec<_> = (0..)
            .zip(&mut slices)
            .map(|(number, slice)| scope.spawn(move || slice.fill(number)))
            .collect();
        // ThreadSanitizer does not see that a scope waits.
        filling.into_iter().for_each(|thread| thread.join().unwrap());
    });
    let flags = arena.zeroed::<[bool; 1000]>(2).unwrap().finish();
    assert!(arena.zeroed::<[std::num::NonZeroU8; 1000]>(1).is_err());
    let slots: Vec<_> = slices.into_iter().map(|slice| slice.finish()).collect();
    let sealed = arena.seal().unwrap();
    for (slot, number) in slots.into_iter().zip(0..) {
        assert_eq!(*sealed.get(slot).unwrap(), [number; 1000]);
    }
    assert_eq!(*sealed.get(flags).unwrap(), [[false; 1000]; 2]);
}

/// What a child process does, in this same program.
const ROLE: &str = "CANNING_SHM_ROLE";

/// Starts this test again as a child whose standard input is a socket.
fn child(test: &str, role: &str) -> (process::Child, UnixStream) {
    let (here, there) = UnixStream::pair().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(ROLE, role);
    let child = command.stdin(Stdio::from(OwnedFd::from(there))).stdout(Stdio::null()).spawn();
    (child.unwrap(), here)
}

fn parent_socket() -> UnixStream {
    use std::os::fd::AsFd;
    std::io::stdin().as_fd().try_clone_to_owned().unwrap().into()
}

#[test]
fn another_process_reads_the_same_pages() {
    if env::var_os(ROLE).is_some() {
        let mut connection = Handover::over(parent_socket(), &Options::default()).unwrap();
        while let Some(message) = connection.read_message().unwrap() {
            let [object] = message.into_array().unwrap();
            let view: FrameView<'_> = object.get().unwrap();
            let sum = view.positions.iter().sum::<f64>();
            assert_eq!(object.copied().out_of_band, 0);
            connection.write_message(&can(&sum).unwrap().into()).unwrap();
        }
        return;
    }
    let _alone = alone();
    let (mut child, socket) = child("another_process_reads_the_same_pages", "sum");
    let mut connection = Handover::over(socket, &Options::default()).unwrap();
    for step in 1..=20 {
        let (frame, _sealed) = frame(step, 100_000);
        let handed = connection.write_message(&can(&frame).unwrap().into()).unwrap();
        assert_eq!(handed.shared, 1_000_000);
        drop(frame);
        let [sum] = connection.read_message().unwrap().unwrap().into_array().unwrap();
        assert_eq!(sum.get::<f64, _>().unwrap(), step as f64 * 100_000.0);
    }
    drop(connection);
    assert!(child.wait().unwrap().success());
}

/// Kills a child that has arenas in use and has handed some over: what was handed over stays
/// readable here, and goes when it is dropped here; nothing has a name that could stay.
#[test]
fn killed_process_leaves_nothing_behind() {
    if env::var_os(ROLE).is_some() {
        let mut connection = Handover::over(parent_socket(), &Options::default()).unwrap();
        let open = Arena::new(8 << 20).unwrap();
        let _filling = open.zeroed::<u8>(1 << 20).unwrap();
        let (frame, _sealed) = frame(5, 1 << 20);
        connection.write_message(&can(&frame).unwrap().into()).unwrap();
        loop {
            thread::park();
        }
    }
    let _alone = alone();
    let before = descriptors();
    let (mut child, socket) = child("killed_process_leaves_nothing_behind", "die");
    let mut connection = Handover::over(socket, &Options::default()).unwrap();
    let message = connection.read_message().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let view: FrameView<'_> = message.objects()[0].get().unwrap();
    assert!(view.positions.iter().all(|item| *item == 5.0));
    assert!(connection.read_message().is_ok_and(|message| message.is_none()));
    drop((message, connection, child));
    assert!(maps().is_empty());
    assert_eq!(descriptors(), before);
}

/// A child that is killed between the first bytes and the rest.
#[test]
fn peer_killed_in_the_middle_is_an_error() {
    if env::var_os(ROLE).is_some() {
        let mut connection = Handover::over(parent_socket(), &Options::default()).unwrap();
        let (mut frame, _sealed) = frame(5, 1000);
        // More than the socket takes at once, so that writing it waits for ever.
        frame.elsewhere = vec![0.5; 8 << 20];
        connection.write_message(&can(&frame).unwrap().into()).unwrap();
        unreachable!("the parent does not read all of it");
    }
    let _alone = alone();
    let before = descriptors();
    let (mut child, socket) = child("peer_killed_in_the_middle_is_an_error", "die");
    let other = socket.try_clone().unwrap();
    let mut connection = Handover::over(socket, &Options::default()).unwrap();
    // Waits until the first byte is there, and leaves it there.
    recv(&other, &mut [0; 1], RecvFlags::PEEK).unwrap();
    drop(other);
    child.kill().unwrap();
    child.wait().unwrap();
    let error = connection.read_message().unwrap_err();
    let is_end = matches!(
        error.kind(),
        canning_wire::ErrorKind::Truncated { .. } | canning_wire::ErrorKind::Io(_)
    );
    assert!(is_end, "{error}");
    assert!(connection.read_message().is_err(), "nothing can follow");
    drop(connection);
    assert!(maps().is_empty());
    assert_eq!(descriptors(), before);
}

#[test]
#[cfg(feature = "integrity")]
fn checksums_are_not_asked_for_in_vain() {
    let _alone = alone();
    let (here, _there) = UnixStream::pair().unwrap();
    let frames = canning_wire::FrameOptions::new().with_integrity();
    let options = Options { frames, ..Options::default() };
    let error = Handover::over(here, &options).unwrap_err();
    assert_eq!(error.to_string(), "what is handed over has no checksums and is not compressed");
}
