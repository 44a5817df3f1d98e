//! Frames with checksums: whatever flips on its way is found, and named.

#![expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::io::{self, Read};

use canning_core::{Buffer, Can, CannedObject};
use canning_wire::{
    CanOptions, Error, ErrorKind, FrameOptions, Limits, Message, MessageReader, MessageWriter, can,
    can_arc,
    frame::{FrameReader, FrameWriter, Part, Place},
    read_message, read_message_into, write_message,
};
use support::{assemble::framed, bytes, reader::read_frame};

const ON: FrameOptions = FrameOptions::new().with_integrity();

/// Three objects, of two, no, and one buffers.
fn with_message<T>(run: impl FnOnce(&Message<'_>) -> T) -> T {
    let options = CanOptions::new().inline_threshold(0);
    let (bytes, numbers) = ((0..70).collect::<Vec<u8>>(), [0.5_f64, 1.5, 2.5]);
    let pair = (bytes, numbers);
    let objects = [
        options.can(&pair).unwrap(),
        options.can("argon").unwrap(),
        options.can(&numbers).unwrap(),
    ];
    run(&objects.into_iter().collect())
}

/// The header of an object, and its buffers.
type Blobs = (Vec<u8>, Vec<Vec<u8>>);

fn parts(message: &Message<'_>) -> Vec<Blobs> {
    message.objects().iter().map(bytes::parts).collect()
}

fn written(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let sent = ON.write_message(&mut bytes, message).unwrap();
    assert_eq!(sent.bytes, bytes.len() as u64);
    bytes
}

/// Reads a frame in every way that there is, and is sure that all say the same.
fn read_all_ways(bytes: &[u8]) -> Result<Vec<Blobs>, Error> {
    let limits = Limits::default();
    let exact = read_message(&mut &*bytes, &limits).map(Option::unwrap);
    let mut ahead = MessageReader::new(bytes, limits);
    let mut pieces = MessageReader::new(Pieces(bytes, 7), limits);
    let block = Message::from_block(bytes, &limits);
    let others = [ahead.read_message(), pieces.read_message(), block.map(Some)];
    for other in others {
        match (&exact, other) {
            (Ok(exact), Ok(other)) => assert_eq!(parts(exact), parts(&other.unwrap())),
            (Err(exact), Err(other)) => match exact.kind() {
                // A block that ends too early is not one that ends too late.
                ErrorKind::Truncated { .. } => {}
                _ => assert_eq!(exact.to_string(), other.to_string()),
            },
            (exact, other) => panic!("{exact:?}, but {other:?}"),
        }
    }
    exact.map(|message| parts(&message))
}

/// Gives at most so many bytes at once.
struct Pieces<'b>(&'b [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let len = space.len().min(self.1);
        self.0.read(&mut space[..len])
    }
}

/// Where each blob lies in a frame of ours, and what it is.
fn places(message: &Message<'_>) -> Vec<(std::ops::Range<usize>, Part)> {
    let mut end = 32 + 8 * message.objects().len() + 4;
    let mut places = vec![(12..end, Part::Table)];
    let mut place = |buffer: &Buffer<'_>, part| {
        let start = end.next_multiple_of(64);
        end = start + buffer.len() + 4;
        places.push((start..end, part));
    };
    for (object, canned) in message.objects().iter().enumerate() {
        place(canned.header(), Part::Header { object });
        for (buffer, canned) in canned.buffers().iter().enumerate() {
            place(canned, Part::Buffer { object, buffer });
        }
    }
    places
}

#[test]
fn frame_is_what_a_second_writer_writes_and_a_second_reader_reads() {
    with_message(|message| {
        let bytes = written(message);
        assert_eq!(bytes, framed(&parts(message), 1));
        assert_eq!(read_frame(&bytes).unwrap(), parts(message));
        assert_eq!(read_all_ways(&bytes).unwrap(), parts(message));
        assert_eq!(ON.to_block(message).unwrap().as_slice(), bytes);
    });
    let empty = written(&Message::new());
    assert_eq!((empty.len(), read_all_ways(&empty).unwrap().len()), (36, 0));
    assert_eq!(empty, framed(&[], 1));
}

