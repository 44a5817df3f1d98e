//! Messages as parts, without a socket: what is shared, what is copied, what is refused.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use canning_core::{Buffer, Canned, CannedObject, SharedBytes, SharedSlice, Value};
use canning_wire::{
    ErrorKind, Limits, Message, can, can_arc,
    zmq::{self, Copies, Envelope, MultipartError},
};
use zeromq::ZmqMessage;

/// An object of three buffers, the last of bytes.
#[derive(Debug, PartialEq, Canned)]
struct Arrays {
    name: String,
    floats: Vec<f64>,
    numbers: Vec<u16>,
    bytes: Vec<u8>,
}

impl Arrays {
    fn example() -> Arc<Self> {
        Arc::new(Self {
            name: "argon".to_owned(),
            floats: (0..1000).map(f64::from).collect(),
            numbers: (0..3000).collect(),
            bytes: vec![7; 1025],
        })
    }
}

fn packed(message: impl Into<Message<'static>>) -> Vec<Bytes> {
    zmq::pack(message.into(), Envelope::none()).unwrap().message.into_vec()
}

fn unpack(parts: Vec<Bytes>) -> canning_wire::Result<zmq::Received> {
    zmq::unpack(parts.try_into().unwrap(), 0, &Limits::default())
}

/// Copies of the parts, each so many bytes behind a multiple of 64.
fn received(parts: &[Bytes], offset: usize) -> Vec<Bytes> {
    let at = |part: &Bytes| {
        let mut block = BytesMut::zeroed(part.len() + 128);
        let start = block.as_ptr().align_offset(64) + offset;
        block[start..start + part.len()].copy_from_slice(part);
        block.freeze().slice(start..start + part.len())
    };
    parts.iter().map(at).collect()
}

fn error(parts: Vec<Bytes>, limits: &Limits) -> canning_wire::Error {
    zmq::unpack(parts.try_into().unwrap(), 0, limits).unwrap_err()
}

/// The part that an error names, and its text.
fn wrong_part(parts: Vec<Bytes>) -> (usize, String) {
    let error = error(parts, &Limits::default());
    match error.kind() {
        ErrorKind::Multipart(MultipartError::Part { part, .. }) => (*part, error.to_string()),
        kind => panic!("{kind:?}"),
    }
}

#[test]
fn each_part_is_the_memory_of_the_value_itself() {
    let arrays = Arrays::example();
    let packed = zmq::pack(can_arc(&arrays).unwrap().into(), Envelope::none()).unwrap();
    assert_eq!(packed.copies, Copies::default());
    let parts = packed.message.into_vec();
    let found: Vec<_> = parts[1..].iter().map(|part| (part.as_ptr(), part.len())).collect();
    let expected = [
        (arrays.floats.as_ptr().cast(), 8000),
        (arrays.numbers.as_ptr().cast(), 6000),
        (arrays.bytes.as_ptr(), 1025),
    ];
    assert_eq!(found, expected);
    drop(arrays);
    assert_eq!(parts[3], vec![7; 1025], "the parts keep the value");
}

#[test]
fn parts_that_lie_well_are_used_where_they_lie() {
    let arrays = Arrays::example();
    let parts = received(&packed(can_arc(&arrays).unwrap()), 0);
    let places: Vec<_> = parts.iter().map(|part| part.as_ptr()).collect();
    let received = unpack(parts).unwrap();
    assert_eq!(received.copies, Copies::default());
    let [object] = received.message.into_array().unwrap();
    assert_eq!(object.header().as_slice().unwrap().as_ptr(), places[0]);
    for (buffer, place) in object.buffers().iter().zip(&places[1..]) {
        assert_eq!(buffer.as_slice().unwrap().as_ptr(), *place);
    }
    assert_eq!(object.get::<Arrays, _>().unwrap(), *arrays);

    #[derive(Canned)]
    #[canned(rename = "Arrays")]
    struct Shared {
        floats: SharedSlice<f64>,
        numbers: SharedSlice<u16>,
        bytes: Bytes,
    }
    let shared: Shared = object.get().unwrap();
    let found =
        [shared.floats.as_ptr().cast(), shared.numbers.as_ptr().cast(), shared.bytes.as_ptr()];
    assert_eq!(found, places[1..]);
}

