//! The cases of one crate, written once for all of them.

use std::{
    hint::black_box,
    io::{BufReader, BufWriter, Write},
};

use crate::{
    exchange::Way,
    harness::Case,
    peers::{
        block,
        format::{Access, Format},
    },
    values::{Frame, Small, Value},
};

/// Encodes in new memory.
pub(super) fn encoding<F: Format<T>, T: Value>(value: &T) -> Case<'_> {
    let capacity = capacity(value);
    let work = move || {
        let mut format = F::with_capacity(capacity);
        black_box(format.encode(value));
        format
    };
    Case::new(F::NAME, value.bytes(), work, move |_| {
        let block = encoded::<F, T>(value);
        assert_eq!(F::with_capacity(0).decode(&block), *value);
    })
}

/// Decodes to an owned value. Dropping it does not count.
pub(super) fn decoding<F: Format<T>, T: Value>(value: &T) -> Case<'_> {
    let (block, mut format) = (encoded::<F, T>(value), F::with_capacity(0));
    Case::staged(F::NAME, value.bytes(), move |watch| {
        let decoded = watch.time(|| format.decode(&block));
        assert!(!watch.is_checked() || decoded == *value);
    })
}

/// Checks a block, and finds the arrays in it.
pub(super) fn accessing<F: Access>(frame: &Frame) -> Case<'_> {
    let (block, mut format) = (encoded::<F, Frame>(frame), F::with_capacity(0));
    let work = move || format.access(&block, |views| views.pos.len() + views.vel.len());
    let block = encoded::<F, Frame>(frame);
    Case::new(<F as Access>::NAME, frame.bytes(), work, move |_| {
        let sum = F::with_capacity(0).access(&block, |views| views.sum());
        assert_eq!(sum, frame.sum());
    })
}

/// Encodes, receives and decodes each frame in new memory.
pub(super) fn sending<F: Format<Frame>>(frame: &Frame) -> Way<'_> {
    let capacity = capacity(frame);
    Way::new(
        <F as Format<Frame>>::NAME,
        frame,
        move |stream| {
            let mut writer = BufWriter::with_capacity(F::BUFFER, stream);
            F::with_capacity(capacity).send(frame, &mut writer);
            writer.flush().unwrap();
        },
        |stream| {
            let mut reader = BufReader::with_capacity(F::BUFFER, stream);
            let frame = F::with_capacity(0).receive(&mut reader, &mut Vec::new())?;
            Some(frame.sum())
        },
    )
}

/// Encodes and receives each frame in new memory, where it is used as it lies.
pub(super) fn sending_accessed<F: Access>(frame: &Frame) -> Way<'_> {
    let capacity = capacity(frame);
    Way::new(
        <F as Access>::NAME,
        frame,
        move |mut stream| block::write(F::with_capacity(capacity).encode(frame), &mut stream),
        |mut stream| {
            let mut received = Vec::new();
            block::read(&mut stream, &mut received)?;
            Some(F::with_capacity(0).access(&received, |views| views.sum()))
        },
    )
}

/// Encodes and receives all frames in the same memory, where they are used as they lie.
pub(super) fn sending_recycled<F: Access>(frame: &Frame) -> Way<'_> {
    let mut sender = F::with_capacity(capacity(frame));
    let (mut receiver, mut received) = (F::with_capacity(0), Vec::new());
    let way = Way::new(
        format!("{}_recycled", <F as Access>::NAME),
        frame,
        move |mut stream| block::write(sender.encode_again(frame), &mut stream),
        move |mut stream| {
            block::read(&mut stream, &mut received)?;
            Some(receiver.access(&received, |views| views.sum()))
        },
    );
    way.next_to(crate::raw::WARM)
}

/// Sends many values, each as a message, through the stream's buffers.
pub(super) fn streaming<F: Format<Small>>(smalls: &Vec<Small>) -> Way<'_> {
    let (mut sender, mut receiver) = (F::with_capacity(256), F::with_capacity(256));
    let (mut received, count) = (Vec::new(), smalls.len());
    Way::new(
        <F as Format<Small>>::NAME,
        smalls,
        move |stream| {
            let mut writer = BufWriter::with_capacity(SMALL_BUFFER, stream);
            for small in smalls {
                sender.send(small, &mut writer);
            }
            writer.flush().unwrap();
        },
        move |stream| {
            let mut reader = BufReader::with_capacity(SMALL_BUFFER, stream);
            (0..count).try_fold(0.0, |sum, _| {
                Some(sum + receiver.receive(&mut reader, &mut received)?.sum())
            })
        },
    )
}

fn encoded<F: Format<T>, T: Value>(value: &T) -> Vec<u8> {
    F::with_capacity(capacity(value)).encode(value).to_vec()
}

/// What a careful user would reserve for a value.
fn capacity(value: &impl Value) -> usize {
    let bytes = usize::try_from(value.bytes()).unwrap();
    bytes + bytes / 2 + 1024
}

/// The stream's buffers on both sides, for small messages.
pub(crate) const SMALL_BUFFER: usize = 64 << 10;
