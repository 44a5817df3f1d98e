//! Receiving into arrays that exist already.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, Message, Result, can,
    frame::{FrameReader, Place},
    read_message, read_message_into, write_message,
};
use support::{
    assemble::{self, Header, head, text},
    counting::{Counting, count},
};

#[global_allocator]
static COUNTING: Counting = Counting;

const LEN: usize = 20_000;

fn sent() -> (Vec<f64>, Vec<[f32; 3]>) {
    ((0_u16..).take(LEN).map(f64::from).collect(), vec![[1.0, 2.0, 3.0]; LEN])
}

fn bytes() -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, &Message::from(can(&sent()).unwrap())).unwrap();
    bytes
}

fn read<'p>(places: Vec<canning_core::Result<Place<'p>>>) -> Result<Message<'p>> {
    let places = places.into_iter().map(|place| place.unwrap());
    let message = read_message_into(&mut bytes().as_slice(), &Limits::default(), places)?;
    Ok(message.unwrap())
}

#[test]
fn buffers_land_in_the_arrays_and_nowhere_else() {
    let (mut doubles, mut triples) = (vec![0.0_f64; LEN], vec![[0.0_f32; 3]; LEN]);
    let addresses = (doubles.as_ptr(), triples.as_ptr());
    let bytes = bytes();
    let ((), allocated) = count(|| {
        let places = [Place::new(&mut doubles).unwrap(), Place::new(&mut triples).unwrap()];
        let message = read_message_into(&mut bytes.as_slice(), &Limits::default(), places);
        let message = message.unwrap().unwrap();
        let (first, second): (&[f64], &[[f32; 3]]) = message.objects()[0].get().unwrap();
        assert_eq!((first.as_ptr(), second.as_ptr()), addresses);
        assert_eq!(message.objects()[0].copied().out_of_band, 0);
    });
    assert_eq!((doubles, triples), sent());
    assert_eq!(allocated.large, 0, "{allocated:?}");
}

#[test]
fn buffers_without_a_place_are_allocated_and_places_without_a_buffer_told() {
    let mut doubles = vec![0.0_f64; LEN];
    let mut message = read(vec![Place::new(&mut doubles)]).unwrap();
    let (first, second): (Vec<f64>, Vec<[f32; 3]>) = message.objects_mut()[0].take().unwrap();
    assert_eq!(message.objects()[0].copied().out_of_band, (LEN * 8) as u64, "the lent one");
    assert_eq!((&first, &second), (&sent().0, &sent().1));
    assert_eq!(doubles, first);

    let mut triples = vec![[0.0_f32; 3]; LEN];
    let mut unused = [7_u8; 3];
    let places = vec![Place::new(&mut doubles), Place::new(&mut triples), Place::new(&mut unused)];
    let refused = read(places).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::PlacesLeft { left: 1 }));
    assert_eq!(refused.to_string(), "the message has no buffers for the last 1 places");
    assert_eq!((triples, unused), (sent().1, [7; 3]));
}

#[test]
fn another_dtype_or_length_is_refused_before_a_byte_is_written() {
    let refused = |places: Vec<canning_core::Result<Place<'_>>>| {
        let error = read(places).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Place { .. }));
        error.to_string()
    };
    let mut longs = vec![7_i64; LEN];
    assert_eq!(
        refused(vec![Place::new(&mut longs)]),
        "buffer 0 does not fit its place: expected <i8, found <f8"
    );
    assert_eq!(longs, [7; LEN]);
    let (mut doubles, mut short) = (vec![0.0_f64; LEN], vec![7.0_f32; LEN]);
    assert_eq!(
        refused(vec![Place::new(&mut doubles), Place::new(&mut short)]),
        "buffer 1 does not fit its place: expected a buffer of 80000 bytes, found 240000"
    );
    assert_eq!(short, [7.0; LEN]);
    assert_eq!(doubles, sent().0, "the first was whole");
}

#[test]
fn what_did_not_fit_is_passed_over_whole() {
    // What a stranger sent, and an honest peer passes on as an array.
    let mut forged = frame_of("forged");
    forged.resize(2000, 0);
    let stream = [frame_of(&forged), frame_of("honest")].concat();
    let next = |input: &mut &[u8]| {
        let [object] = read_message(input, &Limits::default()).unwrap().unwrap().into_array()?;
        Ok::<_, canning_wire::Error>(object.get_object::<String, _>().unwrap())
    };

    let (mut input, mut long) = (stream.as_slice(), vec![7_u8; 4000]);
    let places = [Place::new(&mut long).unwrap()];
    let refused = read_message_into(&mut input, &Limits::default(), places).unwrap_err();
    let refused = refused.to_string();
    assert_eq!(
        refused,
        "buffer 0 does not fit its place: expected a buffer of 4000 bytes, found 2000"
    );
    assert_eq!(long, [7; 4000]);
    assert_eq!(next(&mut input).unwrap(), "honest");

    let (mut input, mut fits, mut unused) = (stream.as_slice(), vec![7_u8; 2000], [7_u8]);
    let places = [Place::new(&mut fits).unwrap(), Place::new(&mut unused).unwrap()];
    let refused = read_message_into(&mut input, &Limits::default(), places).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::PlacesLeft { left: 1 }));
    assert_eq!(next(&mut input).unwrap(), "honest");
}

