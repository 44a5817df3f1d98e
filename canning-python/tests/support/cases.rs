//! The values that are written, and what Python makes of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use canning_core::{Buffer, Can, Result, Scalar, Value};
use canning_python::{CanOptions, Object, ipyparallel::Reference};
use half::{bf16, f16};
use num_complex::Complex;

use super::values::{
    Atom, Date, Decimal, Empty, Frame, Inline, Int, Namespace, Nd, Pair, Shape, Spin, Str, Untyped,
    large, map, scalar, structure,
};

/// A value, and how Python shows it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) expected: String,
    can: Box<Canning>,
}

/// Gives header and buffers.
type Canning = dyn Fn(&CanOptions) -> Result<Vec<Vec<u8>>>;

impl Case {
    /// Header and buffers.
    pub(crate) fn blobs(&self, options: &CanOptions) -> Vec<Vec<u8>> {
        (self.can)(options).unwrap()
    }
}

/// What Python shows is what `show` in `tests/python/load.py` makes of the value.
fn case<T: Can<V> + 'static, V>(name: &'static str, value: T, expected: impl Into<String>) -> Case {
    let can = move |options: &CanOptions| options.can(&value).map(copied);
    Case { name, expected: expected.into(), can: Box::new(can) }
}

pub(crate) fn copied(object: Object<'_>) -> Vec<Vec<u8>> {
    object.into_blobs().iter().map(bytes).collect()
}

pub(crate) fn bytes(buffer: &Buffer<'_>) -> Vec<u8> {
    buffer.to_allocation(1).unwrap().as_slice().to_vec()
}

pub(crate) fn all() -> Vec<Case> {
    [scalars(), containers(), records(), arrays(), dtypes(), layouts()]
        .into_iter()
        .flatten()
        .collect()
}

fn scalars() -> Vec<Case> {
    let big = (1_i128 << 100) + 5;
    vec![
        case("unit", (), "()"),
        case("bools", (true, false), "(True, False)"),
        case("small_integers", (0_u8, -1_i8, 255_u8, 256_u16, -129_i16), "(0, -1, 255, 256, -129)"),
        case(
            "integers",
            (i32::MIN, 1_i64 << 31, i64::MIN, i64::MAX, u64::MAX),
            "(-2147483648, 2147483648, -9223372036854775808, 9223372036854775807, \
             18446744073709551615)",
        ),
        case(
            "big_integers",
            (big, -big, i128::MIN, i128::MAX, u128::MAX),
            format!("({big}, {}, {}, {}, {})", -big, i128::MIN, i128::MAX, u128::MAX),
        ),
        case("float", 0.1_f64, "0.1"),
        case("floats", (1.5_f32, -0.0_f64, f64::INFINITY, 1e300), "(1.5, -0.0, inf, 1e+300)"),
        case(
            "nans",
            (f64::from_bits(0x7ff8_0000_0000_1234), f64::from_bits(0xfff0_0000_0000_0001)),
            "(nan:7ff8000000001234, nan:fff0000000000001)",
        ),
        case(
            "nans_of_32_bits",
            (f32::from_bits(0x7fc0_0001), f32::from_bits(0xff80_0001)),
            "(nan:7ff8000020000000, nan:fff0000020000000)",
        ),
        case("text", "Grüße, \u{10ffff}\0".to_owned(), "'Grüße, \\U0010ffff\\x00'"),
        case("long_text", "é".repeat(300), format!("'{}'", "é".repeat(300))),
        case("char", 'x', "'x'"),
        case("bytes", Value::Bytes(b"ab\0".to_vec()), r"b'ab\x00'"),
        case("long_bytes", Value::Bytes(vec![b'x'; 2000]), format!("b'{}'", "x".repeat(2000))),
        case("none", None::<u8>, "None"),
        case("some", Some(5), "5"),
        case(
            "nested_options",
            vec![None, Some(None), Some(Some(None)), Some(Some(Some(1)))],
            "[None, (None,), ((None,),), 1]",
        ),
        case(
            "options_of_tuples",
            (Some((None::<u8>,)), Some((Some(1),)), Some((None::<u8>, 1)), Some(vec![None::<u8>])),
            "(((None,),), (1,), (None, 1), [None])",
        ),
        case("complex", Complex::new(1.5, -2.0), "(1.5-2j)"),
        case(
            "huge_integer",
            Int([vec![0; 299], vec![1]].concat()),
            format!("0x1{}", "0".repeat(598)),
        ),
        case("surrogates", Str(b"a\xed\xa0\x80".to_vec()), r"'a\ud800'"),
    ]
}

