//! Messages on any `std::io::Write` and `std::io::Read`.

pub use self::{
    read::{MessageReader, read_message, read_message_into},
    write::write_message,
    writer::MessageWriter,
};

mod read;
mod write;
mod writer;