#[test]
fn nothing_is_read_into_what_was_lent_behind_a_place_that_did_not_fit() {
    let (mut longs, mut triples) = (vec![7_i64; LEN], vec![[7.0_f32; 3]; LEN]);
    let (mut doubles, mut lent_later) = (vec![0.0_f64; LEN], vec![[0.0_f32; 3]; LEN]);
    let stream = [frame_of(&7), bytes(), bytes()].concat();
    let mut input = stream.as_slice();
    let mut reader = FrameReader::new(Limits::default());
    reader.lend(Place::new(&mut longs).unwrap());
    reader.lend(Place::new(&mut triples).unwrap());
    assert!(next(&mut reader, &mut input).is_ok(), "without a buffer");
    assert_eq!(reader.places_left(), 2);

    let refused = next(&mut reader, &mut input).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Place { buffer: 0, .. }), "{refused}");
    assert_eq!(refused.whole_objects(), 0);
    assert!(reader.is_at_start());
    assert_eq!(reader.places_left(), 0, "they were lent for that message");

    reader.lend(Place::new(&mut doubles).unwrap());
    reader.lend(Place::new(&mut lent_later).unwrap());
    assert!(next(&mut reader, &mut input).is_ok());
    assert!(input.is_empty());
    drop(reader);
    assert_eq!((longs, triples), (vec![7; LEN], vec![[7.0; 3]; LEN]));
    assert_eq!((doubles, lent_later), sent());
}

#[test]
fn dtypes_are_read_once_however_many_arrays_are_lent() {
    let frame = frame_of_many_dtypes(1000, 100);
    let allocations = |places: usize| {
        let mut arrays = vec![0.0_f64; places];
        let ((), allocated) = count(|| {
            let places = arrays.iter_mut().map(std::slice::from_mut);
            let places = places.map(|array| Place::new(array).unwrap());
            let mut stream = frame.as_slice();
            read_message_into(&mut stream, &Limits::default(), places).unwrap().unwrap();
        });
        allocated.allocations
    };
    let (of_one, of_all) = (allocations(1), allocations(100));
    assert!(of_one > 1000, "{of_one}: each dtype takes memory");
    assert!(of_all < 2 * of_one, "{of_all} for 100, {of_one} for one");
}

/// Buffers of one `f64`, and a table of so many structs that nothing has.
fn frame_of_many_dtypes(dtypes: usize, buffers: usize) -> Vec<u8> {
    let mut table = head(4, dtypes as u64 + 1);
    table.extend(text("<f8"));
    for number in 0..dtypes {
        let field = [head(4, 2), text(&format!("{number:07}")), text("<f8")];
        table.extend(head(4, 1).into_iter().chain(field.concat()));
    }
    let mut entries = head(4, buffers as u64);
    entries.extend([0x82, 8, 0].repeat(buffers));
    let header = Header { buffers: entries, dtypes: table, ..Header::of_body("00") };
    assemble::frame(&[(header.build(), vec![vec![0; 8]; buffers])])
}

fn frame_of<T: canning_core::Can<V> + ?Sized, V>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, &Message::from(can(value).unwrap())).unwrap();
    bytes
}

fn next<'p>(reader: &mut FrameReader<'p>, input: &mut &[u8]) -> Result<Message<'p>> {
    loop {
        if let Some(message) = reader.next_message()? {
            return Ok(message);
        }
        let space = reader.space();
        let (now, later) = input.split_at(space.len().min(input.len()));
        space[..now.len()].copy_from_slice(now);
        *input = later;
        reader.fill(now.len())?;
    }
}

#[test]
fn only_what_any_bits_make_can_be_read_into() {
    let refused = "not all bits are items of this type, so that nothing can be read into them";
    assert_eq!(Place::new(&mut [true]).unwrap_err().to_string(), refused);
    assert_eq!(Place::new(&mut ['a']).unwrap_err().to_string(), refused);
    assert!(Place::new(&mut [1_u8]).is_ok());
}
