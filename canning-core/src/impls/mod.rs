//! The implementations for the types of std and of optional crates.

mod array;
mod option;
mod primitive;
mod sequence;
mod text;
mod tuple;
