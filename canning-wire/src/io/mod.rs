//! Messages on any `std::io::Write` and `std::io::Read`.

pub use self::{
    read::{MessageReader, read_message, read_message_into},
    write::write_message,
    writer::MessageWriter,
};

#[cfg(feature = "file")]
pub(crate) use self::read::read_frame;
pub(crate) use self::write::write_frame;

mod read;
mod write;
mod writer;
