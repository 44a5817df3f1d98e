//! Takes values with large arrays apart into a small header and views of their own memory.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(unsafe_code)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod array;
#[expect(
    unsafe_code,
    reason = "array memory: the casts, allocations and strided walks"
)]
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
    record::{Enum, FieldNames, Fields, Record, RecordField, RecordFields, RecordName},
    value::{ArrayValue, ObjectArray, RecordValue, Value},
};
#[cfg(feature = "derive")]
pub use canning_derive::{Canned, Element};
