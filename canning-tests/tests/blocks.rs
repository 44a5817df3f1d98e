//! Strided arrays, and `bytes::Bytes`, as one block of memory; and strided arrays through a router.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../canning-wire/tests/support/counting.rs"]
#[allow(missing_docs, unreachable_pub, reason = "a part of the tests of another crate")]
mod counting;

use std::{
    collections::VecDeque,
    io::{self, Read},
    thread,
};

use bytes::Bytes;
use canning_core::{Canned, CannedObject, SharedBytes, SharedSlice, Value};
use canning_ndarray::view_of;
use canning_wire::{CanOptions, Limits, Message, MessageReader, write_message};
use counting::{Counting, count};
use ndarray::{Array3, ArrayView3, Ix3, s};

#[global_allocator]
static COUNTING: Counting = Counting;

fn numbered() -> Array3<f64> {
    let items = (0..40 * 50 * 60).map(f64::from);
    Array3::from_shape_vec((40, 50, 60), items.collect()).unwrap()
}

/// One for each way that an array may lie: in one run or many, short and long ones.
fn views(array: &Array3<f64>) -> [ArrayView3<'_, f64>; 6] {
    [
        array.view(),
        array.view().reversed_axes(),
        array.slice(s![..;-1, .., ..;-1]),
        array.slice(s![.., 3..47, ..]),
        array.slice(s![..;3, .., ..;7]),
        array.slice(s![..1, 2..3, ..;9]),
    ]
}

fn ring() -> VecDeque<u64> {
    let mut ring: VecDeque<u64> = (0..4000).collect();
    ring.rotate_left(1500);
    ring
}

fn message<'a>(views: &'a [ArrayView3<'a, f64>], ring: &'a VecDeque<u64>) -> Message<'a> {
    let options = CanOptions::new().inline_threshold(0);
    let mut message: Message<'_> = views.iter().map(|view| options.can(view).unwrap()).collect();
    message.push(options.can(ring).unwrap());
    message
}

fn written(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, message).unwrap();
    bytes
}

#[test]
fn strided_arrays_are_gathered_straight_into_the_block() {
    let (array, ring) = (numbered(), ring());
    let broadcast = array.slice(s![..1, ..1, ..]);
    let broadcast = broadcast.broadcast((40, 50, 60)).unwrap();
    let mut views = views(&array).to_vec();
    views.push(broadcast.reborrow());
    for count_of_views in [1, 3, views.len()] {
        let views = &views[..count_of_views];
        let message = message(views, &ring);
        let (block, cost) = count(|| message.to_block().unwrap());
        assert!(block.as_slice() == written(&message));
        assert_eq!((cost.large, cost.peak - block.len() < 4096), (1, true), "{cost:?}");
        let mut memory = vec![0xff; block.len()];
        let (_, cost) = count(|| message.copy_to(&mut memory).unwrap());
        assert!(cost.bytes < 4096 && memory == block.as_slice(), "{cost:?}");

        let back = Message::from_block(block.as_slice(), &Limits::default()).unwrap();
        let within = block.as_slice().as_ptr_range();
        for (object, sent) in back.objects().iter().zip(views) {
            let view: ArrayView3<'_, f64> = object.get().unwrap();
            assert_eq!(view, sent);
            assert!(within.contains(&view.as_ptr().cast()), "it lies in the block");
            assert_eq!((object.copied().in_band, object.copied().out_of_band), (0, 0));
        }
        let last = back.objects().last().unwrap();
        assert_eq!(last.get::<VecDeque<u64>, _>().unwrap(), ring);
    }
}

#[test]
fn bytes_are_a_block_and_are_shared() {
    let array = numbered();
    let message = Message::from(canning_wire::can(&array).unwrap());
    let block = Bytes::from_owner(message.to_block().unwrap());
    let within = block.as_ptr_range();
    let message: Message<'static> = Message::from_block(block, &Limits::default()).unwrap();
    let [object] = message.into_array().unwrap();
    let view: ArrayView3<'_, f64> = object.get().unwrap();
    assert_eq!(view, array);
    assert!(within.contains(&view.as_ptr().cast()));

    let numbers: Vec<f64> = array.iter().copied().collect();
    let message = Message::from(canning_wire::can(&numbers).unwrap());
    let block = Bytes::from_owner(message.to_block().unwrap());
    let [object] = Message::from_block(block, &Limits::default()).unwrap().into_array().unwrap();
    let kept: SharedSlice<f64> = object.get_object().unwrap();
    assert_eq!(*kept, *numbers);
}

#[test]
fn strided_arrays_pass_a_router_byte_for_byte() {
    let (array, ring) = (numbered(), ring());
    let views = views(&array);
    let sent = written(&message(&views, &ring));
    let (from, mut sender) = io::pipe().unwrap();
    let (mut receiver, mut to) = io::pipe().unwrap();
    let mut routed = Vec::new();
    thread::scope(|scope| {
        // Strided where it is sent, in one run where it is passed on.
        let (views, ring) = (&views, &ring);
        scope.spawn(move || {
            let message = message(views, ring);
            assert!(write_message(&mut sender, &message).unwrap().gathered > 0);
        });
        scope.spawn(move || {
            let mut reader = MessageReader::new(from, Limits::default());
            let message = reader.read_message().unwrap().unwrap();
            assert_eq!(write_message(&mut to, &message).unwrap().gathered, 0);
        });
        receiver.read_to_end(&mut routed).unwrap();
    });
    assert!(routed == sent);
    let back = Message::from_block(routed, &Limits::default()).unwrap();
    for (object, sent) in back.objects().iter().zip(&views) {
        assert_eq!(object.get::<Array3<f64>, _>().unwrap(), sent);
    }
}

#[derive(Canned)]
struct Owned {
    positions: Array3<f64>,
}

#[derive(Canned)]
#[canned(rename = "Owned")]
struct Kept {
    positions: Value,
}

#[test]
fn shared_memory_is_copied_into_an_array_and_kept_in_a_value() {
    let sent = Owned { positions: numbered() };
    let mut message = Message::new();
    message.add(&sent).unwrap();
    let block = SharedBytes::from_allocation(message.to_block().unwrap());
    let object = || {
        let message = Message::from_block(block.clone(), &Limits::default()).unwrap();
        message.into_array::<1>().unwrap().into_iter().next().unwrap()
    };
    let bytes = (sent.positions.len() * size_of::<f64>()) as u64;

    let mut copying = object();
    let owned: Owned = copying.take().unwrap();
    assert_eq!((owned.positions, copying.copied().out_of_band), (numbered(), bytes));

    let mut sharing = object();
    let kept: Kept = sharing.take().unwrap();
    assert_eq!(sharing.copied().out_of_band, 0);
    drop(sharing);
    let view = view_of::<f64, Ix3>(kept.positions.as_array().unwrap()).unwrap();
    assert_eq!(view, sent.positions);
    assert!(block.as_ptr_range().contains(&view.as_ptr().cast()));
}
