//! Peers of ZeroMQ that go in the middle of what they say: nothing of theirs is received, and others go on.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, Message, can_arc,
    zmq::{self, Envelope, Guard, GuardOptions, Received},
};
use support::zmtp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime,
    sync::mpsc,
    task, time,
};
use zeromq::{PullSocket, Socket};

/// Sends the start of a greeting and a message, and goes. Waits until the other side is done with it, too.
async fn say_and_go(address: &str, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let greeting = zmtp::greeting("PUSH").len();
    let (greeting, message) = bytes.split_at(greeting.min(bytes.len()));
    stream.write_all(greeting).await.unwrap();
    if !message.is_empty() {
        // A peer sends messages to who has greeted it, and said READY.
        let mut heard = [0; 66];
        stream.read_exact(&mut heard).await.unwrap();
        let mut ready = vec![0; usize::from(heard[65])];
        stream.read_exact(&mut ready).await.unwrap();
        assert!(ready.starts_with(b"\x05READY"));
        stream.write_all(message).await.unwrap();
    }
    stream.shutdown().await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

/// What comes next. That a peer went is no error of the socket.
async fn next(pull: &mut PullSocket) -> Received {
    loop {
        match zmq::recv(pull, &Limits::default()).await {
            Ok(received) => return received,
            Err(error) => assert!(matches!(error.kind(), ErrorKind::Multipart(_)), "{error}"),
        }
    }
}

/// A message of a number, and of an array: two parts.
fn said_by(number: u32) -> Vec<u8> {
    let mut message = Message::from(can_arc(&Arc::new(number)).unwrap());
    message.push(can_arc(&Arc::new(vec![number; 20])).unwrap());
    let packed = zmq::pack(message, Envelope::none()).unwrap();
    let parts: Vec<Bytes> = packed.message.into_vec();
    assert_eq!(parts.len(), 2);
    [zmtp::greeting("PUSH"), zmtp::message(&parts)].concat()
}

async fn peers_that_go(mut pull: PullSocket, address: &str) {
    // The socket notices that a peer went only while somebody receives.
    let (sender, mut heard) = mpsc::unbounded_channel();
    task::spawn(async move { while sender.send(next(&mut pull).await).is_ok() {} });
    let len = said_by(0).len();
    for at in 0..len {
        say_and_go(address, &said_by(0)[..at]).await;
        // Who comes next is heard, and nobody else.
        let number = u32::try_from(at).unwrap() + 1;
        say_and_go(address, &said_by(number)).await;
        let [first, second] = heard.recv().await.unwrap().message.into_array().unwrap();
        assert_eq!(first.get_object::<u32, _>().unwrap(), number, "{at} of {len} bytes");
        assert_eq!(second.get_object::<Vec<u32>, _>().unwrap(), [number; 20]);
    }
    assert!(heard.try_recv().is_err());
}

fn block_on(future: impl Future<Output = ()>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let timed = async { time::timeout(Duration::from_secs(300), future).await };
    runtime.block_on(timed).expect("a test ends");
}

#[test]
fn who_goes_at_any_byte_is_not_heard_and_the_next_one_is() {
    block_on(async {
        let mut pull = PullSocket::new();
        let address = pull.bind("tcp://127.0.0.1:0").await.unwrap().to_string();
        peers_that_go(pull, address.strip_prefix("tcp://").unwrap()).await;
    });
}

#[test]
fn who_goes_at_any_byte_is_not_heard_behind_a_guard() {
    block_on(async {
        let mut pull = PullSocket::new();
        let options = GuardOptions::default();
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", options).await.unwrap();
        let address = guard.endpoint().to_string();
        peers_that_go(pull, address.strip_prefix("tcp://").unwrap()).await;
        assert_eq!(guard.refused(), 0, "{:?}", guard.last_refusal());
    });
}
