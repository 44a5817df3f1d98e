//! A steady stream of like values is received without allocating: their memory is used again.

#![cfg(unix)]
#![expect(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{collections::HashMap, io::Read, os::unix::net::UnixStream, thread};

use canning_core::{Canned, CannedObject, SharedSlice, buffer::Pool};
use canning_wire::{CanOptions, FrameOptions, Limits, Message, MessageReader, can, write_message};
use support::{
    counting::{Count, Counting, count},
    options,
};

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Clone, Debug, PartialEq, Canned)]
struct Frame {
    step: u64,
    positions: Vec<[f64; 3]>,
    masses: Vec<f32>,
    kinds: Vec<u8>,
}

impl Frame {
    fn of(step: u64, len: usize) -> Self {
        Self {
            step,
            positions: (0..len).map(|item| [(item as f64) + step as f64; 3]).collect(),
            masses: vec![step as f32; len],
            kinds: vec![7; len],
        }
    }

    fn addresses(&self) -> [usize; 3] {
        [self.positions.as_ptr().addr(), self.masses.as_ptr().addr(), self.kinds.as_ptr().addr()]
    }
}

/// A stream of canned values, from a thread that ends with the last.
fn stream_of<T: canning_core::Can<V> + Send + 'static, V>(
    values: Vec<T>,
    options: FrameOptions,
) -> UnixStream {
    let (mut here, there) = UnixStream::pair().unwrap();
    thread::spawn(move || {
        for value in values {
            let message = Message::from(can(&value).unwrap());
            options.write_message(&mut here, &message).unwrap();
        }
    });
    there
}

fn written<T: canning_core::Can<V>, V>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        write_message(&mut bytes, &Message::from(can(value).unwrap())).unwrap();
    }
    bytes
}

#[test]
fn nothing_is_allocated_after_the_first_message() {
    for options in options::all() {
        nothing_is_allocated(options);
    }
}

fn nothing_is_allocated(options: FrameOptions) {
    let count_of = if options == FrameOptions::new() { 20 } else { 6 };
    let frames: Vec<_> = (0..count_of).map(|step| Frame::of(step, 100_000)).collect();
    let stream = stream_of(frames.clone(), options);
    let mut reader = MessageReader::new(stream, Limits::default());
    let mut first = None;
    for sent in &frames {
        let (addresses, allocated) = count(|| {
            let mut message = reader.read_message().unwrap().unwrap();
            let frame: Frame = message.objects_mut()[0].take().unwrap();
            assert_eq!(frame, *sent);
            let addresses = frame.addresses();
            reader.recycle(frame);
            reader.recycle_message(message);
            addresses
        });
        match first {
            None => first = Some(addresses),
            Some(first) => {
                assert_eq!(addresses, first);
                assert_eq!(allocated, Count::default(), "{options:?}: message {}", sent.step);
            }
        }
    }
}

#[test]
fn arrays_that_shrink_and_grow_again_stay_in_the_same_memory() {
    let lens = [1000, 700, 900, 501, 1000];
    let values: Vec<_> = lens.iter().map(|len| vec![*len as f64; *len]).collect();
    let bytes = written(&values);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    let mut addresses = Vec::new();
    for sent in &values {
        let mut message = reader.read_message().unwrap().unwrap();
        let received: Vec<f64> = message.objects_mut()[0].take().unwrap();
        assert_eq!(received, *sent);
        addresses.push(received.as_ptr().addr());
        reader.recycle(received);
    }
    assert_eq!(addresses, [addresses[0]; 5]);
}

#[test]
fn memory_found_in_the_value_is_used_whatever_holds_it() {
    #[derive(Debug, PartialEq, Canned)]
    enum Shape {
        Points(Vec<[f32; 2]>),
        Grid { heights: Box<[f64]>, label: Option<String> },
    }
    type All = (Vec<Option<Shape>>, HashMap<String, Vec<u16>>, Result<Vec<i64>, ()>);
    let value: All = (
        vec![
            Some(Shape::Points(vec![[1.0, 2.0]; 1000])),
            None,
            Some(Shape::Grid { heights: vec![0.5; 1001].into(), label: Some("x".repeat(2000)) }),
        ],
        HashMap::from([("a".to_owned(), vec![1; 1002]), ("b".to_owned(), vec![2; 1003])]),
        Ok(vec![-1; 1004]),
    );
    let bytes = written(&[value]);
    let pool = Pool::new(1 << 20);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default()).with_pool(&pool);
    let mut message = reader.read_message().unwrap().unwrap();
    let buffers = message.objects()[0].buffers().len();
    assert_eq!(buffers, 6);
    let buffer_bytes: usize =
        message.objects()[0].buffers().iter().map(|buffer| buffer.len()).sum();
    let value: All = message.objects_mut()[0].take().unwrap();
    assert_eq!(pool.held_bytes(), 0);
    pool.recycle(value);
    assert_eq!(pool.held_bytes(), buffer_bytes);
}

#[test]
fn what_was_only_looked_at_goes_back_to_the_pool_by_itself() {
    let values: Vec<_> = (0..5).map(|step| vec![f64::from(step); 10_000]).collect();
    let bytes = written(&values);
    let pool = Pool::new(1 << 20);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default()).with_pool(&pool);
    let mut addresses = Vec::new();
    for sent in &values {
        let message = reader.read_message().unwrap().unwrap();
        let view: &[f64] = message.objects()[0].get().unwrap();
        assert_eq!(view, sent);
        addresses.push(view.as_ptr().addr());
    }
    assert_eq!(addresses, [addresses[0]; 5]);
    assert!(pool.held_bytes() >= 80_000);
}

