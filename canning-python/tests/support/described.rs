//! What the tests of the reader share: `describe`'s code, vectors, and a counting allocator.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    unreachable_pub,
    missing_docs,
    reason = "each test uses a part of it, and helpers of tests panic as tests do"
)]

#[path = "counting.rs"]
pub mod counting;
#[path = "../../examples/describe/description/mod.rs"]
pub mod description;
#[path = "vectors.rs"]
pub mod vectors;
