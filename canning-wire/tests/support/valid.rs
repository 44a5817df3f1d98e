//! The valid vectors: what each holds.

use std::collections::BTreeMap;

use canning_core::{
    ArrayValue, Can, Canned, CannedObject, Dtype, Field, ObjectArray, Result, Scalar, SharedBytes,
    StructDtype, Value,
    buffer::{ArrayLayout, Axis},
    visitor::Canner,
};
use canning_wire::{CanOptions, Message, write_message};

use super::{
    assemble::{Header, frame},
    featured_frames,
};

/// A vector, with the values of its objects.
pub struct Valid {
    pub name: String,
    pub bytes: Vec<u8>,
    pub objects: Vec<Value>,
}

/// All of them that this build reads. Those whose name starts with `frame_` are frames, the others
/// one header.
pub fn all() -> Vec<Valid> {
    let mut all = whole();
    let is_header = |vector: &Valid| !vector.name.starts_with("frame_");
    all.retain(|vector| is_header(vector) || featured_frames::lacks(&vector.bytes).is_none());
    all
}

/// The frames that this build reads, but for those that take long.
pub fn short_frames() -> Vec<Vec<u8>> {
    let is_short = |vector: &Valid| !vector.name.ends_with("_chunks");
    let frames = all().into_iter().filter(|vector| vector.name.starts_with("frame_"));
    frames.filter(is_short).map(|vector| vector.bytes).collect()
}

/// All of them.
pub fn whole() -> Vec<Valid> {
    let mut all = scalars();
    all.extend(containers());
    all.extend(records());
    all.extend(dtypes());
    all.extend(layouts());
    all.extend(frames());
    all.extend(foreign());
    all.extend(featured_frames::valid());
    all
}

fn scalars() -> Vec<Valid> {
    vec![
        header("none", &None::<u8>),
        header("unit", &()),
        header("bool_false", &false),
        header("bool_true", &true),
        header("integer_1_byte", &23_u8),
        header("integer_2_bytes", &24_u8),
        header("integer_3_bytes", &256_u16),
        header("integer_5_bytes", &65_536_u32),
        header("integer_9_bytes", &u64::MAX),
        header("integer_negative_1_byte", &-24_i8),
        header("integer_negative_9_bytes", &i64::MIN),
        header("integer_big", &(u128::from(u64::MAX) + 1)),
        header("integer_big_most", &u128::MAX),
        header("integer_big_negative", &(-1 - i128::from(u64::MAX) - 1)),
        header("integer_big_negative_least", &i128::MIN),
        header("f32", &1.5_f32),
        header("f64", &-0.0_f64),
        header("f64_nan", &f64::from_bits(0x7ff8_0000_0000_0001)),
        header("text_empty", ""),
        header("text", "zwölf Boxkämpfer"),
        header("bytes", &Plain(vec![0, 1, 255])),
    ]
}

fn containers() -> Vec<Valid> {
    let map = BTreeMap::from([("one".to_owned(), 1), ("two".to_owned(), 2)]);
    let objects = ["a", "b", "c", "d"].map(Value::from).to_vec();
    vec![
        header("list_empty", &Vec::<String>::new()),
        header("list", &["a".to_owned(), "b".to_owned()]),
        header("tuple", &(1, "hi", true)),
        header("map_empty", &BTreeMap::<String, i32>::new()),
        header("map", &map),
        header("some_is_what_it_holds", &Some(5)),
        header("some_of_none", &[None, Some(None), Some(Some(None)), Some(Some(Some(())))]),
        header("object_array", &Value::from(ObjectArray::new(&[2, 2], objects).unwrap())),
        header("object_array_empty", &Value::from(ObjectArray::new(&[0, 3], vec![]).unwrap())),
    ]
}

#[derive(Canned)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Canned)]
struct Pair(i32, bool);

#[derive(Canned)]
struct Nothing;

#[derive(Canned)]
enum Shape {
    Empty,
    Circle(f64),
    Segment { from: Point, to: Point },
}

fn records() -> Vec<Valid> {
    let shapes = vec![
        Shape::Empty,
        Shape::Circle(2.0),
        Shape::Segment { from: Point { x: 0, y: 0 }, to: Point { x: 3, y: 4 } },
    ];
    vec![
        header("record_named", &Point { x: 3, y: -4 }),
        header("record_positional", &Pair(7, true)),
        header("record_unit", &Nothing),
        header("record_repeated", &vec![Point { x: 1, y: 2 }, Point { x: 3, y: 4 }]),
        header("variants", &shapes),
    ]
}

fn dtypes() -> Vec<Valid> {
    let mut all: Vec<Valid> = Scalar::ALL
        .iter()
        .map(|scalar| {
            // Not `u1`, which is another where case does not count.
            let name = match scalar {
                Scalar::Char => "char",
                scalar => scalar.name().trim_start_matches(['<', '|']),
            };
            let item = match scalar {
                Scalar::Bool => vec![1],
                Scalar::Char => vec![0x61, 0xf6, 1, 0],
                scalar => (1..=scalar.size()).map(|byte| byte as u8).collect(),
            };
            let bytes = [vec![0; item.len()], item].concat();
            let array = array(Dtype::Scalar(*scalar), &[2], None, bytes);
            header(&format!("dtype_{name}"), &array)
        })
        .collect();
    let point = StructDtype::new(vec![
        Field::new("x", Scalar::F64.into(), vec![]),
        Field::new("v", Scalar::F32.into(), vec![3]),
    ]);
    let nested = StructDtype::new(vec![
        Field::new("id", Scalar::U8.into(), vec![]),
        Field::new("at", Dtype::Struct(point.clone().unwrap()), vec![2, 1]),
    ]);
    for (name, dtype) in [("dtype_struct", point), ("dtype_struct_nested", nested)] {
        let dtype = Dtype::Struct(dtype.unwrap());
        let bytes = (0..dtype.item_size() * 2).map(|byte| byte as u8).collect();
        all.push(header(name, &array(dtype, &[2], None, bytes)));
    }
    all
}

