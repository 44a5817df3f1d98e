//! Plain values: what only serde knows, in any format.
//!
//! A plain value is not taken apart: it goes into the header as it serializes itself, arrays
//! and all. In a derived struct a field becomes one by `#[canned(plain)]`; elsewhere by
//! [`Plain`].
//!
//! | in serde's data model | in the header |
//! | --- | --- |
//! | a number, a truth value, text, `()`, an `Option` (of an `Option`) | the same |
//! | a `char` | text |
//! | bytes | bytes |
//! | a sequence | a list |
//! | a tuple or tuple struct | a tuple |
//! | a map | a map |
//! | a struct | a map, from the names of the fields |
//! | a unit struct | `()` |
//! | a newtype struct | what it holds |
//! | a variant without fields | its name, as text |
//! | any other variant | a map of one entry, from its name to what it holds |
//!
//! Types that ask whether the format is for people to read are told that it is: an address is
//! then text that Python and [`Value`](crate::Value) understand, as it is where this crate cans
//! it.
//!
//! A map or struct with two equal keys is refused, as it is elsewhere, also where the type that
//! deserializes itself would let the later one win.
//!
//! Sequences and maps that do not know their length beforehand, as that of a struct with a
//! `#[serde(flatten)]`, are collected first. Those that announce a wrong one are refused.

pub use self::wrapper::{Plain, can_plain, uncan_plain};

mod access;
mod compound;
mod de;
mod error;
mod keys;
mod ser;
#[cfg(test)]
mod tests;
mod wrapper;
