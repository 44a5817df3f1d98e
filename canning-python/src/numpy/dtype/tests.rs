//! Tables of dtypes, as NumPy 1.26 and 2.4 write them.

use canning_core::Dtype as CoreDtype;

use super::*;

fn dtype(text: &str) -> Dtype {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn field(name: &str, dtype: Dtype, offset: usize) -> DtypeField {
    DtypeField::new(name, None, dtype, offset)
}

#[test]
fn codes_parse_and_display() {
    for text in [
        "|b1", "|i1", "<i2", ">i4", "<i8", "|u1", ">u2", "<u8", "<f2", ">f4", "<f8", "<f16",
        ">f16", "<f12", "<c8", ">c16", "<c32", "<c24", "|S10", "|S0", "<U5", ">U5", "<U0", "|V7",
        "|V0", "|O", "<M8[ns]", ">M8[D]", "<m8[25s]", "<M8", "<m8", "<M8[as]", "<M8[M]", "<m8[m]",
    ] {
        assert_eq!(dtype(text).to_string(), text);
        assert_eq!(dtype(text).code().to_string(), text);
    }
}

#[test]
fn other_names_mean_the_same() {
    for (text, code) in [
        ("f8", "<f8"),
        ("=f8", "<f8"),
        ("|i1", "|i1"),
        ("<i1", "|i1"),
        (">b1", "|b1"),
        ("|f8", "<f8"),
        (">S3", "|S3"),
        ("a3", "|S3"),
        ("O8", "|O"),
        ("?", "|b1"),
        ("d", "<f8"),
        (">d", ">f8"),
        ("float64", "<f8"),
        ("complex", "<c16"),
        ("longdouble", "<f16"),
        ("U", "<U0"),
        ("S", "|S0"),
        ("V", "|V0"),
        ("c", "|S1"),
        ("M8[generic]", "<M8"),
        ("M8[1s]", "<M8[s]"),
    ] {
        assert_eq!(dtype(text).to_string(), code, "{text}");
    }
}

#[test]
fn what_is_no_dtype_is_refused() {
    for text in [
        "",
        "<",
        "f",
        "f3",
        "f8x",
        "f-8",
        "f+8",
        "f 8",
        "<<f8",
        "x8",
        "i16",
        "c4",
        "b2",
        "O3",
        "O16",
        "M8[",
        "M8[]x",
        "M8[q]",
        "M8[0s]",
        "M8[-1s]",
        "M8[2generic]",
        "M8[99999999999s]",
        "M4",
        "M8[25s/3]",
        "U18446744073709551615",
        "S9223372036854775808",
        "f8,i4",
        "(2,)f8",
        "é8",
    ] {
        // One letter alone is a name where there is one.
        if text != "f" {
            assert!(text.parse::<Dtype>().is_err(), "{text}");
        }
    }
}

#[test]
fn sizes_and_alignments_are_those_of_numpy() {
    for (text, size, align) in [
        ("<i8", 8, 8),
        ("|b1", 1, 1),
        ("<c16", 16, 8),
        ("<c8", 8, 4),
        ("<f16", 16, 16),
        ("<c32", 32, 16),
        ("|S10", 10, 1),
        ("<U5", 20, 4),
        ("|V7", 7, 1),
        ("<M8[ns]", 8, 8),
        ("|O", 8, 8),
    ] {
        assert_eq!((dtype(text).item_size(), dtype(text).align()), (size, align), "{text}");
    }
}

#[test]
fn structs_display_as_descr() {
    let inner = Dtype::of_sequence(vec![field("q", dtype("|u1"), 0)], false).unwrap();
    let fields = vec![
        field("a", Dtype::of_subarray(dtype("<f4"), vec![3]).unwrap(), 0),
        DtypeField::new("n", Some("title"), dtype(">i2"), 0),
        field("s", inner.clone(), 0),
        field("t", Dtype::of_subarray(inner, vec![2]).unwrap(), 0),
    ];
    let all = Dtype::of_sequence(fields, false).unwrap();
    assert_eq!(
        all.to_string(),
        "[('a', '<f4', (3,)), (('title', 'n'), '>i2'), ('s', [('q', '|u1')]), \
         ('t', [('q', '|u1')], (2,))]"
    );
    assert_eq!((all.item_size(), all.code().to_string().as_str()), (17, "|V17"));

    let fields = || vec![field("a", dtype("|i1"), 0), field("b", dtype("<f8"), 0)];
    let aligned = Dtype::of_sequence(fields(), true).unwrap();
    assert_eq!(aligned.to_string(), "[('a', '|i1'), ('', '|V7'), ('b', '<f8')]");
    assert_eq!((aligned.item_size(), aligned.align()), (16, 8));
    assert!(aligned.is_aligned() && !aligned.is_record());
    let trailing = Dtype::of_fields(vec![field("a", dtype("|i1"), 0)], 8, false, false).unwrap();
    assert_eq!(trailing.to_string(), "[('a', '|i1'), ('', '|V7')]");

    let fields = vec![field("a", dtype("<i4"), 4), field("it's", dtype("<i4"), 0)];
    let disordered = Dtype::of_fields(fields, 8, false, false).unwrap();
    assert_eq!(
        disordered.to_string(),
        "{'names': ['a', \"it's\"], 'formats': ['<i4', '<i4'], 'offsets': [4, 0], 'itemsize': 8}"
    );
}

#[test]
fn hostile_structs_are_refused() {
    let two = vec![field("a", dtype("<i4"), 0), field("a", dtype("<i4"), 4)];
    assert!(Dtype::of_fields(two, 8, false, false).is_err());
    let behind = vec![field("a", dtype("<i4"), 5)];
    assert!(Dtype::of_fields(behind, 8, false, false).is_err());
    let overflowing = vec![field("a", dtype("<i4"), usize::MAX - 1)];
    assert!(Dtype::of_fields(overflowing, 8, false, false).is_err());
    assert!(Dtype::of_subarray(dtype("<i4"), vec![usize::MAX]).is_err());
    assert!(Dtype::of_subarray(dtype("<i4"), vec![1 << 31, 1 << 31]).is_err());
    let large = format!("V{}", isize::MAX);
    let twice = vec![field("a", dtype(&large), 0), field("b", dtype(&large), 0)];
    assert!(Dtype::of_sequence(twice, false).is_err());
}

#[test]
fn core_has_a_dtype_for_each() {
    for (text, core) in [
        ("|b1", "|b1"),
        ("<f2", "<f2"),
        (">f8", "<f8"),
        (">c8", "<c8"),
        ("<U1", "<U1"),
        ("|S10", "[('numpy:S', '|u1', (10,))]"),
        (">U5", "[('numpy:U', '<u4', (5,))]"),
        ("|V7", "[('numpy:V', '|u1', (7,))]"),
        ("<M8[ns]", "[('numpy:M8[ns]', '<i8')]"),
        (">m8[25s]", "[('numpy:m8[25s]', '<i8')]"),
        ("<M8", "[('numpy:M8', '<i8')]"),
        ("<f16", "[('numpy:f16', '|u1', (16,))]"),
        ("<c32", "[('numpy:c32', '|u1', (32,))]"),
        ("<f12", "[('numpy:f12', '|u1', (12,))]"),
    ] {
        let conversion = dtype(text).to_core().unwrap();
        assert_eq!(conversion.dtype().to_string(), core);
        assert_eq!(conversion.dtype().item_size(), dtype(text).item_size());
        assert_eq!(conversion.is_identity(), !text.starts_with('>'), "{text}");
        let back = Dtype::of_core(conversion.dtype()).unwrap();
        assert_eq!(back, dtype(&text.replace('>', "<")));
    }
    for text in ["|O", "|S0", "<U0", "|V0"] {
        assert!(dtype(text).to_core().is_err(), "{text}");
    }
}

#[test]
fn what_numpy_lacks_goes_there_and_comes_back() {
    for (scalar, text) in [
        (canning_core::Scalar::Bf16, "[('canning:bf16', '<u2')]"),
        (canning_core::Scalar::I128, "[('canning:i128', '<u8', (2,))]"),
        (canning_core::Scalar::U128, "[('canning:u128', '<u8', (2,))]"),
    ] {
        let dtype = Dtype::of_core(&scalar.into()).unwrap();
        assert_eq!(dtype.to_string(), text);
        let back = dtype.to_core().unwrap();
        assert_eq!((back.dtype(), back.is_identity()), (&CoreDtype::Scalar(scalar), true));
    }
}

#[test]
fn padding_is_left_out_and_bytes_are_swapped() {
    let inner = vec![field("x", dtype(">u2"), 1), field("e", dtype("|V0"), 0)];
    let inner = Dtype::of_fields(inner, 4, false, false).unwrap();
    let fields = vec![
        field("b", dtype(">i4"), 4),
        field("a", dtype("|S2"), 1),
        field("t", Dtype::of_subarray(inner, vec![2]).unwrap(), 8),
    ];
    let outer = Dtype::of_fields(fields, 17, false, false).unwrap();
    let conversion = outer.to_core().unwrap();
    assert_eq!(
        conversion.dtype().to_string(),
        "[('b', '<i4'), ('a', [('numpy:S', '|u1', (2,))]), \
         ('t', [('x', '<u2'), ('e', '|u1', (0,))], (2,))]"
    );
    assert!(!conversion.is_identity());
    let items: Vec<u8> = (0..34).collect();
    let mut target = vec![0; 20];
    conversion.apply(&items, &mut target);
    assert_eq!(target, [7, 6, 5, 4, 1, 2, 10, 9, 14, 13, 24, 23, 22, 21, 18, 19, 27, 26, 31, 30]);
}

#[test]
fn whole_items_are_swapped_at_once() {
    for (text, unit) in
        [(">u2", 2), (">c8", 4), (">f8", 8), (">c16", 8), (">f16", 16), (">c32", 16)]
    {
        let conversion = dtype(text).to_core().unwrap();
        let items: Vec<u8> = (0..64).collect();
        let mut target = vec![0; 64];
        conversion.apply(&items, &mut target);
        let expected: Vec<u8> =
            items.chunks(unit).flat_map(|unit| unit.iter().rev()).copied().collect();
        assert_eq!(target, expected, "{text}");
    }
}