#[test]
fn parts_at_bad_addresses_are_copied_and_counted() {
    let arrays = Arrays::example();
    let parts = packed(can_arc(&arrays).unwrap());
    // What each dtype needs: 8, 2, 1 bytes.
    let cases = [(1, 2, 14_000), (2, 1, 8000), (4, 1, 8000), (8, 0, 0)];
    for (offset, copied, bytes) in cases {
        let parts = received(&parts, offset);
        let last = parts[3].as_ptr();
        let received = unpack(parts).unwrap();
        assert_eq!(received.copies, Copies { parts: copied, bytes }, "offset {offset}");
        let [mut object] = received.message.into_array().unwrap();
        assert_eq!((object.copied().in_band, object.copied().out_of_band), (0, bytes));
        assert_eq!(object.buffers()[2].as_slice().unwrap().as_ptr(), last, "bytes lie anywhere");
        let landed = object.buffers()[0].as_slice().unwrap().as_ptr();
        assert_eq!(landed.addr() % 8, 0);
        let before = object.copied().out_of_band;
        let value: Arrays = object.take().unwrap();
        assert_eq!(value, *arrays);
        // What was copied once to where it lies well is not copied again.
        let is_same = value.floats.as_ptr().cast() == landed;
        assert_eq!(is_same, copied > 0, "offset {offset}");
        assert_eq!(object.copied().out_of_band, before + 15_025 - bytes);
    }
}

#[test]
fn a_header_whose_small_arrays_lie_badly_is_copied_and_counted() {
    let small = Arc::new(vec![0.5_f64; 4]);
    let packed = zmq::pack(can_arc(&small).unwrap().into(), Envelope::none()).unwrap();
    let parts = packed.message.into_vec();
    let len = parts[0].len() as u64;
    for (offset, expected) in [(0, Copies::default()), (3, Copies { parts: 1, bytes: len })] {
        let received = unpack(received(&parts, offset)).unwrap();
        assert_eq!(received.copies, expected);
        let objects = received.message.objects();
        assert_eq!(objects[0].copied().in_band, expected.bytes);
        assert_eq!(objects[0].get::<&[f64], _>().unwrap(), *small);
    }
}

#[test]
fn a_part_in_several_pieces_is_copied_and_counted() {
    let numbers = SharedBytes::from_vec((0_u64..4096).collect());
    let (first, second) = (numbers.get(0..8192).unwrap(), numbers.get(8192..32_768).unwrap());
    let whole = Arc::new((0_u64..4096).collect::<Vec<_>>());
    let (header, _) = can_arc(&whole).unwrap().into_parts();
    let pieces = Buffer::shared_pieces(first, second);
    let object = canning_wire::Object::restore(header, vec![pieces]).unwrap();
    let packed = zmq::pack(object.into(), Envelope::none()).unwrap();
    assert_eq!(packed.copies, Copies { parts: 1, bytes: 32_768 });
    let [object] = unpack(packed.message.into_vec()).unwrap().message.into_array().unwrap();
    assert_eq!(object.get::<Vec<u64>, _>().unwrap(), *whole);
}

#[test]
fn a_message_passes_through_without_a_copy() {
    let parts = received(&packed(can_arc(&Arrays::example()).unwrap()), 0);
    let message = unpack(parts.clone()).unwrap().message;
    let forwarded = zmq::pack(message, Envelope::from("to")).unwrap();
    assert_eq!(forwarded.copies, Copies::default());
    let forwarded = forwarded.message.into_vec();
    assert_eq!(forwarded[0], "to");
    for (forwarded, part) in forwarded[1..].iter().zip(&parts) {
        assert_eq!((forwarded.as_ptr(), forwarded.len()), (part.as_ptr(), part.len()));
    }
}

#[test]
fn objects_follow_each_other_and_none_is_one_empty_part() {
    let arrays = Arrays::example();
    let mut message = Message::new();
    message.push(can_arc(&Arc::new(5)).unwrap());
    message.push(can_arc(&arrays).unwrap());
    message.push(can("hi").unwrap().into_owned().unwrap());
    let parts = packed(message);
    assert_eq!(parts.len(), 1 + 4 + 1);
    let [five, object, hi] = unpack(parts).unwrap().message.into_array().unwrap();
    assert_eq!(five.get::<i32, _>().unwrap(), 5);
    assert_eq!(object.get::<Arrays, _>().unwrap(), *arrays);
    assert_eq!(hi.get::<&str, _>().unwrap(), "hi");

    let none = packed(Message::new());
    assert_eq!(none, [Bytes::new()]);
    assert!(unpack(none).unwrap().message.objects().is_empty());
    assert_eq!(wrong_part(vec![Bytes::new(); 2]).0, 0, "two empty parts are no message");
}

#[test]
fn envelopes_are_kept_apart() {
    let five = can_arc(&Arc::new(5)).unwrap();
    let envelope = Envelope::from(vec![Bytes::from("id"), Bytes::new()]);
    let packed = zmq::pack(five.into(), envelope.clone()).unwrap();
    assert_eq!(packed.message.len(), 3);
    let received = zmq::unpack(packed.message.clone(), 2, &Limits::default()).unwrap();
    assert_eq!((&received.envelope, received.envelope.address()), (&envelope, &b"id"[..]));
    assert_eq!(received.message.objects().len(), 1);

    // With one part less of the envelope, the empty one should be a header.
    let error = zmq::unpack(packed.message.clone(), 1, &Limits::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Multipart(MultipartError::Part { part: 1, .. })));
    for expected in [3, 4] {
        let error = zmq::unpack(packed.message.clone(), expected, &Limits::default()).unwrap_err();
        let kind = error.kind();
        let ErrorKind::Multipart(MultipartError::Envelope { expected: said, found: 3 }) = kind
        else {
            panic!("{kind:?}");
        };
        assert_eq!(*said, expected);
    }
}

