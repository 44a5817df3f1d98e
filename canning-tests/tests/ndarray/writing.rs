//! Frames with every kind of memory, written in steps of any size.

use std::{collections::VecDeque, io::IoSlice};

use canning_core::CannedObject;
use canning_wire::{
    FrameOptions, Limits, Message, MessageReader, MessageWriter, frame::FrameWriter, read_message,
};
use ndarray::{Array2, s};

use crate::{numbered, out_of_band};

/// Takes `step` bytes at a time; gives the frame, and how many lists of slices that took.
fn written(mut frame: FrameWriter<'_>, step: usize) -> (Vec<u8>, u64) {
    let (mut bytes, mut lists) = (Vec::new(), 0);
    while !frame.is_at_end() {
        assert_eq!(frame.bytes_written(), bytes.len() as u64);
        let slices = frame.slices();
        assert!((1..=1024).contains(&slices.len()));
        let before = bytes.len();
        for slice in slices.iter() {
            let left = before + step.min(usize::MAX - before) - bytes.len();
            bytes.extend_from_slice(&slice[..slice.len().min(left)]);
        }
        drop(slices);
        frame.advance(bytes.len() - before);
        lists += 1;
    }
    assert!(frame.slices().is_empty());
    assert_eq!(frame.len(), bytes.len() as u64);
    (bytes, lists)
}

#[track_caller]
fn comes_back(bytes: &[u8], expected: &Array2<f64>) {
    let message = read_message(&mut &*bytes, &Limits::default()).unwrap().unwrap();
    let [array] = message.into_array().unwrap();
    assert_eq!(array.get_object::<Array2<f64>, _>().unwrap(), expected);
}

#[test]
fn short_rows_are_gathered_and_counted_once_whatever_the_steps() {
    // More than one block.
    let array = numbered([70_000, 2]);
    let column = array.slice(s![.., ..1]);
    let message = Message::from(out_of_band(&column));
    for step in [7_777, 262_144, 262_145, usize::MAX] {
        let mut frame = FrameWriter::new(&message).unwrap();
        while !frame.is_at_end() {
            let offered: usize = frame.slices().iter().map(|slice| slice.len()).sum();
            frame.advance(offered.min(step));
        }
        assert_eq!(frame.gathered(), 70_000 * 8, "steps of {step}");
        let (bytes, _) = written(FrameWriter::new(&message).unwrap(), step);
        comes_back(&bytes, &column.to_owned());
    }
}

#[test]
fn long_rows_leave_from_where_they_lie_even_if_there_are_thousands() {
    let array = numbered([3000, 520]);
    let rows = array.slice(s![.., ..513]);
    let message = Message::from(out_of_band(&rows));
    let mut frame = FrameWriter::new(&message).unwrap();
    let inside = array.as_slice().unwrap().as_ptr_range();
    let is_inside = |slice: &IoSlice<'_>| inside.contains(&slice.as_ptr().cast());
    let mut rows_seen = 0;
    while !frame.is_at_end() {
        let slices = frame.slices();
        rows_seen += slices.iter().filter(|slice| is_inside(slice)).count();
        let offered = slices.iter().map(|slice| slice.len()).sum();
        drop(slices);
        frame.advance(offered);
    }
    assert_eq!((rows_seen, frame.gathered()), (3000, 0));
    let (bytes, _) = written(FrameWriter::new(&message).unwrap(), 99_999);
    comes_back(&bytes, &rows.to_owned());
}

#[test]
fn all_kinds_of_memory_in_one_message_one_byte_at_a_time() {
    let array = numbered([30, 20]);
    let mut ring: VecDeque<u64> = (0..40).collect();
    ring.rotate_left(15);
    let (nothing, dense) = (Vec::<f64>::new(), vec![1_u16; 500]);
    let (columns, others) = (array.slice(s![.., ..3]), array.slice(s![..;2, 5..;4]));
    let value = (5_u8, &columns, &others, &ring, &nothing, &dense, "text".repeat(20));
    let objects = || [out_of_band(&value), out_of_band(&()), out_of_band(&value)];
    let message: Message<'_> = objects().into_iter().collect();
    let (whole, _) = written(FrameWriter::new(&message).unwrap(), usize::MAX);
    for step in [1, 2, 63, 64, 65, 1000] {
        let (bytes, _) = written(FrameWriter::new(&message).unwrap(), step);
        assert_eq!(bytes, whole, "borrowed, {step} bytes at a time");
        let owning = FrameWriter::owning(objects().into_iter().collect()).unwrap();
        assert_eq!(written(owning, step).0, whole, "owned, {step} bytes at a time");
    }
    let read = read_message(&mut whole.as_slice(), &Limits::default()).unwrap().unwrap();
    for (sent, received) in message.objects().iter().zip(read.objects()) {
        assert_eq!(
            sent.header().to_allocation(1).unwrap().as_slice(),
            received.header().as_slice().unwrap()
        );
        for (sent, received) in sent.buffers().iter().zip(received.buffers()) {
            let sent = sent.to_allocation(1).unwrap();
            assert_eq!(sent.as_slice(), received.as_slice().unwrap());
        }
    }
}