fn containers() -> Vec<Case> {
    vec![
        case(
            "batches",
            ((0..2001).map(Some).collect::<Vec<_>>(), (0..1001).collect::<BTreeSet<_>>()),
            format!("([{}], set{{{}}})", joined(2001), sorted(1001, |item| item.to_string())),
        ),
        case(
            "batch_of_a_map",
            (0..1001).map(|key| (key, ())).collect::<BTreeMap<_, _>>(),
            format!("{{{}}}", sorted(1001, |key| format!("{key}: ()"))),
        ),
        case("full_batch", (0..1000).map(Some).collect::<Vec<_>>(), format!("[{}]", joined(1000))),
        case("empty", (Vec::<String>::new(), map::<u8, u8, 0>([])), "([], {})"),
        case("list", vec!["a".to_owned(), "b".to_owned()], "['a', 'b']"),
        case(
            "tuples",
            ((1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
            "((1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))",
        ),
        case("set", BTreeSet::from([3, 1, 2]), "set{1, 2, 3}"),
        case("empty_set", BTreeSet::<u8>::new(), "set()".replace("()", "{}")),
        case(
            "set_of_sets",
            BTreeSet::from([BTreeSet::from([1]), BTreeSet::from([])]),
            "set{frozenset{1}, frozenset{}}",
        ),
        case(
            "map",
            map([("b".to_owned(), vec![1.0]), ("a".to_owned(), vec![])]),
            "{'a': array('<f8', (0,), []), 'b': array('<f8', (1,), [1.0])}",
        ),
        case("map_of_tuples", map([((1, 'a'), 1), ((0, 'b'), 2)]), "{(0, 'b'): 2, (1, 'a'): 1}"),
        case(
            "map_of_options",
            vec![map([(Some(None), 1), (Some(Some(3)), 2)])],
            "[{(None,): 1, 3: 2}]",
        ),
        case("map_of_names", map([(Shape::Point, 1)]), "{'Point': 1}"),
        case("map_of_units", map([((), 1)]), "{(): 1}"),
        case("map_of_dates", map([(Date(2026, 11, 23), 1)]), "{datetime.date(2026, 11, 23): 1}"),
        case(
            "map_of_sets",
            vec![map([(BTreeSet::from([2]), 1), (BTreeSet::from([1]), 2)])],
            "[{frozenset{1}: 2, frozenset{2}: 1}]",
        ),
        case(
            "large_in_map",
            map([("b".to_owned(), large()), ("a".to_owned(), vec![7.0; 200])]),
            "{'a': array('<f8', (200,), 7.0 ... 7.0, sum=1400.0), \
             'b': array('<f8', (256,), 1.0 ... 255.0, sum=32640.0)}",
        ),
        case(
            "large_in_map_of_numbers",
            Value::Map(vec![
                (Value::Integer(10), Value::of(&large()).unwrap()),
                (Value::F64(2.5), Value::of(&vec![1.0; 200]).unwrap()),
                (Value::Bool(true), Value::of(&vec![3.0; 200]).unwrap()),
            ]),
            "{10: array('<f8', (256,), 1.0 ... 255.0, sum=32640.0), 2.5: array('<f8', (200,), 1.0 ... 1.0, sum=200.0), True: array('<f8', (200,), 3.0 ... 3.0, sum=600.0)}",
        ),
        case(
            "large_in_list",
            vec![large(), vec![7.0; 200]],
            "[array('<f8', (256,), 1.0 ... 255.0, sum=32640.0), \
             array('<f8', (200,), 7.0 ... 7.0, sum=1400.0)]",
        ),
        case(
            "large_deeper",
            (1, vec![vec![large()]]),
            "(1, [[array('<f8', (256,), 1.0 ... 255.0, sum=32640.0)]])",
        ),
        case("large_in_64_items", vec![vec![1.0; 130]; 64], many(64)),
        case("large_in_63_items", vec![vec![1.0; 130]; 63], many(63)),
        case(
            "object_arrays",
            (
                Nd::new(vec![None, Some(1), Some(2), Some(3), None, Some(5)], &[2, 3], &[0, 1]),
                Nd::new(Vec::<String>::new(), &[0, 3], &[0, 1]),
                Nd::new(vec![vec!["a".to_owned()]; 2], &[2, 1], &[0, 1]),
                Nd::new(vec![vec![1.0, 2.0]; 2], &[1, 2], &[0, 1]),
                Nd::new(vec!["a".to_owned()], &[], &[]),
            ),
            "(array('|O', (2, 3), [[None, 1, 2], [3, None, 5]]), array('|O', (0, 3), []), \
             array('|O', (2, 1), [[['a']], [['a']]]), \
             array('|O', (1, 2), [[array('<f8', (2,), [1.0, 2.0]), \
             array('<f8', (2,), [1.0, 2.0])]]), array('|O', (), 'a'))",
        ),
    ]
}

fn joined(count: u32) -> String {
    (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}

/// Sorted as text.
fn sorted(count: u32, show: impl Fn(u32) -> String) -> String {
    let mut numbers: Vec<_> = (0..count).map(show).collect();
    numbers.sort();
    numbers.join(", ")
}

fn many(count: usize) -> String {
    let one = "array('<f8', (130,), 1.0 ... 1.0, sum=130.0)";
    format!("[{}]", vec![one; count].join(", "))
}

fn records() -> Vec<Case> {
    let frame =
        |step| Frame { step, name: "argon".into(), charge: None, positions: vec![[0.0, 0.5, 1.0]] };
    let shown = |step| {
        format!(
            "{{'charge': None, 'name': 'argon', 'positions': array('<f8', (1, 3), [[0.0, 0.5, 1.0]]), 'step': {step}}}"
        )
    };
    let reference = "ipyparallel.serialize.canning.Reference{'buffers': [], 'name': 'a'}";
    vec![
        case("record", frame(1), shown(1)),
        case("records", vec![frame(1), frame(2)], format!("[{}, {}]", shown(1), shown(2))),
        case("received_record", Value::of(&frame(1)).unwrap(), shown(1)),
        case("positional", Pair(1, "x".into()), "(1, 'x')"),
        case("positional_without_fields", vec![Empty], "[()]"),
        case(
            "variants",
            vec![
                Shape::Point,
                Shape::Circle(1),
                Shape::Box(1, 2),
                Shape::Named { sides: 3, label: "x".into() },
                Shape::Nothing {},
            ],
            "['Point', {'Circle': 1}, {'Box': (1, 2)}, {'Named': {'label': 'x', 'sides': 3}}, \
             'Nothing']",
        ),
        case("results", vec![Ok(1), Err("bad".to_owned())], "[{'Ok': 1}, {'Err': 'bad'}]"),
        case(
            "large_in_variant",
            Ok::<_, u8>(large()),
            "{'Ok': array('<f8', (256,), 1.0 ... 255.0, sum=32640.0)}",
        ),
        case(
            "std_records",
            (0_u8..3, Duration::new(1, 2)),
            "({'end': 3, 'start': 0}, {'nanos': 2, 'secs': 1})",
        ),
        case(
            "instance",
            Namespace { a: 1, b: vec![0.5] },
            "types.SimpleNamespace{'a': 1, 'b': array('<f8', (1,), [0.5])}",
        ),
        case(
            "calls",
            (Date(2026, 11, 23), Decimal("1.50".into()), [Date(1, 1, 1)]),
            "(datetime.date(2026, 11, 23), Decimal('1.50'), [datetime.date(1, 1, 1)])",
        ),
        case("received_date", Value::of(&Date(1, 2, 3)).unwrap(), "datetime.date(1, 2, 3)"),
        case("deep_reference", ((Reference::new("a"),),), format!("(({reference},),)")),
        case(
            "inline",
            Inline { kept: large(), sent: large() },
            "{'kept': array('<f8', (256,), 1.0 ... 255.0, sum=32640.0), \
             'sent': array('<f8', (256,), 1.0 ... 255.0, sum=32640.0)}",
        ),
    ]
}

fn arrays() -> Vec<Case> {
    vec![
        case("large", large(), "array('<f8', (256,), 1.0 ... 255.0, sum=32640.0)"),
        case(
            "inner_axes",
            vec![[[1_i16, 2], [3, 4]]],
            "array('<i2', (1, 2, 2), [[[1, 2], [3, 4]]])",
        ),
        case("no_axes", Nd::new(vec![7_u32], &[], &[]), "array('<u4', (), 7)"),
        case(
            "empties",
            (
                Vec::<f64>::new(),
                Nd::new(Vec::<u8>::new(), &[0, 5], &[0, 1]),
                Nd::new(Vec::<i32>::new(), &[3, 0, 2], &[2, 0, 1]),
            ),
            "(array('<f8', (0,), []), array('|u1', (0, 5), []), array('<i4', (3, 0, 2), [[], [], []]))",
        ),
        case(
            "many_small",
            vec![vec![1_u8]; 3],
            "[array('|u1', (1,), [1]), array('|u1', (1,), [1]), array('|u1', (1,), [1])]",
        ),
    ]
}

fn dtypes() -> Vec<Case> {
    let atom = Atom {
        position: [[0.5, 1.0], [1.5, 2.0], [2.5, 3.0]],
        spin: Spin { up: 1, symbol: *b"Ar" },
        charge: -1,
    };
    let atom_shown = "array([('position', '<f4', (3, 2)), ('spin', [('up', '<u2'), ('symbol', \
                      '|u1', (2,))]), ('charge', '<i4')], ";
    let u8_ = || scalar(Scalar::U8);
    let i64_ = || scalar(Scalar::I64);
    let text = structure(&[("numpy:S", u8_(), &[3])]);
    let time = structure(&[("numpy:M8[ns]", i64_(), &[])]);
    vec![
        case(
            "integers_of_all_widths",
            (
                vec![-1_i8],
                vec![1_u8],
                vec![-1_i16],
                vec![1_u16],
                vec![-1_i32],
                vec![1_u32],
                vec![-1_i64],
                vec![1_u64],
            ),
            "(array('|i1', (1,), [-1]), array('|u1', (1,), [1]), \
             array('<i2', (1,), [-1]), array('<u2', (1,), [1]), \
             array('<i4', (1,), [-1]), array('<u4', (1,), [1]), \
             array('<i8', (1,), [-1]), array('<u8', (1,), [1]))",
        ),
        case(
            "other_scalars",
            (vec![true, false], vec!['a', 'ß'], vec![0.5_f32], vec![f16::from_f32(1.5)]),
            "(array('|b1', (2,), [True, False]), \
             array('<U1', (2,), [a, ß]), array('<f4', (1,), [0.5]), \
             array('<f2', (1,), [1.5]))",
        ),
        case(
            "complex_arrays",
            (
                vec![Complex::new(1.0_f32, 2.0)],
                vec![Complex::new(1.0_f64, 2.0)],
                Complex::new(0.5_f32, 0.0),
            ),
            "(array('<c8', (1,), [(1+2j)]), array('<c16', (1,), [(1+2j)]), \
             array('<c8', (), (0.5+0j)))",
        ),
        case(
            "foreign_scalars",
            (vec![1_i128], vec![u128::MAX], vec![bf16::from_f32(1.0)]),
            "(array([('canning:i128', '<u8', (2,))], (1,), [(array('<u8', (2,), [1, \
             0]))]), array([('canning:u128', '<u8', (2,))], (1,), [(array('<u8', (2,), \
             [18446744073709551615, 18446744073709551615]))]), \
             array([('canning:bf16', '<u2')], (1,), [(16256)]))",
        ),
        case(
            "struct_array",
            vec![atom],
            format!(
                "{atom_shown}(1,), [(array('<f4', (3, 2), [[0.5, 1.0], \
                 [1.5, 2.0], [2.5, 3.0]]), (1, \
                 array('|u1', (2,), [65, 114])), -1)])"
            ),
        ),
        case(
            "struct_element",
            Spin { up: 1, symbol: *b"Ar" },
            "array([('up', '<u2'), ('symbol', '|u1', (2,))], (), (1, array('|u1', (2,), \
             [65, 114])))",
        ),
        case(
            "fixed_bytes",
            Untyped::new(&[("numpy:S", u8_(), &[3])], b"abcd\0\0"),
            "array('|S3', (2,), [b'abc', b'd'])",
        ),
        case(
            "fixed_text",
            Untyped::new(&[("numpy:U", scalar(Scalar::U32), &[2])], b"a\0\0\0b\0\0\0"),
            "array('<U2', (1,), [ab])",
        ),
        case(
            "void",
            Untyped::new(&[("numpy:V", u8_(), &[2])], b"ab"),
            r"array('|V2', (1,), [b'\x61\x62'])",
        ),
        case(
            "dates",
            (
                Untyped::new(&[("numpy:M8[ns]", i64_(), &[])], &[0; 8]),
                Untyped::new(&[("numpy:M8[D]", i64_(), &[])], &[1, 0, 0, 0, 0, 0, 0, 0]),
                Untyped::new(&[("numpy:m8[25s]", i64_(), &[])], &[2, 0, 0, 0, 0, 0, 0, 0]),
            ),
            "(array('<M8[ns]', (1,), [1970-01-01T00:00:00.000000000]), \
             array('<M8[D]', (1,), [1970-01-02]), \
             array('<m8[25s]', (1,), [50 seconds]))",
        ),
        case(
            "long_doubles",
            (
                Untyped::new(&[("numpy:f16", u8_(), &[16])], &[0; 16]),
                Untyped::new(&[("numpy:c32", u8_(), &[32])], &[0; 32]),
            ),
            "(array('<f16', (1,), [0.0]), array('<c32', (1,), [0j]))",
        ),
        case(
            "large_dates",
            Untyped::new(&[("numpy:M8[s]", i64_(), &[])], &[0; 2048]),
            "array('<M8[s]', (256,), all the same)",
        ),
        case(
            "special_fields",
            Untyped::new(
                &[("name", text, &[2]), ("at", time, &[]), ("ok", scalar(Scalar::Bool), &[])],
                &[&b"abcd\0\0"[..], &[0; 8], &[1]].concat(),
            ),
            "array([('name', '|S3', (2,)), ('at', '<M8[ns]'), ('ok', '|b1')], (1,), \
             [(array('|S3', (2,), [b'abc', b'd']), \
             1970-01-01T00:00:00.000000000, True)])",
        ),
        case(
            "struct_that_looks_special",
            Untyped::new(&[("numpy:S", scalar(Scalar::I8), &[])], &[1]),
            "array([('numpy:S', '|i1')], (1,), [(1)])",
        ),
        case("large_structs", vec![vec![atom; 60]], format!("[{atom_shown}(60,), all the same)]")),
    ]
}

fn layouts() -> Vec<Case> {
    let six = || (1..=6_u8).collect::<Vec<_>>();
    let wide = || (0..512_u16).collect::<Vec<_>>();
    let tail = |values: &str| format!("{values}, sum=130816)");
    vec![
        case(
            "fortran",
            Nd::new(six(), &[2, 3], &[1, 0]),
            "array('|u1', (2, 3), strides=(1, 2), [[1, 3, 5], [2, 4, 6]])",
        ),
        case(
            "reversed",
            Nd::new(six(), &[2, 3], &[-1, -2]),
            "array('|u1', (2, 3), strides=(-3, -1), [[6, 5, 4], [3, 2, 1]])",
        ),
        case(
            "broadcast",
            Nd::new(vec![1_u8, 2, 3], &[2, 3], &[1]),
            "array('|u1', (2, 3), strides=(0, 1), [[1, 2, 3], [1, 2, 3]])",
        ),
        case(
            "permuted",
            Nd::new(six(), &[1, 2, 3], &[2, 0, -2]),
            "array('|u1', (1, 2, 3), strides=(6, -1, 2), [[[2, 4, 6], [1, 3, 5]]])",
        ),
        case(
            "large_fortran",
            Nd::new(wide(), &[16, 32], &[1, 0]),
            tail("array('<u2', (16, 32), strides=(2, 32), 16 ... 511"),
        ),
        case(
            "large_reversed",
            vec![Nd::new(wide(), &[16, 32], &[-1, -2])],
            format!("[{}]", tail("array('<u2', (16, 32), strides=(-64, -2), 510 ... 0")),
        ),
        case(
            "large_reversed_rows",
            map([("x".to_owned(), Nd::new(wide(), &[16, 32], &[-1, 1]))]),
            format!("{{'x': {}}}", tail("array('<u2', (16, 32), strides=(-64, 2), 481 ... 31")),
        ),
        case(
            "large_broadcast",
            Nd::new(wide(), &[2, 512], &[1]),
            "array('<u2', (2, 512), strides=(0, 2), 1 ... 511, sum=261632)",
        ),
        case(
            "large_fortran_structs",
            Nd::new(vec![Spin { up: 1, symbol: *b"Ar" }; 300], &[2, 150], &[1, 0]),
            "array([('up', '<u2'), ('symbol', '|u1', (2,))], (2, 150), strides=(4, 8), all the same)",
        ),
    ]
}
