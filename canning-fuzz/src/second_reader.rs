//! The second reader of the format, which canning-wire's tests wrote from the document alone: what
//! both read must be the same.

#![allow(
    clippy::type_complexity,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "shared with the tests"
)]

#[path = "../../canning-wire/tests/support/checksum.rs"]
pub mod checksum;
#[path = "../../canning-wire/tests/support/compare.rs"]
pub mod compare;
#[path = "../../canning-wire/tests/support/dtype.rs"]
pub mod dtype;
#[path = "../../canning-wire/tests/support/lz4.rs"]
pub mod lz4;
#[path = "../../canning-wire/tests/support/reader.rs"]
pub mod reader;
