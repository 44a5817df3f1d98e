//! Messages on asynchronous streams: tokio's `AsyncRead` and `AsyncWrite`.
//!
//! [`MessageReader`] and [`MessageWriter`] are what their namesakes at the root are for blocking
//! streams. The reader is a [`Stream`](futures_core::Stream) too, and the writer a
//! [`Sink`](futures_sink::Sink) of messages that it owns, as those of tokio-util's codecs are.
//!
//! ```
//! use std::sync::Arc;
//! use canning_core::CannedObject;
//! use canning_wire::{Limits, Message, can, can_arc, tokio::{MessageReader, MessageWriter}};
//! use tokio::io::duplex;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (here, there) = duplex(64 << 10); // or a socket
//! let sender = tokio::spawn(async move {
//!     let mut writer = MessageWriter::new(here);
//!     // Borrowed: the future borrows the value until all is written or buffered.
//!     writer.write_message(&can("three arrays")?.into()).await?;
//!     // Owned: the writer keeps the value, so that nothing is lost if the future is dropped.
//!     let numbers = Arc::new(vec![1.0_f64; 1 << 16]);
//!     for _ in 0..3 {
//!         writer.send(can_arc(&numbers)?.into()).await?;
//!     }
//!     writer.shutdown().await
//! });
//!
//! let mut reader = MessageReader::new(there, Limits::default());
//! let [title] = reader.read_message().await?.expect("a title").into_array()?;
//! assert_eq!(title.get::<&str, _>()?, "three arrays");
//! let mut sum = 0.0;
//! while let Some(message) = reader.read_message().await? {
//!     let [object] = message.into_array()?;
//!     sum += object.get_object::<Vec<f64>, _>()?.iter().sum::<f64>();
//! }
//! assert_eq!(sum, 3.0 * 65_536.0);
//! sender.await??;
//! # Ok(())
//! # }
//! ```
//!
//! # Sockets
//!
//! What `socket` sets for the sockets of std is left to the caller here: `TCP_NODELAY`, and within
//! one host buffers of 256 KiB, which nearly double the speed of large messages over TCP. A
//! peer that begins with a handshake, as those of `socket` do, is greeted with
//! [`greet`] before the first message. What that agreed on says whether the peer reads frames with
//! checksums or compressed buffers, before [`set_frames`](MessageWriter::set_frames) asks for them.
//! Compressing takes the time of the task that writes.
//!
//! # Cancellation
//!
//! A future that is dropped before it is ready, by `select!` or a timeout, loses nothing that
//! the other side could miss:
//!
//! | future | dropped |
//! | --- | --- |
//! | [`read_message`](MessageReader::read_message) | the next call goes on at the same byte |
//! | [`flush`](MessageWriter::flush), [`ready`](MessageWriter::ready), [`shutdown`](MessageWriter::shutdown) | the next call of any of them goes on at the same byte |
//! | [`send`](MessageWriter::send) | the message goes with it if it still waited for earlier ones; or else as `flush` |
//! | [`write_message`](MessageWriter::write_message) | nothing has happened; or, where a part of a long message was written, everything later fails with [`ErrorKind::CutOff`](crate::ErrorKind::CutOff) |
//!
//! [`ready`](MessageWriter::ready) and then [`queue`](MessageWriter::queue) never lose a message.
//!
//! # Fairness
//!
//! A message may take many reads or writes, and they go on as long as the stream is ready.
//! tokio's own sockets and pipes yield to other tasks from time to time then; a stream that is
//! always ready and not made of them must do so itself.

pub use self::{greet::greet, reader::MessageReader, writer::MessageWriter};

mod greet;
mod reader;
mod sink;
mod writer;
