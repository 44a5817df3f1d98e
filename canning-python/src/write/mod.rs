//! Writing: values become a pickle and buffers.
//!
//! - `writer`: opcodes with their operands, and the memo.
//! - `pickler`: the state of one pickle; what is open, and where values stand.
//! - `canner`: the events of a value, one by one.
//! - `forms`: what records and variants become.
//! - `array`: arrays of elements, in band and out of band, in both dialects.
//! - `records`: the names of records, written once each.
//! - `keys`: the order in which Python sorts the keys of a dict.

pub use self::options::CanOptions;
pub(crate) use self::writer::{Global, Writer};

mod array;
mod canner;
mod forms;
mod frame;
mod keys;
mod options;
mod pickler;
mod records;
mod writer;
