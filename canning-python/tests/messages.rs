//! What is said to someone who asked for the wrong thing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::collections::BTreeMap;

use canning_core::{Canned, CannedObject, Uncan};
use canning_python::{Dialect, Object, ipyparallel, pickle};

fn object(pickle: &[u8]) -> Object<'static> {
    Object::restore(Dialect::Pickle, pickle.to_vec().into(), vec![]).unwrap()
}

fn refused<T: for<'b> Uncan<'b, V>, V>(pickle: &[u8]) -> String {
    object(pickle).get::<T, V>().err().unwrap().to_string()
}

fn not_restored(dialect: Dialect, header: &[u8], buffers: usize) -> String {
    let buffers = (0..buffers).map(|_| vec![0; 8000].into()).collect();
    Object::restore(dialect, header.into(), buffers).unwrap_err().to_string()
}

#[test]
fn buffers_are_counted_to_the_last() {
    let value = vec![vec![0.5_f64; 1000]; 4];
    let pickle = pickle::can(&value).unwrap().into_blobs();
    let header = pickle[0].as_slice().unwrap();
    let message = |buffers| not_restored(Dialect::Pickle, header, buffers);
    assert_eq!(message(0), "expected 4 buffers, found 0");
    assert_eq!(message(5), "expected 4 buffers, found 5");

    let canned = ipyparallel::can(&value).unwrap().into_blobs();
    let canned = canned[0].as_slice().unwrap();
    let message = |buffers| not_restored(Dialect::Ipyparallel, canned, buffers);
    assert_eq!(message(1), "expected 4 buffers, found 1");
    assert_eq!(message(6), "expected 4 buffers, found 6");

    let one = pickle::can(&value[0]).unwrap().into_blobs();
    let header_of_one = one[0].as_slice().unwrap();
    assert_eq!(not_restored(Dialect::Pickle, header_of_one, 0), "expected 1 buffer, found 0");
    assert_eq!(
        not_restored(Dialect::Ipyparallel, header, 4),
        "cannot put 4 buffers back: the header takes its buffers by NEXT_BUFFER, so its dialect \
         is Dialect::Pickle"
    );
    assert_eq!(
        not_restored(Dialect::Pickle, canned, 4),
        "cannot put 4 buffers back: the header has objects that ipyparallel canned, so its \
         dialect is Dialect::Ipyparallel"
    );
}

#[test]
fn what_is_no_pickle_is_called_so() {
    for text in [&b"hello"[..], b"{\"a\": 1}", b"plain text.", b"\x1f\x8b\x08"] {
        assert_eq!(
            not_restored(Dialect::Pickle, text, 0),
            "malformed header at byte 0: expected a pickle of protocol 2 or later, which begins \
             with PROTO",
            "{text:?}"
        );
    }
}

/// An array of this dtype, with `>` or `<`, and of these bytes, in band or in a buffer.
fn array(kind: &str, order: &str, len: u8, bytes: Option<&[u8]>) -> Vec<u8> {
    let data = bytes.map_or(b"\x97".to_vec(), |bytes| {
        let len = u64::try_from(bytes.len()).unwrap().to_le_bytes();
        [b"\x96", &len[..], bytes].concat()
    });
    let kind_len = u8::try_from(kind.len()).unwrap();
    [
        &b"\x80\x05cnumpy._core.numeric\n_frombuffer\n("[..],
        &data,
        b"cnumpy\ndtype\n\x8c",
        &[kind_len],
        kind.as_bytes(),
        b"\x89\x88\x87R(K\x03\x8c\x01",
        order.as_bytes(),
        b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbK",
        &[len],
        b"\x85\x8c\x01CtR.",
    ]
    .concat()
}

#[test]
fn views_that_cannot_be_say_why() {
    let big = array("i4", ">", 2, None);
    let buffers = || vec![vec![0; 8].into()];
    let object = Object::restore(Dialect::Pickle, big.into(), buffers()).unwrap();
    assert_eq!(object.get::<Vec<i32>, _>().unwrap(), [0, 0]);
    assert_eq!(
        object.get::<&[i32], _>().unwrap_err().to_string(),
        "an array of >i4 is not laid out as Rust's are, so it has to be converted and cannot be \
         borrowed: receive it owned"
    );
    // Somewhere in the header it is not aligned.
    let messages = (0..8_usize).filter_map(|gap| {
        let array = array("f8", "<", 1, Some(&[0; 8]));
        let shifted = [&vec![0; gap][..], &array].concat();
        let object = Object::restore(Dialect::Pickle, shifted[gap..].into(), vec![]).unwrap();
        assert_eq!(object.get::<Vec<f64>, _>().unwrap(), [0.0]);
        object.get::<&[f64], _>().err()
    });
    let messages: Vec<String> = messages.map(|error| error.to_string()).collect();
    assert_eq!(
        messages[0],
        "the array stands in the header, where it is not aligned to 8 bytes and cannot be \
         borrowed: receive it owned, or have it sent in a buffer of its own"
    );
}

#[derive(Canned, Debug)]
enum Color {
    Red,
}

#[test]
fn classes_are_told_by_their_names() {
    let text = array("U5", "<", 1, Some(&[0; 20]));
    assert_eq!(
        refused::<Vec<String>, _>(&text),
        "expected list, found an array of <U5: its items are of `canning_python::numpy::Text<5>`"
    );
    let member = b"\x80\x04\x8c\x08__main__\x8c\x05Color\x93K\x01\x85R.";
    assert_eq!(refused::<String, _>(member), "expected text, found an object of `__main__.Color`");
    assert_eq!(
        refused::<Color, _>(member),
        "expected variant, found an object of `__main__.Color`"
    );
    let path = b"\x80\x04\x8c\x07pathlib\x8c\x09PosixPath\x93\x8c\x01/\x8c\x03tmp\x86R.";
    assert_eq!(refused::<String, _>(path), "expected text, found an object of `pathlib.PosixPath`");
    let in_dict = [&b"\x80\x04}\x8c\x01a"[..], &path[2..path.len() - 1], b"s."].concat();
    assert_eq!(
        refused::<BTreeMap<String, String>, _>(&in_dict),
        "{0}: expected text, found an object of `pathlib.PosixPath`"
    );
    let evil = b"\x80\x04\x8c\x04a\nb\x1b\x8c\x05Color\x93K\x01\x85R.";
    assert_eq!(
        refused::<String, _>(evil),
        "expected text, found an object of `a\\nb\\u{1b}.Color`"
    );
    let _ = Color::Red;
}
