//! Objects in the native format: what is in the header, what is not, and what comes back.

use canning_core::{
    Buffer, Can, CannedObject, Copied, Error, ErrorKind, SharedBytes, SharedSlice, Uncan, Value,
    array::can_run, buffer::Run, visitor::Canner,
};
use canning_wire::{
    Blobs, CanOptions, Limits, Object, can, can_arc, deserialize_object, serialize_object,
};

#[test]
fn plain_values_cost_one_blob() {
    assert_eq!(serialize_object(&5).unwrap().len(), 1);
    assert_eq!(serialize_object("hi").unwrap().len(), 1);
    assert_eq!(can(&5).unwrap().diagnose(), "55799([1, 0, 1, [], [], [], 5, h'', h''])");
}

#[test]
fn large_array_is_a_buffer_at_its_own_address_and_is_taken_over() {
    let numbers = vec![1.5_f64; 2048];
    let address = numbers.as_ptr();
    let canned = can(&numbers).unwrap();
    assert_eq!(canned.buffers().len(), 1);
    assert_eq!(canned.buffers()[0].as_slice().unwrap().as_ptr(), address.cast());
    assert!(canned.header().len() < 128, "{}", canned.diagnose());

    let shared = SharedSlice::from(numbers.clone());
    let copy = shared.as_slice().as_ptr();
    let (header, _) = canned.into_parts();
    let object = Object::restore(header, vec![shared.into_bytes().into()]).unwrap();
    let view: &[f64] = object.get().unwrap();
    assert_eq!((view, view.as_ptr()), (&numbers[..], copy));
    let owned: Vec<f64> = object.get().unwrap();
    assert_eq!(owned, numbers);
    assert_eq!(object.copied().out_of_band, 16384);
    let taken: Vec<f64> = object.get_object().unwrap();
    assert_eq!(taken.as_ptr(), copy);
}

#[test]
fn small_arrays_stay_in_the_header_and_can_be_borrowed() {
    let value = (vec![1_u8, 2, 3], vec![[1.0_f64, 2.0], [3.0, 4.0]], "x".to_owned());
    let canned = can(&value).unwrap();
    assert!(canned.buffers().is_empty());
    let back: (&[u8], &[[f64; 2]], &str) = canned.get().unwrap();
    assert_eq!(back, (&value.0[..], &value.1[..], "x"));
    let (header, _) = canned.into_parts();
    let mut misaligned = vec![0_u8];
    header.segments().for_each(|segment| misaligned.extend_from_slice(segment));
    let landed = canning_core::SharedBytes::from_vec(misaligned);
    let landed = landed.get(1..landed.len()).unwrap();
    let object = Object::restore(landed.into(), vec![]).unwrap();
    let back: (&[u8], &[[f64; 2]], &str) = object.get().unwrap();
    assert_eq!(back, (&value.0[..], &value.1[..], "x"));
    assert!(object.copied().in_band > 0);
}

#[test]
fn options_of_options_stay_apart() {
    type Nested = Vec<Option<Option<Option<()>>>>;
    let value: Nested = vec![None, Some(None), Some(Some(None)), Some(Some(Some(())))];
    let canned = CanOptions::new().can(&value).unwrap();
    assert_eq!(canned.get::<Nested, _>().unwrap(), value);
    assert!(canned.diagnose().contains("[0, null, [2, null], [2, [2, null]], [1]]"));
}

#[test]
fn objects_from_an_arc_outlive_it() {
    let value = std::sync::Arc::new((vec![7_i32; 4096], "long ".repeat(1000)));
    let address = value.0.as_ptr();
    let canned: Object<'static> = can_arc(&value).unwrap();
    drop(value);
    assert_eq!(canned.buffers()[0].as_slice().unwrap().as_ptr(), address.cast());
    let (numbers, text): (Vec<i32>, &str) = canned.get().unwrap();
    assert_eq!((numbers, text.len()), (vec![7; 4096], 5000));
}

#[test]
fn objects_chain_and_come_off_one_by_one() {
    let numbers = vec![0.5_f64; 2048];
    let mut blobs = serialize_object(&5).unwrap();
    blobs.extend(serialize_object("hi").unwrap());
    blobs.extend(serialize_object(&numbers).unwrap());
    assert_eq!(blobs.len(), 4);
    let (five, blobs) = deserialize_object(blobs).unwrap();
    let (hi, mut blobs) = deserialize_object(blobs).unwrap();
    assert_eq!(five.get_object::<i32, _>().unwrap(), 5);
    assert_eq!(hi.get_object::<String, _>().unwrap(), "hi");
    let array = blobs.next_object().unwrap().unwrap();
    assert_eq!(array.get_object::<Vec<f64>, _>().unwrap(), numbers);
    assert!(blobs.next_object().unwrap().is_none());
}

