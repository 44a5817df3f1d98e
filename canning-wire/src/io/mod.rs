//! Messages on any `std::io::Write` and `std::io::Read`.

pub use self::{
    read::{MessageReader, read_message, read_message_into},
    write::{Sent, write_message},
};

mod read;
mod write;
