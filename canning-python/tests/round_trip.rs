//! Values that Rust writes and reads back, in both dialects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helper functions of tests")]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
};

use canning_core::{
    Buffer, Can, Canned, CannedObject, Element, SharedSlice, UncanOwned, Value, buffer::Allocation,
};
use canning_python::{CanOptions, Dialect, Object};

const DIALECTS: [Dialect; 2] = [Dialect::Pickle, Dialect::Ipyparallel];

fn back<T, V, W>(value: &T)
where
    T: Can<V> + UncanOwned<W> + PartialEq + Debug,
{
    for dialect in DIALECTS {
        for threshold in [0, 1024] {
            let options = CanOptions::new(dialect).inline_threshold(threshold);
            let fresh = options.can(value).unwrap();
            assert_eq!(fresh.get::<T, _>().unwrap(), *value, "{dialect:?} fresh");
            let mut object = received(&fresh);
            assert_eq!(object.get::<T, _>().unwrap(), *value, "{dialect:?} get");
            assert_eq!(object.take::<T, _>().unwrap(), *value, "{dialect:?} take");
        }
    }
}

/// As it arrives: each blob in an allocation of its own.
fn received(object: &Object<'_>) -> Object<'static> {
    let own = |blob: &Buffer<'_>| Buffer::from(blob.to_allocation(8).unwrap());
    let buffers = object.buffers().iter().map(own).collect();
    Object::restore(object.dialect(), own(object.header()), buffers).unwrap()
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct Frame {
    step: u64,
    name: String,
    charge: Option<i32>,
    positions: Vec<[f64; 3]>,
    labels: Vec<String>,
    nested: BTreeMap<String, Vec<f32>>,
    pair: (u8, Option<Option<bool>>),
    shapes: Vec<Shape>,
    unit: (),
}

#[derive(Canned, Clone, Debug, PartialEq)]
enum Shape {
    Point,
    Circle(f64),
    Box(f64, f64),
    Named { sides: u8, label: Option<String> },
    Nothing {},
    Maybe(Option<u8>),
    Array(Vec<f64>),
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct Newtype(Option<Option<u8>>);

#[derive(Canned, Clone, Debug, PartialEq)]
struct Empty;

#[derive(Canned, Clone, Debug, PartialEq)]
struct Pair(u8, String);

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
struct Atom {
    position: [f64; 3],
    species: u32,
    charged: bool,
    _pad: [u8; 3],
}

fn frame() -> Frame {
    Frame {
        step: u64::MAX,
        name: "größe\0".into(),
        charge: Some(-1),
        positions: (0..300).map(|at| [f64::from(at); 3]).collect(),
        labels: vec!["a".into(), String::new()],
        nested: [("x".into(), vec![1.5, -2.5]), ("y".into(), vec![])].into(),
        pair: (7, Some(None)),
        shapes: vec![
            Shape::Point,
            Shape::Circle(1.0),
            Shape::Box(1.0, f64::NEG_INFINITY),
            Shape::Named { sides: 3, label: None },
            Shape::Nothing {},
            Shape::Maybe(None),
            Shape::Maybe(Some(1)),
            Shape::Array(vec![0.5; 200]),
        ],
        unit: (),
    }
}

#[test]
fn records_and_variants_come_back() {
    back(&frame());
    back(&vec![frame(), frame()]);
    back(&Empty);
    back(&vec![Empty]);
    back(&Pair(1, "x".into()));
    for value in [None, Some(None), Some(Some(3))] {
        back(&Newtype(value));
        back(&Some(Newtype(value)));
        back(&vec![Some(Some(Newtype(value)))]);
    }
    for shape in frame().shapes {
        back(&shape);
        back(&Some(shape));
    }
}

#[test]
fn options_stay_apart() {
    type Deep = Option<Option<Option<Option<()>>>>;
    let values: [Deep; 5] =
        [None, Some(None), Some(Some(None)), Some(Some(Some(None))), Some(Some(Some(Some(()))))];
    for value in values {
        back(&value);
        back(&vec![value]);
        back(&(value,));
        back(&Some((value,)));
        back(&Some(((value,),)));
    }
    back(&Some((None::<u8>,)));
    back(&Some(Some((None::<u8>,))));
    back(&Some(((None::<u8>,),)));
    back(&(Some(()), None::<()>));
}

#[test]
fn numbers_come_back() {
    back(&(i8::MIN, u8::MAX, i16::MIN, u16::MAX, i32::MIN, u32::MAX));
    back(&(i64::MIN, u64::MAX, i128::MIN, i128::MAX, u128::MAX, 0_i128));
    back(&(f64::MAX, f64::MIN_POSITIVE, f32::MAX, -0.0_f32, f32::INFINITY));
    back(&(true, 'ä', "text".to_owned(), ()));
    let nan = f32::from_bits(0xff80_0001);
    let object = canning_python::pickle::can(&nan).unwrap();
    assert_eq!(object.get::<f32, _>().unwrap().to_bits(), nan.to_bits());
}

#[test]
fn containers_come_back() {
    back(&BTreeSet::from([1_u8, 2]));
    back(&BTreeSet::from([BTreeSet::from(["a".to_owned()])]));
    back(&HashMap::from([(1_u8, "a".to_owned()), (2, "b".to_owned())]));
    back(&BTreeMap::from([((1_u8, "x".to_owned()), vec![1_u8])]));
    back(&vec![vec![vec![1_u16; 3]; 2]; 700]);
    back(&vec![vec!["a".to_owned()], vec![]]);
    back(&[1.5_f64; 4]);
    back(&Vec::<f64>::new());
    back(&vec![true, false]);
    back(&vec!['a', 'ä', '\0']);
    back(&vec![i128::MIN, 7]);
    back(&vec![u128::MAX; 100]);
    back(&Result::<u8, String>::Ok(1));
    back(&Result::<u8, String>::Err("no".into()));
    back(&Result::<(), ()>::Ok(()));
    back(&(1..5_u8));
    back(&std::time::Duration::from_millis(1500));
}

#[test]
fn elements_come_back() {
    let atom = Atom { position: [0.5; 3], species: 3, charged: true, _pad: [0; 3] };
    back(&vec![atom; 100]);
    back(&atom);
    back(&vec![[atom; 2]; 3]);
}

#[test]
fn values_come_back_as_python_sees_them() {
    for dialect in DIALECTS {
        let frame = frame();
        let object = CanOptions::new(dialect).can(&frame).unwrap();
        let object = received(&object);
        let value: Value = object.get().unwrap();
        let Value::Map(entries) = &value else { panic!("{value}") };
        assert_eq!(entries.len(), 9);
        let again = CanOptions::new(dialect).can(&value).unwrap();
        assert_eq!(again.get::<Value, _>().unwrap(), value);
        assert_eq!(again.get::<Frame, _>().unwrap(), frame);
    }
}

#[test]
fn take_moves_and_get_borrows() {
    for dialect in DIALECTS {
        let value = (vec![0.5_f64; 1000], vec![1_u8; 3000]);
        let mut object = received(&CanOptions::new(dialect).can(&value).unwrap());
        let addresses: Vec<usize> =
            object.buffers().iter().map(|b| b.as_slice().unwrap().as_ptr().addr()).collect();
        let (floats, bytes): (&[f64], &[u8]) = object.get().unwrap();
        assert_eq!((floats.as_ptr().addr(), bytes.as_ptr().addr()), (addresses[0], addresses[1]));
        let shared: (SharedSlice<f64>, SharedSlice<u8>) = object.get().unwrap();
        assert_eq!(shared.0.as_ptr().addr(), addresses[0]);
        drop(shared);
        assert_eq!(object.copied(), canning_core::Copied::default());
        let (floats, bytes): (Vec<f64>, Vec<u8>) = object.take().unwrap();
        assert_eq!(floats.as_ptr().addr(), addresses[0]);
        assert_eq!(bytes.len(), 3000);
        // The allocation of the bytes was aligned as a `Vec<u8>` cannot free it.
        assert_eq!(object.copied().out_of_band, 3000);
        let error = object.take::<(Vec<f64>, Vec<u8>), _>().unwrap_err();
        assert_eq!(error.to_string(), "buffer 0 was already taken");
        let error = object.get::<(Vec<f64>, Vec<u8>), _>().unwrap_err();
        assert_eq!(error.to_string(), "[0]: buffer 0 was already taken");
    }
}

#[test]
fn errors_name_the_path() {
    #[derive(Canned, Debug)]
    struct Wrong {
        positions: Vec<[f32; 3]>,
    }
    let frame = frame();
    let object = canning_python::pickle::can(&frame).unwrap();
    let error = object.get::<Wrong, _>().unwrap_err();
    assert_eq!(error.to_string(), "positions: expected <f4, found <f8");
    let frames = BTreeMap::from([("frames", vec![frame.clone(), frame.clone()])]);
    let object = canning_python::ipyparallel::can(&frames).unwrap();
    let error = object.get::<BTreeMap<String, Vec<Wrong>>, _>().unwrap_err();
    assert_eq!(error.to_string(), "{0}[0].positions: expected <f4, found <f8");
    let error = object.get::<Vec<f64>, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected array, found map");
}

#[test]
fn misaligned_memory_is_refused_as_a_view_and_copied_into_a_vec() {
    let value = vec![0.5_f64; 1000];
    let object = canning_python::pickle::can(&value).unwrap();
    let mut bytes = Allocation::zeroed(8001, 8).unwrap();
    object.buffers()[0].copy_to(&mut bytes.as_mut_slice()[1..]).unwrap();
    let odd = Buffer::borrowed(&bytes.as_slice()[1..]);
    let header = object.header().as_slice().unwrap();
    let odd = Object::restore(Dialect::Pickle, Buffer::borrowed(header), vec![odd]).unwrap();
    let error = odd.get::<&[f64], _>().unwrap_err();
    assert_eq!(error.to_string(), "memory to borrow is not aligned to 8 bytes");
    assert_eq!(odd.get::<Vec<f64>, _>().unwrap(), value);
    assert_eq!(odd.copied().out_of_band, 8000);
}

#[test]
fn objects_and_views_are_sent_and_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<Object<'_>>();
    shared::<canning_python::view::View<'_>>();
    shared::<canning_python::view::Item<'_>>();
    shared::<canning_python::numpy::Dtype>();
    let sizes =
        (size_of::<canning_python::view::Item<'_>>(), size_of::<canning_python::view::View<'_>>());
    assert!(sizes.0 <= 72 && sizes.1 <= 248, "{sizes:?}");
}

/// Python's programs use them as they please.
#[test]
fn lists_and_tuples_are_read_as_each_other() {
    let tuple = canning_python::pickle::can(&(1.5, 2, 3.5)).unwrap();
    assert_eq!(tuple.get::<Vec<f64>, _>().unwrap(), [1.5, 2.0, 3.5]);
    assert_eq!(tuple.get::<[f64; 3], _>().unwrap(), [1.5, 2.0, 3.5]);
    let items = vec![Some(1), None];
    let list = canning_python::pickle::can(&items).unwrap();
    assert_eq!(list.get::<(u8, Option<u8>), _>().unwrap(), (1, None));
    let refused = list.get::<(Option<u8>, Option<u8>, u8), _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected length 3, found 2");
}
