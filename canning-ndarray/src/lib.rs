//! Canning for ndarray: contiguous, strided, reversed and broadcast arrays without a copy.

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
