//! Canning for ndarray: contiguous, strided, reversed and broadcast arrays without a copy.
//!
//! ```
//! use canning_core::Value;
//! use canning_ndarray as _; // the adapter: name it once
//! use ndarray::{Array2, ArrayView2, array, s};
//!
//! let array = array![[1, 2, 3], [4, 5, 6]];
//! let value = Value::of(&vec![Some(array.slice(s![.., ..;-1]))])?;
//!
//! let borrowed: Vec<Option<ArrayView2<i32>>> = value.read()?;
//! let view = borrowed[0].ok_or("none")?;
//! assert_eq!(view, array![[3, 2, 1], [6, 5, 4]]);
//! assert_eq!(view.strides(), [3, -1]);
//! let owned: Vec<Option<Array2<i32>>> = value.read()?;
//! # assert_eq!(owned, [Some(view.to_owned())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Overview
//!
//! This crate implements [`Can`](canning_core::Can) and [`Uncan`](canning_core::Uncan) for
//! ndarray's types, for every number of axes from none to dynamic. It has to be named once, as
//! above, so that the compiler sees the implementations; nothing else of it is needed but for
//! arrays of unknown type: [`view_of`], [`value_of`] and [`into_value`].
//!
//! | type | canned | received |
//! | --- | --- | --- |
//! | [`Array`](ndarray::Array) | its memory | takes the received allocation over |
//! | [`ArcArray`](ndarray::ArcArray) | its memory | as `Array`; clones share it |
//! | [`ArrayView`](ndarray::ArrayView) | the memory it sees | borrows, in the layout that was sent |
//! | [`CowArray`](ndarray::CowArray) | the memory it sees or owns | borrows where it can, else owned |
//! | [`ArrayViewMut`](ndarray::ArrayViewMut), [`ArrayRef`](ndarray::ArrayRef) | the memory it sees | |
//!
//! What is sent is the memory as it lies: one piece if it is dense, whatever the order and the
//! direction of the axes; otherwise its runs, without the gaps. A broadcast array sends its
//! items once. What is received has the axes in the order and the direction in which they
//! went. A broadcast array is a view again; an owned array materialises it, within the limit
//! that the receiver sets and counted as a copy, because ndarray has no owned array with a
//! zero stride. Axes of one item, and empty arrays, have no order to keep.
//!
//! The items may be [elements](canning_core::Element), and then are raw memory; those of
//! `[T; N]` are further axes, the fastest ones. Items of any other type, as in
//! `Array2<String>`, are canned one by one in the order of their indices, and come back in C
//! order; with one axis they are what a `Vec` of them is.
//!
//! Memory that was received shared, or is mapped (from canning-wire's `shm`, `file::Map`,
//! `Message::from_block` and `zmq`), cannot be taken over: [`Array`](ndarray::Array) and
//! [`ArcArray`](ndarray::ArcArray) copy it, which is counted. Keep the object to leave it where it
//! is, and `get` an [`ArrayView`](ndarray::ArrayView); or receive a [`Value`](canning_core::Value),
//! which shares the memory and may be a field, and use [`view_of`]:
//!
//! ```
//! use canning_core::Value;
//! use canning_ndarray::view_of;
//! use ndarray::{Ix2, array};
//!
//! let received = Value::of(&(7_u64, array![[0.0, 0.5], [1.0, 1.5]]))?; // or an object
//! let (step, positions): (u64, Value) = received.read()?;
//! let array = positions.as_array().ok_or("no array")?;
//! assert_eq!(view_of::<f64, Ix2>(array)?, array![[0.0, 0.5], [1.0, 1.5]]);
//! # assert_eq!(step, 7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An array of another number of axes is refused with both numbers, as
//! `expected 3 axes, found 2`: [`ErrorKind::Rank`](canning_core::ErrorKind::Rank).
//!
//! # Features
//!
//! None. More types of elements, as complex numbers, come with features of `canning-core`.
//!
//! # Safety
//!
//! One module has unsafe code, of one expression: it hands core the pointer, the shape and the
//! strides of a view. Received arrays are made by ndarray's checked constructors, so that no
//! input can make an invalid one.
//!
//! # Format stability
//!
//! This crate writes no bytes. What an array is in a header is the format's matter; the layout
//! that this crate hands over, shape and order of the axes, will not change for the same array.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(unsafe_code)]

mod can;
mod contiguous;
mod cow;
mod layout;
mod marker;
mod owned;
#[expect(unsafe_code, reason = "a run of a view's memory")]
mod strided;
mod value;
mod view;

pub use self::{
    marker::Nd,
    value::{into_value, value_of, view_of},
};
