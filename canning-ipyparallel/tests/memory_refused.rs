//! Memory that is not there for frames of a peer: each piece is refused once, and each time an error
//! comes out instead of the end of the process, and the next connection works.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

#[path = "../../canning-wire/tests/support/refusing.rs"]
#[expect(unreachable_pub, reason = "shared with other crates' tests")]
mod refusing;

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener},
    thread,
};

use canning_core::ErrorKind;
use canning_ipyparallel::zmtp::{self, Error, Message, Options, SocketType};

use self::refusing::{Refusing, refuse};

#[global_allocator]
static REFUSING: Refusing = Refusing;

/// A greeting, and READY of a ROUTER.
const HELLO: &[u8] = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06ROUTER";

/// Receives one message of such bytes, with an allocation refused while it is received. That of a
/// connection, whose size no peer decides, is not.
fn receive(sent: &[u8], number: usize) -> (Result<Message, Error>, bool) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            // Who has no room may be gone before all of it was sent.
            let _ = stream.write_all(&[HELLO, sent].concat());
            let _ = stream.shutdown(Shutdown::Write);
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let mut options = Options::default();
        options.limits.believed_bytes = 16 << 10;
        let socket_type = SocketType::dealer();
        let connecting = zmtp::connect(&endpoint, &socket_type, &options);
        let (sender, mut receiver) = runtime.block_on(connecting).unwrap();
        let result = refuse(number, || {
            runtime.block_on(async { receiver.receive().await.map(Option::unwrap) })
        });
        drop((sender, receiver, runtime));
        result
    })
}

#[test]
fn frames_of_a_peer() {
    let long = [&b"\x03"[..], &100_000_u64.to_be_bytes(), &[7; 100_000]].concat();
    let short = [&b"\x02"[..], &2000_u64.to_be_bytes(), &[8; 2000]].concat();
    let sent = [long, short].concat();
    let mut errors = 0;
    for number in 0..100 {
        match receive(&sent, number) {
            (Ok(message), false) => {
                assert_eq!(message.iter().map(|frame| frame.len()).sum::<usize>(), 102_000);
                // 16, 32, 64 KiB, and the rest; and the short one.
                assert_eq!(errors, 5);
                return;
            }
            (Err(Error::Memory(error)), true) => {
                assert!(matches!(error.kind(), ErrorKind::OutOfMemory { .. }), "{error}");
                errors += 1;
            }
            (result, refused) => panic!("{number}: {result:?}, {refused}"),
        }
    }
    panic!("there is no end");
}
