//! From one thread to another over a stream, until the receiver's sum is back.

pub(crate) use self::{
    cases::cases,
    stream::{Pair, Stream, tcp, unix},
    way::Way,
};

mod cases;
mod stream;
mod way;
