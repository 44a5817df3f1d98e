//! Canning's native header format, messages of several objects, and their framing on streams.
//!
//! ```
//! use canning_core::CannedObject;
//! use canning_wire::{Limits, Message, read_message, write_message};
//!
//! let numbers = vec![0.5_f64; 4096];
//! let mut message = Message::new();
//! message.add(&7)?.add("argon")?.add(&numbers)?;
//! let mut stream = Vec::new(); // any `Write`
//! write_message(&mut stream, &message)?;
//!
//! let message = read_message(&mut stream.as_slice(), &Limits::default())?;
//! let [step, name, array] = message.expect("a message was written").into_array()?;
//! assert_eq!(step.get_object::<u64, _>()?, 7);
//! assert_eq!(name.get::<&str, _>()?, "argon");
//! let read_to = array.buffers()[0].as_slice().unwrap().as_ptr();
//! let received: Vec<f64> = array.get_object()?;
//! assert_eq!(received, numbers);
//! assert_eq!(received.as_ptr().cast(), read_to); // no copy after the read
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Overview
//!
//! - [`can()`] takes a value apart into an [`Object`] that borrows its memory, [`can_arc()`]
//!   into one that keeps it alive. [`CanOptions`] says what counts as small. An `Object` is a
//!   [`CannedObject`]: that trait puts the value together.
//! - [`serialize_object`] and [`deserialize_object`] go to and from a flat list of blobs, in
//!   which objects chain: for transports that have multipart messages of their own.
//! - A [`Message`] is several objects. [`write_message`], [`read_message`], [`MessageWriter`] and
//!   [`MessageReader`] move it over any `std::io::Write` and `Read`; [`mod@frame`] is the same
//!   without IO, for a transport of one's own.
//! - `socket` (a feature) connects two processes, with a [`handshake`], whose part without
//!   IO any other transport can use.
//! - `shm` (a feature, on Linux) hands arrays to another process in the memory where they were made.
//! - `file` (a feature) keeps messages in files, appended safely, read by position or name.
//! - `tokio` (a feature) moves messages over asynchronous streams.
//! - `zmq` (a feature) makes multipart messages of ZeroMQ, for the sockets of the `zeromq` crate.
//! - A router passes a received `Message` on as it is: no object is decoded, and no type known.
//!   [`Object::summary`] says what is in one, and objects move between messages.
//! - A `Message` is also [one block of memory](Message::to_block), for stores that take one value,
//!   and [back](Message::from_block) with views into the block.
//! - [`FrameOptions`] add checksums to the bytes on their way, and compress buffers. Every reader
//!   finds both by itself.
//! - [`Limits`] is what a receiver believes.
//!
//! | what | costs |
//! | --- | --- |
//! | canning | the header; nothing for each byte of a buffer |
//! | arrays and text up to 1024 bytes | a copy into the header, and out of it if owned |
//! | writing contiguous, transposed, reversed, broadcast arrays | no copy |
//! | writing rows of 4 KiB and more | no copy |
//! | writing shorter rows | a copy through 256 KiB of scratch memory, [counted](Sent::gathered) |
//! | writing messages up to 16 KiB with a [`MessageWriter`] | a copy, [counted](Sent::buffered), instead of a system call |
//! | checksums, `with_integrity` | a pass over each byte on both sides, while it is in the cache |
//! | compressing, `with_compression` | a copy of what is compressed, [counted](Sent::compressed), before the first byte is written |
//! | reading compressed buffers | no more memory than one chunk of 256 KiB besides |
//! | passing a message on | nothing more than reading and writing it |
//! | a message as [one block](Message::to_block) | one allocation, one copy of each byte |
//! | [a block](Message::from_block) as a message | no copy; what is owned is copied out of it, and compressed buffers are unfolded |
//! | reading | one allocation a buffer, or none with [`recycle`](MessageReader::recycle); the system fills it |
//! | reading messages up to 64 KiB with a [`MessageReader`] | a copy of buffers that came ahead, [counted](MessageReader::staged_bytes), instead of a system call |
//! | putting together | [`Copied`](canning_core::Copied) says what was copied |
//!
//! # Features
//!
//! | feature | what it adds | what it needs |
//! | --- | --- | --- |
//! | `huge-pages` (default) | large received arrays land in huge pages, on Linux | `rustix` |
//! | `shm` | `shm`: arrays in sealed shared memory, on Linux | `socket` |
//! | `integrity` | [`FrameOptions`]: checksums (CRC-32C) in frames | `crc-fast` |
//! | `compression` | [`FrameOptions`]: compressed buffers (LZ4) in frames | `lz4_flex` |
//! | `file` | `file`: files of many messages | `integrity` |
//! | `mmap` | `file::Map`: files as memory, with views into them | `file`, `memmap2` |
//! | `socket` | `socket`: Unix and TCP sockets with a handshake | on Unix `rustix`, already there with `huge-pages` on Linux |
//! | `tokio` | `tokio`: messages on tokio's asynchronous streams | `tokio`'s traits, `futures-core`, `futures-sink` |
//! | `zmq` | `zmq`: messages as multipart messages of ZeroMQ | `zeromq` 0.7, `bytes`, and `tokio` with its runtime |
//!
//! None changes the bytes of a message. Frames have checksums and compressed buffers only where
//! [`FrameOptions`] ask for them; a hello says whether they are read. A build without the
//! features refuses such frames, and names the feature.
//!
//! # Safety
//!
//! This crate has no unsafe code, but for what the feature `shm` needs to share memory, and for the
//! one line of `mmap` that maps a file, which is a promise of the caller's. Bytes from outside are
//! parsed against [`Limits`] before anything is believed or allocated: they may give errors, but no
//! panic, no overflow, and no allocation beyond the limits. Nothing received is ever executed.
//!
//! # Format stability
//!
//! Version 1 of header and frame is specified, byte by byte, in the repository's
//! `docs/wire-format.md`, and pinned by test vectors. Later releases read it. Whatever changes
//! the meaning of bytes raises the version or sets a critical flag, and is refused by those that
//! do not know it.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(any(feature = "mmap", feature = "shm")), forbid(unsafe_code))]
#![deny(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod block;
mod can;
mod chain;
mod checksum;
mod diagnose;
mod error;
#[cfg(feature = "file")]
pub mod file;
pub mod frame;
pub mod handshake;
mod header;
mod io;
mod limits;
mod message;
mod object;
mod sent;
#[cfg(all(feature = "shm", target_os = "linux"))]
pub mod shm;
#[cfg(feature = "socket")]
pub mod socket;
mod summary;
#[cfg(feature = "tokio")]
pub mod tokio;
#[cfg(feature = "zmq")]
pub mod zmq;

pub use canning_core::CannedObject;

pub use self::{
    can::{CanOptions, can, can_arc},
    chain::{Blobs, deserialize_object, serialize_object},
    error::{Error, ErrorKind, Result},
    frame::options::FrameOptions,
    io::{MessageReader, MessageWriter, read_message, read_message_into, write_message},
    limits::Limits,
    message::Message,
    object::Object,
    sent::Sent,
    summary::{BufferSummary, Summary},
};