#[test]
fn memory_that_is_shared_is_not_used_again_before_it_is_free() {
    let values = [vec![1.0_f64; 1000], vec![2.0; 1000], vec![3.0; 1000]];
    let bytes = written(&values);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    let next = |reader: &mut MessageReader<&[u8]>| {
        let message = reader.read_message().unwrap().unwrap();
        let shared: SharedSlice<f64> = message.objects()[0].get().unwrap();
        reader.recycle_message(message);
        shared
    };
    let first = next(&mut reader);
    let second = next(&mut reader);
    assert_eq!((first[0], second[0]), (1.0, 2.0));
    let address = second.as_ptr();
    drop(second);
    let third = next(&mut reader);
    assert_eq!((first[0], third[0]), (1.0, 3.0));
    assert_eq!(third.as_ptr(), address, "that of the second, which is free");
}

#[test]
fn no_more_is_kept_than_the_limit() {
    let values = vec![vec![0_u8; 10_000]; 4];
    let bytes = written(&values);
    let limits = Limits { recycled_bytes: 9_999, ..Limits::default() };
    let mut reader = MessageReader::new(bytes.as_slice(), limits);
    for _ in &values {
        let mut message = reader.read_message().unwrap().unwrap();
        let value: Vec<u8> = message.objects_mut()[0].take().unwrap();
        let ((), count) = count(|| reader.recycle(value));
        assert_eq!(count.freed(), 10_000);
    }
    let pool = Pool::new(15_000);
    let mut reader = MessageReader::new(bytes.as_slice(), limits).with_pool(&pool);
    while let Some(mut message) = reader.read_message().unwrap() {
        pool.recycle(message.objects_mut()[0].take::<Vec<u8>, _>().unwrap());
        assert!((10_000..=15_000).contains(&pool.held_bytes()));
    }
}

#[test]
fn a_message_of_very_many_buffers_leaves_little_behind() {
    let arrays = vec![vec![1_u8]; 5000];
    let object = CanOptions::new().inline_threshold(0).can(&arrays).unwrap();
    let message: Message<'_> = std::iter::repeat_n(object, 40).collect();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message).unwrap();
    let limits = Limits { recycled_bytes: 1 << 20, ..Limits::default() };
    let mut reader = MessageReader::new(bytes.as_slice(), limits);
    let received = reader.read_message().unwrap().unwrap();
    reader.recycle_message(received);
    let ((), cost) = count(|| drop(reader));
    assert!(cost.freed() < 16 << 20, "{} bytes were kept", cost.freed());
}

#[test]
fn a_value_does_not_keep_the_pool_of_a_reader_that_is_gone() {
    let (long, short) = (vec![1.0_f64; 1 << 20], vec![2.0_f64; 200]);
    let bytes = written(&[long.clone(), long.clone(), long, short]);
    let broken = [bytes.as_slice(), b"no message, and longer than a prelude is"].concat();
    let kept_of = |bytes: &[u8], pool: Option<&Pool>| {
        let (kept, cost) = count(|| {
            let mut reader = MessageReader::new(bytes, Limits::default());
            if let Some(pool) = pool {
                reader = reader.with_pool(pool);
            }
            let mut next = || reader.read_value::<SharedSlice<f64>, _>();
            let [first, second, third, kept] = [(); 4].map(|()| next().unwrap().unwrap());
            // One before the end, one after an error, one when the reader is gone.
            reader.recycle(first);
            let is_broken = reader.read_value::<u8, _>().is_err();
            assert_eq!(is_broken, bytes.len() == broken.len());
            reader.recycle(second);
            drop(reader);
            drop(third);
            kept
        });
        assert_eq!(kept.len(), 200);
        cost.kept()
    };
    for bytes in [&bytes, &broken] {
        let own = kept_of(bytes, None);
        assert!(own < 16 << 10, "{own} bytes are kept with an array of 1600");
    }
    let pool = Pool::new(1 << 30);
    assert!(kept_of(&broken, Some(&pool)) > 8 << 20);
    assert!(pool.held_bytes() > 8 << 20, "a pool that was given is not the reader's to clear");
}

#[test]
fn a_pool_serves_several_threads() {
    let pool = Pool::new(1 << 24);
    thread::scope(|scope| {
        for thread in 0..4_u64 {
            let pool = &pool;
            scope.spawn(move || {
                let frames: Vec<_> = (0..50).map(|step| Frame::of(step * thread, 2000)).collect();
                let stream = stream_of(frames.clone(), FrameOptions::new());
                let mut reader = MessageReader::new(stream, Limits::default()).with_pool(pool);
                for sent in frames {
                    let mut message = reader.read_message().unwrap().unwrap();
                    let frame: Frame = message.objects_mut()[0].take().unwrap();
                    assert_eq!(frame, sent);
                    pool.recycle(frame);
                }
                assert_eq!(reader.get_mut().read(&mut [0]).unwrap(), 0);
            });
        }
    });
    let most = 4 * (2000 * 29 + 4096);
    assert!(pool.held_bytes() <= most, "{} bytes of at most {most}", pool.held_bytes());
}