#[test]
fn blobs_are_counted_and_passed_on_one_by_one() {
    let numbers = vec![0.5_f64; 2048];
    let mut blobs = Blobs::default();
    assert!(blobs.is_empty());
    for blob in serialize_object(&numbers).unwrap() {
        blobs.push(blob);
    }
    assert_eq!((blobs.len(), blobs.size_hint(), blobs.is_empty()), (2, (2, Some(2)), false));
    let header = blobs.next().unwrap();
    assert_eq!((blobs.len(), blobs.size_hint()), (1, (1, Some(1))));
    let array = blobs.next().unwrap();
    assert!(blobs.is_empty() && blobs.next().is_none());
    assert_eq!(array.as_slice().unwrap().as_ptr(), numbers.as_ptr().cast());

    let mut whole = Blobs::from(vec![header, array]);
    assert_eq!(whole.next_object().unwrap().unwrap().get::<Vec<f64>, _>().unwrap(), numbers);
    assert!(whole.next_object().unwrap().is_none());
}

#[test]
fn blobs_that_are_not_there_are_missed_and_the_others_stay() {
    let arrays = (vec![0.5_f64; 2048], vec![1_u8; 4096]);
    let blobs = serialize_object(&arrays).unwrap();
    for len in 1..3 {
        let mut blobs: Blobs<'_> = blobs.iter().take(len).cloned().collect();
        let refused = blobs.next_object().unwrap_err();
        assert!(matches!(
            refused.kind(),
            ErrorKind::BufferCount { expected: 2, found } if *found == len - 1
        ));
        assert_eq!(blobs.len(), len);
    }
}

#[test]
fn blobs_are_read_within_their_limits() {
    let nested = vec![vec![vec!["deep".to_owned()]]];
    let limits = |depth| Limits { depth, ..Limits::default() };
    let read = |depth| {
        let mut blobs = Blobs::from(serialize_object(&nested).unwrap()).with_limits(limits(depth));
        blobs.next_object().unwrap().unwrap().get::<Value, _>()
    };
    read(3).unwrap();
    assert_eq!(
        read(2).unwrap_err().into_kind().to_string(),
        "the depth is 3, above the limit of 2"
    );
    let mut blobs = Blobs::from(serialize_object(&nested).unwrap())
        .with_limits(Limits { header_bytes: 8, ..Limits::default() });
    assert!(blobs.next_object().is_err());
    assert_eq!(blobs.len(), 1);
}

#[test]
fn what_is_made_independent_is_copied_where_it_was_borrowed_and_counted() {
    let (text, numbers, bytes) = ("x".repeat(100), vec![0.5_f64; 2048], vec![1_u8; 4096]);
    let value = (text, numbers, bytes);
    let canned = can(&value).unwrap();
    let header = canned.header().len() as u64;
    assert_eq!(canned.len_in_bytes(), header + 16384 + 4096);
    let (parts, before) = (canned.clone().into_parts(), canned.copied());
    assert_eq!(before, Copied::default());

    let owned = canned.into_owned().unwrap();
    assert_eq!(owned.copied().out_of_band, 16384 + 4096);
    assert_eq!(owned.clone().copied(), Copied::default(), "a clone has copied nothing");
    let addresses = [0, 1].map(|index| owned.buffers()[index].as_slice().unwrap().as_ptr());
    let restored = Object::restore(parts.0, parts.1).unwrap();
    let borrowed = restored.buffers()[0].as_slice().unwrap().as_ptr();
    assert_ne!(addresses[0], borrowed);

    // What is shared is not copied again.
    let again = owned.clone().into_owned().unwrap();
    assert_eq!(again.copied().out_of_band, 0);
    assert_eq!([0, 1].map(|index| again.buffers()[index].as_slice().unwrap().as_ptr()), addresses);
    type Sent = (String, Vec<f64>, Vec<u8>);
    assert_eq!(again.get_object::<Sent, _>().unwrap(), value);
}

