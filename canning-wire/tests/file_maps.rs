//! Messages that are views into a mapped file.

mod support;

use canning_core::{CannedObject, SharedSlice};
use canning_wire::{
    ErrorKind, Limits, can,
    file::{FileError, Map, Reader, Writer},
};
use support::scratch::Scratch;

fn open(path: &Scratch) -> canning_wire::Result<Map> {
    // SAFETY: no other test knows the file, and this one does not write where it is mapped.
    unsafe { Map::open(path, Limits::default()) }
}

#[test]
fn arrays_are_borrowed_and_shared_where_they_lie_and_keep_the_map() {
    let path = Scratch::new();
    let numbers: Vec<f64> = (0..10_000_u32).map(f64::from).collect();
    let mut writer = Writer::create(&path).unwrap().with_checksums();
    writer.write(&can(&1).unwrap().into()).unwrap();
    writer.write_named("numbers", &can(&numbers).unwrap().into()).unwrap();
    writer.finish().unwrap();

    let map = open(&path).unwrap();
    assert_eq!((map.len(), map.name(1), map.position_of("numbers")), (2, Some("numbers"), Some(1)));
    assert_eq!(map.names().collect::<Vec<_>>(), [None, Some("numbers")]);
    let inside = map.as_bytes().as_ptr_range();
    let message = map.get_by_name("numbers").unwrap();
    let view: &[f64] = message.objects()[0].get().unwrap();
    assert!(inside.contains(&view.as_ptr().cast()) && view == numbers);
    assert_eq!(view.as_ptr().addr() % 64, 0);
    assert_eq!(message.objects()[0].copied().out_of_band, 0);
    let again = map.get(1).unwrap();
    assert_eq!(again.objects()[0].get::<&[f64], _>().unwrap().as_ptr(), view.as_ptr());

    let shared: SharedSlice<f64> = message.objects()[0].get().unwrap();
    assert!(map.verify(0).unwrap() && map.verify(1).unwrap());
    assert!(map.get(2).is_err() && map.get_by_name("other").is_err());
    drop((again, map));
    assert_eq!(message.objects()[0].get::<Vec<f64>, _>().unwrap(), numbers, "owned is copied");
    drop(message);
    assert_eq!(*shared, *numbers, "it keeps the map");
}

#[test]
fn a_map_ends_with_the_last_whole_message_and_stays_while_others_are_appended() {
    let path = Scratch::new();
    let numbers = vec![7_u64; 10_000];
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&can(&numbers).unwrap().into()).unwrap();
    drop(writer);
    let whole = path.bytes().len();
    let mut bytes = path.bytes();
    bytes.extend_from_slice(&[0; 10_000]); // of a writer that was stopped
    let path = Scratch::holding(&bytes);
    let map = open(&path).unwrap();
    assert_eq!((map.as_bytes().len(), map.len()), (whole, 1));
    let message = map.get(0).unwrap();
    let view: &[u64] = message.objects()[0].get().unwrap();
    let mut writer = Writer::append(&path).unwrap(); // cuts off behind the map
    writer.write(&can(&numbers).unwrap().into()).unwrap();
    assert_eq!(view, numbers);
    assert_eq!((map.len(), open(&path).unwrap().len()), (1, 2));
}

#[test]
fn a_flipped_bit_is_found_when_asked_for() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap().with_checksums();
    writer.write(&can(&vec![7_u64; 1000]).unwrap().into()).unwrap();
    drop(writer);
    let mut bytes = path.bytes();
    let at = bytes.len() - 200;
    bytes[at] ^= 1;
    let path = Scratch::holding(&bytes);
    let map = open(&path).unwrap();
    let error = map.verify(0).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::File(FileError::Checksum { position: 0 })));
}

#[test]
fn every_cut_and_every_flip_gives_an_error_or_the_message_that_was_written() {
    let path = Scratch::new();
    let values: [Vec<u32>; 3] = [vec![7; 300], vec![8; 3], vec![9; 40]];
    let mut ends = Vec::new();
    let mut writer = Writer::create(&path).unwrap().with_checksums();
    for (value, name) in values.iter().zip(["a", "", "c"]) {
        writer.write_named(name, &can(value).unwrap().into()).unwrap();
        ends.push(path.bytes().len());
    }
    writer.finish().unwrap();
    let bytes = path.bytes();
    // Whether each message is verified; what is verified is what was written.
    let verified = |damaged: &[u8]| -> Vec<bool> {
        let path = Scratch::holding(damaged);
        let Ok(map) = open(&path) else { return Vec::new() };
        assert!(map.as_bytes().len() <= damaged.len());
        let look = |position| {
            let is_verified = map.verify(position).is_ok_and(|has_checksum| has_checksum);
            let message = map.get(position);
            let found = message.as_ref().ok().and_then(|it| it.objects().first());
            let found = found.and_then(|object| object.get::<&[u32], _>().ok());
            if is_verified {
                let expected = &values[usize::try_from(position).unwrap()];
                assert_eq!(found, Some(expected.as_slice()));
            }
            is_verified
        };
        (0..map.len()).map(look).collect()
    };
    assert_eq!(verified(&bytes), [true; 3]);
    for at in 0..bytes.len() {
        let whole = ends.iter().filter(|end| **end <= at).count();
        assert_eq!(verified(&bytes[..at]), vec![true; whole], "cut at {at}");
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        let found = verified(&flipped);
        let lost = found.iter().filter(|is_verified| !**is_verified).count();
        // The last may not be found at all.
        assert!(at < 64 || found.len() >= 2 && lost <= 1, "flipped at {at}: {found:?}");
    }
}

#[test]
fn an_empty_file_of_messages_is_mapped() {
    let path = Scratch::new();
    drop(Writer::create(&path).unwrap());
    assert!(open(&path).unwrap().is_empty());
}

#[test]
fn a_message_without_its_mark_is_refused_as_by_a_reader() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&can(&1).unwrap().into()).unwrap();
    let end = path.bytes().len();
    writer.write(&can(&2).unwrap().into()).unwrap();
    writer.finish().unwrap();
    let mut bytes = path.bytes();
    bytes[end - 1] ^= 1;
    let path = Scratch::holding(&bytes);
    let map = open(&path).unwrap();
    let error = map.get(0).unwrap_err();
    let read = Reader::open(&path, Limits::default()).unwrap().get(0).unwrap_err();
    assert_eq!(error.to_string(), read.to_string());
    assert!(matches!(error.kind(), ErrorKind::File(FileError::Damaged { offset: 64 })), "{error}");
    assert_eq!(map.get(1).unwrap().objects()[0].get::<i32, _>().unwrap(), 2);
}
