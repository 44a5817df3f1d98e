//! Python's formats: pickles with out-of-band buffers (PEP 574), and ipyparallel's messages.
//!
//! # From Rust to Python
//!
//! [`pickle::can`] and [`ipyparallel::can`] write the same values; they differ in where the memory
//! of arrays goes.
//!
//! | Rust | Python |
//! | --- | --- |
//! | `()` | `()` |
//! | `bool`, integers of any width, `f32`, `f64` | `bool`, `int`, `float`, with the bits of a NaN |
//! | text, `char` | `str`, always in the header |
//! | bytes of a plain value | `bytes`, always in the header |
//! | `None`, `Some(value)` | `None`, `value`; `Some(None)` is `(None,)`, and so on: see below |
//! | lists, tuples, maps | `list`, `tuple`, `dict` |
//! | sets | `set`; `frozenset` within a set or a key |
//! | a struct with named fields | a `dict` of its fields |
//! | a struct with fields without names | a `tuple` |
//! | a struct whose name has a dot, with named fields | an object of that class with these attributes: `__setstate__` or `__dict__` is given them, and `__init__` is not called |
//! | the same, with fields without names | what the class gives when it is called with them |
//! | a variant without fields | its name, a `str` |
//! | any other variant | `{"Name": value}`: a `dict` of its named fields, the only one of its fields without names, or a `tuple` of them |
//! | arrays of elements | `numpy.ndarray`, its axes in the order in which they lie; over received memory, so read-only if that is `bytes` |
//! | arrays of other items | a list if it has one axis, otherwise a `numpy.ndarray` of objects |
//! | a single `Complex<f64>` | `complex` |
//! | a single date or span of [`numpy`]'s | `numpy.datetime64`, `numpy.timedelta64` |
//! | a struct called `int` or `str` around bytes | an `int` of this two's complement, little-endian; a `str` of this UTF-8, perhaps with surrogates |
//!
//! A `Some` of what is `None`, or a tuple of one such value, in Python is put into a tuple of one
//! item. So each value can be told from each other, and `Option<T>` is `None` or a `T` as a rule.
//!
//! Numbers that Python takes for one, as `1`, `1.0` and `True`, or `0.0` and `-0.0`, are refused as
//! keys of one map, and as items of one set: all but one would be lost. So are integers together
//! with floats that are integers, even where none of them are equal.
//!
//! A class is named by the type, as in
//!
//! ```
//! use canning_core::Canned;
//!
//! /// `datetime.date(2026, 11, 23)`
//! #[derive(Canned)]
//! #[canned(rename = "datetime.date")]
//! struct Date(u16, u8, u8);
//!
//! let date = Date(2026, 11, 23);
//! let blobs = canning_python::pickle::can(&date)?.into_blobs();
//! assert!(blobs[0].as_slice().unwrap().ends_with(b"M\xea\x07K\x0bK\x17\x87R."));
//! # Ok::<(), canning_core::Error>(())
//! ```
//!
//! and never by what was received, unless [one says so](CanOptions::received_classes). Dates are
//! there already, with their checks: see [`datetime`].
//!
//! Dtypes are those of NumPy: `<U1` of `char`, fields of `#[derive(Element)]`, nested and with
//! shapes. What NumPy does not have is written as a struct of one field: `i128` and `u128` as
//! `[('canning:i128', '<u8', (2,))]`, `bf16` as `[('canning:bf16', '<u2')]`. A struct of one field
//! called `numpy:S`, `numpy:U`, `numpy:V`, `numpy:f16`, `numpy:c32`, `numpy:M8[unit]` or
//! `numpy:m8[unit]` is written as the dtype that core has no name for: `S10`, `M8[ns]`.
//!
//! NumPy 1 takes up to 32 axes, NumPy 2 up to 64.
//!
//! # Features
//!
//! - `num-bigint`: [`view::BigInt`] of a pickle, an `int` of any size, as a `num_bigint::BigInt`.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod civil;
pub mod datetime;
pub mod ipyparallel;
mod limits;
pub mod numpy;
mod object;
pub mod pickle;
mod write;

pub use self::{
    limits::Limits,
    object::{Dialect, Object, buffer_aligns, buffer_aligns_with, view},
    write::CanOptions,
};
