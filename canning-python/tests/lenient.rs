//! What Python has another type for than Rust asks for, and which is taken all the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use canning_core::{CannedObject, ErrorKind};
use canning_python::{Dialect, Limits, Object};

fn object(pickle: &[u8], limits: Limits) -> Object<'static> {
    Object::restore_with(Dialect::Pickle, pickle.to_vec().into(), vec![], limits).unwrap()
}

/// `numpy.ndarray((), dtype, bytearray(…))`.
fn without_axes(dtype: &[u8; 3], bytes: &[u8]) -> Object<'static> {
    let len = u64::try_from(bytes.len()).unwrap().to_le_bytes();
    let head = b"\x80\x05cnumpy\nndarray\n)\x8c\x03";
    let pickle = [head, &dtype[..], b"\x96", &len, bytes, b"\x87R."].concat();
    object(&pickle, Limits::default())
}

#[test]
fn arrays_without_axes_are_numbers() {
    let five = without_axes(b"<f8", &5.0_f64.to_le_bytes());
    assert_eq!(five.get::<f64, _>().unwrap(), 5.0);
    assert_eq!(without_axes(b">i4", &[0, 0, 1, 0]).get::<u16, _>().unwrap(), 256);
    assert!(without_axes(b"|b1", &[1]).get::<bool, _>().unwrap());
    let mut taken = without_axes(b"<i2", &[7, 0]);
    assert_eq!(taken.take::<i64, _>().unwrap(), 7);
    let error = five.get::<i64, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected integer, found f64");
    // In a buffer of its own.
    let pickle = b"\x80\x05cnumpy\nndarray\n)\x8c\x02f8\x97\x87R.";
    let buffers = vec![2.5_f64.to_le_bytes().to_vec().into()];
    let mut object = Object::restore(Dialect::Pickle, pickle.as_slice().into(), buffers).unwrap();
    assert_eq!(object.get::<f64, _>().unwrap(), 2.5);
    assert_eq!(object.take::<f64, _>().unwrap(), 2.5);
}

fn range(numbers: &[u8], limits: Limits) -> Object<'static> {
    object(&[b"\x80\x04cbuiltins\nrange\n", numbers, b"\x87R."].concat(), limits)
}

#[test]
fn ranges_are_lists_of_numbers() {
    let up = range(b"K\x02K\x09K\x03", Limits::default());
    assert_eq!(up.get::<Vec<i64>, _>().unwrap(), [2, 5, 8]);
    assert_eq!(up.get::<Vec<u8>, _>().unwrap(), [2, 5, 8]);
    assert_eq!(up.get::<Vec<Option<i32>>, _>().unwrap(), [Some(2), Some(5), Some(8)]);
    let down = range(b"K\x02J\xff\xff\xff\xffJ\xff\xff\xff\xff", Limits::default());
    assert_eq!(down.get::<Vec<i64>, _>().unwrap(), [2, 1, 0]);
    let none = range(b"K\x02K\x02K\x01", Limits::default());
    assert_eq!(none.get::<Vec<i64>, _>().unwrap(), [0; 0]);
    let most = b"\x8a\x08\0\0\0\0\0\0\0\x80\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x01";
    let error = range(most, Limits::default()).get::<Vec<i64>, _>().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{error}");
    let limits = Limits { expansion: 16, ..Limits::default() };
    let error = range(b"K\x02K\x09K\x03", limits).get::<Vec<i64>, _>().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { limit: 16, found: 24, .. }), "{error}");
    let endless = range(b"K\x02K\x09K\0", Limits::default());
    endless.get::<Vec<i64>, _>().unwrap_err();
}

#[test]
fn objects_say_their_class_when_they_are_debugged() {
    let member = b"\x80\x04]\x8c\x08__main__\x8c\x05Color\x93K\x01\x85Ra.";
    let list = object(member, Limits::default());
    assert_eq!(format!("{:?}", list.view().unwrap()), "List([object of __main__.Color])");
    let member = [&member[..2], &member[3..member.len() - 2], b"."].concat();
    let member = object(&member, Limits::default());
    let expected = "Opaque(Opaque { class: __main__.Color, args: [1] })";
    assert_eq!(format!("{:?}", member.view().unwrap()), expected);
}
