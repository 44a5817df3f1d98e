//! Buffers that borrow, used longer than what they borrow from.

use std::{ptr::NonNull, sync::Arc};

use canning_core::{
    Buffer, SharedBytes, SharedSlice,
    buffer::{Allocation, Gather, Run},
};

fn longer<'a>(buffer: Buffer<'a>) -> Buffer<'static> {
    buffer
}

fn pieces_longer<'a>(bytes: &'a [u8]) -> Buffer<'static> {
    Buffer::borrowed_pieces(bytes, b"static")
}

fn as_long_as_its_source<'a>(buffer: &Buffer<'a>) -> Option<&'a [u8]> {
    buffer.as_slice()
}

fn segments_as_long<'a>(buffer: &Buffer<'a>) -> Vec<&'a [u8]> {
    buffer.segments().collect()
}

fn rest_as_long<'a>(buffer: &Buffer<'a>) -> Vec<&'a [u8]> {
    buffer.segments_from(1).collect()
}

fn gathered_as_long<'a>(buffer: &Buffer<'a>) -> Option<Gather<'a>> {
    buffer.gather()
}

fn part_longer<'a>(buffer: &Buffer<'a>) -> Option<Buffer<'static>> {
    buffer.part(0..1)
}

fn items_longer<'a>(run: &Run<'a, u8>) -> Vec<&'static u8> {
    run.iter().collect()
}

fn raw_longer<'a>(run: Run<'a, u8>) -> Buffer<'static> {
    run.into_raw(canning_core::Elem::of()).unwrap().into_buffer()
}

fn shared_bytes_longer(bytes: SharedBytes) -> &'static [u8] {
    bytes.as_slice()
}

fn shared_items_longer<'a>(items: SharedSlice<u8>) -> &'a [u8] {
    items.as_slice()
}

fn written_while_borrowed() {
    let mut bytes = vec![1];
    let buffer = Buffer::borrowed(&bytes);
    bytes[0] = 2;
    drop(buffer);
}

fn freed_while_read() {
    let allocation = Allocation::from_vec(vec![1_u8]);
    let bytes = allocation.as_slice();
    drop(allocation.try_into_vec(canning_core::Elem::<u8>::of()));
    assert_eq!(bytes, [1]);
}

fn read_while_written() {
    let mut allocation = Allocation::from_vec(vec![1_u8]);
    let bytes = allocation.as_mut_slice();
    assert_eq!(allocation.as_slice(), [1]);
    bytes[0] = 2;
}

fn without_a_promise() {
    let run = Run::<u8>::of_strided(NonNull::dangling(), &[1], &[1]);
    drop(Arc::new(run));
}

fn main() {}
