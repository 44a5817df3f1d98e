//! From one thread to another over a pair of Unix sockets, with a sum at the receiver.

use std::{
    io::{BufReader, BufWriter, Read, Write},
    os::unix::net::UnixStream,
    thread,
};

use canning_core::CannedObject;
use canning_wire::{Limits, Message, read_message, write_message};

use crate::{
    harness::{Bench, Case},
    values::Frame,
};

/// `socket/SIZE`: a frame, next to its arrays alone, written as they are and read into warm
/// memory. The time is from the start of canning until the receiver's sum is
/// back.
pub(super) fn run(bench: &mut Bench) {
    for (id, bytes) in
        [("socket/64KiB", 64 << 10), ("socket/1MiB", 1 << 20), ("socket/64MiB", 64 << 20)]
    {
        if bench.wants(id) {
            let frame = Frame::of_bytes(bytes);
            let cases =
                vec![canning(&frame), raw(&frame, true), raw(&frame, false), bincode(&frame)];
            bench.group(id, RAW_WARM, cases);
        }
    }
}

/// Every array is read into a new allocation, where it stays.
fn canning(frame: &Frame) -> Case<'_> {
    let send = |stream: &mut UnixStream| {
        let mut message = Message::new();
        message.add(frame).unwrap();
        write_message(stream, &message).unwrap();
    };
    let receive = |stream: &mut UnixStream| {
        let message = read_message(stream, &Limits::default()).unwrap()?;
        let object = message.into_objects().pop().unwrap();
        Some(sum_of(&object.get_object().unwrap()))
    };
    exchange("canning", frame, sum_of(frame), send, receive)
}

/// The arrays alone, read into memory that is there already, or into new vectors: nobody can be
/// faster.
fn raw(frame: &Frame, is_warm: bool) -> Case<'_> {
    let send = |stream: &mut UnixStream| {
        stream.write_all(bytemuck::cast_slice(&frame.pos)).unwrap();
        stream.write_all(bytemuck::cast_slice(&frame.vel)).unwrap();
        stream.write_all(bytemuck::cast_slice(&frame.ids)).unwrap();
    };
    let mut place = frame.clone();
    let receive = move |stream: &mut UnixStream| {
        read(stream, &mut place.pos, is_warm)?;
        read(stream, &mut place.vel, is_warm)?;
        read(stream, &mut place.ids, is_warm)?;
        Some(sum_of(&place))
    };
    let name = if is_warm { RAW_WARM } else { "raw_allocated" };
    exchange(name, frame, sum_of(frame), send, receive)
}

/// Reads as many items as there are before, into them or into a new vector.
fn read<T: bytemuck::Pod>(
    stream: &mut UnixStream,
    items: &mut Vec<T>,
    is_warm: bool,
) -> Option<()> {
    if !is_warm {
        let count = items.len();
        *items = Vec::new();
        *items = vec![T::zeroed(); count];
    }
    stream.read_exact(bytemuck::cast_slice_mut(items)).ok()
}

/// Encoded into and out of buffers of 256 KiB, so that nothing is held as a whole.
fn bincode(frame: &Frame) -> Case<'_> {
    const BUFFER: usize = 256 << 10;
    let config = bincode::config::standard().with_fixed_int_encoding();
    let send = move |stream: &mut UnixStream| {
        let mut writer = BufWriter::with_capacity(BUFFER, stream);
        bincode::encode_into_std_write(frame, &mut writer, config).unwrap();
        writer.flush().unwrap();
    };
    let receive = move |stream: &mut UnixStream| {
        let mut reader = BufReader::with_capacity(BUFFER, stream);
        let frame: Frame = bincode::decode_from_std_read(&mut reader, config).ok()?;
        Some(sum_of(&frame))
    };
    exchange("bincode", frame, sum_of(frame), send, receive)
}

/// Measures sending until the sum is back. The receiver's thread ends with the stream.
fn exchange<'a>(
    implementation: &'static str,
    frame: &'a Frame,
    expected: f64,
    mut send: impl FnMut(&mut UnixStream) + 'a,
    mut receive: impl FnMut(&mut UnixStream) -> Option<f64> + Send + 'static,
) -> Case<'a> {
    let (mut here, mut there) = UnixStream::pair().unwrap();
    thread::spawn(move || {
        while let Some(sum) = receive(&mut there) {
            there.write_all(&sum.to_ne_bytes()).unwrap();
        }
    });
    let work = move || {
        send(&mut here);
        let mut sum = [0; size_of::<f64>()];
        here.read_exact(&mut sum).unwrap();
        f64::from_ne_bytes(sum)
    };
    Case::new(implementation, frame.bytes(), work, move |sum| {
        assert_eq!(*sum, expected);
    })
}

fn sum_of(frame: &Frame) -> f64 {
    let ids: u64 = frame.ids.iter().map(|id| u64::from(*id)).sum();
    sum(&frame.pos) + sum(&frame.vel) + ids as f64
}

/// In lanes, as one sum after the other would take longer than the transport.
fn sum(numbers: &[f64]) -> f64 {
    let (lanes, rest) = numbers.as_chunks::<16>();
    let mut sums = [0.0; 16];
    for lane in lanes {
        for (sum, number) in sums.iter_mut().zip(lane) {
            *sum += number;
        }
    }
    sums.iter().chain(rest).sum()
}

const RAW_WARM: &str = "raw_warm";
