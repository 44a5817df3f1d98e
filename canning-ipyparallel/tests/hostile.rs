//! The other side of a connection of ZMTP does whatever it likes; memory is counted.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helper functions of tests")]

#[path = "../../canning-wire/tests/support/counting.rs"]
#[expect(unreachable_pub, reason = "shared with other crates' tests")]
mod counting;

use std::{
    io::{ErrorKind as IoKind, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    thread::{self, JoinHandle},
    time::Duration,
};

use canning_core::{Buffer, Elem};
use canning_ipyparallel::zmtp::{self, Error, Limits, Message, Options, SocketType};

use self::counting::{Count, Counting, count};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MIB: usize = 1 << 20;

/// What a connection may take besides messages: blocks, tasks, the runtime.
const SLACK: usize = 512 << 10;

const GREETING: usize = 64;

/// A greeting, and READY of a ROUTER.
fn hello() -> Vec<u8> {
    hello_of("NULL", "ROUTER")
}

fn hello_of(mechanism: &str, socket_type: &str) -> Vec<u8> {
    let mut hello = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1];
    hello.extend(mechanism.as_bytes());
    hello.resize(GREETING, 0);
    let mut ready = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
    ready.push(short_len(socket_type.as_bytes()));
    ready.extend(socket_type.as_bytes());
    hello.extend([4, short_len(&ready)]);
    hello.extend(ready);
    hello
}

fn short_len(bytes: &[u8]) -> u8 {
    bytes.len().try_into().unwrap()
}

/// Bytes that are not all the same.
fn noise(len: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(len).collect()
}

fn long_frame(declared: u64, bytes: &[u8]) -> Vec<u8> {
    [&[2][..], &declared.to_be_bytes(), bytes].concat()
}

/// Listens, and lets `act` have the first that connects.
fn peer(act: impl FnOnce(TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    (endpoint, thread::spawn(move || act(listener.accept().unwrap().0)))
}

/// Sends bytes, and no more after them.
fn sends(bytes: Vec<u8>) -> impl FnOnce(TcpStream) + Send + 'static {
    move |mut stream| {
        // Who refuses what it gets may be gone before all of it was sent.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

fn options(limits: Limits) -> Options {
    let mut options = Options::default();
    options.limits = limits;
    options.connect_timeout = Duration::from_secs(20);
    options
}

/// What comes until the end, and how that came; and what it took.
fn receive(
    act: impl FnOnce(TcpStream) + Send + 'static,
    limits: Limits,
) -> (Vec<Message>, Result<(), Error>, Count) {
    let (endpoint, peer) = peer(act);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ((messages, end), count) = count(|| {
        runtime.block_on(async {
            let mut messages = Vec::new();
            let connected = zmtp::connect(&endpoint, &SocketType::dealer(), &options(limits)).await;
            let (_sender, mut receiver) = match connected {
                Ok(connected) => connected,
                Err(error) => return (messages, Err(error)),
            };
            loop {
                match receiver.receive().await {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => return (messages, Ok(())),
                    Err(error) => return (messages, Err(error)),
                }
            }
        })
    });
    peer.join().unwrap();
    (messages, end, count)
}

fn error_of(bytes: Vec<u8>) -> Error {
    receive(sends(bytes), Limits::default()).1.unwrap_err()
}

fn bytes(message: &Message) -> Vec<&[u8]> {
    message.iter().map(|frame| frame.as_slice().unwrap()).collect()
}

fn is_eof(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == IoKind::UnexpectedEof)
}

#[test]
fn nothing_is_reserved_on_a_declared_length() {
    let mut unlimited = Limits::default();
    (unlimited.frame_bytes, unlimited.message_bytes) = (u64::MAX, u64::MAX);
    for declared in [1 << 30, 1 << 34, 1 << 40, 1 << 47, 1 << 62, u64::MAX] {
        let sent = [hello(), long_frame(declared, &[7; 100_000])].concat();
        let (messages, end, count) = receive(sends(sent), unlimited);
        assert!(messages.is_empty() && is_eof(&end.unwrap_err()));
        assert!(count.peak < MIB + SLACK, "{declared}: {count:?}");
    }
    for declared in [(64 << 30) + 1, 1 << 62, u64::MAX] {
        let error = error_of([hello(), long_frame(declared, b"few")].concat());
        let Error::FrameLength { declared: found, .. } = error else { panic!("{error}") };
        assert_eq!(found, declared);
    }
}

#[test]
fn what_believes_little_grows_with_what_comes() {
    let mut careful = Limits::default();
    careful.believed_bytes = 0;
    let sent = [hello(), long_frame(1 << 36, &[7; 3 * MIB])].concat();
    let (_, end, count) = receive(sends(sent), careful);
    assert!(is_eof(&end.unwrap_err()));
    // While memory grows, it is there twice.
    assert!(count.peak < (4 + 2) * MIB + SLACK, "{count:?}");
    let sent = [hello(), long_frame(9000, &[7; 9000])].concat();
    let (messages, end, _) = receive(sends(sent), careful);
    end.unwrap();
    assert_eq!(bytes(&messages[0]), [&[7; 9000][..]]);
}

#[test]
fn a_message_has_an_end() {
    let mut limits = Limits::default();
    limits.parts = 1000;
    for endless in [&[1, 0][..], &[1, 1, 9], &[3, 0, 0, 0, 0, 0, 0, 0, 0]] {
        let sent = [hello(), endless.repeat(1 << 20)].concat();
        let (messages, end, count) = receive(sends(sent), limits);
        assert!(messages.is_empty());
        assert!(matches!(end, Err(Error::Parts { limit: 1000 })), "{end:?}");
        assert!(count.peak < SLACK, "{count:?}");
    }
    limits.message_bytes = 10_000;
    let sent = [hello(), [&[1, 100][..], &[0; 100]].concat().repeat(1 << 12)].concat();
    let (messages, end, _) = receive(sends(sent), limits);
    assert!(messages.is_empty());
    assert!(matches!(end, Err(Error::MessageLength { limit: 10_000 })), "{end:?}");
}

#[test]
fn all_defaults_bound_what_short_frames_take() {
    let sent = [hello(), [1, 1, 9].repeat(1 << 20)].concat();
    let (_, end, count) = receive(sends(sent), Limits::default());
    assert!(matches!(end, Err(Error::Parts { limit: 65_536 })), "{end:?}");
    assert!(count.peak < 32 * MIB, "{count:?}");
}

#[test]
fn what_is_no_greeting_of_ours_is_refused() {
    for garbage in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "\0"] {
        assert!(matches!(error_of(garbage.into()), Error::NotZmtp));
    }
    let old = [&[0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f][..], &[1, 5, 0, 0]].concat();
    assert!(matches!(error_of(old), Error::Version(1)));
    for name in ["CURVE", "PLAIN", "GSSAPI", "NULLE", ""] {
        let error = error_of(hello_of(name, "ROUTER"));
        assert!(matches!(&error, Error::Mechanism(found) if found == name), "{error}");
    }
    let error = error_of(hello_of("NULL", "PUB"));
    assert!(matches!(&error, Error::SocketType(found) if found == "PUB"), "{error}");
}

