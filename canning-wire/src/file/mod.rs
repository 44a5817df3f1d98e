//! Files of many messages: appended safely, read by position, by name, or one after the other.
//!
//! ```
//! use canning_core::CannedObject;
//! use canning_wire::{Limits, Message, can, file::{Reader, Writer}};
//!
//! # let path = std::env::temp_dir().join(format!("canning-doc-{}.can", std::process::id()));
//! # std::fs::remove_file(&path).ok();
//! let mut writer = Writer::create(&path)?;
//! for step in 0..3_u32 {
//!     let positions = vec![f64::from(step); 4096];
//!     writer.write_named(&format!("step {step}"), &Message::from(can(&positions)?))?;
//! }
//! writer.finish()?;
//!
//! let mut reader = Reader::open(&path, Limits::default())?;
//! assert_eq!(reader.len(), 3);
//! let [positions] = reader.get_by_name("step 2")?.into_array()?;
//! assert_eq!(positions.get_object::<Vec<f64>, _>()?, [2.0; 4096]);
//! # std::fs::remove_file(&path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A file is *records*, one behind the other. Each has a head with a checksum, a name if it has
//! one, a message, which is a frame at a multiple of 64 bytes, and at its end a *mark*, written
//! last. A record without its mark is not there: so a message is either whole or not in the file,
//! wherever its writer was stopped. `docs/wire-format.md` specifies every byte.
//!
//! # Several at a time
//!
//! One [`Writer`] at a time holds the system's advisory lock of the file; a second one gets
//! [`FileError::Locked`] at once. Readers take no lock. A record that has its mark is never
//! changed, moved or cut off by this crate: a writer only writes behind the last of them, and
//! what it cuts off, in [`append`](Writer::append) and after a failed write, is behind it, too.
//! A [`Reader`] only looks at records that had their marks when it [looked](Reader::refresh) for
//! them; so it sees the same, whatever is appended meanwhile. Locks hold between processes that
//! ask for them, and not on every network's file system. On Windows the system keeps readers
//! out as well, as long as a writer has the file open.
//!
//! # When is it on the disk?
//!
//! When the caller says so. A message that is written is the system's: it is there for every
//! reader, and outlives the process that wrote it, but not a loss of power.
//! [`Writer::sync`] waits until the disk has it. Between two calls, a loss of power may take any of
//! the messages written since the first, in part, too: pages may reach the disk in any order. What
//! was synced stays. [`Writer::sync_each`] syncs each message before its mark, so that no
//! mark is ever on the disk without its message. [`Writer::create`] does not sync the directory.
//!
//! # What is protected
//!
//! Checksums protect everything that says where messages are and what they are called. Of a
//! message itself, header and buffers, they do only where the writer [was asked](Writer::with_checksums) to
//! make them, for whole messages or [each buffer](Writer::with_frames), as that takes a pass over the
//! bytes: without them, a bit that flips in an array is read as it is.

#[cfg(feature = "mmap")]
pub use self::map::Map;
pub use self::{
    error::FileError,
    inspect::inspect,
    progress::{Progress, Task},
    reader::Reader,
    stream::StreamReader,
    tail::Tail,
    writer::Writer,
};

mod append;
mod chain;
mod error;
mod head;
mod index;
mod inspect;
#[cfg(feature = "mmap")]
#[expect(unsafe_code, reason = "mapping a file is a promise of the caller's")]
mod map;
mod names;
mod payload;
mod progress;
mod reader;
mod record;
mod scan;
mod stream;
mod tail;
mod window;
mod writer;
