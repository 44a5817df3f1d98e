//! What a pickle and its buffers are, in the form that the vectors' `meta.json` has.

pub(crate) use self::blobs::{of_message, of_object};

mod array;
mod blobs;
mod objects;
mod other;
mod repr;
mod value;
