//! What users rely on of the public types without asking: that they may go to another thread,
//! and how wide errors are.

use canning_core::{
    ArrayValue, Buffer, Copied, Dtype, SharedBytes, SharedSlice, Value,
    buffer::{Allocation, ArrayLayout, RawArray, ReceivedArray},
};
use canning_wire::{
    Blobs, CanOptions, Limits, Message, MessageReader, MessageWriter, Object, frame,
};

fn sendable<T: Send + Sync>() {}

#[test]
fn everything_that_holds_data_may_go_to_another_thread() {
    sendable::<(Buffer<'_>, SharedBytes, SharedSlice<f64>, Allocation)>();
    sendable::<(ArrayLayout, RawArray<'_>, ReceivedArray<'_>, Dtype, Copied)>();
    sendable::<(Value, ArrayValue)>();
    sendable::<(Object<'_>, Message<'_>, Blobs<'_>, Limits, CanOptions)>();
    sendable::<(MessageReader<std::net::TcpStream>, frame::FrameReader, frame::FrameWriter<'_>)>();
    sendable::<MessageWriter<std::net::TcpStream>>();
    sendable::<canning_wire::Summary>();
    sendable::<(canning_core::Error, canning_wire::Error)>();
}

#[test]
fn results_cost_one_pointer() {
    assert_eq!(size_of::<canning_core::Result<()>>(), size_of::<usize>());
    assert_eq!(size_of::<canning_wire::Result<()>>(), size_of::<usize>());
}
