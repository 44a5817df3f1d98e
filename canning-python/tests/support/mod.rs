//! What the tests share.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    unreachable_pub,
    missing_docs,
    reason = "each test uses a part of it, and helpers of tests panic as tests do"
)]

pub(crate) mod cases;
#[path = "../../examples/describe/description/mod.rs"]
pub mod description;
pub(crate) mod random;
pub(crate) mod values;
pub mod vectors;
