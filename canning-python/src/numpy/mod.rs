//! NumPy's dtypes and arrays.

pub(crate) mod write;
