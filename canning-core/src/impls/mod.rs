//! The implementations for the types of std and of optional crates.
//!
//! Left out on purpose: `Cell`, `RefCell`, `Mutex` and `RwLock`. A canner keeps what a value
//! lends for as long as the value is borrowed, and these lend for shorter only: they could
//! be canned by a copy alone.

mod address;
mod array;
#[cfg(feature = "bytes")]
mod bytes;
mod cow;
mod map;
#[cfg(any(feature = "half", feature = "num-complex"))]
mod number;
mod option;
mod path;
mod pointer;
mod primitive;
mod range;
mod record;
mod result;
mod sequence;
mod set;
mod shared;
mod text;
mod time;
mod tuple;
mod wrapper;
