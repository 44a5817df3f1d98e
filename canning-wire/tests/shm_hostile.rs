//! Peers that send memory which could still change, descriptors of other things, and numbers that
//! are not true.

#![cfg(all(target_os = "linux", feature = "shm"))]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    env,
    fs::{self, File},
    io::{Read, Write},
    net::Shutdown,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use canning_core::{CannedObject, Value};
use canning_wire::{
    ErrorKind, Limits, Message, can,
    shm::{Arena, Handover, ShmError},
    socket::Options,
};
use rustix::{
    fs::{
        FallocateFlags, MemfdFlags, SealFlags, fallocate, fcntl_add_seals, ftruncate, memfd_create,
    },
    mm::{MapFlags, ProtFlags, mmap},
};
use support::{
    assemble::{Header, parcel},
    counting::{Counting, count},
    shm::{mapped, opened, send},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// Tests that count what the process has open take turns.
static ALONE: Mutex<()> = Mutex::new(());

/// Goes on after a test that failed.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const ALL: SealFlags =
    SealFlags::SEAL.union(SealFlags::SHRINK).union(SealFlags::GROW).union(SealFlags::WRITE);

/// The length of the honest memory, and of the array in it.
const LEN: usize = 8192;

/// A socket whose other end expects a message within `limits`, after the hello.
fn greeted(limits: Limits) -> (UnixStream, Handover) {
    let (mut here, there) = UnixStream::pair().unwrap();
    let options = Options { limits, ..Options::default() };
    let there = thread::spawn(move || Handover::over(there, &options).unwrap());
    let other = UnixStream::pair().unwrap();
    drop(other);
    let hello = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/hello.bin")).unwrap();
    here.write_all(&hello).unwrap();
    here.read_exact(&mut vec![0; hello.len()]).unwrap();
    (here, there.join().unwrap())
}

/// The bytes of an honest message: one array of `f64` that fills memory of `LEN` bytes.
fn honest() -> Vec<u8> {
    honest_times(1)
}

/// The bytes of a message of so many objects, each of which is the same array.
fn honest_times(objects: usize) -> Vec<u8> {
    let (here, mut there) = UnixStream::pair().unwrap();
    let arena = Arena::new(LEN).unwrap();
    let items = arena.zeroed::<f64>(LEN / 8).unwrap().finish();
    let items = arena.seal().unwrap().get(items).unwrap();
    let hello = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/hello.bin")).unwrap();
    there.write_all(&hello).unwrap();
    let mut here = Handover::over(here, &Options::default()).unwrap();
    let mut message = Message::new();
    (0..objects).for_each(|_| message.push(can(&items).unwrap()));
    here.write_message(&message).unwrap();
    drop(here);
    let mut bytes = Vec::new();
    there.read_to_end(&mut bytes).unwrap();
    bytes.split_off(hello.len())
}

fn memory(seals: SealFlags) -> OwnedFd {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let fd = memfd_create("hostile", flags).unwrap();
    ftruncate(&fd, LEN as u64).unwrap();
    fallocate(&fd, FallocateFlags::empty(), 0, LEN as u64).unwrap();
    fcntl_add_seals(&fd, seals).unwrap();
    fd
}

/// What the receiver says to bytes with descriptors; that it keeps none of them open, nor mapped.
fn refused_within(limits: Limits, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> String {
    let (socket, mut connection) = greeted(limits);
    let before = opened();
    send(&socket, bytes, fds);
    let error = connection.read_message().unwrap_err();
    assert_eq!((opened(), mapped()), (before, 0), "{error}");
    assert!(connection.read_message().is_err(), "nothing can follow {error}");
    match error.kind() {
        ErrorKind::SharedMemory(error) => format!("{error:?}"),
        _ => error.to_string(),
    }
}

fn refused(bytes: &[u8], fds: &[BorrowedFd<'_>]) -> String {
    refused_within(Limits::default(), bytes, fds)
}

fn with(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// Where the place of the only buffer is: behind the first bytes, and the length of the header.
const PLACE: usize = 48;

/// They stand in `docs/wire-format.md`.
#[test]
fn bytes_are_those_of_the_document() {
    let _alone = alone();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/wire-format.md");
    let document = fs::read_to_string(document).unwrap();
    let (_, example) = document.split_once("## The parcel").unwrap();
    let (_, example) = example.split_once("whose memory is the descriptor:").unwrap();
    let example = example.split("```").nth(1).unwrap().lines().skip(1);
    // The bytes, and what they mean.
    let hex = example.filter_map(|line| line.split(';').next());
    let hex: Vec<&str> = hex.flat_map(str::split_whitespace).collect();
    let written: Vec<_> = honest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, written);
}

#[test]
fn honest_bytes_are_accepted() {
    let _alone = alone();
    let (socket, mut connection) = greeted(Limits::default());
    send(&socket, &honest(), &[memory(ALL).as_fd()]);
    let [object] = connection.read_message().unwrap().unwrap().into_array().unwrap();
    assert_eq!(object.get::<&[f64], _>().unwrap(), [0.0; LEN / 8]);
    assert!(object.get::<Value, _>().is_ok());
}

#[test]
fn memory_that_could_change_is_refused() {
    let _alone = alone();
    let honest = honest();
    for missing in [SealFlags::SEAL, SealFlags::SHRINK, SealFlags::GROW, SealFlags::WRITE] {
        // Without `SEAL` more seals can come, but none can be taken away: it is refused all the
        // same.
        let fd = memory(ALL.difference(missing));
        let said = refused(&honest, &[fd.as_fd()]);
        assert_eq!(said, format!("NotSealed {{ missing: {} }}", missing.bits()));
    }
    // The peer may still write through the map that it has.
    let future = ALL.difference(SealFlags::WRITE) | SealFlags::FUTURE_WRITE;
    assert_eq!(refused(&honest, &[memory(future).as_fd()]), "NotSealed { missing: 8 }");
    assert_eq!(
        refused(&honest, &[memory(SealFlags::empty()).as_fd()]),
        "NotSealed { missing: 15 }"
    );
}

#[test]
fn the_system_refuses_to_seal_what_is_mapped_and_to_change_what_is_sealed() {
    let _alone = alone();
    let fd = memory(SealFlags::empty());
    let access = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new mapping at a free place, which nothing refers to.
    let map = unsafe { mmap(std::ptr::null_mut(), LEN, access, MapFlags::SHARED, &fd, 0) }.unwrap();
    assert!(fcntl_add_seals(&fd, ALL).is_err(), "somebody could write");
    // SAFETY: nothing refers to it.
    unsafe { rustix::mm::munmap(map, LEN) }.unwrap();

    let arena = Arena::new(LEN).unwrap();
    let items = arena.zeroed::<u64>(10).unwrap().finish();
    let sealed = arena.seal().unwrap();
    let fd = sealed.as_fd().try_clone_to_owned().unwrap();
    assert!(ftruncate(&fd, 0).is_err() && ftruncate(&fd, 1 << 20).is_err());
    let punch = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    assert!(fallocate(&fd, punch, 0, 4096).is_err());
    assert!(File::from(fd.try_clone().unwrap()).write(&[1]).is_err());
    // SAFETY: as above.
    let map = unsafe { mmap(std::ptr::null_mut(), LEN, access, MapFlags::SHARED, &fd, 0) };
    assert!(map.is_err());
    assert_eq!(*sealed.get(items).unwrap(), [0; 10]);
}

#[test]
fn descriptors_of_other_things_are_refused() {
    let _alone = alone();
    let honest = honest();
    let path = std::env::temp_dir().join(format!("canning-shm-{}", std::process::id()));
    fs::write(&path, [0; LEN]).unwrap();
    let file = File::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let said = refused(&honest, &[file.as_fd()]);
    assert!(said == "NotMemory" || said.starts_with("NotSealed"), "{said}"); // on a tmpfs
    let (socket, _other) = UnixStream::pair().unwrap();
    assert_eq!(refused(&honest, &[socket.as_fd()]), "NotMemory");
    let (pipe, _writer) = std::io::pipe().unwrap();
    assert_eq!(refused(&honest, &[pipe.as_fd()]), "NotMemory");
    let directory = File::open("/").unwrap();
    assert_eq!(refused(&honest, &[directory.as_fd()]), "NotMemory");
}

#[test]
fn fewer_and_more_descriptors_than_announced_are_refused() {
    let _alone = alone();
    let (honest, fd) = (honest(), memory(ALL));
    assert_eq!(refused(&honest, &[]), "Descriptors { expected: 1, found: 0 }");
    assert_eq!(refused(&honest, &[fd.as_fd(); 2]), "Descriptors { expected: 1, found: 2 }");
    let (socket, _other) = UnixStream::pair().unwrap();
    let said = refused(&honest, &[fd.as_fd(), socket.as_fd()]);
    assert_eq!(said, "Descriptors { expected: 1, found: 2 }", "before it is asked what they are");
    assert_eq!(refused(&honest, &[fd.as_fd(); 253]), "Descriptors { expected: 1, found: 253 }");
    let announces_two = with(&honest, 5, &[2]);
    assert_eq!(refused(&announces_two, &[fd.as_fd()]), "Descriptors { expected: 2, found: 1 }");
    // As many as announced, but one is of no use.
    assert_eq!(refused(&announces_two, &[fd.as_fd(); 2]), "Descriptors { expected: 1, found: 2 }");
    // Announced are none, but the buffer is said to be in the first.
    let said = refused(&with(&honest, 5, &[0]), &[]);
    assert_eq!(said, "Descriptors { expected: 0, found: 0 }");
}

#[test]
fn descriptors_that_come_late_are_refused() {
    let _alone = alone();
    let (honest, fd) = (honest(), memory(ALL));
    for cut in [1, 39, 40, 48, honest.len() - 1] {
        let (socket, mut connection) = greeted(Limits::default());
        let before = opened();
        let (first, rest) = honest.split_at(cut);
        send(&socket, first, &[fd.as_fd()]);
        send(&socket, rest, &[fd.as_fd(); 253]);
        let error = connection.read_message().unwrap_err();
        assert!(error.to_string().ends_with("expected 0 descriptors, found 253"), "{cut}: {error}");
        assert_eq!(opened(), before, "{cut}");
    }
}

/// In a process of its own, which may open fewer descriptors than come: the system cuts them off.
#[test]
fn nothing_follows_descriptors_that_were_cut_off() {
    const CHILD: &str = "CANNING_SHM_FEW_DESCRIPTORS";
    if env::var_os(CHILD).is_none() {
        let _alone = alone();
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -n 32 && exec \"$0\" --exact \"$1\""]);
        command.arg(env::current_exe().unwrap());
        let output = command.arg("nothing_follows_descriptors_that_were_cut_off").env(CHILD, "");
        let output = output.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let (socket, mut connection) = greeted(Limits::default());
    let before = opened();
    send(&socket, b"x", &[memory(ALL).as_fd(); 253]);
    // A message without objects, which could be taken for what follows.
    let mut empty = honest()[..40].to_vec();
    empty[5] = 0;
    empty[16..].fill(0);
    send(&socket, &empty, &[]);
    let error = connection.read_message().unwrap_err();
    assert!(error.to_string().contains("expected 253 descriptors"), "{error}");
    assert_eq!(opened(), before, "{error}");
    assert!(connection.read_message().is_err(), "nothing can follow {error}");
    // It could be read where it stands.
    let (socket, mut connection) = greeted(Limits::default());
    send(&socket, &empty, &[]);
    assert!(connection.read_message().unwrap().unwrap().objects().is_empty());
}

#[test]
fn places_outside_the_memory_are_refused() {
    let _alone = alone();
    let (honest, fd) = (honest(), memory(ALL));
    assert_eq!(honest[PLACE..PLACE + 16], [0; 16], "the test knows where the place is");
    for offset in [8, LEN as u64, 1 << 40, u64::MAX - 7, u64::MAX, 4] {
        let said = refused(&with(&honest, PLACE + 8, &offset.to_le_bytes()), &[fd.as_fd()]);
        let expected = format!("Range {{ offset: {offset}, len: {LEN}, memory: {LEN}, align: 8 }}");
        assert_eq!(said, expected);
    }
    let said = refused(&with(&honest, PLACE, &[1]), &[fd.as_fd()]);
    assert_eq!(said, "Descriptors { expected: 1, found: 1 }");
    let said = refused(&with(&honest, PLACE + 4, &[1]), &[fd.as_fd()]);
    assert_eq!(said, "malformed frame: reserved bytes are not zero");
    // An array that is no longer than what it lies in, but not aligned.
    let longer = memory(SealFlags::empty());
    ftruncate(&longer, 2 * LEN as u64).unwrap();
    fallocate(&longer, FallocateFlags::empty(), 0, 2 * LEN as u64).unwrap();
    fcntl_add_seals(&longer, ALL).unwrap();
    let said = refused(&with(&honest, PLACE + 8, &4_u64.to_le_bytes()), &[longer.as_fd()]);
    assert_eq!(said, format!("Range {{ offset: 4, len: {LEN}, memory: {}, align: 8 }}", 2 * LEN));
}

#[test]
fn announced_sizes_are_not_believed() {
    let _alone = alone();
    let (honest, fd) = (honest(), memory(ALL));
    for at in [16, 24, 32] {
        let said = refused(&with(&honest, at, &u64::MAX.to_le_bytes()), &[fd.as_fd()]);
        assert!(said.contains("above the limit"), "{at}: {said}");
    }
    let said = refused(&with(&honest, 40, &u64::MAX.to_le_bytes()), &[fd.as_fd()]);
    assert!(said.contains("above the limit"), "{said}");
    let said = refused(&with(&honest, 40, &(1_u64 << 20).to_le_bytes()), &[fd.as_fd()]);
    assert_eq!(said, "malformed frame: shorter than its objects");
    // Memory of a tebibyte, of which no page is there: reading it would have to find them.
    let holes = memory(SealFlags::empty());
    ftruncate(&holes, 1 << 40).unwrap();
    fcntl_add_seals(&holes, ALL).unwrap();
    let said = refused(&honest, &[holes.as_fd()]);
    assert_eq!(said, format!("Holes {{ len: {}, present: {LEN} }}", 1_u64 << 40));
    let empty = memfd_create("hostile", MemfdFlags::ALLOW_SEALING).unwrap();
    fcntl_add_seals(&empty, ALL).unwrap();
    assert_eq!(refused(&honest, &[empty.as_fd()]), "Holes { len: 0, present: 0 }");
    // Memory is limited as a message is.
    let limits = Limits { message_bytes: LEN as u64 - 1, ..Limits::default() };
    let said = refused_within(limits, &honest, &[fd.as_fd()]);
    assert!(said.contains("above the limit"), "{said}");
}

/// All that is announced is within the limits, so that only what comes may count.
#[test]
fn parcels_that_announce_much_and_send_little() {
    let _alone = alone();
    let header = |len: &str| {
        let body = Header::of_body(&format!("83 04 00 {len}")).dtype_names(&["|u1"]);
        body.buffers(&format!("81 82 {len} 00")).build()
    };
    // Objects, buffers, what follows; and of that the start.
    let announced = |numbers: [u64; 3], start: &[u8]| {
        let numbers = numbers.map(u64::to_le_bytes);
        [with(&parcel(&[])[..40], 16, numbers.as_flattened()), start.to_vec()].concat()
    };
    let long_buffer = parcel(&[(header("1b0000007fffffff00"), vec![vec![]])]);
    let all = [
        ("a header of 200 MiB", announced([1, 0, 1 << 39], &(200_u64 << 20).to_le_bytes())),
        ("a buffer of 2^39 bytes", announced([1, 1, 1 << 40], &long_buffer[40..])),
        ("lengths of 2^16 headers", announced([1 << 16, 0, 1 << 39], &[])),
        ("places of 2^20 buffers", announced([16, 1 << 20, 1 << 39], &[0; 16 * 8])),
    ];
    for ((what, announced), believed) in all.iter().flat_map(|one| [(one, 0), (one, 64 << 10)]) {
        for sent in [0, 100, 400 << 10] {
            let limits = Limits { believed_bytes: believed as u64, ..Limits::default() };
            let (mut socket, mut connection) = greeted(limits);
            let bytes = [announced.as_slice(), &vec![7; sent]].concat();
            let len = bytes.len();
            let sender = thread::spawn(move || {
                socket.write_all(&bytes).unwrap();
                socket.shutdown(Shutdown::Write).unwrap();
                socket
            });
            let (error, cost) = count(|| connection.read_message().unwrap_err());
            drop(sender.join().unwrap());
            let is_all_read =
                matches!(error.kind(), ErrorKind::Truncated { read } if *read == len as u64);
            assert!(is_all_read, "{what}: {error}");
            // What is believed, or a page; and again while it grows.
            let bound = 4 * believed.max(4096) + 4 * len;
            assert!(cost.peak <= bound, "{what}, {believed} believed, {sent} sent: {cost:?}");
        }
    }
    // The same array, when all of it comes to who believes nothing.
    let limits = Limits { believed_bytes: 0, ..Limits::default() };
    let (mut socket, mut connection) = greeted(limits);
    socket.write_all(&parcel(&[(header("19 9c40"), vec![vec![7; 40_000]])])).unwrap();
    let [object] = connection.read_message().unwrap().unwrap().into_array().unwrap();
    assert_eq!(object.get::<&[u8], _>().unwrap(), [7; 40_000]);
}

/// A few bytes of memory would become very many, as each is received into an array of its own.
#[test]
fn memory_that_is_named_again_and_again_counts_each_time() {
    let _alone = alone();
    let (bytes, fd) = (honest_times(2), memory(ALL));
    let message_bytes = LEN as u64 * 3 / 2;
    let limits = Limits { message_bytes, ..Limits::default() };
    let said = refused_within(limits, &bytes, &[fd.as_fd()]);
    assert!(said.contains("length of the message"), "{said}");
    assert!(said.contains(&format!("above the limit of {message_bytes}")), "{said}");
    // Once is within it.
    let (socket, mut connection) = greeted(limits);
    send(&socket, &honest(), &[fd.as_fd()]);
    assert_eq!(connection.read_message().unwrap().unwrap().objects().len(), 1);
    // To the byte: headers count as well.
    let headers: u64 = 2 * u64::from_le_bytes(bytes[40..48].try_into().unwrap());
    let enough = Limits { message_bytes: 2 * LEN as u64 + headers, ..Limits::default() };
    let (socket, mut connection) = greeted(enough);
    send(&socket, &bytes, &[fd.as_fd()]);
    assert_eq!(connection.read_message().unwrap().unwrap().objects().len(), 2);
    let too_few = Limits { message_bytes: enough.message_bytes - 1, ..enough };
    let said = refused_within(too_few, &bytes, &[fd.as_fd()]);
    assert!(said.contains("length of the message"), "{said}");
}

#[test]
fn every_damaged_byte_and_every_truncation_is_survived() {
    let _alone = alone();
    let (honest, fd) = (honest(), memory(ALL));
    let mut accepted = 0;
    for at in 0..honest.len() {
        let (socket, mut connection) = greeted(Limits::default());
        let before = opened();
        send(&socket, &with(&honest, at, &[honest[at] ^ 0x41]), &[fd.as_fd()]);
        socket.shutdown(Shutdown::Write).unwrap();
        if let Ok(Some(message)) = connection.read_message() {
            accepted += 1;
            assert_eq!((opened(), mapped()), (before + 1, 1), "{at}: what is looked for is seen");
            let objects = message.objects().iter();
            let _values: Vec<_> = objects.map(|object| object.get::<Value, _>()).collect();
        }
        assert_eq!((opened(), mapped()), (before, 0), "byte {at} was damaged");
        drop((socket, connection));

        let (socket, mut connection) = greeted(Limits::default());
        let before = opened();
        if at > 0 {
            send(&socket, &honest[..at], &[fd.as_fd()]);
        }
        socket.shutdown(Shutdown::Write).unwrap();
        let found = connection.read_message();
        assert!(matches!(found, Ok(None)) == (at == 0), "{at}");
        drop(found);
        assert_eq!((opened(), mapped()), (before, 0), "cut at byte {at}");
    }
    assert!(accepted > 0, "no byte is one that may change");
}

#[test]
fn invalid_bits_are_refused_on_stable_memory() {
    let _alone = alone();
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
    let mut here = Handover::over(here, &Options::default()).unwrap();
    let mut there = there.join().unwrap();
    let arena = Arena::new(4096).unwrap();
    let bytes = arena.copied(&[2_u8; 4096]).unwrap().finish();
    let bytes = arena.seal().unwrap().get(bytes).unwrap();
    // Says `|u1`, and is changed to say `|b1`: one byte of the header.
    let (header, buffers) = can(&bytes).unwrap().into_parts();
    let mut header = header.to_allocation(16).unwrap();
    let text = header.as_mut_slice();
    let at = text.windows(3).position(|dtype| dtype == b"|u1").unwrap();
    text[at + 1] = b'b';
    let object = canning_wire::Object::restore(header.into(), buffers).unwrap();
    assert_eq!(here.write_message(&object.into()).unwrap().shared, 4096);
    let [object] = there.read_message().unwrap().unwrap().into_array().unwrap();
    assert!(object.get::<&[bool], _>().is_err());
    assert!(object.get::<Vec<bool>, _>().is_err());
}

#[test]
fn pool_and_message_are_not_taken_for_each_other() {
    let _alone = alone();
    let (honest, fd) = (honest(), memory(ALL));
    assert_eq!(refused(&with(&honest, 6, &[1]), &[fd.as_fd()]), "Unexpected { found: 1 }");
    let (socket, mut connection) = greeted(Limits::default());
    send(&socket, &honest, &[fd.as_fd()]);
    let error = connection.read_pool().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SharedMemory(ShmError::Unexpected { found: 0 })));
    // A pool that the peer could make shorter.
    let mut pool = honest[..40].to_vec();
    pool[6] = 1;
    pool[16..40].fill(0);
    let (socket, mut connection) = greeted(Limits::default());
    send(&socket, &pool, &[memory(SealFlags::GROW).as_fd()]);
    let error = connection.read_pool().unwrap_err();
    assert!(error.to_string().contains("seals 0x3 are missing"), "{error}");
}
