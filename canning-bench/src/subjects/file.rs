//! Frames and many arrays in files that the system has in memory already.

use arrow_ipc::{reader::FileReader, writer::FileWriter};
use canning_wire::file::{Map, Reader, Writer};
use ndarray_npy::NpzReader;

use crate::{
    files::{Many, adding_up, appending, first_look, opening_many, picking, viewing, writing},
    harness::{Bench, Case},
    ours::files as ours,
    peers::{arrow_files as arrow, npy, safetensors_files as safetensors},
    raw::{self, files as raw_files},
    subjects::{Group, sizes},
    values::Frame,
};

/// `file/open`: until the first items are seen, next to a map of the arrays alone. `file/view`: the
/// sum of a file that is open, next to that of memory. `file/map_SIZE` and `file/read_SIZE`: a file
/// is opened, mapped or read, summed up and closed. `file/write_SIZE`: a new file.
/// `file/append` and `file/append_sync`: 64 KiB to a file that is open. `file/many_…`: 1,000
/// arrays of 64 KiB.
pub(super) fn groups(is_quick: bool) -> Vec<Group> {
    let open = group("file/open".to_owned(), 64 << 20, opened, raw_files::MAPPED);
    let view = group("file/view".to_owned(), 64 << 20, viewed, raw_files::MEMORY);
    let sized: [(_, Cases, _); 3] = [
        ("map", mapped, raw_files::MAPPED),
        ("read", read, raw::FRESH),
        ("write", written, raw_files::WRITE),
    ];
    let sized = sized.into_iter().flat_map(|(what, cases, ratio_to)| {
        sizes::of_memory(is_quick).map(move |size| {
            group(format!("file/{what}_{}", size.name), size.bytes, cases, ratio_to)
        })
    });
    let append = group("file/append".to_owned(), 64 << 10, appended, raw_files::WRITE);
    let synced = group("file/append_sync".to_owned(), 64 << 10, synced, raw_files::WRITE);
    let many = [
        Group::new("file/many_open", many_opened),
        Group::new("file/many_view", many_viewed),
        Group::new("file/many_read", many_read),
    ];
    [open, view].into_iter().chain(sized).chain([append, synced]).chain(many).collect()
}

type Cases = fn(&Frame) -> Vec<Case<'_>>;

fn group(id: String, bytes: usize, cases: Cases, ratio_to: &'static str) -> Group {
    Group::new(id, move |bench, id| {
        let frame = Frame::of_bytes(bytes);
        bench.group(id, ratio_to, cases(&frame));
    })
}

pub(super) fn opened(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        first_look::<ours::Mapped>(frame),
        first_look::<raw_files::Mapped>(frame),
        first_look::<arrow::Mapped>(frame),
        first_look::<safetensors::Mapped>(frame),
        first_look::<npy::Mapped>(frame),
    ]
}

pub(super) fn viewed(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        viewing::<ours::Mapped>(frame),
        viewing::<raw_files::Memory>(frame),
        viewing::<raw_files::Mapped>(frame),
        viewing::<arrow::Mapped>(frame),
        viewing::<safetensors::Mapped>(frame),
        viewing::<npy::Mapped>(frame),
    ]
}

pub(super) fn mapped(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        adding_up::<ours::Mapped>(frame),
        adding_up::<raw_files::Mapped>(frame),
        adding_up::<raw_files::Populated>(frame),
        adding_up::<arrow::Mapped>(frame),
        adding_up::<safetensors::Mapped>(frame),
        adding_up::<npy::Mapped>(frame),
    ]
}

pub(super) fn read(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        adding_up::<ours::Read>(frame),
        adding_up::<ours::Checked>(frame),
        adding_up::<ours::Streamed>(frame),
        adding_up::<ours::Recycled>(frame),
        adding_up::<raw_files::Warm>(frame),
        adding_up::<raw_files::Fresh>(frame),
        adding_up::<arrow::Read>(frame),
        adding_up::<safetensors::Read>(frame),
        adding_up::<npy::Read>(frame),
    ]
}

pub(super) fn written(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        writing::<ours::Read>(frame),
        writing::<ours::Checked>(frame),
        writing::<raw_files::Fresh>(frame),
        writing::<arrow::Read>(frame),
        writing::<safetensors::Read>(frame),
        writing::<npy::Read>(frame),
    ]
}

pub(super) fn appended(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        appending::<Writer>(frame, false),
        appending::<ours::CheckedLog>(frame, false),
        appending::<raw_files::Appended>(frame, false),
        appending::<FileWriter<std::fs::File>>(frame, false),
    ]
}

pub(super) fn synced(frame: &Frame) -> Vec<Case<'_>> {
    vec![
        appending::<Writer>(frame, true),
        appending::<ours::SyncedLog>(frame, true),
        appending::<raw_files::Appended>(frame, true),
        appending::<FileWriter<std::fs::File>>(frame, true),
    ]
}

fn many_opened(bench: &mut Bench, id: &str) {
    let arrays = Many::new(MANY, raw_files::ARRAY);
    bench.group(id, raw_files::MAPPED, opening(&arrays));
}

fn many_viewed(bench: &mut Bench, id: &str) {
    let arrays = Many::new(MANY, raw_files::ARRAY);
    bench.group(id, raw_files::MAPPED, viewing_many(&arrays));
}

fn many_read(bench: &mut Bench, id: &str) {
    let arrays = Many::new(MANY, raw_files::ARRAY);
    bench.group(id, raw::WARM, reading_many(&arrays));
}

pub(super) fn opening(arrays: &Many) -> Vec<Case<'_>> {
    vec![
        opening_many::<Map>(arrays),
        opening_many::<Reader>(arrays),
        opening_many::<raw_files::MappedShelf>(arrays),
        opening_many::<arrow::Map>(arrays),
        opening_many::<FileReader<std::io::BufReader<std::fs::File>>>(arrays),
        opening_many::<safetensors::Opened<memmap2::Mmap>>(arrays),
        opening_many::<NpzReader<std::fs::File>>(arrays),
    ]
}

pub(super) fn viewing_many(arrays: &Many) -> Vec<Case<'_>> {
    vec![
        picking::<Map>(arrays),
        picking::<raw_files::MappedShelf>(arrays),
        picking::<arrow::Map>(arrays),
        picking::<safetensors::Opened<memmap2::Mmap>>(arrays),
    ]
}

pub(super) fn reading_many(arrays: &Many) -> Vec<Case<'_>> {
    vec![
        picking::<Reader>(arrays),
        picking::<raw_files::ReadShelf>(arrays),
        picking::<FileReader<std::io::BufReader<std::fs::File>>>(arrays),
        picking::<NpzReader<std::fs::File>>(arrays),
    ]
}

/// The number of arrays.
const MANY: usize = 1000;
