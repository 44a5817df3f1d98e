//! Inputs to start from: golden files of the other crates, what a writer makes, and bytes without a
//! meaning where these choose.

use std::{
    fs,
    path::{Path, PathBuf},
};

use canning_core::Value;
use canning_wire::{CanOptions, can, write_message};

use crate::{input::joined, reading::parts, targets::greeting};

/// Bytes without a meaning, of several lengths, for targets that make choices of theirs.
pub(crate) fn random() -> Vec<Vec<u8>> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut byte = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..64_u8)
        .map(|number| {
            let len = 8 << (number % 7);
            [vec![number], (0..len).map(|_| byte()).collect()].concat()
        })
        .collect()
}

/// Headers, blocks and blobs: the golden ones, and some that are made and edited.
pub(crate) fn messages() -> Vec<Vec<u8>> {
    let vectors = vectors().into_iter().filter(|(name, _)| !name.contains("hello"));
    let vectors = vectors.map(|(name, bytes)| with(&[name.contains("frame_").into()], &bytes));
    let blobs = objects().into_iter().map(|blobs| with(&[2], &joined(&blobs)));
    let random = random().into_iter().flat_map(|bytes| [with(&[3], &bytes), with(&[4], &bytes)]);
    vectors.chain(blobs).chain(random).collect()
}

/// Frames, each in several sorts of pieces.
pub(crate) fn streams() -> Vec<Vec<u8>> {
    let vectors = vectors().into_iter().filter(|(name, _)| name.contains("frame_"));
    let mut frames: Vec<_> = vectors.map(|(_, bytes)| bytes).collect();
    let mut stream = Vec::new();
    for value in [vec![1.5; 4], vec![0.5; 200]] {
        write_message(&mut stream, &CanOptions::new().can(&value).unwrap().into()).unwrap();
        write_message(&mut stream, &can(&"text").unwrap().into()).unwrap();
    }
    frames.push(stream);
    let plans: [&[u8]; 5] = [
        &[0b0000_0000],
        &[0b0100_0001, 1, 1, 1, 1],
        &[0b0100_0110, 7, 0, 64, 3],
        &[0b1000_0011, 40, 0, 0, 0, 0, 0, 1, 9],
        &[0b0110_0101, 100, 100, 100, 100, 9, 32],
    ];
    let read = frames.iter().flat_map(|frame| plans.map(|plan| with(plan, frame)));
    // Of long arrays, too, and of one, two and three chunks, the last of them stored.
    let made = random().into_iter().map(|bytes| with(&[0b0000_1000], &bytes));
    let chunks = [[7, 7, 4], [8, 3, 0], [8, 7, 3]];
    let chunks = chunks.map(|array| with(&[0b0100_1001, 99, 99, 99, 99, 0, 0, 3, 0], &array));
    read.chain(made).chain(chunks).collect()
}

/// Hellos, at once and in pieces.
pub(crate) fn hellos() -> Vec<Vec<u8>> {
    let vectors = vectors().into_iter().filter(|(name, _)| name.contains("hello"));
    vectors.flat_map(|(_, bytes)| [with(&[0, 3, 15], &bytes), with(&[2, 3, 4], &bytes)]).collect()
}

/// Files that a writer made, and files that are made and damaged.
#[cfg(feature = "file")]
pub(crate) fn files() -> Vec<Vec<u8>> {
    use canning_wire::file::Writer;

    let path = std::env::temp_dir().join(format!("canning-seed-{}.can", std::process::id()));
    fs::remove_file(&path).ok();
    let mut writer = Writer::create(&path).unwrap();
    writer.write_named("one", &can(&vec![1_u16; 3]).unwrap().into()).unwrap();
    writer.finish().unwrap();
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    // With and without checksums, and of frames of all options.
    let random = random().into_iter().zip(0..);
    let random = random
        .flat_map(|(bytes, number)| [1, 2].map(|kind| with(&[kind | ((number % 4) << 2)], &bytes)));
    let raw = [with(&[0], &whole), with(&[0], &whole[..whole.len() - 5]), vec![0]];
    raw.into_iter().chain(random).collect()
}

/// Pickles of every protocol, with their buffers; and programs of opcodes.
pub(crate) fn pickles() -> Vec<Vec<u8>> {
    let cases = cases(|family| family.starts_with("pickle"));
    let cases = cases.iter().map(|blobs| with(&[0], &joined(blobs)));
    let programs = random().into_iter().map(|bytes| with(&[2], &bytes));
    cases.chain(programs).collect()
}

/// Objects and apply messages of ipyparallel.
pub(crate) fn ipyparallel_messages() -> Vec<Vec<u8>> {
    let objects = cases(|family| family.starts_with("ipp-p"));
    let applied = cases(|family| family.starts_with("ipp-apply"));
    let objects = objects.iter().map(|blobs| with(&[0], &joined(blobs)));
    objects.chain(applied.iter().map(|blobs| with(&[1], &joined(blobs)))).collect()
}

