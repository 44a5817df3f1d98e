//! The values that are written, and what Python makes of them.

pub(crate) mod cases;
pub(crate) mod random;
pub(crate) mod values;
