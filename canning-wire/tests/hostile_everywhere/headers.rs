//! Attacks in headers, and in the buffers behind them.

use crate::{
    attack::Attack,
    dtypes::MALFORMED_DTYPES,
    support::assemble::{Header, head, hex, text},
};

pub(crate) fn headers() -> Vec<Attack> {
    let body = Header::of_body;
    let tail = |shape: &str| body(&format!("83 03 00 {shape}")).dtype_names(&["|u1"]);
    let overflow = "impossible array layout: the shape overflows";
    let mut all = vec![
        Attack::of_header(
            "2^60 buffers",
            &body("05").buffers("9b1000000000000000"),
            "expected as many items as announced",
        ),
        Attack::of_header(
            "a buffer of 2^60 bytes",
            &body("83 04 00 01").buffers("81 82 1b1000000000000000 00").dtype_names(&["|u1"]),
            "length of the buffers is 1152921504606846976, above the limit",
        ),
        Attack::of_header(
            "buffers whose lengths overflow",
            &body("05")
                .buffers("82 82 1bffffffffffffffff 00 82 1bffffffffffffffff 00")
                .dtype_names(&["|u1"]),
            "length of the buffers is 18446744073709551615, above the limit",
        ),
        Attack::of_object(
            "two references to one buffer",
            &body("83 00 83 04 00 08 83 04 00 08").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a reference to buffer 1, found buffer 0",
        ),
        Attack::of_object(
            "a reference out of range",
            &body("83 04 01 08").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a reference to buffer 0, found buffer 1",
        ),
        Attack::of_object(
            "a reference of 2^64-1",
            &body("83 04 1bffffffffffffffff 08").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a reference to buffer 0, found buffer 18446744073709551615",
        ),
        Attack::of_object(
            "a buffer that nothing refers to",
            &body("05").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "buffer 0 is never referenced",
        ),
        Attack::of_object(
            "an array longer than its buffer",
            &body("83 04 00 19 1000").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a buffer of 4096 bytes, found 8",
        ),
        Attack::of_header(
            "an array beyond the tail",
            &tail("19 1000").tail("07"),
            "expected an array within the tail",
        ),
        Attack::of_header(
            "the same name twice",
            &body("05 ").names("82 82 61 50 00 82 61 50 00"),
            "expected names that differ",
        ),
        Attack::of_header(
            "the same field twice",
            &body("83 08 05 05").names("81 82 61 50 82 61 78 61 78"),
            "expected field names that differ",
        ),
        Attack::of_header(
            "the same dtype twice",
            &tail("01").dtypes("82 63 7c7531 63 7c7531").tail("07"),
            "expected dtypes that differ",
        ),
        Attack::of_header("the same key twice", &body("a2 05 60 05 60"), "{1}: duplicate key"),
        Attack::of_header("text that is not UTF-8", &body("62 c3 28"), "UTF-8"),
        Attack::of_header("a surrogate", &body("63 ed a0 80"), "UTF-8"),
        Attack::of_header(
            "a name that is not UTF-8",
            &body("81 08").names("81 82 61 ff 00"),
            "UTF-8",
        ),
        Attack::of_header(
            "a dtype that is not UTF-8",
            &tail("01").dtypes("81 62 c0 80").tail("07"),
            "UTF-8",
        ),
        Attack::of_header(
            "shape [2^64-1, 2]",
            &tail("82 1bffffffffffffffff 02").tail("07"),
            overflow,
        ),
        Attack::of_header(
            "shape [2^62, 2]",
            &tail("82 1b4000000000000000 02").tail("07"),
            overflow,
        ),
        Attack::of_header("shape [2^63, 0]", &tail("82 1b8000000000000000 00"), overflow),
        Attack::of_header(
            "length 2^64-1",
            &tail("1bffffffffffffffff").tail("07"),
            "expected an array within the tail",
        ),
        Attack::of_header(
            "65 axes",
            &tail(&format!("98 41 {}", "01".repeat(65))).tail("07"),
            "number of axes is 65, above the limit of 64",
        ),
        Attack::of_header(
            "a broadcast of 2^40",
            &body("84 03 00 81 1b0000010000000000 80").dtype_names(&["|u1"]).tail("07"),
            "",
        ),
    ];
    for (what, start) in [
        ("lists", "82 00"),
        ("tuples", "82 01"),
        ("maps", "a1 00"),
        ("records", "82 08"),
        ("arrays of objects", "83 05 81 01"),
    ] {
        let header =
            Header { body: [hex(start).repeat(1_000_000), vec![0xf6]].concat(), ..body("") };
        let header = header.names("81 82 61 50 01");
        all.push(Attack::of_header(
            format!("a million {what} within each other"),
            &header,
            "the depth is 129, above the limit of 128",
        ));
    }
    let dtypes = [vec![0x81], hex("81 82 61 78").repeat(1_000_000), text("<f8")].concat();
    all.push(Attack::of_header(
        "a million dtypes within each other",
        &Header { dtypes, ..tail("01").tail("07") },
        "the depth of a dtype is 17, above the limit of 16",
    ));
    let buffers = [head(4, 1_000_000), hex("82 01 00").repeat(1_000_000)].concat();
    all.push(Attack::of_header(
        "a million tiny buffers",
        &Header { buffers, ..body("05") }.dtype_names(&["|u1"]),
        "number of buffers is 1000000, above the limit of 65536",
    ));
    for dtype in MALFORMED_DTYPES {
        all.push(Attack::of_header(
            format!("dtype {dtype:?}"),
            &body("83 03 00 01").dtype_names(&[dtype]).tail("07"),
            "expected a known dtype",
        ));
    }
    all
}
