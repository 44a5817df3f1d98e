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
    ErrorKind, Limits, Message, Result, can_arc,
    zmq::{self, Envelope, Guard, GuardOptions, Received},
};
use support::zmtp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime, select,
    sync::mpsc,
    time,
};
use zeromq::{PullSocket, RouterSocket, Socket, SubSocket};

/// Sends the start of a greeting and a message, and goes. Waits until the other side is done with it, too.
async fn say_and_go(address: &str, greeting_len: usize, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (greeting, message) = bytes.split_at(greeting_len.min(bytes.len()));
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

/// What a peer calls itself, and what stands before its messages.
#[derive(Clone, Copy)]
struct Peer {
    kind: &'static str,
    topic: Option<&'static str>,
}

const PUSH: Peer = Peer { kind: "PUSH", topic: None };
const DEALER: Peer = Peer { kind: "DEALER", topic: None };
const PUB: Peer = Peer { kind: "PUB", topic: Some("topic") };

/// A message of a number, and of an array: two parts, behind the topic.
fn said_by(peer: Peer, number: u32) -> Vec<u8> {
    let mut message = Message::from(can_arc(&Arc::new(number)).unwrap());
    message.push(can_arc(&Arc::new(vec![number; 20])).unwrap());
    let envelope = peer.topic.map_or(Envelope::none(), Envelope::from);
    let packed = zmq::pack(message, envelope).unwrap();
    let parts: Vec<Bytes> = packed.message.into_vec();
    assert_eq!(parts.len(), 2 + usize::from(peer.topic.is_some()));
    zmtp::message(&parts)
}

/// Lets peers of a kind of socket go at each byte of what they say.
async fn peers_that_go<S>(
    mut socket: S,
    recv: impl AsyncFn(&mut S) -> Result<Received>,
    peer: Peer,
    address: &str,
) {
    let (sender, mut heard) = mpsc::unbounded_channel();
    let greeting = zmtp::greeting(peer.kind);
    let says = |number| [&*greeting, &said_by(peer, number)].concat();
    let len = says(0).len();
    let going = async {
        for at in 0..len {
            say_and_go(address, greeting.len(), &says(0)[..at]).await;
            // Who comes next is heard, and nobody else.
            let number = u32::try_from(at).unwrap() + 1;
            say_and_go(address, greeting.len(), &says(number)).await;
            let received: Received = heard.recv().await.unwrap();
            let [first, second] = received.message.into_array().unwrap();
            assert_eq!(first.get_object::<u32, _>().unwrap(), number, "{at} of {len} bytes");
            assert_eq!(second.get_object::<Vec<u32>, _>().unwrap(), [number; 20]);
        }
    };
    // The socket notices that a peer went only while somebody receives.
    let receiving = async {
        let mut errors = 0;
        loop {
            match recv(&mut socket).await {
                Ok(received) => sender.send(received).unwrap(),
                // That a peer went is no error of the socket, and is said once.
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Multipart(_)), "{error}");
                    errors += 1;
                    assert!(errors <= len);
                }
            }
        }
    };
    select! {
        () = going => {}
        () = receiving => {}
    }
    assert!(heard.try_recv().is_err());
}

async fn pull(socket: &mut PullSocket) -> Result<Received> {
    zmq::recv(socket, &Limits::default()).await
}

async fn route(socket: &mut RouterSocket) -> Result<Received> {
    zmq::recv_from(socket, &Limits::default()).await
}

async fn hear(socket: &mut SubSocket) -> Result<Received> {
    zmq::recv_from(socket, &Limits::default()).await
}

/// A socket that subscribes to all: it says so to every peer.
async fn subscribed() -> SubSocket {
    let mut socket = SubSocket::new();
    socket.subscribe("").await.unwrap();
    socket
}

fn block_on(future: impl Future<Output = ()>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let timed = async { time::timeout(Duration::from_secs(300), future).await };
    runtime.block_on(timed).expect("a test ends");
}

async fn without_a_guard<S: Socket>(
    mut socket: S,
    recv: impl AsyncFn(&mut S) -> Result<Received>,
    peer: Peer,
) {
    let address = socket.bind("tcp://127.0.0.1:0").await.unwrap().to_string();
    peers_that_go(socket, recv, peer, address.strip_prefix("tcp://").unwrap()).await;
}

async fn behind_a_guard<S: Socket>(
    mut socket: S,
    recv: impl AsyncFn(&mut S) -> Result<Received>,
    peer: Peer,
) {
    let options = GuardOptions::default();
    let guard = Guard::bind(&mut socket, "tcp://127.0.0.1:0", options).await.unwrap();
    let address = guard.endpoint().to_string();
    peers_that_go(socket, recv, peer, address.strip_prefix("tcp://").unwrap()).await;
    assert_eq!(guard.refused(), 0, "{:?}", guard.last_refusal());
}

#[test]
fn who_goes_at_any_byte_is_not_heard_and_the_next_one_is() {
    block_on(without_a_guard(PullSocket::new(), pull, PUSH));
    block_on(without_a_guard(RouterSocket::new(), route, DEALER));
    block_on(async { without_a_guard(subscribed().await, hear, PUB).await });
}

#[test]
fn who_goes_at_any_byte_is_not_heard_behind_a_guard() {
    block_on(behind_a_guard(PullSocket::new(), pull, PUSH));
    block_on(behind_a_guard(RouterSocket::new(), route, DEALER));
    block_on(async { behind_a_guard(subscribed().await, hear, PUB).await });
}
