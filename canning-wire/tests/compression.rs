//! Compressed buffers: what pays is compressed, what does not stays where it is, and nothing that a
//! stranger sends unfolds beyond the limits.

#![expect(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use canning_core::{Buffer, CannedObject, SharedBytes};
use canning_wire::{
    CanOptions, Error, ErrorKind, FrameOptions, Limits, Message, MessageReader, MessageWriter,
    Object, can,
    frame::{FrameReader, Part, Place},
    read_message, read_message_into, write_message,
};
use support::{
    assemble::framed,
    bytes,
    counting::{Counting, count},
    featured_frames::{COMPRESSION, of_bytes},
    lz4::{CHUNK, packed, run, stored},
    reader::read_frame,
};

#[global_allocator]
static COUNTING: Counting = Counting;

const ON: FrameOptions = FrameOptions::new().with_compression();

/// Bytes that no compression shortens.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..len).map(next).collect()
}

fn written(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let sent = ON.write_message(&mut bytes, message).unwrap();
    assert_eq!(sent.bytes, bytes.len() as u64);
    bytes
}

fn parts(message: &Message<'_>) -> Vec<(Vec<u8>, Vec<Vec<u8>>)> {
    message.objects().iter().map(bytes::parts).collect()
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Message<'static>, Error> {
    let streamed = read_message(&mut &*bytes, limits).map(Option::unwrap);
    let mut ahead = MessageReader::new(bytes, *limits);
    let ahead = ahead.read_message().map(Option::unwrap);
    let block = Message::from_block(bytes, limits);
    for other in [ahead, block] {
        match (&streamed, other) {
            (Ok(streamed), Ok(other)) => assert_eq!(parts(streamed), parts(&other)),
            (Err(streamed), Err(other)) => assert_eq!(streamed.to_string(), other.to_string()),
            (streamed, other) => panic!("{streamed:?}, but {other:?}"),
        }
    }
    streamed
}

#[test]
fn what_pays_is_compressed_and_comes_back() {
    let steps: Vec<u32> = (0..1_000_000).map(|item| item / 1000).collect();
    let noise = noise(300_000);
    let half = [vec![7; CHUNK], noise.clone()].concat();
    let text = "argon ".repeat(10_000);
    let all = (&steps, &noise, &half, &text);
    let message = Message::from(can(&all).unwrap());
    let mut bytes = Vec::new();
    let sent = ON.write_message(&mut bytes, &message).unwrap();
    assert_eq!(sent.compressed, (4 * steps.len() + half.len() + text.len()) as u64);
    assert!(bytes.len() < 2 * noise.len() + 200_000, "{}", bytes.len());
    assert_eq!(read_frame(&bytes).unwrap(), parts(&message), "a second reader");
    let received = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(parts(&received), parts(&message));
    assert_eq!(ON.to_block(&message).unwrap().as_slice(), bytes);
}

#[test]
fn what_does_not_pay_leaves_as_it_lies_and_the_frame_is_the_plain_one() {
    let noise = noise(3 << 20);
    let message = Message::from(can(&noise).unwrap());
    let mut frame = ON.writer(&message).unwrap();
    let last = frame.slices().last().map(|slice| (slice.as_ptr(), slice.len()));
    assert_eq!(last, Some((noise.as_ptr(), noise.len())), "the value's own memory");
    let (mut plain, sent) = (Vec::new(), ON.write_message(&mut Vec::new(), &message).unwrap());
    assert_eq!(write_message(&mut plain, &message).unwrap(), sent);
    assert_eq!((sent.compressed, written(&message)), (0, plain));

    // Looking at three places of it takes three tables' worth of memory, whatever its length.
    let (_, cost) = count(|| drop(ON.writer(&message).unwrap()));
    assert!(cost.peak < 512 << 10, "{cost:?}");
}

#[test]
fn buffers_that_are_stored_land_without_a_copy() {
    // One buffer pays, so that the frame is a compressed one; the other does not.
    let (zeros, noise) = (vec![0_u8; 4096], noise(1 << 20));
    let bytes = written(&can(&(&zeros, &noise)).unwrap().into());
    let mut reader = FrameReader::new(Limits::default());
    let mut input = bytes.as_slice();
    let mut longest = (std::ptr::null(), 0);
    let message = loop {
        let space = reader.space();
        if space.len() > longest.1 {
            longest = (space.as_ptr(), space.len());
        }
        let len = std::io::Read::read(&mut input, space).unwrap();
        reader.fill(len).unwrap();
        if let Some(message) = reader.next_message().unwrap() {
            break message;
        }
    };
    let landed = message.objects()[0].buffers()[1].as_slice().unwrap();
    assert!(landed.as_ptr_range().contains(&longest.0));
    assert_eq!(landed, noise);
}