#[test]
fn every_flipped_bit_is_an_error_that_names_what_it_damaged() {
    with_message(|message| {
        let good = written(message);
        let places = places(message);
        let mut named = 0;
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let error = read_all_ways(&bytes).expect_err("a flipped bit");
            let place = places.iter().find(|(place, _)| place.contains(&(bit / 8)));
            match place {
                // The number of objects and the length say where the checksum is.
                Some((_, Part::Table)) if bit / 8 < 32 && bit / 8 >= 16 => {}
                Some((_, expected)) => {
                    let ErrorKind::Checksum { part } = error.kind() else { panic!("{error}") };
                    assert_eq!(part, expected, "bit {bit}");
                    let objects = match expected {
                        Part::Header { object } | Part::Buffer { object, .. } => *object,
                        _ => 0,
                    };
                    assert_eq!(error.whole_objects(), objects);
                    named += 1;
                }
                None if bit / 8 < 32 => {}
                None => {
                    assert!(error.to_string().contains("padding is not zero"), "{bit}: {error}");
                }
            }
        }
        let blobs: usize = places.iter().map(|(place, _)| place.len()).sum();
        assert_eq!(named, 8 * (blobs - 16));
    });
}

#[test]
fn every_cut_is_an_error() {
    with_message(|message| {
        let good = written(message);
        for len in 1..good.len() {
            let error = read_message(&mut &good[..len], &Limits::default()).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Truncated { read } if *read == len as u64));
            assert!(Message::from_block(&good[..len], &Limits::default()).is_err(), "{len}");
        }
    });
}

#[test]
fn errors_say_which_buffer_of_which_object() {
    with_message(|message| {
        let mut bytes = written(message);
        let places = places(message);
        let (place, _) = &places[3];
        bytes[place.start + 5] ^= 4;
        let error = read_message(&mut bytes.as_slice(), &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "buffer 1 of object 0 was damaged: its checksum differs");
        let (place, _) = &places[4];
        let mut bytes = written(message);
        bytes[place.start] ^= 4;
        let error = read_message(&mut bytes.as_slice(), &Limits::default()).unwrap_err();
        let text = "the header of object 1 was damaged: its checksum differs \
                    (after 1 whole objects)";
        assert_eq!(error.to_string(), text);
    });
}

#[test]
fn damage_ends_a_stream() {
    with_message(|message| {
        let mut bytes = written(message);
        let (place, _) = &places(message)[3];
        bytes[place.start] ^= 1;
        bytes.extend(written(message));
        let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
        assert!(reader.read_message().is_err());
        let again = reader.read_message().unwrap_err();
        assert_eq!(again.to_string(), "malformed frame: read after an error");
    });
}

/// Writes a frame with at most `most` bytes taken a time, asking for slices twice.
fn in_steps(mut frame: FrameWriter<'_>, most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while !frame.is_at_end() {
        frame.slices();
        let slices = frame.slices();
        let mut taken = 0;
        for slice in slices.iter() {
            let len = slice.len().min(most - taken);
            out.extend_from_slice(&slice[..len]);
            taken += len;
        }
        drop(slices);
        assert!(taken > 0);
        frame.advance(taken);
    }
    out
}

#[test]
fn frames_are_the_same_however_much_is_taken_at_once() {
    let long: Vec<u32> = (0..250_000).collect();
    let many: Vec<Vec<u8>> = (0..300).map(|len| vec![len as u8; len]).collect();
    let options = CanOptions::new().inline_threshold(0);
    let message: Message<'_> =
        [options.can(&long).unwrap(), options.can(&many).unwrap()].into_iter().collect();
    let expected = framed(&parts(&message), 1);
    for most in [997, 4096, 100_003, 262_144, usize::MAX] {
        assert_eq!(in_steps(ON.writer(&message).unwrap(), most), expected, "{most}");
    }
    assert_eq!(in_steps(ON.owning_writer(message.clone()).unwrap(), 5000), expected);
    assert_eq!(ON.to_block(&message).unwrap().as_slice(), expected);
    assert_eq!(read_all_ways(&expected).unwrap(), parts(&message));
}

