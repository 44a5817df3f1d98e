//! From one thread to another over a stream, until the receiver's sum is back.

pub(crate) use self::{
    cases::cases,
    cores::share_one,
    stream::{Pair, Stream, tcp, unix},
    way::{Way, answer},
};

mod cases;
mod cores;
mod stream;
mod way;
