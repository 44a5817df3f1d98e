//! A second header format, to show that the core does not know the first: a derived struct as
//! a pickle with out-of-band buffers (PEP 574) that Python and NumPy load.
//!
//! It is a spike: it writes, and does not read. The bytes are compared with golden ones that
//! Python has loaded; where a Python with NumPy is installed, it loads them again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use canning_core::{
    Buffer, Can, Canned, Dtype, ErrorKind, FieldNames, Record, RecordFields, RecordName, Result,
    buffer::RawArray, visitor::Canner,
};
use canning_ndarray as _;
use ndarray::Array2;

#[derive(Canned)]
struct Frame {
    step: u64,
    name: String,
    charge: Option<i32>,
    positions: Array2<f64>,
    tracks: Vec<Track>,
}

#[derive(Canned)]
struct Track {
    ids: Vec<u32>,
    kind: Kind,
}

#[derive(Canned)]
enum Kind {
    Free,
    Bound { to: u8 },
}

fn frame() -> Frame {
    let positions = Array2::from_shape_fn((3, 4), |(row, column)| (10 * row + column) as f64);
    Frame {
        step: 1 << 40,
        name: "Grüße".into(),
        charge: Some(-3),
        // A transposed view of every row, reversed: strides that no C array has.
        positions: positions.reversed_axes(),
        tracks: vec![
            Track { ids: vec![1, 2, 3], kind: Kind::Free },
            Track { ids: vec![], kind: Kind::Bound { to: 7 } },
        ],
    }
}

#[test]
fn python_loads_a_derived_struct() {
    let frame = frame();
    let mut pickler = Pickler::default();
    frame.can(&mut pickler).unwrap();
    let (header, buffers) = pickler.finish();

    // The large array left as it lies: its own memory, in Fortran order.
    let memory = frame.positions.as_slice_memory_order().unwrap();
    assert_eq!(buffers[0].as_slice().unwrap().as_ptr(), memory.as_ptr().cast());
    let golden = include_bytes!("golden/frame.pickle");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write("tests/golden/frame.pickle", &header).unwrap();
    } else {
        assert_eq!(header, golden, "{}", header.escape_ascii());
    }

    match load_in_python(&header, &buffers) {
        Some(printed) => assert_eq!(
            printed.trim(),
            "1099511627776 Grüße -3 float64 (4, 3) (8, 32) \
             [[0.0, 10.0, 20.0], [1.0, 11.0, 21.0], [2.0, 12.0, 22.0], [3.0, 13.0, 23.0]] \
             [1, 2, 3] ('Free', {}) [] ('Bound', {'to': 7})"
        ),
        None => eprintln!("no Python with NumPy here: compared with the golden bytes only"),
    }
}