#[test]
fn objects_are_counted_as_they_are_whole() {
    let array = numbered([10, 3]);
    let column = array.slice(s![.., 1]);
    let message = Message::from_iter([out_of_band(&5), out_of_band(&column), out_of_band(&"")]);
    let mut frame = FrameWriter::new(&message).unwrap();
    let mut last_changes = Vec::new();
    while !frame.is_at_end() {
        let before = frame.whole_objects();
        assert!(!frame.slices().is_empty());
        frame.advance(1);
        if frame.whole_objects() != before {
            last_changes.push((frame.bytes_written(), frame.whole_objects()));
        }
    }
    let (ends, counts): (Vec<u64>, Vec<usize>) = last_changes.into_iter().unzip();
    assert_eq!(counts, [1, 2, 3]);
    assert_eq!(ends[2], frame.len());
}

#[test]
fn the_list_of_slices_costs_the_same_in_a_message_of_65_536_buffers() {
    let buffers = vec![vec![1_u8; 100]; 65_536];
    let message = Message::from(out_of_band(&buffers));
    let (bytes, lists) = written(FrameWriter::new(&message).unwrap(), usize::MAX);
    // Each buffer, and the padding before it.
    assert!(lists <= 2 * 65_536 / 1024 + 2, "{lists} lists");
    assert!(bytes.len() > 65_536 * 128);
}

#[test]
fn the_block_serves_one_message_after_the_other() {
    let arrays = [50_000, 10, 4_000, 70_000].map(|rows| numbered([rows, 2]));
    let columns = arrays.each_ref().map(|array| array.slice(s![.., 1..]));
    let mut writer = MessageWriter::new(Vec::new());
    for column in &columns {
        writer.write_message(&out_of_band(column).into()).unwrap();
    }
    let sent = writer.sent();
    assert_eq!(sent.gathered, (50_000 + 4_000 + 70_000) * 8);
    let bytes = writer.into_inner().unwrap();
    let messages = MessageReader::new(bytes.as_slice(), Limits::default());
    for (message, column) in messages.zip(columns) {
        let [object] = message.unwrap().into_array().unwrap();
        assert_eq!(object.get_object::<Array2<f64>, _>().unwrap(), column);
    }
}

/// Two arrays that are gathered, one after the other, and one of long rows.
#[test]
fn strided_arrays_have_checksums_and_are_compressed() {
    let (short, long) = (numbered([70_000, 2]), numbered([3000, 520]));
    let (first, second) = (short.slice(s![.., ..1]), short.slice(s![.., 1..]));
    let rows = long.slice(s![.., ..513]);
    let objects = [&first, &second, &rows].map(out_of_band);
    let message: Message<'_> = objects.into_iter().collect();
    let checked = FrameOptions::new().with_integrity();
    let packed = FrameOptions::new().with_compression();
    for options in [checked, packed, packed.with_integrity()] {
        let (whole, _) = written(options.writer(&message).unwrap(), usize::MAX);
        assert_eq!(options.to_block(&message).unwrap().as_slice(), whole);
        for step in [7_777, 99_999, 262_144] {
            let (bytes, _) = written(options.writer(&message).unwrap(), step);
            assert!(bytes == whole, "steps of {step}");
        }
        let received = read_message(&mut whole.as_slice(), &Limits::default()).unwrap().unwrap();
        let expected = [first.to_owned(), second.to_owned(), rows.to_owned()];
        for (object, expected) in received.objects().iter().zip(expected) {
            assert_eq!(object.get::<Array2<f64>, _>().unwrap(), expected);
        }
        let is_shorter = whole.len() < 3000 * 513 * 8;
        assert_eq!(options.has_compression(), is_shorter, "numbers that rise");
    }
}
