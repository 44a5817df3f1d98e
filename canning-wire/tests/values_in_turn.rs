//! Values of different types through one writer: nothing of one is left in the next.

use canning_core::{
    ArrayValue, Canned, Dtype, Element, Field, FieldNames, RecordName, RecordValue, Scalar,
    SharedBytes, StructDtype, Value, buffer::ArrayLayout,
};
use canning_wire::{MessageWriter, Result};

type Writer = MessageWriter<Vec<u8>>;

#[derive(Canned)]
struct Frame {
    step: u64,
    positions: Vec<[f64; 3]>,
}

#[derive(Canned)]
struct Named {
    name: String,
    inner: Option<Box<Named>>,
}

#[derive(Canned)]
enum Shape {
    Point,
    Circle { radius: f32 },
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Particle {
    x: f64,
    v: [f32; 2],
}

/// A record of these fields, without its Rust type.
fn record(name: &str, fields: &[&str]) -> Value {
    let names = FieldNames::Named(fields.iter().map(|field| (*field).into()).collect());
    let name = RecordName { name: name.into(), variant: None, fields: names };
    let values = fields.iter().map(|_| Value::Unit).collect();
    RecordValue::new(name, values).expect("as many fields as names").into()
}

/// An array of one item, of structs so deep in one another.
fn nested(depth: usize) -> Value {
    let dtype = (0..depth).fold(Dtype::from(Scalar::U8), |inner, _| {
        let field = Field::new("inner", inner, vec![]);
        Dtype::Struct(StructDtype::new(vec![field]).expect("one field of one byte"))
    });
    let bytes = SharedBytes::from_vec(vec![7_u8]);
    ArrayValue::from_parts(dtype, ArrayLayout::one_axis(1), bytes).expect("one item").into()
}

/// One value each. More records and dtypes than are looked for one by one are among them.
const WRITES: [fn(&mut Writer) -> Result<()>; 10] = [
    |writer| writer.write_value(&5).map(drop),
    |writer| writer.write_value(&Frame { step: 1, positions: vec![[0.5; 3]; 2] }).map(drop),
    |writer| {
        let inner = Some(Box::new(Named { name: "b".to_owned(), inner: None }));
        writer.write_value(&Named { name: "a".to_owned(), inner }).map(drop)
    },
    |writer| writer.write_value(&vec![Shape::Circle { radius: 1.0 }, Shape::Point]).map(drop),
    |writer| writer.write_value(&vec![Particle { x: 1.0, v: [2.0; 2] }; 3]).map(drop),
    |writer| writer.write_value(&(vec![1_u8], vec![1_u16], vec![1_u8], 'x')).map(drop),
    |writer| writer.write_value(&(record("A", &["x"]), record("B", &["x", "y"]))).map(drop),
    |writer| writer.write_value(&(nested(1), nested(2), vec![1_u8])).map(drop),
    |writer| {
        let records: Vec<Value> = (0..40).map(|name| record(&name.to_string(), &["x"])).collect();
        writer.write_value(&records).map(drop)
    },
    |writer| {
        let arrays: Vec<Value> = (0..=16).map(nested).collect();
        writer.write_value(&arrays).map(drop)
    },
];

/// What no reader would take.
const REFUSED: [fn(&mut Writer) -> Result<()>; 2] = [
    |writer| writer.write_value(&record("A", &["x", "x"])).map(drop),
    |writer| writer.write_value(&nested(17)).map(drop),
];

fn alone(write: fn(&mut Writer) -> Result<()>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    write(&mut writer).expect("written");
    writer.into_inner().expect("flushed")
}

#[test]
fn a_value_is_written_as_if_it_were_the_first() {
    for before in WRITES {
        for write in WRITES {
            let mut writer = Writer::new(Vec::new());
            for write in [before, write, write] {
                write(&mut writer).expect("written");
            }
            let written = writer.into_inner().expect("flushed");
            assert_eq!(written, [alone(before), alone(write), alone(write)].concat());
        }
    }
}

#[test]
fn a_value_that_was_refused_leaves_nothing_behind() {
    for refused in REFUSED {
        for write in WRITES {
            let mut writer = Writer::new(Vec::new());
            write(&mut writer).expect("written");
            assert!(refused(&mut writer).is_err());
            write(&mut writer).expect("written");
            let written = writer.into_inner().expect("flushed");
            assert_eq!(written, [alone(write), alone(write)].concat());
        }
    }
}
