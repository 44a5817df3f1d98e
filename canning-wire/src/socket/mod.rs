//! Messages over Unix and TCP sockets, with a handshake and sensible settings.
//!
//! A client asks, and waits for the answer:
//!
//! ```no_run
//! use canning_wire::socket::{Address, Connection, Options};
//!
//! let address: Address = "unix:/run/sums.sock".parse()?; // or "tcp:localhost:7000"
//! let mut connection = Connection::connect(&address, &Options::default())?;
//! let numbers = vec![0.5_f64; 1 << 20];
//! connection.write_value(&numbers)?;
//! let sum: f64 = connection.read_value()?.expect("an answer"); // sends what waits, first
//! println!("{sum}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server answers each client in a thread of its own, where the handshake belongs, too: a
//! client who is silent, or speaks something else, keeps no other waiting.
//!
//! ```no_run
//! use std::{thread, time::Duration};
//! use canning_wire::socket::{Incoming, Listener, Options};
//!
//! let listener = Listener::bind(&"unix:/run/sums.sock".parse()?, &Options::default())?;
//! loop {
//!     match listener.accept() {
//!         Ok(incoming) => drop(thread::spawn(|| serve(incoming))),
//!         // Too many open files, perhaps, which passes when clients leave.
//!         Err(error) => {
//!             eprintln!("{error}");
//!             thread::sleep(Duration::from_millis(100));
//!         }
//!     }
//! }
//!
//! fn serve(incoming: Incoming) -> canning_wire::Result<()> {
//!     let mut connection = incoming.handshake()?;
//!     while let Some(numbers) = connection.read_value::<Vec<f64>, _>()? {
//!         connection.write_value(&numbers.iter().sum::<f64>())?;
//!         connection.recycle(numbers); // the next are read into their memory
//!     }
//!     connection.finish()
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two threads, one for each direction:
//!
//! ```
//! use std::{os::unix::net::UnixStream, thread};
//! use canning_wire::{can, socket::{Connection, Options}};
//!
//! # fn exchange(stream: UnixStream) -> canning_wire::Result<usize> {
//! let connection = Connection::over(stream, &Options::default())?;
//! let (reader, mut writer) = connection.split();
//! thread::scope(|scope| {
//!     let received = scope.spawn(|| reader.map(|message| message.map(drop)).count());
//!     for number in 0..1000 {
//!         writer.write_message(&can(&number)?.into())?;
//!     }
//!     writer.flush()?;
//!     drop(writer); // tells the peer that nothing more comes
//!     Ok(received.join().expect("reading does not panic"))
//! })
//! # }
//! # let (here, there) = UnixStream::pair()?;
//! # let other = thread::spawn(|| exchange(there));
//! # assert_eq!(exchange(here)?, 1000);
//! # assert_eq!(other.join().unwrap()?, 1000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deadlock
//!
//! The system keeps a few hundred KiB for each direction of a socket; a writer waits once they
//! are full. Two ends that both write more than that before either reads wait for ever. So either
//! the ends take turns, or each reads in a thread of its own, as above. A
//! [write timeout](Options::write_timeout) makes an error of it.

#[cfg(all(feature = "shm", target_os = "linux"))]
pub(crate) use self::greeting::greet;
pub use self::{
    address::{Address, AddressError},
    connection::Connection,
    listener::{Incoming, Listener},
    options::Options,
    stream::{ReadHalf, Socket, WriteHalf},
};

mod address;
mod connection;
mod greeting;
mod listener;
mod options;
mod stream;
mod tuning;
#[cfg(unix)]
mod unix_path;
#[cfg(unix)]
mod unix_stream;
