//! What a receiver of files and sockets needs before it has the buffers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use canning_core::{Buffer, CannedObject, ErrorKind, buffer::Allocation};
use canning_python::{
    Dialect, Limits, Object, buffer_aligns, buffer_aligns_with, ipyparallel, numpy::DatetimeNs,
    pickle,
};

/// Puts what was sent into memory of the alignments that the header asks for.
fn received(dialect: Dialect, sent: &[Buffer<'_>]) -> Object<'static> {
    let header = sent[0].as_slice().unwrap();
    let aligns = buffer_aligns(dialect, header).unwrap();
    assert_eq!(aligns.len(), sent.len() - 1);
    let buffers = sent[1..].iter().zip(&aligns).map(|(blob, align)| {
        let mut buffer = Allocation::zeroed(blob.len(), *align).unwrap();
        buffer.as_mut_slice().copy_from_slice(blob.as_slice().unwrap());
        buffer.into()
    });
    let object = Object::restore(dialect, header.to_vec().into(), buffers.collect()).unwrap();
    assert_eq!(object.buffer_aligns().unwrap(), aligns);
    object
}

#[test]
fn memory_of_the_alignment_that_the_header_tells_is_never_copied() {
    type Arrays = (Vec<f64>, Vec<u16>, Vec<u8>, Vec<DatetimeNs>);
    let times = vec![DatetimeNs::from_count(7); 500];
    let value: Arrays = (vec![0.5; 500], vec![3; 5000], vec![1; 5000], times);
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        let fresh = match dialect {
            Dialect::Pickle => pickle::can(&value).unwrap(),
            _ => ipyparallel::can(&value).unwrap(),
        };
        let blobs = fresh.into_blobs();
        let header = blobs[0].as_slice().unwrap();
        assert_eq!(buffer_aligns(dialect, header).unwrap(), [8, 2, 1, 8], "{dialect:?}");
        let mut object = received(dialect, &blobs);
        let back: Arrays = object.take().unwrap();
        assert_eq!(back, value);
        assert_eq!(object.copied().out_of_band, 0, "{dialect:?}");
    }
}

/// `pickle.dumps(numpy.arange(4, dtype=…), 5, buffer_callback=…)` by NumPy 2.
#[test]
fn arrays_that_numpy_wrote_tell_it() {
    let head = b"\x80\x05\x8c\x13numpy._core.numeric\x8c\x0b_frombuffer\x93(\x97\x8c\x05numpy\x8c\x05dtype\x93";
    let tail = b"\x89\x88\x87RK\x04\x85\x8c\x01CtR.";
    for (dtype, align) in [(&b"\x8c\x02f8"[..], 8), (b"\x8c\x02i2", 2), (b"\x8c\x02S7", 1)] {
        let header = [&head[..], dtype, tail].concat();
        assert_eq!(buffer_aligns(Dialect::Pickle, &header).unwrap(), [align]);
    }
}

#[test]
fn limits_hold_for_a_header_alone() {
    let lists = [b"(", &b"]".repeat(2000)[..], b"t."].concat();
    let limits = Limits { objects: 1000, ..Limits::default() };
    let error = buffer_aligns_with(Dialect::Pickle, &lists, limits).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{error}");
    assert_eq!(buffer_aligns(Dialect::Pickle, &lists).unwrap(), []);
    let buffers = [b"(", &b"\x97".repeat(2000)[..], b"t."].concat();
    assert_eq!(buffer_aligns(Dialect::Pickle, &buffers).unwrap(), vec![1; 2000]);
}
