//! The derive macros of canning-core: [`Canned`](derive@Canned) and [`Element`](derive@Element).
//!
//! Use them from there, where the feature `derive` re-exports them.
//!
//! ```
//! use canning_core::{Canned, Value};
//!
//! #[derive(Canned)]
//! struct Frame {
//!     index: u32,
//!     positions: Vec<[f64; 3]>,
//! }
//!
//! let frame = Frame { index: 7, positions: vec![[0.0, 0.5, 1.0]] };
//! let tree = Value::of(&frame)?;
//! assert_eq!(
//!     tree.to_string(),
//!     "Frame { index: 7, positions: array(<f8, [1, 3]) [0.0, 0.5, 1.0] }"
//! );
//! # Ok::<(), canning_core::Error>(())
//! ```
//!
//! # Overview
//!
//! Both go from the type's tokens to its impls in three steps, each with a type of its own:
//! parsed as it was written, every attribute read once (`ast`); checked and settled (`check`,
//! `model`); expanded (`expand`). All that is wrong is reported at once, at the place where it
//! stands, with what to write instead.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

mod ast;
mod attr;
mod bound;
mod case;
mod check;
mod ctxt;
mod derive;
mod expand;
mod fallback;
mod header;
mod model;
mod names;
mod nearest;
mod repr;
mod symbol;
#[cfg(test)]
mod tests;
mod usage;

#[doc = include_str!("../docs/canned.md")]
#[proc_macro_derive(Canned, attributes(canned))]
pub fn canned(input: TokenStream) -> TokenStream {
    derive::canned(input.into()).into()
}

#[doc = include_str!("../docs/element.md")]
#[proc_macro_derive(Element, attributes(canned))]
pub fn element(input: TokenStream) -> TokenStream {
    derive::element(input.into()).into()
}