#[test]
fn message_writers_copy_what_has_become_small() {
    let zeros = vec![0_u64; 10_000];
    let mut writer = MessageWriter::new(Vec::new());
    writer.set_frames(ON);
    let sent = writer.write_message(&can(&zeros).unwrap().into()).unwrap();
    assert_eq!((sent.buffered, sent.compressed), (sent.bytes, 80_000));
    writer.set_frames(FrameOptions::new());
    let sent = writer.write_message(&can(&zeros).unwrap().into()).unwrap();
    assert_eq!((sent.buffered, sent.compressed), (0, 0));
    let bytes = writer.into_inner().unwrap();
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    for _ in 0..2 {
        assert_eq!(reader.read_value::<Vec<u64>, _>().unwrap().unwrap(), zeros);
    }
}

#[test]
fn buffers_unfold_into_places() {
    let numbers: Vec<u64> = (0..100_000).map(|item| item / 64).collect();
    let bytes = written(&can(&numbers).unwrap().into());
    let mut place = vec![0_u64; 100_000];
    let there = place.as_ptr();
    let places = [Place::new(&mut place).unwrap()];
    let message = read_message_into(&mut bytes.as_slice(), &Limits::default(), places).unwrap();
    let message = message.unwrap();
    let view: &[u64] = message.objects()[0].get().unwrap();
    assert_eq!((view.as_ptr(), view), (there, numbers.as_slice()));
}

#[test]
fn a_block_unfolds_into_memory_of_its_own_and_counts_it() {
    let (zeros, noise) = (vec![0.0_f64; 4096], noise(4096));
    let both = (&zeros, &noise);
    let message = Message::from(can(&both).unwrap());
    let block = SharedBytes::from_allocation(ON.to_block(&message).unwrap());
    let [mut object] =
        Message::from_block(block.clone(), &Limits::default()).unwrap().into_array().unwrap();
    assert_eq!(object.copied().out_of_band, 4096 * 8);
    let unfolded = object.buffers()[0].as_slice().unwrap().as_ptr();
    let stored = object.buffers()[1].as_slice().unwrap().as_ptr();
    assert!(block.as_ptr_range().contains(&stored), "a view");
    let (numbers, _): (Vec<f64>, Vec<u8>) = object.take().unwrap();
    assert_eq!((numbers.as_ptr().cast(), numbers), (unfolded, zeros), "taken over");
}

#[test]
fn every_cut_is_an_error_and_every_flip_an_error_or_other_bytes() {
    let zeros = vec![0_u8; 2000];
    let pair = (&zeros, 7_u64);
    let message = Message::from(can(&pair).unwrap());
    let good = written(&message);
    for len in 1..good.len() {
        assert!(read_message(&mut &good[..len], &Limits::default()).is_err(), "{len}");
        assert!(Message::from_block(&good[..len], &Limits::default()).is_err(), "{len}");
    }
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(message) = read_message(&mut bytes.as_slice(), &Limits::default()) {
            let message = message.unwrap();
            let lens: Vec<_> = message.objects()[0].buffers().iter().map(Buffer::len).collect();
            assert_eq!(lens, [2000]);
        }
    }
}

