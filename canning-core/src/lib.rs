//! Takes values with large arrays apart into a small header and views of their own memory.
//!
//! ```
//! use canning_core::{SharedSlice, Value};
//!
//! // A value taken apart and put together in memory; a format does the same with bytes.
//! let sent = (7_u64, "argon", SharedSlice::from(vec![[0.0, 0.5, 1.0], [2.0, 2.5, 3.0]]));
//! let tree = Value::of(&sent)?;
//! assert_eq!(tree.to_string(), r#"(7, "argon", array(<f8, [2, 3]) [0.0, 0.5, 1.0, 2.0, …])"#);
//!
//! // The array was nested, and yet nobody copied it.
//! let (step, name, positions): (u64, &str, &[[f64; 3]]) = tree.read()?;
//! assert_eq!((step, name, positions.as_ptr()), (7, "argon", sent.2.as_ptr()));
//!
//! // What was not sent is an error, never garbage.
//! let refused = tree.read::<(u64, &str, Vec<[f32; 3]>), _>().unwrap_err();
//! assert_eq!(refused.to_string(), "[2]: expected <f4, found <f8");
//! # Ok::<(), canning_core::Error>(())
//! ```
//!
//! # Overview
//!
//! This crate holds what formats and adapters share; it has no format of its own and does no
//! IO. To send objects, use it together with a format, such as `canning-wire`.
//!
//! - [`Can`] takes a value apart and [`Uncan`] puts it together. `#[derive(Canned)]` writes
//!   both; the types of std have them; adapters add those of other crates. What lies between
//!   is a [`CannedObject`].
//! - [`visitor`] is the protocol between values and formats: a value walks itself and calls a
//!   [`Canner`](visitor::Canner), a type asks an [`Uncanner`](visitor::Uncanner) for its parts.
//! - An [`Element`] is a type whose values may travel as raw memory, described by a [`Dtype`].
//!   Sequences of elements are arrays; of anything else, lists.
//! - [`buffer`] is that memory on its way: [`Buffer`]s to send, allocations to receive into,
//!   [`SharedSlice`]s that keep what arrived.
//! - [`array`](mod@array) and [`map`] are what an adapter for a container calls.
//! - [`Value`] is any object without its Rust type.
//! - `plain` is for values that only serde knows.
//!
//! How an array is received is the type's choice, and each keeps the promise that no copy is
//! silent: what is copied is counted as [`Copied`].
//!
//! | type | what becomes of the received memory |
//! | --- | --- |
//! | `Vec<T>`, `Box<[T]>`, `VecDeque<T>` | taken over |
//! | [`SharedSlice<T>`](SharedSlice), [`SharedBytes`], `bytes::Bytes` | shared |
//! | `&[T]`, `&[T; N]` | borrowed, or an error |
//! | `Cow<[T]>` | borrowed where it can be, otherwise as `Vec<T>` |
//! | `[T; N]`, `Rc<[T]>`, `Arc<[T]>` | copied, and counted |
//!
//! # Changing types
//!
//! A record carries its name and those of its fields; a type reads what an older or newer one
//! wrote, as long as the names meet:
//!
//! | change | what becomes of what the other end sends |
//! | --- | --- |
//! | fields reordered | read, by name |
//! | field lost | skipped; an error with `#[canned(deny_unknown_fields)]` |
//! | field gained | an error, an `Option` too; its default with `#[canned(default)]` |
//! | field or variant renamed | an error; read with `#[canned(alias = "old")]` |
//! | struct or enum renamed | an error; keep the name with `#[canned(rename = "Old")]` |
//! | variant gained | an error at the other end; its `#[canned(other)]` variant if it has one |
//! | `u32` to `u64`, any integer to another | read where it fits |
//! | `T` to `Option<T>` | read; and back, where it is not `None` |
//! | other scalars; the items of an array; array to list | an error |
//! | `#[derive(Canned)]` to `#[derive(Element)]` | an error: record to array |
//!
//! A borrowing twin of a struct, to receive without owning, is a struct of the same name:
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use canning_core::{Canned, Value};
//!
//! #[derive(Canned)]
//! struct Frame {
//!     name: String,
//!     positions: Vec<f64>,
//! }
//!
//! #[derive(Canned)]
//! #[canned(rename = "Frame")]
//! struct FrameView<'a> {
//!     name: &'a str,
//!     positions: &'a [f64],
//! }
//!
//! let frame = Frame { name: "argon".into(), positions: vec![0.5; 3] };
//! let value = Value::of(&frame)?;
//! let view: FrameView<'_> = value.read()?;
//! assert_eq!((view.name, view.positions), ("argon", &[0.5; 3][..]));
//! # }
//! # Ok::<(), canning_core::Error>(())
//! ```
//!
//! # Generic code
//!
//! [`Can`] and [`Uncan`] have a parameter that is always inferred: it lets adapters implement
//! them for foreign types. Code that is generic over values names it, and passes it on:
//!
//! ```
//! use canning_core::{Can, CannedObject, Result, UncanOwned, Value};
//!
//! fn in_and_out<T, V, W>(value: &T) -> Result<T>
//! where
//!     T: Can<V> + UncanOwned<W>,
//! {
//!     Value::of(value)?.read()
//! }
//!
//! fn take<T: UncanOwned<V>, V>(object: impl CannedObject) -> Result<T> {
//!     object.get_object()
//! }
//!
//! assert_eq!(in_and_out(&vec![Some(1), None])?, [Some(1), None]);
//! # Ok::<(), canning_core::Error>(())
//! ```
//!
//! In such a function the compiler takes the type that its `where` clause names wherever it has
//! to guess one; for another type, name it: `object.get_object::<u32, _>()`.
//!
//! # Features
//!
//! - `derive` (default): `#[derive(Canned)]` and `#[derive(Element)]`.
//! - `serde` (default): plain values.
//! - `bytes`: `bytes::Bytes` is received without a copy.
//! - `half`, `num-complex`: half-precision and complex numbers as elements.
//! - `huge-pages`: large allocations are advised to be huge pages, on Linux: filling fresh ones
//!   takes half the time.
//!
//! But for `huge-pages`, features add types; none changes what is written.
//!
//! # Safety
//!
//! Input is never believed: lengths are bounded before anything is allocated for them, dtypes,
//! shapes and bits are checked before memory becomes typed, and nothing that was received is
//! executed or panics. Unsafe code stands in [`buffer`] and in the module of [`Element`] only;
//! formats are safe code. [`Element`] is an unsafe trait: derive it.
//!
//! # Format stability
//!
//! This crate writes no bytes, but it decides in what form a type is handed to a format: which
//! types are text, tuples or records, and the names of their fields. That is part of what
//! semantic versioning covers: it changes in a major release only.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(unsafe_code)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod array;
#[expect(unsafe_code, reason = "array memory: the casts, allocations and strided walks")]
pub mod buffer;
mod derived;
mod dtype;
#[expect(unsafe_code, reason = "the promises of each element type")]
mod element;
mod error;
mod impls;
pub mod map;
mod object;
#[cfg(feature = "serde")]
pub mod plain;
mod record;
mod value;
pub mod visitor;

pub use self::{
    buffer::{Buffer, Copied, SharedBytes, SharedSlice},
    dtype::{Dtype, Field, ParseScalarError, Scalar, StructDtype, StructDtypeError},
    element::{Elem, Element, ElementType, InnerShape, Validate},
    error::{Error, ErrorKind, Result},
    object::{Can, CannedObject, Own, Uncan, UncanOwned},
    record::{Enum, FieldNames, Fields, Matching, Record, RecordField, RecordFields, RecordName},
    value::{ArrayValue, ObjectArray, RecordValue, Value},
};
#[cfg(feature = "derive")]
pub use canning_derive::{Canned, Element};
