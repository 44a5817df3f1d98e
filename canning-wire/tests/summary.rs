//! What is seen of an object that is passed on: names, dtypes and lengths, and never the value.

mod support;

use canning_core::{Canned, CannedObject, FieldNames, Scalar, Value};
use canning_wire::{CanOptions, Limits, Message, Object, read_message, write_message};
use support::assemble::{Header, text};

#[derive(Canned)]
struct Frame {
    step: u64,
    shape: Shape,
    small: Vec<f32>,
    positions: Vec<[f64; 3]>,
    log: String,
}

#[derive(Canned)]
enum Shape {
    Circle(f64),
}

fn frame() -> Frame {
    Frame {
        step: 7,
        shape: Shape::Circle(1.5),
        small: vec![0.5; 4],
        positions: vec![[0.5; 3]; 1000],
        log: "long ".repeat(1000),
    }
}

#[test]
fn names_dtypes_and_lengths_are_there() {
    let frame = frame();
    let sent = canning_wire::can(&frame).unwrap();
    let mut stream = Vec::new();
    write_message(&mut stream, &Message::from(sent.clone())).unwrap();
    let received = read_message(&mut stream.as_slice(), &Limits::default()).unwrap().unwrap();
    let summary = received.objects()[0].summary().unwrap();

    let [outer, shape] = summary.records() else { panic!("two records: {summary}") };
    assert_eq!((&*outer.name, outer.variant.as_deref()), ("Frame", None));
    let fields = ["step", "shape", "small", "positions", "log"].map(Box::from);
    assert_eq!(outer.fields, FieldNames::Named(fields.to_vec()));
    assert_eq!((&*shape.name, shape.variant.as_deref()), ("Shape", Some("Circle")));
    assert_eq!(shape.fields, FieldNames::Positional(1));
    let dtypes = [Scalar::F32, Scalar::F64, Scalar::U8].map(Into::into);
    assert_eq!(summary.dtypes(), dtypes);
    let buffers: Vec<_> = summary.buffers().iter().map(|it| (it.dtype.clone(), it.len)).collect();
    assert_eq!(buffers, [(Scalar::F64.into(), 24_000), (Scalar::U8.into(), 5000)]);
    assert_eq!(summary.header_len(), sent.header().len() as u64);
    assert_eq!(summary.inline_len(), 16);
    assert_eq!(
        summary.to_string(),
        format!(
            "header  {} bytes, 16 of them items of small arrays\n\
             record  Frame {{ step, shape, small, positions, log }}\n\
             record  Shape::Circle(1 field)\n\
             dtype   <f4\n\
             dtype   <f8\n\
             dtype   |u1\n\
             buffer  24000 bytes of <f8\n\
             buffer  5000 bytes of |u1\n",
            sent.header().len()
        )
    );
    assert_eq!(sent.summary().unwrap(), summary, "the same before it is sent");
}

#[test]
fn an_object_without_arrays_or_names_is_its_header() {
    let summary = canning_wire::can(&5).unwrap().summary().unwrap();
    assert_eq!(summary.to_string(), format!("header  {} bytes\n", summary.header_len()));
}

#[test]
fn the_body_is_not_looked_at() {
    // Code 7, which does not exist, and a field too few of a record that does.
    for body in ["81 07", "81 08"] {
        let header = Header::of_body(body).names("81 82 61 50 81 61 78").dtype_names(&["<f8"]);
        let object = Object::restore(header.build().into(), vec![]).unwrap();
        assert!(object.get::<Value, _>().is_err());
        let summary = object.summary().unwrap();
        assert_eq!(summary.records()[0].to_string(), "P { x }");
        assert_eq!(summary.dtypes(), [Scalar::F64.into()]);
    }
}

#[test]
fn malformed_tables_are_errors_of_the_summary_only() {
    let text = |header: Header| {
        let object = Object::restore(header.build().into(), vec![vec![0_u8; 8].into()]).unwrap();
        assert!(Message::from(object.clone()).to_block().is_ok(), "it can be passed on");
        object.summary().unwrap_err().to_string()
    };
    let plain = || Header::of_body("83 04 00 01").buffers("81 82 08 00").dtype_names(&["<f8"]);
    assert_eq!(
        text(plain().buffers("81 82 08 01")),
        "malformed header at byte 11: expected a dtype of the table"
    );
    assert_eq!(
        text(plain().dtype_names(&["<f9"])),
        "malformed header at byte 12: expected a known dtype"
    );
    assert_eq!(
        text(plain().names("81 81 61 50")),
        "malformed header at byte 17: expected a name of two or three parts"
    );
}

#[test]
fn a_buffer_that_was_taken_is_still_listed() {
    let frame = frame();
    let object = CanOptions::new().can(&frame).unwrap();
    let mut object = object.into_owned().unwrap();
    let before = object.summary().unwrap();
    object.take::<Value, _>().unwrap();
    assert_eq!(object.summary().unwrap(), before);
}

#[test]
fn what_a_peer_chose_is_escaped_and_of_bounded_length() {
    let name = "\x1b[2J\n".repeat(100);
    let count = 10_000_u16;
    let mut names = vec![0x99];
    names.extend(count.to_be_bytes());
    let mut dtypes = vec![0x81, 0x81, 0x82];
    dtypes.extend(text(&name));
    dtypes.extend(text("<f8"));
    let mut buffers = vec![0x99];
    buffers.extend(count.to_be_bytes());
    for index in 0..count {
        names.push(0x82);
        names.extend(text(&format!("{name}{index}")));
        names.push(0);
        buffers.extend([0x82, 8, 0]);
    }
    let header = Header { names, dtypes, buffers, ..Header::of_body("05") };
    let memory = (0..count).map(|_| vec![0_u8; 8].into()).collect();
    let object = Object::restore(header.build().into(), memory).unwrap();
    let summary = object.summary().unwrap();
    assert_eq!((summary.records().len(), summary.buffers().len()), (10_000, 10_000));
    let text = summary.to_string();
    assert!(text.chars().all(|char| char == '\n' || !char.is_control()), "{text}");
    assert!(text.contains(r"record  \u{1b}[2J\n\u{1b}[2J"), "{text}");
    assert!(text.contains("buffer  … 9968 more\n"), "{text}");
    assert!(text.len() < 64 << 10, "{} bytes", text.len());
}
