//! Strided arrays as frames of ZeroMQ: what is written, and what is copied.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    thread,
};

use canning_core::Buffer;
use canning_ipyparallel::zmtp::{self, Options, SocketType};
use canning_ndarray as _;
use canning_python::ipyparallel;
use ndarray::{Array2, Axis, Slice};

/// The part of an array that `slice` leaves, in the frames that ipyparallel wants.
fn frames(axis: usize, slice: Slice) -> Vec<Buffer<'static>> {
    let mut array = Array2::from_shape_fn((300, 2000), |(i, j)| (2000 * i + j) as f64);
    array.slice_axis_inplace(Axis(axis), slice);
    ipyparallel::can_arc(&Arc::new(array)).unwrap().into_blobs()
}

fn flat(frame: &Buffer<'_>) -> Vec<u8> {
    frame.segments().collect::<Vec<_>>().concat()
}

#[test]
fn strided_arrays_are_written_row_by_row() {
    // Rows of one item, and rows that are long enough to be written from where they are.
    let columns = frames(1, Slice::new(0, None, 2));
    let rows = frames(0, Slice::new(0, None, 3));
    let long = |frame: &&Buffer<'_>| frame.len() > 4096;
    let mut expected = Vec::new();
    for frame in columns.iter().chain(&rows).filter(long) {
        assert!(frame.as_slice().is_none());
        expected.push(flat(frame));
    }
    let [columns_len, rows_len] = [300 * 1000 * 8, 100 * 2000 * 8];
    assert_eq!(expected.iter().map(Vec::len).collect::<Vec<_>>(), [columns_len, rows_len]);

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0];
        hello.extend(b"NULL");
        hello.resize(64, 0);
        hello.extend(b"\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06ROUTER");
        stream.write_all(&hello).unwrap();
        let mut came = Vec::new();
        stream.read_to_end(&mut came).unwrap();
        came
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let short: usize =
        columns.iter().chain(&rows).map(Buffer::len).filter(|len| *len <= 4096).sum();
    runtime.block_on(async {
        let connected = zmtp::connect(&endpoint, &SocketType::dealer(), &Options::default()).await;
        let (mut sender, _receiver) = connected.unwrap();
        sender.push(columns);
        sender.push(rows);
        sender.flush().await.unwrap();
        assert_eq!(sender.copied(), (columns_len + short) as u64);
    });
    let came = peer.join().unwrap();
    let mut rest = &came[..];
    for frame in expected {
        // After its header.
        let len = (frame.len() as u64).to_be_bytes();
        let at = rest.windows(8).position(|window| window == len).unwrap() + 8;
        assert!(rest[at..].starts_with(&frame));
        rest = &rest[at + frame.len()..];
    }
}
