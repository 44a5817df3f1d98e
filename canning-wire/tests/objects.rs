//! Objects in the native format: what is in the header, what is not, and what comes back.

use canning_core::{CannedObject, SharedSlice};
use canning_wire::{CanOptions, Object, can, can_arc, deserialize_object, serialize_object};

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
