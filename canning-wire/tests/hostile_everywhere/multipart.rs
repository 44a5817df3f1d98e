//! Messages of ZeroMQ: their parts, and a socket behind a guard.

use std::{io::Write, net::TcpStream, thread, time::Duration};

use bytes::Bytes;
use canning_wire::{
    Limits,
    zmq::{self, Guard, GuardOptions},
};
use zeromq::{PullSocket, Socket, ZmqMessage};

use crate::{
    LIMITS,
    attack::Attack,
    support::{assemble::Header, counting::count, zmtp},
    transport::{Transport, said},
};

fn parts(attack: &Attack) -> Option<Vec<Bytes>> {
    let (header, buffers) = attack.object.as_ref()?;
    Some([header].into_iter().chain(buffers).map(|part| part.clone().into()).collect())
}

pub(crate) fn multipart() -> Transport {
    Transport::new("ZeroMQ's parts", |attack| {
        let parts = parts(attack)?;
        let message = ZmqMessage::try_from(parts).unwrap();
        Some(count(|| said(zmq::unpack(message, 0, &LIMITS).map(|received| received.message))))
    })
}

/// A socket behind a guard.
pub(crate) fn guarded() -> Transport {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut pull = PullSocket::new();
    // A part of several MiB is to come through.
    let limits = Limits { believed_bytes: LIMITS.header_bytes, ..LIMITS };
    let options = GuardOptions { limits, ..GuardOptions::default() };
    let guard = runtime.block_on(Guard::bind(&mut pull, "tcp://127.0.0.1:0", options)).unwrap();
    let address = guard.endpoint().to_string().strip_prefix("tcp://").unwrap().to_owned();
    let mut serve = move |parts: Vec<Bytes>| {
        let mut peer = TcpStream::connect(&address).unwrap();
        let sender = thread::spawn(move || {
            let _ = peer.write_all(&[zmtp::greeting("PUSH"), zmtp::message(&parts)].concat());
            peer
        });
        let served = count(|| {
            let received = loop {
                match runtime.block_on(soon(zmq::recv(&mut pull, &LIMITS))) {
                    // Another peer went.
                    Err(error) if error.to_string().contains("socket") => {}
                    received => break received,
                }
            };
            said(received.map(|received| received.message))
        });
        drop(sender.join().unwrap());
        served
    };
    Transport::new("ZeroMQ behind a guard", move |attack| {
        let _guard = &guard;
        let result = serve(parts(attack)?);
        let five = Bytes::from(Header::of_body("05").build());
        assert_eq!(serve(vec![five]).0, "", "the next peer, after {}", attack.name);
        Some(result)
    })
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    let timed = tokio::time::timeout(Duration::from_secs(600), future);
    timed.await.expect("it is not refused by the guard")
}
