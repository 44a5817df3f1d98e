//! Frames by canning with checksums, and with compressed buffers.

use canning_core::CannedObject;
use canning_wire::{FrameOptions, Limits, Message, frame::FrameReader};

use super::frames::receive;
use crate::{
    exchange::Way,
    values::{Frame, Value},
};

/// Neither.
pub(crate) const OFF: &str = "canning_off";

/// With checksums and without, into memory that is there already and into new memory.
pub(crate) fn integrity(frame: &Frame) -> Vec<Way<'_>> {
    let (off, on) = (FrameOptions::new(), FrameOptions::new().with_integrity());
    vec![
        way(OFF, frame, off, true),
        way("canning_integrity", frame, on, true),
        way(OFF_FRESH, frame, off, false).next_to(OFF_FRESH),
        way("canning_integrity_fresh", frame, on, false).next_to(OFF_FRESH),
    ]
}

const OFF_FRESH: &str = "canning_off_fresh";

/// With compression and without.
pub(crate) fn compression(frame: &Frame) -> Vec<Way<'_>> {
    let (off, on) = (FrameOptions::new(), FrameOptions::new().with_compression());
    vec![
        way(OFF, frame, off, true),
        way("canning_compression", frame, on, true),
        way("canning_compression_integrity", frame, on.with_integrity(), true),
    ]
}

fn way<'a>(name: &str, frame: &'a Frame, options: FrameOptions, recycles: bool) -> Way<'a> {
    let mut reader = FrameReader::new(Limits::default()).read_ahead();
    let send = move |stream: &mut dyn crate::exchange::Stream| {
        let mut message = Message::new();
        message.add(frame).unwrap();
        options.write_message(stream, &message).unwrap();
    };
    Way::new(name, frame, send, move |stream| {
        let mut message = receive(&mut reader, stream)?;
        let frame: Frame = message.objects_mut()[0].take().unwrap();
        let sum = frame.sum();
        if recycles {
            reader.recycle(frame);
            reader.recycle_message(message);
        }
        Some(sum)
    })
}
