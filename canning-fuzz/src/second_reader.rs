//! The second reader of the format, which canning-wire's tests wrote from the document alone: what
//! both read must be the same.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "shared with the tests")]

#[path = "../../canning-wire/tests/support/compare.rs"]
pub mod compare;
#[path = "../../canning-wire/tests/support/dtype.rs"]
pub mod dtype;
#[path = "../../canning-wire/tests/support/reader.rs"]
pub mod reader;
