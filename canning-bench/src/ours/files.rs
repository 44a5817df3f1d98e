//! Frames and arrays in canning's files.

use std::{fs::File, io::BufReader, path::Path};

use canning_core::CannedObject;
use canning_wire::{
    Limits, Message, can,
    file::{Map, Reader, StreamReader, Writer},
};

use crate::{
    files::{Format, Kept, Log, Many, Pick, Shelf},
    mapped, raw,
    values::{Frame, Views, borrowed, sum},
};

/// A file of one message.
pub(crate) struct Messages;

impl Format for Messages {
    const NAME: &'static str = "canning";
    type Held = Frame;

    fn write(frame: &Frame, directory: &Path) {
        write(frame, Writer::create(directory.join(FILE)).unwrap());
    }
}

/// The same with a checksum.
pub(crate) struct WithChecksums;

impl Format for WithChecksums {
    const NAME: &'static str = "canning_checksums";
    type Held = Frame;

    fn write(frame: &Frame, directory: &Path) {
        write(frame, Writer::create(directory.join(FILE)).unwrap().with_checksums());
    }
}

/// Views into a map of the file.
#[derive(Default)]
pub(crate) struct Mapped;

impl Kept for Mapped {
    const NAME: &'static str = "canning";
    type Format = Messages;
    type Opened = Map;

    fn open(&mut self, directory: &Path) -> Map {
        mapped::messages(&directory.join(FILE))
    }

    fn look<R>(map: &Map, look: impl FnOnce(Views<'_>) -> R) -> R {
        let message = map.get(0).unwrap();
        let frame: borrowed::Frame<'_> = message.objects()[0].get().unwrap();
        look(frame.views())
    }
}

/// Owned arrays, each read into a new allocation.
#[derive(Default)]
pub(crate) struct Read;

impl Kept for Read {
    const NAME: &'static str = "canning";
    type Format = Messages;
    type Opened = Frame;

    fn open(&mut self, directory: &Path) -> Frame {
        let mut reader = Reader::open(directory.join(FILE), Limits::default()).unwrap();
        only(reader.get(0).unwrap())
    }

    fn look<R>(frame: &Frame, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(frame.views())
    }
}

/// Owned arrays whose checksum is compared.
#[derive(Default)]
pub(crate) struct Checked;

impl Kept for Checked {
    const NAME: &'static str = "canning_checksums";
    type Format = WithChecksums;
    type Opened = Frame;

    fn open(&mut self, directory: &Path) -> Frame {
        Read.open(directory)
    }

    fn look<R>(frame: &Frame, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(frame.views())
    }
}

/// Owned arrays of a file that is read as a stream.
#[derive(Default)]
pub(crate) struct Streamed;

impl Kept for Streamed {
    const NAME: &'static str = "canning_stream";
    type Format = Messages;
    type Opened = Frame;

    fn open(&mut self, directory: &Path) -> Frame {
        let source = BufReader::new(File::open(directory.join(FILE)).unwrap());
        let mut reader = StreamReader::new(source, Limits::default()).unwrap();
        let frame = only(reader.next_message().unwrap().unwrap());
        assert!(reader.next_message().unwrap().is_none());
        frame
    }

    fn look<R>(frame: &Frame, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(frame.views())
    }
}

/// Owned arrays, each read into the memory of the one before, from a file that stays open.
#[derive(Default)]
pub(crate) struct Recycled(Option<Reader>);

impl Kept for Recycled {
    const NAME: &'static str = "canning_recycled";
    const NEXT_TO: Option<&'static str> = Some(raw::WARM);
    type Format = Messages;
    type Opened = (Frame, Message<'static>);

    fn open(&mut self, directory: &Path) -> Self::Opened {
        let open = || Reader::open(directory.join(FILE), Limits::default()).unwrap();
        let mut message = self.0.get_or_insert_with(open).get(0).unwrap();
        (message.objects_mut()[0].take().unwrap(), message)
    }

    fn look<R>((frame, _): &Self::Opened, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(frame.views())
    }

    fn close(&mut self, (frame, message): Self::Opened) {
        let reader = self.0.as_mut().unwrap();
        reader.recycle(frame);
        reader.recycle_message(message);
    }
}

impl Log for Writer {
    const NAME: &'static str = "canning";
    type Held = Frame;

    fn create(_: &Frame, directory: &Path) -> Self {
        Self::create(directory.join(FILE)).unwrap()
    }

    fn append(&mut self, frame: &Frame) {
        self.write(&can(frame).unwrap().into()).unwrap();
    }

    fn sync(&mut self) {
        self.sync().unwrap();
    }

    fn finish(self, directory: &Path) -> u64 {
        self.finish().unwrap();
        Reader::open(directory.join(FILE), Limits::default()).unwrap().len()
    }
}

/// With checksums.
pub(crate) struct CheckedLog(Writer);

impl Log for CheckedLog {
    const NAME: &'static str = "canning_checksums";
    type Held = Frame;

    fn create(_: &Frame, directory: &Path) -> Self {
        Self(Writer::create(directory.join(FILE)).unwrap().with_checksums())
    }

    fn append(&mut self, frame: &Frame) {
        Log::append(&mut self.0, frame);
    }

    fn sync(&mut self) {
        Log::sync(&mut self.0);
    }

    fn finish(self, directory: &Path) -> u64 {
        Log::finish(self.0, directory)
    }
}

/// Each message is synced before its mark as well.
pub(crate) struct SyncedLog(Writer);

impl Log for SyncedLog {
    const NAME: &'static str = "canning_sync_each";
    type Held = Frame;

    fn create(_: &Frame, directory: &Path) -> Self {
        Self(Writer::create(directory.join(FILE)).unwrap().sync_each())
    }

    fn append(&mut self, frame: &Frame) {
        Log::append(&mut self.0, frame);
    }

    /// It is on the disk already.
    fn sync(&mut self) {}

    fn finish(self, directory: &Path) -> u64 {
        Log::finish(self.0, directory)
    }
}

impl Shelf for Map {
    const NAME: &'static str = "canning";

    fn write(arrays: &Many, directory: &Path) {
        let mut writer = Writer::create(directory.join(FILE)).unwrap();
        for (name, array) in arrays.iter() {
            writer.write_named(name, &can(array).unwrap().into()).unwrap();
        }
        writer.finish().unwrap();
    }

    fn open(directory: &Path) -> Self {
        mapped::messages(&directory.join(FILE))
    }

    fn sum(&mut self, (name, _): Pick<'_>) -> f64 {
        let message = self.get_by_name(name).unwrap();
        sum(message.objects()[0].get().unwrap())
    }
}

impl Shelf for Reader {
    const NAME: &'static str = "canning_reader";

    fn write(arrays: &Many, directory: &Path) {
        Map::write(arrays, directory);
    }

    fn open(directory: &Path) -> Self {
        Self::open(directory.join(FILE), Limits::default()).unwrap()
    }

    fn sum(&mut self, (name, _): Pick<'_>) -> f64 {
        let [mut object] = self.get_by_name(name).unwrap().into_array().unwrap();
        let array: Vec<f64> = object.take().unwrap();
        let sum = sum(&array);
        self.recycle(array);
        sum
    }
}

fn write(frame: &Frame, mut writer: Writer) {
    writer.write(&can(frame).unwrap().into()).unwrap();
    writer.finish().unwrap();
}

fn only(message: Message<'static>) -> Frame {
    let [object] = message.into_array().unwrap();
    object.get_object().unwrap()
}

const FILE: &str = "frame.can";
