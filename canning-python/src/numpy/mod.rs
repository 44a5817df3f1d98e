//! NumPy's dtypes and arrays.
//!
//! [`Dtype`] is any dtype that NumPy can put into a buffer, as it stands in Python. Core's
//! [`Dtype`](canning_core::Dtype) is what Rust's arrays have; [`Dtype::to_core`] says how the
//! first becomes the second, and what must be done to the bytes.

pub use self::dtype::{
    ByteOrder, Conversion, Dtype, DtypeField, DtypeKind, ParseDtypeError, TimeBase, TimeUnit,
};

pub(crate) mod dtype;
pub(crate) mod write;