#[test]
fn arrays_have_sixty_four_axes_and_no_more() {
    struct Array(Vec<usize>);
    impl Can for Array {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<(), Error> {
            can_run(Run::of_c_order(&[7_u8], &self.0)?, canner)
        }
    }
    struct ObjectArray(Vec<usize>);
    impl Can for ObjectArray {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<(), Error> {
            canner.begin_object_array(&self.0)?;
            canner.unit()?;
            canner.end_object_array()
        }
    }
    let back: Value = can(&Array(vec![1; 64])).unwrap().get().unwrap();
    assert_eq!(back.as_array().unwrap().shape(), [1; 64]);
    let back: Value = can(&ObjectArray(vec![1; 64])).unwrap().get().unwrap();
    assert_eq!(back.as_object_array().unwrap().shape(), [1; 64]);
    let refused = can(&Array(vec![1; 65])).unwrap_err();
    assert_eq!(refused.to_string(), "number of axes is 65, above the limit of 64");
    let refused = can(&ObjectArray(vec![1; 65])).unwrap_err();
    assert!(refused.to_string().contains("more than 64 axes"), "{refused}");
}

#[test]
fn integers_are_read_as_whatever_they_fit() {
    fn read<T: for<'b> Uncan<'b, V>, V>(value: Value) -> Result<T, String> {
        can(&value).unwrap().get::<T, V>().map_err(|error| error.to_string())
    }
    let wide = 1_u128 << 64;
    for value in [0, 23, 24, 255, 256, wide - 1, wide, wide << 1, u128::MAX >> 1, u128::MAX] {
        assert_eq!(read::<u128, _>(value.into()), Ok(value));
        assert_eq!(read::<i128, _>(value.into()).ok(), i128::try_from(value).ok());
        assert_eq!(read::<u64, _>(value.into()).ok(), u64::try_from(value).ok());
        assert_eq!(read::<i64, _>(value.into()).ok(), i64::try_from(value).ok());
        let negative = !(value >> 1).cast_signed();
        assert_eq!(read::<i128, _>(negative.into()), Ok(negative));
        assert_eq!(read::<i64, _>(negative.into()).ok(), i64::try_from(negative).ok());
        assert!(read::<u128, _>(negative.into()).is_err());
    }
    assert_eq!(read::<u128, _>((-1).into()).unwrap_err(), "integer -1 does not fit u128");
    for other in [Value::from("x"), 1.0.into(), Value::Bytes(vec![1]), Value::List(vec![])] {
        assert!(read::<u128, _>(other.clone()).unwrap_err().starts_with("expected integer, found"));
        assert!(read::<i128, _>(other).unwrap_err().starts_with("expected integer, found"));
    }
}

#[test]
fn text_that_becomes_owned_is_counted_where_it_was() {
    let texts = ["", "abc", &"x".repeat(30), &"x".repeat(300)].map(str::to_owned);
    let len = 3 + 30 + 300;
    for (threshold, copied) in [
        (usize::MAX, Copied { in_band: len, out_of_band: 0 }),
        (0, Copied { in_band: 0, out_of_band: len }),
    ] {
        let object = CanOptions::new().inline_threshold(threshold).can(&texts).unwrap();
        assert_eq!(object.get::<[String; 4], _>().unwrap(), texts);
        assert_eq!(object.copied(), copied);
        object.get::<[std::sync::Arc<str>; 4], _>().unwrap();
        assert_eq!(
            object.copied(),
            Copied { in_band: 2 * copied.in_band, out_of_band: 2 * copied.out_of_band }
        );
    }
}

#[test]
fn a_tail_apart_is_as_long_as_the_header_says() {
    let numbers = vec![0.5_f64; 1000];
    let canned = CanOptions::new().inline_threshold(usize::MAX).can(&numbers).unwrap();
    let (header, _) = canned.into_parts();
    let pieces: Vec<Vec<u8>> = header.segments().map(<[u8]>::to_vec).collect();
    let [first, tail] = &pieces[..] else { panic!("the tail is not copied behind the rest") };
    let restore = |tail: &[u8]| {
        let [first, tail] = [first, tail].map(|piece| SharedBytes::from_vec(piece.to_vec()));
        Object::restore(Buffer::shared_pieces(first, tail), vec![])
    };
    assert_eq!(restore(tail).unwrap().get::<Vec<f64>, _>().unwrap(), numbers);
    assert!(restore(&tail[1..]).is_err());
    assert!(restore(&[tail, &[0][..]].concat()).is_err());
}
