//! NumPy's dtypes and arrays.
//!
//! [`Dtype`] is any dtype that NumPy can put into a buffer, as it stands in Python. Core's
//! [`Dtype`](canning_core::Dtype) is what Rust's arrays have; [`Dtype::to_core`] says how the
//! first becomes the second, and what must be done to the bytes.

//!
//! What NumPy has and Rust has not, as text and bytes of a fixed length, dates and spans of time,
//! are element types of this module:
//!
//! | NumPy | Rust | core's dtype |
//! | --- | --- | --- |
//! | `S10` | [`Bytes<10>`](Bytes) | `[('numpy:S', '\|u1', (10,))]` |
//! | `U5` | [`Text<5>`](Text); `U1` is `char` | `[('numpy:U', '<u4', (5,))]` |
//! | `V7` | [`Void<7>`](Void) | `[('numpy:V', '\|u1', (7,))]` |
//! | `M8[ns]`, `m8[s]` | [`DatetimeNs`], [`TimedeltaS`], … | `[('numpy:M8[ns]', '<i8')]` |
//! | `f16`, `c32` | [`LongDouble`], [`LongComplex`] | `[('numpy:f16', '\|u1', (16,))]` |
//!
//! The way back: `bf16` and integers of 128 bits, which NumPy does not have, are there
//! `[('canning:bf16', '<u2')]`, `[('canning:i128', '<u8', (2,))]`, and themselves again in Rust.

pub use self::{
    dtype::{
        ByteOrder, Conversion, Dtype, DtypeField, DtypeKind, ParseDtypeError, TimeBase, TimeUnit,
    },
    element::{
        Bytes, Datetime, DatetimeD, DatetimeH, DatetimeM, DatetimeMs, DatetimeNs, DatetimeS,
        DatetimeUs, Inexact, LongComplex, LongDouble, Text, Timedelta, TimedeltaD, TimedeltaH,
        TimedeltaM, TimedeltaMs, TimedeltaNs, TimedeltaS, TimedeltaUs, TooLong, Void,
    },
};

pub(crate) use self::dtype::{weight_of_axes, weight_of_text};

pub(crate) mod dtype;
mod element;
pub(crate) mod write;
