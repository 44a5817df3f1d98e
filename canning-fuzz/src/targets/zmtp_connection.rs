//! A connection of ZeroMQ.

use canning_core::Buffer;
use canning_ipyparallel::zmtp::{self, Error, Limits, Message, Options, SocketType};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

use crate::{heap, input::Input};

/// Connects, over the loopback, to a peer that sends any bytes: from the greeting on, or behind one
/// that is right.
///
/// They are read or refused, within the promised memory. The messages are those that a slow reference
/// reads up to the first frame that is none.
pub(crate) fn zmtp_connection(data: &[u8]) {
    let mut input = Input::new(data);
    let is_greeted = input.bool();
    let bytes = input.rest();
    let greeting = if is_greeted { greeting() } else { Vec::new() };
    let sent = [greeting.as_slice(), bytes].concat();

    let most = EACH * sent.len() + SLACK;
    let (received, error) = heap::within("a connection", most, || {
        PEER.with(|peer| peer.runtime.block_on(peer.exchange(&sent)))
    });
    if is_greeted {
        let (expected, is_all) = reference(bytes);
        let received: Vec<Vec<&[u8]>> = received.iter().map(frames).collect();
        // It goes on behind a command, and the reference does not.
        let both = received.len().min(expected.len());
        assert_eq!(received[..both], expected[..both], "{error:?}");
        if is_all {
            assert_eq!(received.len(), expected.len(), "{error:?}");
        }
    }
}

fn frames(message: &Message) -> Vec<&[u8]> {
    message.iter().map(|frame: &Buffer<'_>| frame.as_slice().expect("in one piece")).collect()
}

/// The other side.
struct Peer {
    runtime: Runtime,
    listener: TcpListener,
    endpoint: String,
    options: Options,
}

thread_local! {
    static PEER: Peer = Peer::new();
}

impl Peer {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
        let mut options = Options::default();
        let mut limits = Limits::default();
        limits.frame_bytes = 1 << 20;
        limits.message_bytes = 1 << 20;
        limits.parts = 100;
        limits.believed_bytes = 16 << 10;
        options.limits = limits;
        Self { runtime, listener, endpoint, options }
    }

    async fn exchange(&self, bytes: &[u8]) -> (Vec<Message>, Option<Error>) {
        let peer = async {
            let (mut stream, _) = self.listener.accept().await.unwrap();
            // Who does not like the start may be gone before the end.
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            stream
        };
        let (stream, received) = tokio::join!(peer, self.receive());
        end(&stream);
        received
    }

    async fn receive(&self) -> (Vec<Message>, Option<Error>) {
        let mut messages = Vec::new();
        let dealer = SocketType::dealer();
        let mut receiver = match zmtp::connect(&self.endpoint, &dealer, &self.options).await {
            Ok((_, receiver)) => receiver,
            Err(error) => return (messages, Some(error)),
        };
        loop {
            match receiver.receive().await {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return (messages, None),
                Err(error) => return (messages, Some(error)),
            }
        }
    }
}

/// Forgets the connection at once: thousands a second would wait for a minute each.
#[cfg(unix)]
fn end(stream: &TcpStream) {
    let at_once = Some(std::time::Duration::ZERO);
    let _ = rustix::net::sockopt::set_socket_linger(stream, at_once);
}

#[cfg(not(unix))]
fn end(_: &TcpStream) {}

/// A greeting, and READY of a ROUTER.
pub(crate) fn greeting() -> Vec<u8> {
    let mut bytes = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1];
    bytes.extend(b"NULL");
    bytes.resize(64, 0);
    let ready = b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER";
    bytes.extend([4, ready.len() as u8]);
    bytes.extend(ready);
    bytes
}

/// The messages up to the first frame that is not one of a message, or not whole; and whether there
/// is no such frame, and all is within the limits.
fn reference(mut bytes: &[u8]) -> (Vec<Vec<&[u8]>>, bool) {
    let (mut messages, mut frames) = (Vec::new(), Vec::new());
    let mut is_all = true;
    loop {
        let (flags, len, rest) = match bytes {
            [] => return (messages, is_all && frames.is_empty()),
            [flags @ (0 | 1), len, rest @ ..] => (flags, u64::from(*len), rest),
            [flags @ (2 | 3), rest @ ..] if rest.len() >= 8 => {
                let (len, rest) = rest.split_first_chunk().unwrap();
                (flags, u64::from_be_bytes(*len), rest)
            }
            _ => return (messages, false),
        };
        let Some((frame, rest)) =
            usize::try_from(len).ok().and_then(|len| rest.split_at_checked(len))
        else {
            return (messages, false);
        };
        bytes = rest;
        frames.push(frame);
        is_all &=
            frames.len() <= 100 && frames.iter().map(|frame| frame.len()).sum::<usize>() <= 1 << 20;
        if flags & 1 == 0 {
            messages.push(std::mem::take(&mut frames));
        }
    }
}

/// What is kept for each byte: a message of one empty frame has two, and some 300 in memory.
const EACH: usize = 256;

/// What a connection takes besides messages: blocks, tasks, and once the runtime.
const SLACK: usize = 512 << 10;
