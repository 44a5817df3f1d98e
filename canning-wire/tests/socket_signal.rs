//! A peer that is gone is an error, and does not end a host without Rust's runtime, which has
//! the signal of it ignored. So this has no harness, as that needs the runtime.

#![cfg_attr(all(unix, feature = "socket"), no_main)]

#[cfg(all(unix, feature = "socket"))]
#[expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]
mod without_runtime {
    use std::{
        io,
        net::{TcpListener, TcpStream},
        os::unix::net::UnixStream,
        thread,
    };

    use canning_wire::{
        can,
        socket::{Connection, Options, Socket},
    };

    #[expect(unsafe_code, reason = "the name that the system's startup calls")]
    // SAFETY: nothing else is called so, as there is no `fn main`.
    #[unsafe(no_mangle)]
    extern "C" fn main(_: i32, _: *const *const u8) -> i32 {
        writing_to_a_peer_that_is_gone_ends_no_process();
        0
    }

    fn writing_to_a_peer_that_is_gone_ends_no_process() {
        let (here, there) = UnixStream::pair().unwrap();
        is_an_error(here, there);
        let listener = TcpListener::bind("localhost:0").unwrap();
        let here = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        is_an_error(here, listener.accept().unwrap().0);
    }

    fn is_an_error(here: impl Into<Socket>, there: impl Into<Socket> + Send + 'static) {
        let options = Options::default();
        let peer =
            thread::spawn(move || drop(Connection::over(there, &Options::default()).unwrap()));
        let mut connection = Connection::over(here, &options).unwrap();
        peer.join().unwrap();
        let numbers = vec![1_u64; 1 << 20];
        let error = connection.write_message(&can(&numbers).unwrap().into()).unwrap_err();
        let kind = io::Error::from(error).kind();
        assert!(matches!(kind, io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset));
    }
}

#[cfg(not(all(unix, feature = "socket")))]
fn main() {}