#[test]
fn what_is_no_frame_is_refused() {
    let refused = [hello()[..GREETING].to_vec(), b"\x04\x09\x05ERROR\x02no".to_vec()].concat();
    let error = error_of(refused);
    assert!(matches!(&error, Error::Refused(reason) if reason == "no"), "{error}");
    for instead_of_ready in [&b"\0\x01x"[..], b"\x04\x05\x04PONG", b"\x04\0", b"\x04\x02\x05R"] {
        let error = error_of([&hello()[..GREETING], instead_of_ready].concat());
        assert!(matches!(error, Error::Malformed(_)), "{error}");
    }
    for frame in [&b"\x08\0"[..], b"\xff", b"\x05\0", b"\x04\0", b"\x04\x06\x05READY"] {
        let error = error_of([&hello(), frame].concat());
        assert!(matches!(error, Error::Malformed(_)), "{}: {error}", frame.escape_ascii());
    }
    let mut command = long_frame(1 << 20, b"\x04PING");
    command[0] = 6;
    let error = error_of([hello(), command].concat());
    assert!(matches!(error, Error::FrameLength { .. }), "{error}");
}

/// Two messages: a short one, and one with a long frame.
fn conversation() -> Vec<u8> {
    let pinged = b"\x04\x0a\x04PING\0\x01abc";
    let long = noise(9000);
    let mut long_frame = long_frame(9000, &long);
    long_frame[0] |= 1;
    [&hello()[..], b"\x01\x03one\0\x03two", pinged, &long_frame, pinged, b"\0\0"].concat()
}

fn is_conversation(messages: &[Message]) {
    let long = noise(9000);
    let [short, with_long] = messages else { panic!("{} messages", messages.len()) };
    assert_eq!(bytes(short), [b"one", b"two"]);
    assert_eq!(bytes(with_long), [&long[..], b""]);
}

#[test]
fn what_is_cut_anywhere_is_noticed() {
    let all = conversation();
    let first_message = hello().len() + 10;
    let fine = [hello().len(), first_message, first_message + 12, all.len()];
    for cut in 0..=all.len() {
        let (messages, end, _) = receive(sends(all[..cut].to_vec()), Limits::default());
        assert_eq!(
            messages.len(),
            usize::from(cut >= first_message) + usize::from(cut == all.len())
        );
        match end {
            Ok(()) => assert!(fine.contains(&cut), "{cut}"),
            Err(Error::HungUp) => assert!(cut < GREETING, "{cut}"),
            Err(error) => assert!(is_eof(&error) && !fine.contains(&cut), "{cut}: {error}"),
        }
    }
}

