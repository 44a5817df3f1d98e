//! Connections to sockets of libzmq, as pyzmq has them.

mod support;

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use canning_core::Buffer;
use canning_ipyparallel::zmtp::{self, Error, Message, Options, SocketType};
use tokio::time;

use self::support::block_on;

/// A socket of libzmq; it ends with this, as its input does.
struct Peer {
    child: Child,
    endpoint: String,
}

impl Peer {
    fn start(args: &[&str]) -> Option<Self> {
        let mut command = Command::new(support::python()?);
        command.args(["-c", include_str!("support/zmq_peer.py")]).args(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
        let mut port = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut port).expect("a port");
        Some(Self { child, endpoint: format!("tcp://127.0.0.1:{}", port.trim()) })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn frame(len: usize) -> Vec<u8> {
    (0..=250).cycle().step_by(7).take(len).collect()
}

fn message(frames: &[Vec<u8>]) -> Message {
    frames.iter().map(|frame| Buffer::from(frame.clone())).collect()
}

fn bytes(message: Message) -> Vec<Vec<u8>> {
    message.iter().map(|frame| frame.as_slice().expect("one piece").to_vec()).collect()
}

const LENGTHS: [usize; 15] = [
    0, 1, 255, 256, 4096, 4097, 8192, 8193, 65_527, 65_536, 65_537, 262_144, 1_048_577, 8_388_611,
    3,
];

#[test]
fn a_router_sends_back_what_it_got() {
    let Some(peer) = Peer::start(&["ROUTER"]) else { return };
    block_on(async {
        let named = SocketType::Dealer { identity: b"canning".to_vec() };
        let connected = zmtp::connect(&peer.endpoint, &named, &Options::default()).await;
        let (mut sender, mut receiver) = connected.expect("a connection");
        let mut messages: Vec<Vec<Vec<u8>>> = LENGTHS.iter().map(|len| vec![frame(*len)]).collect();
        messages.push(LENGTHS.map(frame).to_vec());
        messages.push(vec![Vec::new(); 1000]);
        messages.extend((0..2000).map(|index: u32| vec![index.to_string().into_bytes()]));
        let receive = async {
            for (index, sent) in messages.iter().enumerate() {
                let mut came = bytes(receiver.receive().await.expect("no error").expect("more"));
                assert_eq!(came.remove(0), b"canning");
                assert!(came == *sent, "message {index}");
            }
        };
        let send = async {
            for sent in &messages {
                sender.push(message(sent));
                if sender.is_full() {
                    sender.flush().await.expect("sent");
                }
            }
            sender.flush().await.expect("sent");
        };
        tokio::join!(send, receive);
    });
}

#[test]
fn heartbeats_are_answered() {
    let Some(peer) = Peer::start(&["ROUTER", "impatient"]) else { return };
    block_on(async {
        let options = Options::default();
        let connected = zmtp::connect(&peer.endpoint, &SocketType::dealer(), &options).await;
        let (mut sender, mut receiver) = connected.expect("a connection");
        // Twice as long as it waits.
        let long = Duration::from_secs(4);
        // Nobody hangs up as long as both halves are polled.
        let quiet = time::timeout(long, async {
            let _ = tokio::join!(sender.idle(), receiver.receive());
        });
        assert!(quiet.await.is_err());
        sender.push(message(&[b"still here".to_vec()]));
        sender.flush().await.expect("sent");
        let came = bytes(receiver.receive().await.expect("no error").expect("an echo"));
        assert_eq!(came.last().map(Vec::as_slice), Some(&b"still here"[..]));
        // And it does where nobody answers: the test of the test.
        let quiet = time::timeout(support::LONG, receiver.receive()).await;
        assert!(matches!(quiet, Ok(Ok(None) | Err(_))), "{quiet:?}");
    });
}

#[test]
fn a_dealer_sends_back_what_it_got() {
    let Some(peer) = Peer::start(&["DEALER"]) else { return };
    block_on(async {
        let options = Options::default();
        let connected = zmtp::connect(&peer.endpoint, &SocketType::dealer(), &options).await;
        let (mut sender, mut receiver) = connected.expect("a connection");
        let sent = [frame(10), frame(70_000), Vec::new()];
        sender.push(message(&sent));
        sender.flush().await.expect("sent");
        let came = receiver.receive().await.expect("no error").expect("an echo");
        assert_eq!(bytes(came), sent);
    });
}

#[test]
fn news_come_to_a_subscriber() {
    let Some(peer) = Peer::start(&["PUB"]) else { return };
    block_on(async {
        let options = Options::default();
        let connected = zmtp::connect(&peer.endpoint, &SocketType::Subscriber, &options).await;
        let (_sender, mut receiver) = connected.expect("a connection");
        let mut numbers = Vec::new();
        while numbers.len() < 50 {
            let came = bytes(receiver.receive().await.expect("no error").expect("news"));
            assert_eq!(came[0], b"news");
            numbers.push(String::from_utf8_lossy(&came[1]).parse::<u32>().expect("a number"));
        }
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    });
}

#[test]
fn those_who_do_not_go_together_say_so() {
    let Some(publisher) = Peer::start(&["PUB"]) else { return };
    let Some(secured) = Peer::start(&["ROUTER", "plain"]) else { return };
    block_on(async {
        let options = Options::default();
        let dealer = SocketType::dealer();
        let error = zmtp::connect(&publisher.endpoint, &dealer, &options).await.unwrap_err();
        assert!(!matches!(error, Error::TimedOut), "{error}");
        let error = zmtp::connect(&secured.endpoint, &dealer, &options).await.unwrap_err();
        assert!(matches!(error, Error::HungUp | Error::Mechanism(_)), "{error}");
    });
}
