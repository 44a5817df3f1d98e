//! What the tests of several crates share.

pub mod events;

/// The example of a crate that may not depend on a format itself.
#[cfg(doctest)]
#[doc = include_str!("../../canning-ndarray/README.md")]
pub struct NdarrayReadme;
