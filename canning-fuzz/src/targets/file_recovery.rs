//! Files of messages that were damaged.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
};

use canning_core::CannedObject;
use canning_wire::{
    FrameOptions, Message, can,
    file::{Reader, StreamReader, Tail, Writer, inspect},
};

use crate::{
    edit::Edit,
    frames, heap,
    input::Input,
    reading::{LIMITS, frame_bound, parts, read_in_every_way},
};

/// Opens files of any bytes, or files that a writer made and then something damaged.
///
/// - Whatever the bytes are, they are read or refused, within the promised memory.
/// - What lies before the first damage is read, whatever stands behind it.
/// - With checksums, nothing comes out that was not put in.
/// - A writer appends, or changes nothing: not a byte of what is whole is lost.
/// - Mapped it has the same messages as read.
pub(crate) fn file_recovery(data: &[u8]) {
    let mut input = Input::new(data);
    let choice = input.byte();
    let frames = frames::options(choice >> 2);
    match choice % 4 {
        0 => {
            let bytes = input.rest();
            read(&Scratch::holding(bytes), bytes);
        }
        1 => made(&mut input, frames, false),
        _ => made(&mut input, frames, true),
    }
}

/// What a message of the tests holds, and its name.
type Named = (String, Vec<u16>);

/// What a file says of each of its messages: nothing where one is damaged.
type Found = Vec<Option<Named>>;

fn made(input: &mut Input<'_>, frames: FrameOptions, has_checksums: bool) {
    let made = Made::choose(input, frames, has_checksums);
    let mut bytes = made.bytes.clone();
    let mut same = bytes.len();
    for _ in 0..input.below(3) + 1 {
        let unit = input.one_of(&[1, 16, 64]);
        same = same.min(Edit::choose(input, bytes.len(), unit).apply(&mut bytes));
    }
    let path = Scratch::holding(&bytes);
    let found = read(&path, &bytes);
    // Zeros behind the end, or its end, may be what a stopped writer left.
    let whole = made.ends.iter().filter(|end| **end <= same).count();
    if same >= 64 {
        let found = found.expect("the head is whole");
        let whole = &made.values[..whole];
        assert!(found.len() >= whole.len() && found.iter().flatten().count() >= whole.len());
        for (found, value) in found.iter().zip(whole) {
            assert_eq!(found.as_ref(), Some(value));
        }
        if has_checksums || frames.has_integrity() {
            for found in found.iter().zip(&made.values) {
                assert!(
                    matches!(found, (None, _)) || found.0.as_ref() == Some(found.1),
                    "{found:?}"
                );
            }
        }
    }
}

/// A file that a writer made.
struct Made {
    bytes: Vec<u8>,
    values: Vec<Named>,
    /// Where the record of each ends.
    ends: Vec<usize>,
}

impl Made {
    fn choose(input: &mut Input<'_>, frames: FrameOptions, has_checksums: bool) -> Self {
        let path = Scratch::new();
        let begin = |writer: Writer| {
            let writer = writer.with_frames(frames);
            if has_checksums { writer.with_checksums() } else { writer }
        };
        let mut writer = begin(Writer::create(&path).unwrap());
        let (mut values, mut ends) = (Vec::new(), Vec::new());
        for _ in 0..input.below(5) {
            let len = input.one_of(&[0, 1, 3, 60, 400, 2000]);
            let name = input.one_of(&["", "a", "b", "a name that is longer than the others"]);
            let first = u16::from(input.byte());
            // Numbers that follow each other cannot be compressed.
            let step = if frames.has_compression() { 0 } else { 1 };
            let value: Vec<u16> = (0..len as u16).map(|index| first + step * index).collect();
            writer.write_named(name, &Message::from(can(&value).unwrap())).unwrap();
            ends.push(fs::metadata(&path).unwrap().len() as usize);
            values.push((name.to_owned(), value));
            if input.below(4) == 0 {
                writer.finish().unwrap();
                writer = begin(Writer::append(&path).unwrap());
            }
        }
        if input.bool() {
            writer.finish().unwrap();
        } else {
            drop(writer);
        }
        Self { bytes: path.bytes(), values, ends }
    }
}