#[test]
fn every_flipped_bit_of_a_frame_with_both_names_the_buffer() {
    let both = ON.with_integrity();
    let options = CanOptions::new().inline_threshold(0);
    let (zeros, noise) = (vec![0_u8; 2000], noise(90));
    let pair = (&zeros, &noise);
    let object = options.can(&pair).unwrap();
    let header = object.header().len();
    let mut good = Vec::new();
    both.write_message(&mut good, &object.clone().into()).unwrap();
    let front = 32_usize + 16 + 16 + 4;
    let header_at = front.next_multiple_of(64);
    let wire = u64::from_le_bytes(good[48..56].try_into().unwrap()) as usize;
    let first_at = (header_at + header + 4).next_multiple_of(64);
    let second_at = (first_at + wire + 4).next_multiple_of(64);
    assert_eq!(good.len(), second_at + 90 + 4);
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let error = read_message(&mut bytes.as_slice(), &Limits::default()).unwrap_err();
        let expected = match bit / 8 {
            at if (32..front).contains(&at) => Part::Table,
            at if (header_at..header_at + header + 4).contains(&at) => Part::Header { object: 0 },
            at if (first_at..first_at + wire + 4).contains(&at) => {
                Part::Buffer { object: 0, buffer: 0 }
            }
            at if at >= second_at => Part::Buffer { object: 0, buffer: 1 },
            _ => continue,
        };
        match error.kind() {
            ErrorKind::Checksum { part } | ErrorKind::Compression { part, .. } => {
                assert_eq!(*part, expected, "{bit}");
            }
            // The tables say how long they are.
            _ => assert_eq!(expected, Part::Table, "{bit}: {error}"),
        }
        assert!(Message::from_block(bytes.as_slice(), &Limits::default()).is_err());
    }
}

/// A frame of buffers of so many bytes each, with what is on the wire.
fn bomb(buffers: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let objects = buffers.iter().map(|(len, wire)| (of_bytes(*len), vec![wire.clone()]));
    framed(&objects.collect::<Vec<_>>(), COMPRESSION)
}

/// The most dense chunks that there are.
fn zeros(chunks: usize) -> Vec<u8> {
    packed(&run(0, CHUNK)).repeat(chunks)
}

#[test]
fn lengths_that_are_not_there_reserve_nothing() {
    for len in [1 << 60, 1 << 40, 1 << 31] {
        let limits =
            Limits { message_bytes: u64::MAX, unfolded_bytes: u64::MAX, ..Limits::default() };
        for limits in [Limits::default(), limits] {
            let bytes = bomb(&[(len, zeros(1))]);
            let (result, cost) = count(|| read_message(&mut bytes.as_slice(), &limits).map(drop));
            assert!(result.is_err(), "{len}");
            assert!(cost.peak < 64 << 10, "{len}: {cost:?}");
            let (result, cost) = count(|| Message::from_block(bytes.as_slice(), &limits).map(drop));
            assert!(result.is_err(), "{len}");
            assert!(cost.peak < 64 << 10, "{len}: {cost:?}");
        }
    }
}

#[test]
fn bombs_unfold_up_to_the_limit_and_not_beyond() {
    let limit = 4 * CHUNK;
    let limits = Limits { unfolded_bytes: limit as u64, ..Limits::default() };
    let allowed = bomb(&[(2 * CHUNK, zeros(2)), (2 * CHUNK, zeros(2))]);
    assert!(allowed.len() * 200 < limit, "it is a bomb");
    let message = read(&allowed, &limits).unwrap();
    let unfolded: u64 = message.objects().iter().map(Object::len_in_bytes).sum();
    assert!(unfolded > limit as u64);

    let beyond =
        bomb(&[(2 * CHUNK, zeros(2)), (2 * CHUNK + 30, [zeros(2), packed(&run(0, 30))].concat())]);
    let error = read(&beyond, &limits).unwrap_err();
    let text = format!(
        "length of the compressed buffers is {}, above the limit of {limit} (after 1 whole objects)",
        limit + 30
    );
    assert_eq!(error.to_string(), text);
    // What is stored does not unfold.
    let noise = noise(5 * CHUNK);
    let both = (&noise, vec![0_u8; 5000]);
    let message = Message::from(can(&both).unwrap());
    assert!(read(&written(&message), &limits).is_ok());
}

#[test]
fn what_unfolds_counts_for_the_length_of_the_message() {
    let bytes = bomb(&[(CHUNK, zeros(1)), (CHUNK, zeros(1))]);
    let limits = |message_bytes| Limits { message_bytes, ..Limits::default() };
    let all = bytes.len() + 2 * CHUNK - 2 * zeros(1).len();
    assert!(read(&bytes, &limits(all as u64)).is_ok());
    let error = read(&bytes, &limits(all as u64 - 1)).unwrap_err();
    assert!(error.to_string().starts_with("length of the message is"), "{error}");
}