/// Loads header and buffers with real Python; `None` where there is none with NumPy.
fn load_in_python(header: &[u8], buffers: &[Buffer<'_>]) -> Option<String> {
    const SCRIPT: &str = r#"
import pickle, struct, sys
stdin = sys.stdin.buffer
def take():
    (n,) = struct.unpack("<Q", stdin.read(8))
    return stdin.read(n)
(count,) = struct.unpack("<Q", stdin.read(8))
header = take()
frame = pickle.loads(header, buffers=[bytearray(take()) for _ in range(count)])
p = frame["positions"]
a, b = frame["tracks"]
text = [frame["step"], frame["name"], frame["charge"], p.dtype, p.shape, p.strides, p.tolist()]
text += [a["ids"].tolist(), a["kind"], b["ids"].tolist(), b["kind"]]
sys.stdout.buffer.write(" ".join(map(str, text)).encode())
"#;
    let probe = Command::new("python3").args(["-c", "import numpy"]).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        return None;
    }
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(&(buffers.len() as u64).to_le_bytes()).unwrap();
    stdin.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    stdin.write_all(header).unwrap();
    for buffer in buffers {
        stdin.write_all(&(buffer.len() as u64).to_le_bytes()).unwrap();
        buffer.segments().for_each(|segment| stdin.write_all(segment).unwrap());
    }
    drop(stdin);
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Writes protocol 5; records become dicts, variants pairs of name and dict.
#[derive(Default)]
struct Pickler<'a> {
    out: Vec<u8>,
    buffers: Vec<Buffer<'a>>,
    /// The names of the records that are open, and whether they are variants.
    open: Vec<(&'static Record, bool)>,
}

impl<'a> Pickler<'a> {
    fn finish(self) -> (Vec<u8>, Vec<Buffer<'a>>) {
        let mut header = b"\x80\x05".to_vec();
        header.extend(self.out);
        header.push(b'.');
        (header, self.buffers)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    /// The shortest two's complement.
    fn long(&mut self, value: i128) -> Result<()> {
        let bytes = value.to_le_bytes();
        let len = (1..16).find(|len| {
            let shift = 128 - 8 * len;
            value << shift >> shift == value
        });
        let len = len.unwrap_or(16);
        self.put(&[0x8a, u8::try_from(len).unwrap()])?;
        self.put(&bytes[..len])
    }

    fn longs(&mut self, values: impl Iterator<Item = i128>) -> Result<()> {
        self.put(b"(")?;
        for value in values {
            self.long(value)?;
        }
        self.put(b"t")
    }
}

impl<'a> Canner<'a> for Pickler<'a> {
    fn unit(&mut self) -> Result<()> {
        self.put(b")")
    }
    fn bool(&mut self, value: bool) -> Result<()> {
        self.put(if value { b"\x88" } else { b"\x89" })
    }
    fn u64(&mut self, value: u64) -> Result<()> {
        self.long(value.into())
    }
    fn i64(&mut self, value: i64) -> Result<()> {
        self.long(value.into())
    }
    fn u128(&mut self, value: u128) -> Result<()> {
        let small = i128::try_from(value).map_err(|_| ErrorKind::Unsupported("129 bits"))?;
        self.long(small)
    }
    fn i128(&mut self, value: i128) -> Result<()> {
        self.long(value)
    }
    fn f32(&mut self, value: f32) -> Result<()> {
        self.f64(value.into())
    }
    fn f64(&mut self, value: f64) -> Result<()> {
        self.put(b"G")?;
        self.put(&value.to_be_bytes())
    }
    fn str(&mut self, value: &str) -> Result<()> {
        self.put(b"X")?;
        self.put(&u32::try_from(value.len()).unwrap().to_le_bytes())?;
        self.put(value.as_bytes())
    }
    fn bytes(&mut self, value: &[u8]) -> Result<()> {
        self.put(b"B")?;
        self.put(&u32::try_from(value.len()).unwrap().to_le_bytes())?;
        self.put(value)
    }
    fn text_array(&mut self, _text: RawArray<'a>) -> Result<()> {
        unreachable!("it never says that it sends text out of band")
    }
    fn none(&mut self) -> Result<()> {
        self.put(b"N")
    }
    fn begin_some(&mut self) -> Result<()> {
        Ok(())
    }
    fn end_some(&mut self) -> Result<()> {
        Ok(())
    }
    fn begin_list(&mut self, _len: usize) -> Result<()> {
        self.put(b"](")
    }
    fn end_list(&mut self) -> Result<()> {
        self.put(b"e")
    }
    fn begin_tuple(&mut self, _len: usize) -> Result<()> {
        self.put(b"(")
    }
    fn end_tuple(&mut self) -> Result<()> {
        self.put(b"t")
    }
    fn begin_map(&mut self, _len: usize) -> Result<()> {
        self.put(b"}(")
    }
    fn end_map(&mut self) -> Result<()> {
        self.put(b"u")
    }
    fn begin_record(&mut self, record: &'static Record) -> Result<()> {
        self.open.push((record, record.variant.is_some()));
        if let Some(variant) = record.variant {
            self.str(variant)?;
        }
        self.put(b"}(")
    }
    fn field(&mut self, index: usize) -> Result<()> {
        match self.open.last().unwrap().0.fields {
            RecordFields::Named(fields) => self.str(fields[index].name),
            RecordFields::Positional(_) => self.long(index as i128),
        }
    }
    fn end_record(&mut self) -> Result<()> {
        let (_, is_variant) = self.open.pop().unwrap();
        self.put(if is_variant { b"u\x86" } else { b"u" })
    }
    fn begin_any_record(&mut self, record: &std::sync::Arc<RecordName>) -> Result<()> {
        let FieldNames::Positional(0) = record.fields else {
            return Err(ErrorKind::Unsupported("records without a type, in this spike").into());
        };
        self.put(b"}(")
    }
    fn begin_object_array(&mut self, _shape: &[usize]) -> Result<()> {
        Err(ErrorKind::Unsupported("object arrays, in this spike").into())
    }
    fn end_object_array(&mut self) -> Result<()> {
        Ok(())
    }
    fn array(&mut self, array: RawArray<'a>) -> Result<()> {
        let Dtype::Scalar(dtype) = *array.dtype() else {
            return Err(ErrorKind::Unsupported("struct dtypes, in this spike").into());
        };
        // numpy.ndarray(shape, dtype, buffer, offset, strides)
        self.str("numpy")?;
        self.str("ndarray")?;
        self.put(b"\x93(")?;
        self.longs(array.layout().shape().iter().map(|len| *len as i128))?;
        self.str(dtype.name())?;
        self.put(b"\x97")?;
        let (strides, first) = array.layout().strides();
        self.long((first * dtype.size()) as i128)?;
        self.longs(strides.iter().map(|stride| (*stride * dtype.size().cast_signed()) as i128))?;
        self.put(b"tR")?;
        self.buffers.push(array.into_buffer());
        Ok(())
    }
}