#[test]
fn bytes_may_come_one_by_one() {
    let slowly = |mut stream: TcpStream| {
        stream.set_nodelay(true).unwrap();
        for byte in conversation() {
            stream.write_all(&[byte]).unwrap();
        }
        drop(stream.shutdown(Shutdown::Write));
        stream.read_to_end(&mut Vec::new()).unwrap();
    };
    let (messages, end, _) = receive(slowly, Limits::default());
    end.unwrap();
    is_conversation(&messages);
}

#[test]
fn who_says_nothing_is_not_waited_for() {
    for said in [Vec::new(), vec![0xff], hello()[..GREETING].to_vec()] {
        let (endpoint, peer) = peer(move |mut stream| {
            stream.write_all(&said).unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(async {
            let mut options = Options::default();
            options.connect_timeout = Duration::from_millis(100);
            zmtp::connect(&endpoint, &SocketType::dealer(), &options).await.unwrap_err()
        });
        assert!(matches!(error, Error::TimedOut), "{error}");
        peer.join().unwrap();
    }
}

#[test]
fn pings_without_end_are_not_kept() {
    // It reads no answer before the end.
    let pings = |mut stream: TcpStream| {
        stream.write_all(&hello()).unwrap();
        let pings = b"\x04\x17\x04PING\0\x010123456789abcdef".repeat(1 << 12);
        for _ in 0..200 {
            stream.write_all(&pings).unwrap();
        }
        stream.write_all(b"\0\x03end").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    };
    let (endpoint, peer) = peer(pings);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ((), count) = count(|| {
        runtime.block_on(async {
            let connected =
                zmtp::connect(&endpoint, &SocketType::dealer(), &Options::default()).await;
            let (mut sender, mut receiver) = connected.unwrap();
            let idle = async { sender.idle().await.unwrap() };
            let receive = async { receiver.receive().await.unwrap().unwrap() };
            tokio::select! {
                () = idle => unreachable!("the receiver is there"),
                message = receive => assert_eq!(bytes(&message), [b"end"]),
            }
        });
    });
    assert!(count.peak < SLACK, "{count:?}");
    peer.join().unwrap();
}

#[test]
fn an_array_is_read_into_the_memory_that_a_vec_takes_over() {
    let numbers: Vec<f64> = (0..MIB).map(|i| i as f64).collect();
    let sent = numbers.iter().flat_map(|number| number.to_ne_bytes()).collect::<Vec<_>>();
    let message = [hello(), b"\x01\x05front".to_vec(), long_frame(8 << 20, &sent)].concat();
    let (mut messages, end, count) = receive(sends(message), Limits::default());
    end.unwrap();
    // It grew to 8 MiB from 1, and is there twice when it did so last.
    assert!(count.peak < (8 + 4) * MIB + SLACK, "{count:?}");
    let frame = messages[0].pop().unwrap();
    let address = frame.as_slice().unwrap().as_ptr();
    let memory = frame.try_into_allocation().unwrap();
    let items = memory.try_into_vec(Elem::<f64>::of()).unwrap();
    assert_eq!(items.as_ptr().cast(), address, "not copied");
    assert!(items == numbers);
}

#[test]
fn what_is_sent_is_not_copied_but_short_frames() {
    let (endpoint, peer) = peer(|mut stream| {
        stream.write_all(&hello()).unwrap();
        let mut came = Vec::new();
        stream.read_to_end(&mut came).unwrap();
        let ready = 2 + usize::from(came[GREETING + 1]);
        let came = &came[GREETING + ready..];
        let mut expected = b"\x01\x05first".to_vec();
        let mut long = long_frame((16 * MIB) as u64, &vec![7; 16 * MIB]);
        expected.append(&mut long);
        expected.extend([0, 0].repeat(1000));
        assert!(came == expected);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let array = vec![7_u8; 16 * MIB];
    let ((), count) = count(|| {
        runtime.block_on(async {
            let connected =
                zmtp::connect(&endpoint, &SocketType::dealer(), &Options::default()).await;
            let (mut sender, _receiver) = connected.unwrap();
            sender.push(vec![Buffer::borrowed(b"first"), Buffer::from(array)]);
            sender.push(Vec::new());
            for _ in 0..1000 {
                sender.push(vec![Buffer::borrowed(b"")]);
            }
            sender.flush().await.unwrap();
            assert_eq!(sender.copied(), 5);
        });
    });
    assert!(count.peak < SLACK, "{count:?}");
    peer.join().unwrap();
}

#[test]
fn a_connection_that_failed_stays_so() {
    let (endpoint, peer) = peer(|mut stream| {
        stream.write_all(&hello()).unwrap();
        stream.read_exact(&mut [0; GREETING + 40]).unwrap();
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connected = zmtp::connect(&endpoint, &SocketType::dealer(), &Options::default()).await;
        let (mut sender, _receiver) = connected.unwrap();
        let error = loop {
            sender.push(vec![Buffer::from(vec![7_u8; MIB])]);
            if let Err(error) = sender.flush().await {
                break error;
            }
        };
        assert!(matches!(error, Error::Io(_)), "{error}");
        assert!(matches!(sender.flush().await, Err(Error::Poisoned)));
    });
    peer.join().unwrap();
}
