//! The invalid vectors: each breaks one rule of the format, and says how that is refused.

use canning_core::{CannedObject, Error, Uncan, Value};
use canning_wire::Object;

use super::{
    assemble::{Header, head},
    skipped::Skipped,
};

/// A vector, and the error that a reader gives.
pub struct Invalid {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub error: String,
    /// Whether only a reader who looks at the value finds out, not one who skips it.
    pub is_skipped: bool,
    pub read: fn(&Object<'_>) -> Option<Error>,
}

/// Those of one header, without buffers.
pub fn all() -> Vec<Invalid> {
    let mut all = envelope();
    all.extend(tail());
    all.extend(tables());
    all.extend(items());
    all.extend(arrays());
    all.extend(values());
    all
}

pub fn skip(object: &Object<'_>) -> Option<Error> {
    read_as::<Skipped, _>(object)
}

fn envelope() -> Vec<Invalid> {
    let five = || Header::of_body("05");
    let start = |start: &str| five().start(start).build();
    let long_head = "malformed header at byte 4: expected the shortest head";
    let trailing = [five().build(), vec![0]].concat();
    let cut = {
        let mut bytes = five().build();
        bytes.pop();
        bytes
    };
    vec![
        case("empty", vec![], "malformed header at byte 0: expected more bytes"),
        case(
            "no_tag",
            five().build().split_off(3),
            "malformed header at byte 0: expected the tag of self-described CBOR",
        ),
        case(
            "array_of_eight",
            start("d9d9f7 88 01 00"),
            "malformed header at byte 3: expected an array of nine",
        ),
        case(
            "array_indefinite",
            start("d9d9f7 9f 01 00"),
            "malformed header at byte 3: expected an array of nine",
        ),
        case("version", start("d9d9f7 89 02 00"), "unknown format version 2"),
        case("flag_critical", start("d9d9f7 89 01 01"), "unknown critical flags 0x1"),
        case("head_not_shortest", start("d9d9f7 89 1801 00"), long_head),
        case("truncated", cut, "malformed header at byte 12: expected more bytes"),
        case(
            "trailing_byte",
            trailing,
            "malformed header at byte 13: expected the end of the header",
        ),
        case(
            "body_shorter_than_said",
            five().build_with(2, &[]),
            "malformed header at byte 13: expected more bytes",
        ),
        case(
            "body_of_two_items",
            Header::of_body("05 05").build(),
            "malformed header at byte 11: expected the end of the body",
        ),
    ]
}

fn tail() -> Vec<Invalid> {
    // An array of one byte; its tail starts at 64.
    let one = || Header::of_body("83 03 00 01").dtype_names(&["|u1"]).tail("07");
    let two = || Header::of_body("83 01 83 03 00 01 83 03 01 01").dtype_names(&["|u1", "<u2"]);
    let mut not_zero = one().build();
    not_zero[40] = 1;
    vec![
        case(
            "padding_not_zero",
            not_zero,
            "malformed header at byte 18: expected zeros as padding",
        ),
        case(
            "padding_too_short",
            one().build_with(4, &[0; 42]),
            "malformed header at byte 18: expected the padding that the tail needs",
        ),
        case(
            "padding_too_long",
            one().build_with(4, &[0; 44 + 63]),
            "malformed header at byte 18: expected the padding that the tail needs",
        ),
        case(
            "padding_without_tail",
            Header::of_body("05").build_with(1, &[0]),
            "malformed header at byte 11: expected the padding that the tail needs",
        ),
        case(
            "tail_left_over",
            one().tail("07 08").build(),
            "malformed header at byte 18: expected arrays for all of the tail",
        ),
        case(
            "tail_too_short",
            Header::of_body("83 03 00 02").dtype_names(&["|u1"]).tail("07").build(),
            "malformed header at byte 18: expected an array within the tail",
        ),
        case(
            "tail_gap_not_zero",
            two().tail("01 ff 0200").build(),
            "[1]: malformed header at byte 28: expected zeros between arrays of the tail",
        ),
        case(
            "tail_not_aligned",
            two().tail("01 0200").build(),
            "[1]: malformed header at byte 28: expected an array within the tail",
        ),
    ]
}

fn tables() -> Vec<Invalid> {
    let dtypes = |dtypes: &str| Header::of_body("05").dtypes(dtypes).build();
    let names = |names: &str| Header::of_body("05").names(names).build();
    let mut deep = "82 61 78".repeat(17);
    deep = deep.replace("82 61 78", "81 82 61 78");
    let deep = format!("81 {deep} 63 3c6638");
    vec![
        case(
            "dtype_unknown",
            dtypes("81 63 3c6639"),
            "malformed header at byte 9: expected a known dtype",
        ),
        case(
            "dtype_big_endian",
            dtypes("81 63 3e6638"),
            "malformed header at byte 9: expected a known dtype",
        ),
        case(
            "dtype_twice",
            dtypes("82 63 3c6638 63 3c6638"),
            "malformed header at byte 8: expected dtypes that differ",
        ),
        case(
            "dtype_field_twice",
            dtypes("81 82 82 61 78 63 3c6638 82 61 78 63 3c6634"),
            "malformed header at byte 9: expected a possible struct dtype",
        ),
        case(
            "dtype_without_bytes",
            dtypes("81 80"),
            "malformed header at byte 9: expected a possible struct dtype",
        ),
        case(
            "dtype_of_no_items",
            dtypes("81 81 83 61 78 63 3c6638 81 00"),
            "malformed header at byte 9: expected a possible struct dtype",
        ),
        case(
            "dtype_size_overflows",
            dtypes("81 81 83 61 78 63 3c6638 81 1b1000000000000000"),
            "malformed header at byte 9: expected a possible struct dtype",
        ),
        case(
            "dtype_empty_shape",
            dtypes("81 81 83 61 78 63 3c6638 80"),
            "malformed header at byte 17: expected no shape instead of an empty one",
        ),
        case(
            "dtype_field_of_four",
            dtypes("81 81 84 61 78 63 3c6638 81 01 00"),
            "malformed header at byte 10: expected fields of two or three parts",
        ),
        case(
            "dtype_too_deep",
            Header::of_body("05").dtypes(&deep).build(),
            "the depth of a dtype is 17, above the limit of 16",
        ),
        case(
            "name_twice",
            names("82 82 61 50 00 82 61 50 00"),
            "malformed header at byte 9: expected names that differ",
        ),
        case(
            "name_field_twice",
            names("81 82 61 50 82 61 78 61 78"),
            "malformed header at byte 13: expected field names that differ",
        ),
        case(
            "name_of_four",
            names("81 84 61 50 61 56 00 00"),
            "malformed header at byte 10: expected a name of two or three parts",
        ),
        case("name_not_utf8", names("81 82 61 ff 00"), "text is not UTF-8"),
        case(
            "table_too_long",
            Header::of_body("05").names("9b7fffffffffffffff").build(),
            "malformed header at byte 9: expected as many items as announced",
        ),
    ]
}

fn items() -> Vec<Invalid> {
    let body = |body: &str| Header::of_body(body).build();
    let record = |body: &str| Header::of_body(body).names("81 82 61 50 82 61 78 61 79").build();
    vec![
        case(
            "code_unknown",
            body("82 07 00"),
            "malformed header at byte 10: expected a known code",
        ),
        case(
            "code_missing",
            body("80"),
            "malformed header at byte 10: expected an array with a code",
        ),
        case("code_not_a_number", body("81 f6"), "malformed header at byte 11: expected a code"),
        case("f16", body("f9 3c00"), "malformed header at byte 10: expected an item of the body"),
        case("undefined", body("f7"), "malformed header at byte 10: expected an item of the body"),
        case(
            "tag_unknown",
            body("c1 00"),
            "malformed header at byte 10: expected an item of the body",
        ),
        case("integer_truncated", body("1905"), "malformed header at byte 11: expected more bytes"),
        case(
            "integer_long_head",
            body("190005"),
            "malformed header at byte 10: expected the shortest head",
        ),
        case(
            "integer_big_of_64_bits",
            body("c2 48 ffffffffffffffff"),
            "malformed header at byte 10: expected an integer of 65 to 128 bits",
        ),
        case(
            "integer_big_leading_zero",
            body("c2 4a 00 01 0000000000000000"),
            "malformed header at byte 10: expected an integer of 65 to 128 bits",
        ),
        case(
            "integer_big_of_129_bits",
            body("c2 51 01 00000000000000000000000000000000"),
            "malformed header at byte 10: expected an integer of 65 to 128 bits",
        ),
        case(
            "integer_big_negative_of_129_bits",
            body("c3 50 80000000000000000000000000000000"),
            "malformed header at byte 10: expected an integer of 65 to 128 bits",
        ),
        case("text_not_utf8", body("62 c328"), "text is not UTF-8"),
        case(
            "text_too_long",
            body("7b7fffffffffffffff 00"),
            "malformed header at byte 19: expected more bytes",
        ),
        case("text_indefinite", body("7f 61 61 ff"), "malformed header at byte 10: expected text"),
        case(
            "float_truncated",
            body("fb 0000"),
            "malformed header at byte 10: expected more bytes",
        ),
        case(
            "list_too_long",
            body("9b7fffffffffffffff 00"),
            "malformed header at byte 10: expected as many items as announced",
        ),
        case(
            "map_too_long",
            body("a4 01 02 03 04"),
            "malformed header at byte 10: expected as many items as announced",
        ),
        case(
            "some_needless",
            body("82 02 05"),
            "malformed header at byte 10: expected a mark only for what needs it",
        ),
        case(
            "some_of_two",
            body("83 02 f6 f6"),
            "malformed header at byte 10: expected a mark only for what needs it",
        ),
        case(
            "record_unknown",
            record("83 09 01 02"),
            "malformed header at byte 18: expected a record with a name",
        ),
        case(
            "record_field_missing",
            record("82 08 01"),
            "malformed header at byte 18: expected as many fields as the record has",
        ),
        case(
            "object_array_items_missing",
            body("84 05 82 02 02 f6 f6"),
            "malformed header at byte 10: expected as many items as the shape asks for",
        ),
        Invalid {
            is_skipped: true,
            ..case(
                "depth",
                Header::of_body(&("82 00".repeat(128) + "81 00")).build(),
                "[0]".repeat(128) + ": the depth is 129, above the limit of 128",
            )
        },
    ]
}

fn arrays() -> Vec<Invalid> {
    let body = |body: &str| Header::of_body(body).dtype_names(&["<f8"]).build();
    let axes = |shape: &str, axes: &str| {
        Header::of_body(&format!("84 03 00 {shape} {axes}"))
            .dtype_names(&["|u1"])
            .tail("01 02 03 04")
            .build()
    };
    let mut many = Header::of_body("83 03 00").dtype_names(&["|u1"]).tail("07");
    many.body.extend(head(4, 65));
    many.body.extend([1; 65]);
    vec![
        case(
            "array_dtype_unknown",
            body("83 03 01 00"),
            "malformed header at byte 18: expected a dtype of the table",
        ),
        case(
            "array_of_two_parts",
            body("82 03 00"),
            "malformed header at byte 16: expected an array of three or four parts",
        ),
        case(
            "array_shape_overflows",
            body("83 03 00 82 1b4000000000000000 02"),
            "impossible array layout: the shape overflows",
        ),
        case(
            "array_bytes_overflow",
            body("83 03 00 1b4000000000000000"),
            "malformed header at byte 16: expected an array within the tail",
        ),
        case(
            "array_shape_of_one_axis",
            body("83 03 00 81 00"),
            "malformed header at byte 17: expected a length instead of a shape of one axis",
        ),
        case("array_of_65_axes", many.build(), "number of axes is 65, above the limit of 64"),
        case(
            "axes_in_c_order",
            axes("82 02 02", "82 00 01"),
            "malformed header at byte 20: expected no axes for an array in C order",
        ),
        case(
            "axis_out_of_range",
            axes("82 02 02", "82 00 02"),
            "impossible array layout: an axis out of range",
        ),
        case(
            "axis_twice",
            axes("82 02 02", "82 01 21"),
            "impossible array layout: an axis stands twice",
        ),
        case(
            "axes_too_many",
            axes("82 02 02", "83 00 01 00"),
            "malformed header at byte 20: expected axes of the shape",
        ),
        case(
            "buffer_missing",
            Header::of_body("83 04 00 02").dtype_names(&["<f8"]).build(),
            "expected a reference to buffer 0, found buffer 0",
        ),
    ]
}

/// What only a reader who puts a typed value together refuses, or one who knows the type.
fn values() -> Vec<Invalid> {
    let skipped =
        |name, bytes, error, read| Invalid { is_skipped: true, read, ..case(name, bytes, error) };
    let array = |dtype: &str, len: &str, tail: &str| {
        Header::of_body(&format!("83 03 00 {len}")).dtype_names(&[dtype]).tail(tail).build()
    };
    vec![
        skipped(
            "map_key_twice",
            Header::of_body("a2 61 61 01 61 61 02").build(),
            "{1}: duplicate key",
            read_as::<Value, _>,
        ),
        skipped(
            "bits_of_bool",
            array("|b1", "02", "01 02"),
            "element 1 is not a valid |b1",
            read_as::<Vec<bool>, _>,
        ),
        skipped(
            "bits_of_char",
            array("<U1", "02", "61000000 00d80000"),
            "element 1 is not a valid <U1",
            read_as::<Vec<char>, _>,
        ),
    ]
}

fn case(name: &'static str, bytes: Vec<u8>, error: impl Into<String>) -> Invalid {
    Invalid { name, bytes, error: error.into(), is_skipped: false, read: read_as::<Value, _> }
}

fn read_as<T: for<'b> Uncan<'b, V>, V>(object: &Object<'_>) -> Option<Error> {
    object.get::<T, V>().err()
}