#[test]
fn memory_grows_with_what_has_come() {
    // 64 MiB are announced, and 1 MiB comes.
    let chunks = 256;
    let bytes = bomb(&[(chunks * CHUNK, zeros(chunks))]);
    let cut = 64 + 64 + zeros(4).len();
    for believed in [0, 1 << 20] {
        let limits = Limits { believed_bytes: believed, ..Limits::default() };
        let (result, cost) = count(|| read_message(&mut &bytes[..cut], &limits).map(drop));
        assert!(matches!(result.unwrap_err().kind(), ErrorKind::Truncated { .. }));
        // Twice as much, what it was copied from when it grew, and a chunk that is not unfolded.
        assert!(cost.peak < (3 << 20) + (320 << 10), "{believed}: {cost:?}");
        let (result, cost) = count(|| read_message(&mut bytes.as_slice(), &limits).map(drop));
        result.unwrap();
        assert!(cost.peak < (chunks * CHUNK) * 17 / 10, "{believed}: {cost:?}");
    }
    let (result, cost) =
        count(|| read_message(&mut bytes.as_slice(), &Limits::default()).map(drop));
    result.unwrap();
    assert!(cost.peak < chunks * CHUNK + (600 << 10), "one chunk of scratch memory: {cost:?}");
}

#[test]
fn chunks_that_are_not_what_they_say_are_refused_and_named() {
    let refused = |wire: Vec<u8>, why: &str| {
        let bytes = framed(&[(of_bytes(CHUNK + 100), vec![wire])], COMPRESSION);
        let error = read(&bytes, &Limits::default()).unwrap_err();
        let ErrorKind::Compression { part, why: found } = error.kind() else { panic!("{error}") };
        assert_eq!((*part, *found), (Part::Buffer { object: 0, buffer: 0 }, why));
    };
    let first = || packed(&run(1, CHUNK));
    let with = |second: Vec<u8>| [first(), second].concat();
    refused(with(packed(&run(1, 99))), "a chunk unfolds to too few bytes");
    refused(with(packed(&run(1, 101))), "a chunk is no LZ4 block of its length");
    refused(with(packed(&run(1, 5000))), "a chunk is no LZ4 block of its length");
    refused(with(packed(&[])), "so few bytes cannot unfold to as many");
    refused(with(stored(&[0; 99])), "a stored chunk has another length");
    refused(with(stored(&[0; 101])), "a stored chunk has another length");
    refused(with(packed(&[0; 100])), "a chunk is no shorter than its bytes");
    refused(
        with([packed(&run(1, 100)), packed(&[])].concat()),
        "it ends before its bytes on the wire",
    );
    refused(first(), "its bytes on the wire end within a chunk");
    refused(with(vec![1, 0]), "its bytes on the wire end within a chunk");
    refused(with(vec![40, 0, 0, 0, 0]), "its bytes on the wire end within a chunk");
    // Chunks of nothing, for ever.
    refused(packed(&[]).repeat(2000), "so few bytes cannot unfold to as many");
    refused(stored(&[]).repeat(2000), "a stored chunk has another length");
    refused(stored(&[7]).repeat(2000), "a stored chunk has another length");
    let good = with(stored(&[7; 100]));
    assert!(
        read(&framed(&[(of_bytes(CHUNK + 100), vec![good])], COMPRESSION), &Limits::default())
            .is_ok()
    );
}

#[test]
fn tables_of_lengths_are_bounded() {
    // 2^20 buffers of one object, which has none.
    let mut bytes = framed(&[(of_bytes(64), vec![packed(&run(0, 64))])], COMPRESSION);
    bytes[40..48].copy_from_slice(&(1_u64 << 20).to_le_bytes());
    bytes[24..32].copy_from_slice(&(1_u64 << 30).to_le_bytes());
    let (result, cost) =
        count(|| read_message(&mut bytes.as_slice(), &Limits::default()).map(drop));
    let text = "number of buffers is 1048576, above the limit of 65536";
    assert_eq!(result.unwrap_err().to_string(), text);
    assert!(cost.peak < 16 << 10, "{cost:?}");
    // As many as are allowed, and then the input ends.
    bytes[40..48].copy_from_slice(&(1_u64 << 16).to_le_bytes());
    let (result, cost) =
        count(|| read_message(&mut bytes.as_slice(), &Limits::default()).map(drop));
    assert!(matches!(result.unwrap_err().kind(), ErrorKind::Truncated { .. }));
    assert!(cost.peak < 16 << 10, "{cost:?}");
}