#[test]
fn parts_that_are_missing_cut_or_in_another_order_are_named() {
    let mut message = Message::from(can_arc(&Arc::new(5)).unwrap());
    message.push(can_arc(&Arrays::example()).unwrap());
    let whole = packed(message); // 5; then header, floats, numbers, bytes

    for len in 2..5 {
        let error = error(whole[..len].to_vec(), &Limits::default());
        assert_eq!(error.whole_objects(), 1);
        let kind = error.kind();
        let ErrorKind::Multipart(MultipartError::Missing { header: 1, expected: 3, found }) = kind
        else {
            panic!("{kind:?}");
        };
        assert_eq!(*found, len - 2);
    }
    for part in 0..5 {
        for len in [0, whole[part].len() - 1] {
            let mut parts = whole.clone();
            parts[part].truncate(len);
            assert_eq!(wrong_part(parts).0, part, "cut to {len}");
        }
        let mut parts = whole.clone();
        parts[part] = [&*parts[part], &[0]].concat().into();
        assert_eq!(wrong_part(parts).0, part, "a byte too many");
    }
    for (first, second) in [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4)] {
        let mut parts = whole.clone();
        parts.swap(first, second);
        let (part, text) = wrong_part(parts);
        // The header of an object without buffers may stand behind another.
        let expected = if (first, second) == (0, 1) { 1 } else { first };
        assert_eq!(part, expected, "{text}");
    }
    let mut parts = whole.clone();
    parts.push(Bytes::from_static(b"more"));
    let (part, text) = wrong_part(parts);
    assert_eq!(part, 5);
    assert!(text.starts_with("part 5: "), "{text}");
    assert!(text.ends_with("(after 2 whole objects)"), "{text}");
    let mut parts = whole;
    parts.insert(2, Bytes::new());
    assert_eq!(wrong_part(parts).0, 2);
}

#[test]
fn whatever_stands_in_a_header_nothing_panics() {
    let arrays = Arrays::example();
    let whole = packed(can_arc(&arrays).unwrap());
    let mut refused = 0;
    for at in 0..whole[0].len() {
        for flipped in [0x01, 0x10, 0x80, 0xff] {
            let mut header = whole[0].to_vec();
            header[at] ^= flipped;
            let mut parts = whole.clone();
            parts[0] = header.into();
            match unpack(parts) {
                Ok(received) => {
                    let [object] = received.message.into_array().unwrap();
                    refused += usize::from(object.get::<Arrays, _>().is_err());
                    let _ = object.get::<Value, _>();
                }
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Multipart(_)), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 3 * whole[0].len(), "{refused}");
}

#[test]
fn every_limit_is_kept() {
    let arrays = packed(can_arc(&Arrays::example()).unwrap());
    let bytes: u64 = arrays.iter().map(|part| part.len() as u64).sum();
    let header = arrays[0].len() as u64;
    let least = Limits {
        header_bytes: header,
        buffers: 3,
        message_bytes: bytes,
        objects: 1,
        ..Limits::default()
    };
    let parts: ZmqMessage = arrays.clone().try_into().unwrap();
    assert!(zmq::unpack(parts, 0, &least).is_ok(), "the limits are just met");

    let text = |limits: Limits| error(arrays.clone(), &limits).to_string();
    assert_eq!(
        text(Limits { header_bytes: header - 1, ..least }),
        format!("part 0: header length is {header}, above the limit of {}", header - 1)
    );
    assert_eq!(
        text(Limits { buffers: 2, objects: 2, ..least }),
        "part 0: number of buffers is 3, above the limit of 2"
    );
    assert_eq!(
        text(Limits { message_bytes: bytes - 1, ..least }),
        format!("message length is {bytes}, above the limit of {}", bytes - 1)
    );
    assert_eq!(text(Limits { buffers: 2, ..least }), "number of parts is 4, above the limit of 3");

    let fives = vec![packed(can_arc(&Arc::new(5)).unwrap()).remove(0); 3];
    let error = error(fives, &Limits { objects: 2, ..Limits::default() });
    assert_eq!(
        error.to_string(),
        "number of objects is 3, above the limit of 2 (after 2 whole objects)"
    );
}

#[test]
fn errors_can_be_sent_between_threads() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<MultipartError>();
    sendable::<zmq::Received>();
    sendable::<zmq::Packed>();
}
