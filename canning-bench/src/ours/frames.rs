//! Frames by canning.

use std::io::IoSliceMut;

use canning_core::{Buffer, CannedObject, buffer::Allocation};
use canning_wire::{Limits, Message, Object, can, frame::FrameReader, write_message};

use crate::{
    exchange::{Stream, Way},
    harness::Case,
    raw,
    values::{Frame, Value},
};

/// Taking a frame apart.
pub(crate) fn encoding(frame: &Frame) -> Vec<Case<'_>> {
    vec![encoding_as("canning", frame)]
}

/// Putting a frame together.
pub(crate) fn decoding(frame: &Frame) -> Vec<Case<'static>> {
    vec![decoding_as("canning", frame.clone())]
}

/// Sending a frame until its sum is back.
pub(crate) fn sending(frame: &Frame) -> Vec<Way<'_>> {
    vec![fresh(frame), recycled(frame).next_to(raw::WARM)]
}

/// Every array is read into a new allocation, where it stays.
fn fresh(frame: &Frame) -> Way<'_> {
    let mut reader = FrameReader::new(Limits::default()).read_ahead();
    Way::new("canning", frame, send(frame), move |stream| {
        let message = receive(&mut reader, stream)?;
        let object = message.into_objects().pop().unwrap();
        let frame: Frame = object.get_object().unwrap();
        Some(frame.sum())
    })
}

/// Every array is read into the memory of the one before.
fn recycled(frame: &Frame) -> Way<'_> {
    let mut reader = FrameReader::new(Limits::default()).read_ahead();
    Way::new("canning_recycled", frame, send(frame), move |stream| {
        let mut message = receive(&mut reader, stream)?;
        let frame: Frame = message.objects_mut()[0].take().unwrap();
        let sum = frame.sum();
        reader.recycle(frame);
        reader.recycle_message(message);
        Some(sum)
    })
}

fn send<'a>(frame: &'a Frame) -> impl FnMut(&mut dyn Stream) + 'a {
    |stream| {
        let mut message = Message::new();
        message.add(frame).unwrap();
        write_message(stream, &message).unwrap();
    }
}

/// What a `MessageReader` does, which keeps its stream.
pub(super) fn receive(
    reader: &mut FrameReader<'static>,
    stream: &mut dyn Stream,
) -> Option<Message<'static>> {
    loop {
        if let Some(message) = reader.next_message().unwrap() {
            return Some(message);
        }
        let [first, second] = reader.spaces().map(IoSliceMut::new);
        match stream.read_vectored(&mut [first, second]).unwrap() {
            0 => return None,
            len => reader.fill(len).unwrap(),
        }
    }
}

/// Canning under a name of its own.
pub(crate) fn encoding_as<'a>(implementation: &'static str, frame: &'a Frame) -> Case<'a> {
    let work = || can(frame).unwrap();
    Case::new(implementation, frame.bytes(), work, |object| {
        let first = object.buffers()[0].as_slice().unwrap();
        assert_eq!(first.as_ptr(), frame.pos.as_ptr().cast());
    })
}

/// Uncanning under a name of its own. The frame that comes out is what goes in the next time:
/// its memory is never copied.
pub(crate) fn decoding_as(implementation: &'static str, frame: Frame) -> Case<'static> {
    let header = can(&frame).unwrap().into_parts().0.into_owned(64).unwrap();
    let (bytes, first) = (frame.bytes(), frame.pos.as_ptr());
    let mut frame = Some(frame);
    Case::staged(implementation, bytes, move |watch| {
        let (header, buffers) = (header.clone(), buffers(frame.take().unwrap()));
        let back: Frame = watch.time(|| {
            let object = Object::restore(header, buffers).unwrap();
            object.get_object().unwrap()
        });
        assert_eq!(back.pos.as_ptr(), first);
        frame = Some(back);
    })
}

/// The buffers as they would have been received. Of the smallest frames only the larger arrays
/// are buffers; the others stand in the header.
fn buffers(frame: Frame) -> Vec<Buffer<'static>> {
    let buffers = [
        Allocation::from_vec(frame.pos),
        Allocation::from_vec(frame.vel),
        Allocation::from_vec(frame.ids),
    ];
    buffers.into_iter().filter(|buffer| buffer.len() > 1024).map(Buffer::from).collect()
}