#[test]
fn slices_are_the_values_own_memory() {
    let numbers = vec![0.5_f64; 1 << 17];
    let message = Message::from(can(&numbers).unwrap());
    let mut frame = ON.writer(&message).unwrap();
    let own = numbers.as_ptr_range();
    let own = own.start.cast::<u8>()..own.end.cast::<u8>();
    let mut of_numbers = 0;
    while !frame.is_at_end() {
        let slices = frame.slices();
        let inside = slices.iter().filter(|slice| own.contains(&slice.as_ptr()));
        of_numbers += inside.map(|slice| slice.len()).sum::<usize>();
        let len = slices.iter().map(|slice| slice.len()).sum();
        assert!(len <= 512 << 10, "what was summed up is still in the cache");
        drop(slices);
        frame.advance(len);
    }
    assert_eq!(of_numbers, 1 << 20, "no copy");
}

/// Writes messages small and large, of values and queued.
fn write_some<T: Can<V> + Send + Sync + 'static, V>(values: &[std::sync::Arc<T>]) -> Vec<u8> {
    let mut writer = MessageWriter::new(Vec::new());
    writer.set_frames(ON);
    for value in values {
        writer.write_message(&can(&**value).unwrap().into()).unwrap();
        writer.write_value(&**value).unwrap();
        writer.queue(can_arc(value).unwrap().into()).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn message_writers_and_readers_of_values_use_them() {
    let values = [0_usize, 10, 3000, 200_000].map(|len| std::sync::Arc::new(vec![7_u64; len]));
    let bytes = write_some(&values);
    let mut expected = Vec::new();
    for value in &values {
        expected.extend(written(&can(&**value).unwrap().into()).repeat(3));
    }
    assert_eq!(bytes, expected);

    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    for value in values.iter().flat_map(|value| [value; 3]) {
        assert_eq!(reader.read_value::<Vec<u64>, _>().unwrap().unwrap(), **value);
    }
    assert!(reader.read_value::<Vec<u64>, _>().unwrap().is_none());
}

#[test]
fn every_flipped_bit_of_a_small_value_is_an_error() {
    let good = written(&can(&(7_u64, "argon")).unwrap().into());
    let read = |bytes: &[u8]| {
        let mut reader = MessageReader::new(bytes, Limits::default());
        reader.read_value::<(u64, String), _>()
    };
    assert_eq!(read(&good).unwrap().unwrap(), (7, "argon".to_owned()));
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&bytes).is_err(), "{bit}");
    }
}

#[test]
fn buffers_land_in_places_and_are_checked_there() {
    let numbers = vec![1.5_f64; 100_000];
    let mut bytes = written(&can(&numbers).unwrap().into());
    let mut place = vec![0.0_f64; 100_000];
    let read = |bytes: &[u8], place: &mut [f64]| {
        let place = Place::new(place).unwrap();
        read_message_into(&mut &*bytes, &Limits::default(), [place]).map(|_message| ())
    };
    read(&bytes, &mut place).unwrap();
    assert_eq!(place, numbers);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let error = read(&bytes, &mut place).unwrap_err();
    assert_eq!(error.to_string(), "buffer 0 of object 0 was damaged: its checksum differs");
}

#[test]
fn spaces_are_pieces_that_stay_in_the_cache() {
    let numbers = vec![1_u8; 4 << 20];
    let bytes = written(&can(&numbers).unwrap().into());
    let mut reader = FrameReader::new(Limits::default());
    reader.recycle(vec![0_u8; 4 << 20]); // memory that is there whole
    let mut input = bytes.as_slice();
    let message = loop {
        let space = reader.space();
        assert!(space.len() <= 512 << 10);
        let len = input.read(space).unwrap();
        reader.fill(len).unwrap();
        if let Some(message) = reader.next_message().unwrap() {
            break message;
        }
    };
    assert_eq!(message.objects()[0].get::<&[u8], _>().unwrap(), numbers);
}

#[test]
fn a_message_is_passed_on_with_the_options_of_its_next_writer() {
    let numbers = vec![1.5_f64; 1000];
    let mut plain = Vec::new();
    write_message(&mut plain, &can(&numbers).unwrap().into()).unwrap();
    let received = read_message(&mut plain.as_slice(), &Limits::default()).unwrap().unwrap();
    let summed = written(&received);
    let received = read_message(&mut summed.as_slice(), &Limits::default()).unwrap().unwrap();
    let mut again = Vec::new();
    write_message(&mut again, &received).unwrap();
    assert_eq!(again, plain);
}
