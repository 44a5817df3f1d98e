//! Text and sequences: owned, shared and borrowed.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::{
    borrow::Cow,
    collections::{BinaryHeap, LinkedList, VecDeque},
    fmt::Debug,
    rc::Rc,
    sync::Arc,
};

use canning_core::{Can, SharedBytes, SharedSlice, UncanOwned, Value, visitor::Kind};

fn round_trip<T: Can<V> + UncanOwned<V> + PartialEq + Debug, V>(value: T) -> Value {
    let tree = Value::of(&value).unwrap();
    assert_eq!(tree.read::<T, V>().unwrap(), value);
    tree
}

fn refusal<T: UncanOwned<V> + Debug, V>(sent: &Value) -> String {
    sent.read::<T, V>().unwrap_err().to_string()
}

#[test]
fn text_in_every_owner_is_text() {
    let tree = round_trip("häuser".to_owned());
    assert_eq!(tree, Value::of("häuser").unwrap());
    assert_eq!(round_trip(Box::<str>::from("häuser")), tree);
    assert_eq!(round_trip(Rc::<str>::from("häuser")), tree);
    assert_eq!(round_trip(Arc::<str>::from("häuser")), tree);
    assert_eq!(Value::of(&&&"häuser").unwrap(), tree);
    let borrowed: &str = tree.read().unwrap();
    assert_eq!(borrowed.as_ptr(), tree.as_str().unwrap().as_ptr());
    assert!(matches!(tree.read().unwrap(), Cow::<str>::Borrowed("häuser")));
    assert_eq!(refusal::<String, _>(&Value::Unit), "expected text, found unit");
}

#[test]
fn elements_are_an_array_and_others_a_list_in_every_owner() {
    fn check<T, V>(items: [T; 3], kind: Kind)
    where
        T: Can<V> + UncanOwned<V> + Clone + Ord + Debug,
    {
        assert_eq!(round_trip(items.to_vec()).kind(), kind);
        assert_eq!(round_trip(items.clone()).kind(), kind);
        assert_eq!(round_trip(Box::<[T]>::from(items.to_vec())).kind(), kind);
        assert_eq!(round_trip(Rc::<[T]>::from(items.to_vec())).kind(), kind);
        assert_eq!(round_trip(Arc::<[T]>::from(items.to_vec())).kind(), kind);
        assert_eq!(Value::of(items.as_slice()).unwrap().kind(), kind);
        assert_eq!(round_trip(Box::new(items.to_vec())).kind(), kind);
        let mut ring = VecDeque::from(items[1..].to_vec());
        ring.push_front(items[0].clone());
        assert_eq!(round_trip(ring), Value::of(&items).unwrap());
        assert_eq!(round_trip(LinkedList::from(items.clone())).kind(), Kind::List);
        let heap: BinaryHeap<T> = Value::of(&items).unwrap().read().unwrap();
        assert_eq!(Value::of(&heap).unwrap().kind(), kind);
        assert_eq!(heap.into_sorted_vec(), items);
    }
    check([1_u32, 2, 3], Kind::Array);
    check([1_usize, 2, 3], Kind::Array);
    check([[false; 2], [true, false], [true; 2]], Kind::Array);
    check(["a", "b", "c"].map(str::to_owned), Kind::List);
    check([(), (), ()], Kind::List);
    check([[0_u8; 0]; 3], Kind::List);
}

#[test]
fn list_of_a_million_empty_items_is_collected() {
    let many = vec![(); 1 << 20];
    assert_eq!(round_trip(many).as_list().map(<[_]>::len), Some(1 << 20));
}

#[test]
fn array_of_another_length_dtype_or_rank_is_refused() {
    let three = Value::of(&[1_u8, 2, 3]).unwrap();
    assert_eq!(refusal::<[u8; 2], _>(&three), "expected length 2, found 3");
    assert_eq!(refusal::<[[u8; 3]; 1], _>(&three), "expected 2 axes, found 1");
    assert_eq!(refusal::<Vec<u16>, _>(&three), "expected <u2, found |u1");
    assert_eq!(refusal::<Vec<String>, _>(&three), "expected list, found array");
    assert_eq!(refusal::<[bool; 3], _>(&three), "expected |b1, found |u1");
    let grid = Value::of(&[[1_u8, 2], [3, 4]]).unwrap();
    assert_eq!(refusal::<Vec<u8>, _>(&grid), "expected 1 axis, found 2");
    assert_eq!(grid.read::<Vec<[u8; 2]>, _>().unwrap(), [[1, 2], [3, 4]]);
    let list = Value::of(&vec!["a"]).unwrap();
    assert_eq!(refusal::<[String; 2], _>(&list), "expected length 2, found 1");
    assert_eq!(refusal::<Vec<u8>, _>(&list), "expected array, found list");
    assert_eq!(refusal::<Vec<()>, _>(&list), "[0]: expected unit, found text");
    assert_eq!(refusal::<LinkedList<()>, _>(&list), "[0]: expected unit, found text");
}

