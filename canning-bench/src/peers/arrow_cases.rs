//! The cases of arrow-ipc, which shares the memory of its arrays.

use std::io::{BufReader, BufWriter};

use arrow_buffer::Buffer;

use crate::{
    exchange::{Stream, Way},
    harness::Case,
    peers::{arrow, table::Peer},
    values::{Frame, Value},
};

/// `StreamWriter`, which copies arrays into the stream, and `StreamReader`, which copies the
/// stream into arrays; on a socket neither copies.
pub(super) const STREAM: Peer<Frame> = Peer {
    encoding: Some(|frame| {
        let batch = arrow::batch_of(frame);
        let capacity = usize::try_from(frame.bytes()).unwrap() + 4096;
        let work = move || {
            let mut stream = Vec::with_capacity(capacity);
            arrow::write(&batch, &mut stream);
            stream
        };
        Case::new(WRITER, frame.bytes(), work, |stream| {
            let batch = arrow::read(stream.as_slice()).unwrap();
            assert_eq!(arrow::frame_of(&batch), *frame);
        })
    }),
    decoding: Some(|frame| {
        let mut stream = Vec::new();
        arrow::write(&arrow::batch_of(frame), &mut stream);
        let work = move || arrow::read(stream.as_slice()).unwrap();
        Case::new(READER, frame.bytes(), work, |batch| {
            assert_eq!(arrow::frame_of(batch), *frame);
        })
    }),
    sending: Some(|frame| {
        let batch = arrow::batch_of(frame);
        let send = move |stream: &mut dyn Stream| {
            arrow::write(&batch, BufWriter::new(stream));
        };
        let receive = |stream: &mut dyn Stream| {
            Some(arrow::views(&arrow::read(BufReader::new(stream))?).sum())
        };
        Way::new(READER, frame, send, receive)
    }),
};

/// `StreamEncoder` and `StreamDecoder`, whose arrays share the memory of the batch, and of the
/// received block.
pub(super) const BLOCK: Peer<Frame> = Peer {
    encoding: Some(|frame| {
        let batch = arrow::batch_of(frame);
        let work = move || arrow::encode(&batch);
        Case::new(ENCODER, frame.bytes(), work, |buffers| {
            let batch = arrow::decode(Buffer::from_vec(joined(buffers)));
            assert_eq!(arrow::frame_of(&batch), *frame);
        })
    }),
    decoding: Some(|frame| {
        let stream = Buffer::from_vec(joined(&arrow::encode(&arrow::batch_of(frame))));
        let work = move || arrow::decode(stream.clone());
        Case::new(DECODER, frame.bytes(), work, |batch| {
            assert_eq!(arrow::frame_of(batch), *frame);
        })
    }),
    sending: Some(|frame| {
        let batch = arrow::batch_of(frame);
        let send = move |mut stream: &mut dyn Stream| {
            arrow::send(&arrow::encode(&batch), &mut stream);
        };
        let receive =
            |mut stream: &mut dyn Stream| Some(arrow::views(&arrow::receive(&mut stream)?).sum());
        Way::new(DECODER, frame, send, receive)
    }),
};

fn joined(buffers: &[Buffer]) -> Vec<u8> {
    buffers.iter().flat_map(|buffer| buffer.iter().copied()).collect()
}

const WRITER: &str = "arrow_ipc_writer";
const READER: &str = "arrow_ipc_reader";
const ENCODER: &str = "arrow_ipc_encoder";
const DECODER: &str = "arrow_ipc_decoder";