fn layouts() -> Vec<Valid> {
    let of = |name: &str, shape: &[usize], axes: Option<&[isize]>| {
        let layout = layout(shape, axes);
        let bytes = (0..layout.stored_count() * 2).map(|byte| byte as u8);
        let dtype = Dtype::Scalar(Scalar::U16);
        header(name, &array(dtype, shape, axes, bytes.collect()))
    };
    vec![
        of("layout_no_axes", &[], None),
        of("layout_one_axis", &[3], None),
        of("layout_empty", &[0], None),
        of("layout_empty_axes", &[2, 0, 3], None),
        of("layout_c_order", &[2, 3], None),
        of("layout_fortran", &[2, 3], Some(&[1, 0])),
        of("layout_permuted", &[2, 3, 4], Some(&[1, 2, 0])),
        of("layout_reversed", &[3], Some(&[-1])),
        of("layout_rows_reversed", &[2, 3], Some(&[-1, 1])),
        of("layout_broadcast", &[1000, 3], Some(&[1])),
        of("layout_broadcast_all", &[4, 5], Some(&[])),
        header("layout_inner", &vec![[1.0_f32, 2.0], [3.0, 4.0]]),
        header("tail_aligned", &(vec![1_u8], vec![2_u16], vec![3_u8], vec![4.0_f64])),
        header("tail_gap_of_empty", &(vec![1_u8], Vec::<f64>::new(), "no bytes, but a gap")),
        header("padding_of_two_byte_head", &("16 bytes of text", vec![1_u8])),
    ]
}

fn frames() -> Vec<Valid> {
    let all_out = CanOptions::new().inline_threshold(0);
    let numbers = vec![0.0_f64, 1.0, 2.0, 3.0];
    let columns = array(Dtype::Scalar(Scalar::I32), &[2, 3], Some(&[1, 0]), (0..24).collect());
    let broadcast = array(Dtype::Scalar(Scalar::U8), &[1 << 40], Some(&[]), vec![7]);
    let mixed = (vec![1_u16, 2], "some text", vec!["in a list".to_owned()]);
    let of = |name: &str, values: &[Value]| {
        let objects = values.iter().map(|value| all_out.can(value).unwrap());
        let mut bytes = Vec::new();
        write_message(&mut bytes, &objects.collect::<Message<'_>>()).unwrap();
        Valid { name: name.to_owned(), bytes, objects: values.to_vec() }
    };
    let value = |numbers: &Vec<f64>| Value::of(numbers).unwrap();
    vec![
        of("frame_empty", &[]),
        of("frame_plain", &[Value::of(&5).unwrap()]),
        of("frame_array", &[value(&numbers)]),
        of("frame_text", &[Value::of("out of band").unwrap()]),
        of("frame_fortran", &[columns]),
        of("frame_broadcast", &[broadcast]),
        of("frame_mixed", &[Value::of(&mixed).unwrap()]),
        of("frame_several", &[Value::of(&5).unwrap(), Value::of("hi").unwrap(), value(&numbers)]),
    ]
}

/// What canning does not write, but reads: the format leaves it to the writer.
fn foreign() -> Vec<Valid> {
    let five = Value::of(&5).unwrap();
    let flags = Header::of_body("05").start("d9d9f7 89 01 1b0000000100000000");
    let unused = Header::of_body("05").dtype_names(&["<f8"]).names("81 82 61 50 00");
    let single = |name: &str, bytes: Vec<u8>| Valid {
        name: name.to_owned(),
        bytes,
        objects: vec![five.clone()],
    };
    let mut ignorable = frame(&[(Header::of_body("05").build(), vec![])]);
    ignorable[12] = 1;
    let mut unaligned = frame(&[(Header::of_body("05").build(), vec![])]);
    unaligned[5] = 0;
    unaligned.drain(40..64);
    unaligned[24] -= 24;
    vec![
        single("flag_ignorable", flags.build()),
        single("tables_unused_entries", unused.build()),
        single("frame_flag_ignorable", ignorable),
        single("frame_unaligned", unaligned),
    ]
}

fn header<T: Can<V> + ?Sized, V>(name: &str, value: &T) -> Valid {
    let object = canning_wire::can(value).unwrap();
    assert!(object.buffers().is_empty(), "{name} fits one file");
    Valid {
        name: name.to_owned(),
        bytes: object.header().segments().flatten().copied().collect(),
        objects: vec![Value::of(value).unwrap()],
    }
}

fn array(dtype: Dtype, shape: &[usize], axes: Option<&[isize]>, bytes: Vec<u8>) -> Value {
    let bytes = SharedBytes::from_vec(bytes);
    ArrayValue::from_parts(dtype, layout(shape, axes), bytes).unwrap().into()
}

fn layout(shape: &[usize], axes: Option<&[isize]>) -> ArrayLayout {
    let axes: Option<Vec<Axis>> = axes.map(|axes| {
        axes.iter()
            .map(|axis| Axis {
                index: if *axis < 0 { !*axis } else { *axis }.cast_unsigned(),
                reversed: *axis < 0,
            })
            .collect()
    });
    ArrayLayout::new(shape, axes.as_deref()).unwrap()
}

/// Bytes of a plain value, as serde's formats know them.
struct Plain(Vec<u8>);

impl Can for Plain {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.bytes(&self.0)
    }
}
