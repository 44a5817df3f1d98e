//! Servers on Unix and TCP sockets.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    os::unix::net::UnixStream,
    thread,
};

use canning_wire::{
    handshake::Hello,
    socket::{Listener, Options},
};

use crate::{
    LIMITS,
    frames::prelude,
    support::{counting::count, scratch::Scratch},
    transport::{Transport, said, whole},
};

/// A server at an address, to which attackers and honest peers come by turns.
fn server(name: &'static str, address: &str, connect: fn(&str) -> Box<dyn Peer>) -> Transport {
    let options = Options { limits: LIMITS, ..Options::default() };
    let listener = Listener::bind(&address.parse().unwrap(), &options).unwrap();
    let address = listener.address().to_string();
    let serve = move |bytes: Vec<u8>| {
        let address = address.clone();
        let peer = thread::spawn(move || {
            let mut peer = connect(&address);
            // The server may end it before all is sent.
            let _ = peer.write_all(&[&Hello::default().encode()[..], &bytes].concat());
            peer.end();
            let _ = peer.read_to_end(&mut Vec::new());
        });
        let incoming = listener.accept().unwrap();
        let served = count(|| {
            let mut connection = incoming.handshake().unwrap();
            said(whole(connection.read_message()))
        });
        peer.join().unwrap();
        served
    };
    Transport::new(name, move |attack| {
        let result = serve(attack.frame.clone());
        assert_eq!(serve(prelude(&[])).0, "", "{name}: the next peer, after {}", attack.name);
        Some(result)
    })
}

trait Peer: Read + Write {
    /// Sends no more.
    fn end(&self);
}

impl Peer for TcpStream {
    fn end(&self) {
        let _ = self.shutdown(Shutdown::Write);
    }
}

impl Peer for UnixStream {
    fn end(&self) {
        let _ = self.shutdown(Shutdown::Write);
    }
}

pub(crate) fn unix_server() -> Transport {
    let address = format!("unix:{}", Scratch::new().as_ref().display());
    server("Unix socket", &address, |address| {
        Box::new(UnixStream::connect(address.strip_prefix("unix:").unwrap()).unwrap())
    })
}

pub(crate) fn tcp_server() -> Transport {
    server("TCP socket", "tcp:127.0.0.1:0", |address| {
        Box::new(TcpStream::connect(address.strip_prefix("tcp:").unwrap()).unwrap())
    })
}
