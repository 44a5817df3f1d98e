//! Arrays that never move: born in memory that another process takes over. Linux only.
//!
//! ```
//! use std::{os::unix::net::UnixStream, thread};
//! use canning_core::{Canned, CannedObject, SharedSlice};
//! use canning_wire::{can, shm::{Arena, Handover}, socket::Options};
//!
//! #[derive(Canned)]
//! struct Frame {
//!     step: u64,
//!     positions: SharedSlice<f64>,
//! }
//!
//! let (here, there) = UnixStream::pair()?; // or any Unix socket between two processes
//! let receiver = thread::spawn(move || -> canning_wire::Result<f64> {
//!     let mut connection = Handover::over(there, &Options::default())?;
//!     let [object] = connection.read_message()?.expect("a message").into_array()?;
//!     let frame: Frame = object.get_object()?; // its positions are the very pages
//!     Ok(frame.positions.iter().sum::<f64>() * frame.step as f64)
//! });
//!
//! let arena = Arena::new(1 << 20)?;
//! let mut positions = arena.zeroed::<f64>(100_000)?;
//! positions.fill(0.5); // in place: a `&mut [f64]`
//! let positions = positions.finish();
//! let sealed = arena.seal()?; // from here on nobody can write it, not even this process
//! let frame = Frame { step: 2, positions: sealed.get(positions)? };
//!
//! let mut connection = Handover::over(here, &Options::default())?;
//! let handed = connection.write_message(&can(&frame)?.into())?;
//! assert_eq!((handed.shared, handed.bytes < 1024), (800_000, true));
//! assert_eq!(receiver.join().unwrap()?, 100_000.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it is safe
//!
//! An [`Arena`] is anonymous memory (a *memfd*) that is mapped to be written. [`Arena::seal`]
//! consumes it: it is unmapped, and then the system is asked never again to let anybody write it,
//! make it shorter or longer, or take these seals off. The system refuses as long as anybody can
//! write. So sealed memory is as constant as a file of a read-only disk. A receiver believes none
//! of this: it asks the system itself before it maps, and what it gets are
//! ordinary shared bytes, whose views are safe. They are checked as all received arrays are: `bool`
//! and `char` too, as what was checked cannot change afterwards.
//!
//! A [`SharedPool`] is memory that several processes keep mapped and write again and again. Nothing
//! can be promised of it, so that views are `unsafe`, and the safe way copies.
//!
//! # What is sent how
//!
//! A message may hold anything. Buffers that lie in sealed memory, whether it was sealed here or
//! received from another process, go as a number, an offset and a length; all others go over the
//! socket, as ever. [`Handed`] says how many bytes went which way. A strided view of sealed memory
//! goes over the socket. The receiver can see all of an arena of which it gets one array.
//!
//! # What it costs
//!
//! | what | costs |
//! | --- | --- |
//! | making an arena | the system finds and clears its pages |
//! | sealing | unmapping it, and the seals: by the page; [`SealTimes`] says how long each took |
//! | handing over | one system call to send, a few to receive, whatever the size |
//! | reading what was received | a page fault for some pages, as for any mapped file |
//!
//! For 64 MiB, sealing and handing over took a third of the time that a warm socket took, and
//! nearly all of that was unmapping; up to 1 MiB a socket is as fast. The example `shared_memory`
//! measures it.
//!
//! Making an arena and filling it comes before that, and costs more: to copy an array into a new arena
//! and hand that over takes several times as long as to send it over a socket. So it pays for arrays that
//! are born there and kept, or handed to many, or passed on. Who makes array after array does better
//! with a [`SharedPool`], which is made once.
//!
//! All of this is by the page, and most systems give shared memory pages of 4 KiB only. Where an
//! administrator writes `advise` (or `within_size`) into
//! `/sys/kernel/mm/transparent_hugepage/shmem_enabled`, arenas of 4 MiB and more have huge pages. Of 64 MiB,
//! unmapping took less than a hundredth of the time then, sealing a twentieth, and making the arena a fifth.
//!
//! A process that is killed leaves nothing behind: the memory has no name, and goes with the last
//! process that holds it. Systems other than Linux have no seals: there this module does not
//! exist, and the compiler says that it is behind a `cfg`.

pub use self::{
    arena::{Arena, ArenaSlice, Slot},
    connection::{Handed, Handover},
    error::ShmError,
    pool::SharedPool,
    sealed::{SealTimes, Sealed},
};

mod arena;
mod connection;
mod descriptors;
mod error;
mod live;
#[expect(unsafe_code, reason = "mapped memory is the system's, not the language's")]
mod map;
mod parcel;
mod pool;
mod read;
mod sealed;
mod seals;
mod write;
