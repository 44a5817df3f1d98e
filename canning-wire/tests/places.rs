//! Receiving into arrays that exist already.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, Message, Result, can, frame::Place, read_message_into, write_message,
};
use support::counting::{Counting, count};

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
fn only_what_any_bits_make_can_be_read_into() {
    let refused = "not all bits are items of this type, so that nothing can be read into them";
    assert_eq!(Place::new(&mut [true]).unwrap_err().to_string(), refused);
    assert_eq!(Place::new(&mut ['a']).unwrap_err().to_string(), refused);
    assert!(Place::new(&mut [1_u8]).is_ok());
}