/// Reads a file in all ways, and appends to it; gives what it holds.
fn read(path: &Scratch, bytes: &[u8]) -> Option<Found> {
    let most = frame_bound(bytes.len()) + (256 << 10);
    streamed(bytes, most);
    let opened = heap::within("opening", most, || Reader::open(path, LIMITS));
    let Ok(mut reader) = opened else {
        match append(path) {
            Ok(()) => assert!(bytes.len() < 64, "only what has not even a head begins anew"),
            Err(_) => assert!(path.bytes() == bytes, "what cannot be read is not changed"),
        }
        return None;
    };
    assert!(reader.len() <= bytes.len() as u64 / 64);
    let found = all(&mut reader);
    let tail = reader.tail().unwrap();
    inspect(&mut reader, &mut Vec::new()).unwrap();
    let mut one_after_the_other = found.iter().flatten();
    for _ in 0..reader.len() {
        if let Ok(Some(message)) = reader.next_message()
            && let Some(value) = value(&message)
        {
            assert_eq!(one_after_the_other.next().map(|named| &named.1), Some(&value));
        }
    }
    for (position, named) in found.iter().enumerate() {
        let Some((name, _)) = named else { continue };
        let last = reader.position_of(name);
        assert!(name.is_empty() || last.is_some_and(|last| last >= position as u64));
    }
    #[cfg(feature = "mmap")]
    mapped(path, &mut reader, most);
    drop(reader);

    match append(path) {
        Ok(()) => {
            assert!(!matches!(tail, Tail::Damaged { .. }));
            let mut reader = Reader::open(path, LIMITS).expect("it was written to");
            let mut after = all(&mut reader);
            assert_eq!(after.pop(), Some(Some(("last".to_owned(), vec![7]))));
            // It may lead to an older index, that knows the name of a message whose own is damaged.
            assert_eq!(after.len(), found.len());
            let is_kept = |(before, after): (&Option<_>, &_)| before.is_none() || before == after;
            let is_kept = found.iter().zip(&after).all(is_kept);
            assert!(is_kept, "{found:?} was there, and now {after:?} is");
            assert_eq!(reader.tail().unwrap(), Tail::Nothing);
        }
        Err(error) => {
            assert!(matches!(tail, Tail::Damaged { .. }), "{error}: {tail:?}");
            assert_eq!(path.bytes(), bytes, "a damaged record is not cut off");
        }
    }
    Some(found)
}

/// Maps a file, and compares it with what is read of it. The map is gone afterwards.
#[cfg(feature = "mmap")]
fn mapped(path: &Scratch, reader: &mut Reader, most: usize) {
    let map = heap::within("mapping", most, || crate::mapped::open(path.as_ref(), LIMITS));
    let map = map.expect("what can be read can be mapped");
    assert_eq!(map.len(), reader.len());
    assert!(map.names().eq(reader.names()));
    for position in 0..map.len() {
        let read = reader.get(position);
        let message = heap::within("a mapped message", most, || map.get(position));
        // Without being asked it compares no checksum.
        let message = map.verify(position).and(message);
        match (message, read) {
            (Ok(mapped), Ok(read)) => {
                let all =
                    |message: &Message<'_>| message.objects().iter().map(parts).collect::<Vec<_>>();
                assert_eq!(all(&mapped), all(&read), "message {position}");
            }
            (Err(_), Err(_)) => {}
            (mapped, read) => panic!("message {position} differs: {mapped:?}, {read:?}"),
        }
    }
}

fn append(path: &Scratch) -> canning_wire::Result<()> {
    let mut writer = Writer::append(path)?;
    writer.write_named("last", &can(&vec![7_u16]).unwrap().into())?;
    writer.finish()
}

fn all(reader: &mut Reader) -> Found {
    let positions = 0..reader.len();
    let named = |position| {
        let value = value(&reader.get(position).ok()?)?;
        Some((reader.name(position).unwrap_or_default().to_owned(), value))
    };
    positions.map(named).collect()
}

fn value(message: &Message<'_>) -> Option<Vec<u16>> {
    message.objects().first()?.get().ok()
}

/// Reads bytes as a stream, until it ends or fails.
fn streamed(bytes: &[u8], most: usize) {
    let opened = heap::within("a stream", most, || StreamReader::new(bytes, LIMITS));
    let Ok(mut reader) = opened else { return };
    for _ in 0..=bytes.len() / 64 {
        match heap::within("a message", most, || reader.next_message()) {
            Ok(Some(mut message)) => message.objects_mut().iter_mut().for_each(read_in_every_way),
            Ok(None) => return,
            Err(_) => {
                assert!(reader.next_message().is_err(), "an error ends it");
                return;
            }
        }
    }
    panic!("more messages than there is space for");
}

/// A file in memory, where the system has such a place, which goes with this value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let thread = std::thread::current().id();
        let path = folder.join(format!("canning-fuzz-{}-{thread:?}.can", process::id()));
        fs::remove_file(&path).ok();
        Self(path)
    }

    fn holding(bytes: &[u8]) -> Self {
        let scratch = Self::new();
        fs::write(&scratch.0, bytes).unwrap();
        scratch
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.0).unwrap()
    }
}

impl AsRef<Path> for Scratch {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}