/// What a process sends whose arrays are in shared memory, with and without that.
#[cfg(all(feature = "shm", target_os = "linux"))]
pub(crate) fn parcels() -> Vec<Vec<u8>> {
    use canning_wire::{
        Message,
        shm::{Arena, SharedPool},
    };

    let pool = sent(|here| here.write_pool(&SharedPool::new(8192).unwrap()).unwrap());
    let arena = Arena::new(8192).unwrap();
    let items = arena.zeroed::<f64>(1024).unwrap().finish();
    let items = arena.seal().unwrap().get(items).unwrap();
    let parcel = sent(|here| here.write_message(&can(&items).unwrap().into()).unwrap());
    let objects = objects().into_iter().map(|blobs| {
        let blobs: Vec<canning_core::Buffer<'_>> = blobs.into_iter().map(Into::into).collect();
        let message = Message::from_blobs(blobs).unwrap();
        with(&[0], &sent(|here| here.write_message(&message).unwrap()))
    });
    let parcels = [1, 2, 0].map(|descriptors| with(&[descriptors], &parcel));
    // As a pool, of memory that may be written and that may not; a message behind it; and not as one.
    let pools = [0b1101, 0b1001, 0b1100, 0b0101].map(|choice| with(&[choice], &pool));
    let both = with(&[0b1101], &[pool, parcel].concat());
    objects.chain(parcels).chain(pools).chain([both]).collect()
}

/// What goes over a connection behind the hello, but for the descriptors.
#[cfg(all(feature = "shm", target_os = "linux"))]
fn sent<T>(send: impl FnOnce(&mut canning_wire::shm::Handover) -> T) -> Vec<u8> {
    use std::{
        io::{Read as _, Write as _},
        os::unix::net::UnixStream,
    };

    use canning_wire::{handshake::Hello, shm::Handover, socket::Options};

    let (here, mut there) = UnixStream::pair().unwrap();
    there.write_all(&Hello::default().encode()).unwrap();
    let mut here = Handover::over(here, &Options::default()).unwrap();
    send(&mut here);
    drop(here);
    let mut bytes = Vec::new();
    there.read_to_end(&mut bytes).unwrap();
    bytes.split_off(Hello::LEN)
}

/// Envelopes, and the blobs of objects, some of them edited.
#[cfg(feature = "zmq")]
pub(crate) fn multipart_messages() -> Vec<Vec<u8>> {
    let plain = objects().into_iter().map(|blobs| with(&[0, 0, 0], &joined(&blobs)));
    let addressed = objects().into_iter().map(|blobs| {
        let all = [vec![b"a peer".to_vec(), vec![]], blobs].concat();
        with(&[2, 5, 0], &joined(&all))
    });
    let several = with(&[0, 1, 0], &joined(&objects().concat()));
    let empty = [with(&[0, 0, 0], &joined(&[b""])), vec![0]];
    let random = random().into_iter().map(|bytes| with(&[1, 3, 1], &bytes));
    plain.chain(addressed).chain([several]).chain(empty).chain(random).collect()
}

/// Greetings, commands and messages of ZeroMQ.
pub(crate) fn connections() -> Vec<Vec<u8>> {
    let message = [&b"\x01\x05route\x01\0\x02\0\0\0\0\0\0\x01\x2c"[..], &[7; 300]].concat();
    let long = [&b"\x02\0\0\0\0\0\0\x30\0"[..], &[9; 0x3000]].concat();
    let ping = b"\x04\x07\x04PING\0\0";
    let error = b"\x04\x08\x05ERROR\x01x";
    let after = [message.as_slice(), &long, ping, &[&ping[..], &message].concat(), error, b""];
    let after = after.map(|bytes| with(&[1], bytes));
    let whole = with(&[0], &[greeting(), message].concat());
    after.into_iter().chain([whole, vec![0]]).collect()
}

/// A header, or a frame, of each golden file of the wire format, by its name.
fn vectors() -> Vec<(String, Vec<u8>)> {
    let files = sorted(&Path::new(ROOT).join("canning-wire/tests/vectors"));
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// The blobs of some objects with several buffers.
fn objects() -> Vec<Vec<Vec<u8>>> {
    let values = [
        Value::of(&(7_u64, "argon", vec![[0.5_f64; 3]; 4])).unwrap(),
        Value::of(&vec![Some(vec![1_u16, 2]), None, Some(vec![3; 40])]).unwrap(),
        Value::of(&(vec![true, false], vec!['a', 'é'], vec![vec![0_i32; 3]; 2])).unwrap(),
    ];
    let blobs = |value: &Value| {
        let (header, buffers) = parts(&CanOptions::new().inline_threshold(0).can(value).unwrap());
        [vec![header], buffers].concat()
    };
    values.iter().map(blobs).collect()
}

/// The blobs of the golden cases of Python that are short, of the families asked for.
fn cases(is_family: fn(&str) -> bool) -> Vec<Vec<Vec<u8>>> {
    let families = sorted(&Path::new(ROOT).join("canning-python/tests/vectors"));
    let is_asked = |path: &&PathBuf| is_family(&path.file_name().unwrap().to_string_lossy());
    let cases = families.iter().filter(is_asked).flat_map(|family| sorted(family));
    let blobs = cases.map(|folder| {
        let names = ["header.pickle".to_owned()].into_iter();
        let names = names.chain((0..).map(|number| format!("buf{number}.bin")));
        names.map_while(|name| fs::read(folder.join(name)).ok()).collect::<Vec<_>>()
    });
    let is_short = |blobs: &Vec<Vec<u8>>| {
        !blobs.is_empty() && blobs.iter().map(Vec::len).sum::<usize>() <= SHORT
    };
    blobs.filter(is_short).collect()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.collect();
    paths.sort();
    paths
}

fn with(front: &[u8], bytes: &[u8]) -> Vec<u8> {
    [front, bytes].concat()
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Longer inputs are run less often, and seldom reach more.
const SHORT: usize = 1024;