#[test]
fn borrowed_items_lie_in_the_received_memory() {
    let tree = Value::from(canning_core::ArrayValue::from(vec![1.5_f64, 2.5]));
    let address = tree.as_array().unwrap().bytes().as_ptr();
    let slice: &[f64] = tree.read().unwrap();
    assert_eq!((slice, slice.as_ptr().cast()), (&[1.5, 2.5][..], address));
    let array: &[f64; 2] = tree.read().unwrap();
    assert_eq!(array.as_ptr().cast(), address);
    let cow: Cow<'_, [f64]> = tree.read().unwrap();
    assert!(matches!(cow, Cow::Borrowed(items) if items.as_ptr().cast() == address));
    let refused = tree.read::<&[f64; 3], _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected length 3, found 2");
}

#[test]
fn what_cannot_be_borrowed_becomes_owned_only_in_a_cow() {
    let bytes = SharedBytes::from_vec(vec![0_u8; 17]);
    let aligned = bytes.as_ptr().addr().is_multiple_of(8);
    let odd = bytes.get(usize::from(aligned)..16 + usize::from(aligned)).unwrap();
    let layout = canning_core::buffer::ArrayLayout::one_axis(2);
    let dtype = canning_core::Scalar::F64.into();
    let array = canning_core::ArrayValue::from_parts(dtype, layout, odd).unwrap();
    let tree = Value::from(array);
    let refused = tree.read::<&[f64], _>().unwrap_err();
    assert_eq!(refused.to_string(), "memory to borrow is not aligned to 8 bytes");
    assert!(matches!(tree.read().unwrap(), Cow::<[f64]>::Owned(items) if items == [0.0; 2]));
    let list = Value::of(&vec!["a"]).unwrap();
    assert!(
        matches!(list.read().unwrap(), Cow::<[String]>::Owned(items) if items == ["a".to_owned()])
    );
}

#[test]
fn shared_memory_is_passed_on_without_a_copy() {
    let items = SharedSlice::from(vec![[1_i16, 2], [3, 4]]);
    let tree = round_trip(items.clone());
    assert_eq!(tree.as_array().unwrap().bytes().as_ptr(), items.as_ptr().cast());
    let back: SharedSlice<[i16; 2]> = tree.read().unwrap();
    assert_eq!(back.as_ptr(), items.as_ptr());
    let again = Value::of(&tree).unwrap();
    assert_eq!(again.as_array().unwrap().bytes().as_ptr(), items.as_ptr().cast());
    let bytes = SharedBytes::from_vec(vec![1_u8, 2]);
    let tree = round_trip(bytes.clone());
    assert_eq!(tree.as_array().unwrap().bytes().as_ptr(), bytes.as_ptr());
}

#[test]
fn reversed_and_broadcast_arrays_become_slices_only_when_owned() {
    use canning_core::buffer::{ArrayLayout, Axis};
    let array = |layout| {
        let bytes = SharedBytes::from_vec(vec![1_u16, 2]);
        let dtype = canning_core::Scalar::U16.into();
        Value::from(canning_core::ArrayValue::from_parts(dtype, layout, bytes).unwrap())
    };
    let backward = Axis { index: 0, reversed: true };
    let reversed = array(ArrayLayout::new(&[2], Some(&[backward])).unwrap());
    assert_eq!(reversed.read::<Vec<u16>, _>().unwrap(), [2, 1]);
    assert_eq!(reversed.read::<Cow<'_, [u16]>, _>().unwrap(), [2, 1].as_slice());
    assert_eq!(
        reversed.read::<&[u16], _>().unwrap_err().to_string(),
        "the array's items are not in the order of a slice"
    );
    let forward = Axis { index: 1, reversed: false };
    let broadcast = |len| array(ArrayLayout::new(&[len, 2], Some(&[forward])).unwrap());
    assert_eq!(broadcast(2).read::<Vec<[u16; 2]>, _>().unwrap(), [[1, 2]; 2]);
    assert_eq!(
        broadcast(2).read::<&[[u16; 2]], _>().unwrap_err().to_string(),
        "a broadcast array is not a slice"
    );
    assert_eq!(
        refusal::<Vec<[u16; 2]>, _>(&broadcast(1 << 40)),
        format!("the size of broadcast arrays is {}, above the limit of {}", 1_u64 << 42, 1 << 30)
    );
    let refused = "expected <f4, found <u2";
    assert_eq!(refusal::<Vec<[f32; 2]>, _>(&broadcast(1 << 40)), refused);
    let refused = "expected length 3, found 2";
    assert_eq!(refusal::<Vec<[u16; 3]>, _>(&broadcast(1 << 40)), refused);
    let refused = "expected 1 axis, found 2";
    assert_eq!(refusal::<Vec<u16>, _>(&broadcast(1 << 40)), refused);
}
