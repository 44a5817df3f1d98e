//! Connections over real sockets: the handshake with peers of any kind, addresses and listeners,
//! timeouts, and what both ends see of each other.

#![cfg(all(unix, feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    error::Error as _,
    io::{ErrorKind as IoKind, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddrV4, TcpStream},
    os::unix::net::UnixStream,
    thread,
    time::{Duration, Instant},
};

use canning_core::CannedObject;
use canning_wire::{
    Error, ErrorKind, FrameOptions, Limits, Message, MessageReader, MessageWriter, Object, Result,
    can,
    handshake::{Agreed, HandshakeError, Hello},
    socket::{Address, Connection, Listener, Options, ReadHalf, WriteHalf},
    write_message,
};
use rustix::net::{AddressFamily, SocketType};
use support::{
    hellos, options,
    pairs::{pairs, raw_pairs},
};

/// Both ends of a connection of each kind.
fn connections(options: &Options) -> [(Connection, Connection); 2] {
    pairs().map(|(here, there)| {
        thread::scope(|scope| {
            let there = scope.spawn(|| Connection::over(there, options).unwrap());
            (Connection::over(here, options).unwrap(), there.join().unwrap())
        })
    })
}

/// Says hello to a peer that sends these bytes, and then ends or is silent.
fn greet(bytes: &[u8], then_ends: bool, options: &Options) -> Result<Connection> {
    let (here, mut there) = UnixStream::pair().unwrap();
    there.write_all(bytes).unwrap();
    if then_ends {
        there.shutdown(Shutdown::Write).unwrap();
    }
    let result = Connection::over(here, options);
    drop(there);
    result
}

fn message<T: canning_core::Can<V> + ?Sized, V>(value: &T) -> Message<'_> {
    Message::from(can(value).unwrap())
}

fn quick() -> Options {
    Options { hello_timeout: Duration::from_millis(50), ..Options::default() }
}

fn handshake_error(result: Result<Connection>) -> HandshakeError {
    let error = result.unwrap_err();
    let ErrorKind::Handshake(error) = error.kind() else { panic!("{error}") };
    error.clone()
}

#[test]
fn connections_and_their_halves_go_to_other_threads() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<Connection>();
    sendable::<Listener>();
    sendable::<Options>();
    sendable::<(MessageReader<ReadHalf>, MessageWriter<WriteHalf>)>();
    assert!(size_of::<Hello>() <= 24);
}

#[test]
fn both_ends_agree_and_exchange_messages() {
    for (mut here, mut there) in connections(&Options::default()) {
        let agreed = Agreed { frame: 1, header: 1, flags: Hello::default().other };
        assert_eq!((here.agreed(), there.agreed()), (agreed, agreed));
        let numbers = vec![0.5_f64; 4096];
        here.write_message(&message("small")).unwrap();
        here.write_message(&message(&numbers)).unwrap();
        here.write_message(&message("last, not flushed")).unwrap();
        here.finish().unwrap();
        let texts = [(); 3].map(|()| there.read_message().unwrap().unwrap());
        assert_eq!(texts[0].objects()[0].get::<&str, _>().unwrap(), "small");
        assert_eq!(texts[1].objects()[0].get::<Vec<f64>, _>().unwrap(), numbers);
        assert_eq!(texts[2].objects()[0].get::<&str, _>().unwrap(), "last, not flushed");
        assert!(there.read_message().unwrap().is_none());
    }
}

#[test]
fn reading_sends_first_what_the_peer_waits_for() {
    for (mut here, mut there) in connections(&Options::default()) {
        thread::scope(|scope| {
            scope.spawn(move || {
                while let Some(asked) = there.read_message().unwrap() {
                    there.write_message(&asked).unwrap();
                }
            });
            for number in 0..100 {
                here.write_message(&message(&number)).unwrap();
                let answer = here.read_message().unwrap().unwrap();
                assert_eq!(answer.objects()[0].get::<i32, _>().unwrap(), number);
            }
            drop(here);
        });
    }
}

#[test]
fn every_hello_of_the_catalogue_is_answered_over_a_socket() {
    for vector in hellos::all() {
        let found = greet(&vector.bytes, true, &Options::default());
        let found = found.map(|connection| connection.agreed());
        let found = found.map_err(|error| error.to_string());
        assert_eq!(found, vector.outcome.map_err(ToOwned::to_owned), "{}", vector.name);
    }
}

/// What the other end finds, `both_ends_come_to_the_same` says.
#[test]
fn peer_of_later_versions_is_refused_after_our_hello_is_sent() {
    let (here, mut there) = UnixStream::pair().unwrap();
    let later = Hello { frame: 2..=3, ..Hello::default() };
    there.write_all(&later.encode()).unwrap();
    let error = Connection::over(here, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "no common frame version: 1 here, 2 to 3 there");
    let mut ours = Vec::new();
    there.read_to_end(&mut ours).unwrap();
    assert_eq!(ours, Hello::default().encode(), "so that the peer can say the same");
}

#[test]
fn peer_that_ends_within_its_hello_is_told_so() {
    let hello = Hello::default().encode();
    for len in 0..Hello::LEN {
        let error = handshake_error(greet(&hello[..len], true, &Options::default()));
        assert_eq!(error, HandshakeError::Ended { read: len });
    }
}

#[test]
fn peer_that_speaks_something_else_is_not_waited_for() {
    let (start, hour) = (Instant::now(), Duration::from_secs(3600));
    let options = Options { hello_timeout: hour, ..Options::default() };
    let error = handshake_error(greet(b"G", false, &options));
    assert_eq!(error, HandshakeError::Magic { at: 0, found: b'G', expected: 0x89 });
    assert!(start.elapsed() < hour / 2);
}

#[test]
fn peer_that_has_gone_before_it_is_greeted_is_told_so() {
    let (here, there) = UnixStream::pair().unwrap();
    drop(there);
    let error = handshake_error(Connection::over(here, &Options::default()));
    assert_eq!(error, HandshakeError::Ended { read: 0 });
}

#[test]
fn silent_peer_is_given_up_in_time() {
    // Long enough for what was sent to come.
    let waited = Duration::from_millis(500);
    let options = Options { hello_timeout: waited, ..Options::default() };
    let hello = Hello::default().encode();
    thread::scope(|scope| {
        for (read, (here, mut there)) in
            [0, 1, 15].into_iter().flat_map(|read| raw_pairs().map(|pair| (read, pair)))
        {
            there.write_all(&hello[..read]).unwrap();
            let options = &options;
            scope.spawn(move || {
                let error = Connection::over(here, options).unwrap_err();
                let ErrorKind::Handshake(found) = error.kind() else { panic!("{error}") };
                assert_eq!(*found, HandshakeError::Silent { read, waited });
                assert_eq!(std::io::Error::from(error).kind(), IoKind::TimedOut);
                drop(there);
            });
        }
    });
}

/// The time for the whole hello counts, not that for each byte.
#[test]
fn peer_of_a_byte_now_and_then_is_given_up_too() {
    thread::scope(|scope| {
        for (here, mut there) in raw_pairs() {
            scope.spawn(move || {
                // All of it takes twelve times as long as is waited: so much later may the other thread look.
                for byte in Hello::default().encode() {
                    if there.write_all(&[byte]).is_err() {
                        break;
                    }
                    thread::sleep(Duration::from_millis(400));
                }
            });
            scope.spawn(|| {
                let options =
                    Options { hello_timeout: Duration::from_millis(500), ..Options::default() };
                let error = handshake_error(Connection::over(here, &options));
                assert!(matches!(error, HandshakeError::Silent { read: 0..=15, .. }), "{error}");
            });
        }
    });
}

#[test]
fn slow_peer_in_time_is_understood() {
    for (here, mut there) in raw_pairs() {
        let slow = thread::spawn(move || {
            let mut bytes = Hello::default().encode().to_vec();
            write_message(&mut bytes, &message(&7)).unwrap();
            for byte in bytes {
                there.write_all(&[byte]).unwrap();
                thread::sleep(Duration::from_millis(1));
            }
            there
        });
        let mut connection = Connection::over(here, &Options::default()).unwrap();
        let message = connection.read_message().unwrap().unwrap();
        assert_eq!(message.objects()[0].get::<i32, _>().unwrap(), 7);
        drop(slow.join().unwrap());
    }
}

#[test]
fn timeout_of_a_read_passes_and_loses_nothing() {
    let timeout = Some(Duration::from_millis(20));
    let options = Options { read_timeout: timeout, ..Options::default() };
    let mut bytes = Hello::default().encode().to_vec();
    write_message(&mut bytes, &message(&7)).unwrap();
    let is_timeout = |error: &Error| matches!(error.kind(), ErrorKind::Io(error) if error.kind() == IoKind::TimedOut);
    for (here, mut there) in raw_pairs() {
        there.write_all(&bytes[..30]).unwrap();
        let mut connection = Connection::over(here, &options).unwrap();
        for _ in 0..3 {
            let error = connection.read_message().unwrap_err();
            assert!(is_timeout(&error), "{error}");
        }
        there.write_all(&bytes[30..]).unwrap();
        // It may still be on its way.
        let message = loop {
            match connection.read_message() {
                Err(error) if is_timeout(&error) => {}
                found => break found.unwrap().unwrap(),
            }
        };
        assert_eq!(message.objects()[0].get::<i32, _>().unwrap(), 7);
    }
}

#[test]
fn timeout_of_a_write_tells_that_the_peer_takes_nothing() {
    let timeout = Some(Duration::from_millis(50));
    let options = Options { write_timeout: timeout, ..Options::default() };
    for (mut here, _there) in connections(&options) {
        let numbers = vec![1_u64; 4 << 20];
        let error = here.write_message(&message(&numbers)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io(error) if error.kind() == IoKind::TimedOut));
        let error = here.write_message(&message(&7)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::CutOff { .. }), "{error}");
    }
}

/// The deadlock that the docs warn of, made an error by a timeout.
#[test]
fn two_ends_that_only_write_wait_for_each_other() {
    let timeout = Some(Duration::from_millis(100));
    let options = Options { write_timeout: timeout, ..Options::default() };
    let numbers = vec![1_u64; 4 << 20];
    for (mut here, mut there) in connections(&options) {
        thread::scope(|scope| {
            let other = scope.spawn(|| there.write_message(&message(&numbers)).is_err());
            assert!(here.write_message(&message(&numbers)).is_err());
            assert!(other.join().unwrap());
        });
    }
}

#[test]
fn large_messages_in_both_directions_at_once_do_not_wait_for_each_other() {
    const TIMES: u64 = 4;
    let numbers: Vec<u64> = (0..1 << 20).collect();
    let exchange = |connection: Connection| {
        let (reader, mut writer) = connection.split();
        thread::scope(|scope| {
            let reading = scope.spawn(|| {
                let messages = reader.map(|message| message.unwrap().into_objects().remove(0));
                let arrays = messages.map(|object| object.get_object::<Vec<u64>, _>().unwrap());
                arrays.map(|array| u64::from(array == numbers)).sum::<u64>()
            });
            for _ in 0..TIMES {
                writer.write_message(&message(&numbers)).unwrap();
            }
            drop(writer);
            reading.join().unwrap()
        })
    };
    for (here, there) in connections(&Options::default()) {
        thread::scope(|scope| {
            let other = scope.spawn(|| exchange(there));
            assert_eq!((exchange(here), other.join().unwrap()), (TIMES, TIMES));
        });
    }
}

#[test]
fn ten_thousand_small_messages_arrive_in_order() {
    for (mut here, mut there) in connections(&Options::default()) {
        thread::scope(|scope| {
            scope.spawn(move || {
                for number in 0..10_000 {
                    here.write_message(&message(&number)).unwrap();
                }
                here.finish().unwrap();
            });
            for number in 0..10_000 {
                let message = there.read_message().unwrap().unwrap();
                assert_eq!(message.objects()[0].get::<i32, _>().unwrap(), number);
            }
            assert!(there.read_message().unwrap().is_none());
        });
    }
}

#[test]
fn values_are_asked_for_and_answered() {
    for (mut here, mut there) in connections(&Options::default()) {
        thread::scope(|scope| {
            scope.spawn(move || {
                while let Some((number, array)) = there.read_value::<(u32, Vec<f64>), _>().unwrap()
                {
                    there.write_value(&(f64::from(number) + array.iter().sum::<f64>())).unwrap();
                    there.recycle(array);
                }
                there.finish().unwrap();
            });
            for number in 0..100_u32 {
                let array = vec![1.0; number as usize * 100];
                here.write_value(&(number, array)).unwrap();
                let answer: f64 = here.read_value().unwrap().unwrap();
                assert_eq!(answer, f64::from(number) * 101.0);
            }
            here.finish().unwrap();
        });
    }
}

#[test]
fn what_waits_is_sent_by_flushing_and_by_finishing() {
    // So that what is not sent is an error, and not waited for.
    let patient = Some(Duration::from_secs(20));
    for (mut here, mut there) in
        connections(&Options { read_timeout: patient, ..Options::default() })
    {
        here.write_value(&1).unwrap();
        here.flush().unwrap();
        assert_eq!(there.read_value::<i32, _>().unwrap(), Some(1));
        here.write_value(&2).unwrap();
        here.finish().unwrap();
        assert_eq!(there.read_value::<i32, _>().unwrap(), Some(2));
        assert_eq!(there.read_value::<i32, _>().unwrap(), None);
    }
    let [(mut here, there), _] = connections(&Options::default());
    drop(there);
    here.write_value(&1).unwrap();
    assert!(matches!(here.finish().unwrap_err().kind(), ErrorKind::Io(_)));
}

#[test]
fn a_socket_that_does_not_block_is_made_to() {
    let (here, there) = UnixStream::pair().unwrap();
    here.set_nonblocking(true).unwrap();
    let peer = thread::spawn(move || {
        let mut peer = Connection::over(there, &Options::default()).unwrap();
        thread::sleep(Duration::from_millis(100));
        peer.write_value("late").unwrap();
    });
    let mut here = Connection::over(here, &Options::default()).unwrap();
    assert_eq!(here.read_value().unwrap(), Some("late".to_owned()));
    peer.join().unwrap();
}

#[test]
fn bare_streams_need_no_handshake() {
    let (mut here, there) = UnixStream::pair().unwrap();
    write_message(&mut here, &message("bare")).unwrap();
    let mut reader = MessageReader::new(there, Limits::default());
    let message = reader.read_message().unwrap().unwrap();
    assert_eq!(message.objects()[0].get::<&str, _>().unwrap(), "bare");
}

#[test]
fn peer_that_expects_no_handshake_refuses_the_hello() {
    let (here, there) = UnixStream::pair().unwrap();
    let bare = thread::spawn(move || {
        let mut reader = MessageReader::new(there, Limits::default());
        reader.read_message().unwrap_err().to_string()
    });
    let error = handshake_error(Connection::over(here, &Options::default()));
    assert_eq!(error, HandshakeError::Ended { read: 0 });
    assert!(bare.join().unwrap().starts_with("expected the start of a message"));
}

/// Dropping the writer half ends its direction only.
#[test]
fn dropped_writer_half_ends_its_direction_and_no_other() {
    for (here, mut there) in connections(&Options::default()) {
        let (mut reader, mut writer) = here.split();
        writer.write_message(&message("the last")).unwrap();
        drop(writer);
        assert!(there.read_message().unwrap().is_some());
        assert!(there.read_message().unwrap().is_none());
        there.write_message(&message("and still an answer")).unwrap();
        there.finish().unwrap();
        let answer: Object<'_> = reader.read_message().unwrap().unwrap().into_objects().remove(0);
        assert_eq!(answer.get::<&str, _>().unwrap(), "and still an answer");
    }
}

#[test]
fn waiting_reader_is_woken_by_a_shutdown() {
    for (here, _there) in connections(&Options::default()) {
        let (mut reader, writer) = here.split();
        thread::scope(|scope| {
            let waiting = scope.spawn(move || reader.read_message().map(|found| found.is_none()));
            thread::sleep(Duration::from_millis(20));
            writer.get_ref().shutdown(Shutdown::Both).unwrap();
            assert!(waiting.join().unwrap().unwrap());
        });
    }
}

#[test]
fn nobody_who_listens_is_an_error_with_the_address() {
    // Bound, so that nobody else listens there meanwhile.
    let bound = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    rustix::net::bind(&bound, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = SocketAddrV4::try_from(rustix::net::getsockname(&bound).unwrap()).unwrap().port();
    let address = Address::Tcp { host: "127.0.0.1".into(), port };
    let error = Connection::connect(&address, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot connect to tcp:127.0.0.1:{port}"));
    let source = error.source().unwrap().to_string();
    assert!(source.contains("refused"), "{source}");
}

#[test]
fn silent_client_keeps_no_other_waiting() {
    let listener = Listener::bind(&"tcp:127.0.0.1:0".parse().unwrap(), &quick()).unwrap();
    let Address::Tcp { host, port } = listener.address().clone() else { panic!() };
    let mut silent = TcpStream::connect((host.as_str(), port)).unwrap();
    let first = listener.accept().unwrap();
    // Its hello is there before anybody looks at it.
    let mut other = TcpStream::connect((host.as_str(), port)).unwrap();
    other.write_all(&Hello::default().encode()).unwrap();
    let second = listener.accept().unwrap().handshake().unwrap();
    assert_eq!(second.agreed().frame, 1);
    drop(second);
    assert!(matches!(handshake_error(first.handshake()), HandshakeError::Silent { read: 0, .. }));
    for client in [&mut silent, &mut other] {
        let mut hello = Vec::new();
        client.read_to_end(&mut hello).unwrap();
        assert_eq!(hello, Hello::default().encode(), "it was greeted, and nothing else");
    }
}

#[test]
fn frames_are_as_both_ends_were_asked_for() {
    for frames in options::all() {
        let options = Options { frames, ..Options::default() };
        for (mut here, mut there) in connections(&options) {
            assert_eq!(
                here.agreed().frames(),
                *options::all().last().unwrap(),
                "all that is built"
            );
            let zeros = vec![0.0_f64; 4096];
            let sent = here.write_message(&message(&zeros)).unwrap();
            let mut alone = Vec::new();
            frames.write_message(&mut alone, &message(&zeros)).unwrap();
            assert_eq!(sent.bytes, alone.len() as u64);
            here.finish().unwrap();
            let received = there.read_value::<Vec<f64>, _>().unwrap().unwrap();
            assert_eq!(received, zeros);
        }
    }
}

#[test]
fn a_peer_that_does_not_read_what_is_asked_for_is_refused() {
    let plain = Hello { other: 0, ..Hello::default() };
    for frames in options::all() {
        let result = greet(&plain.encode(), false, &Options { frames, ..Options::default() });
        let what = match (frames.has_integrity(), frames.has_compression()) {
            (true, _) => "checksums",
            (false, true) => "compressed buffers",
            (false, false) => {
                assert_eq!(result.unwrap().agreed().frames(), FrameOptions::new());
                continue;
            }
        };
        let error = result.unwrap_err();
        assert_eq!(error.to_string(), format!("the peer does not read frames with {what}"));
        let ErrorKind::Handshake(HandshakeError::Unread { .. }) = error.kind() else {
            panic!("{error}")
        };
    }
}

#[test]
fn what_both_ends_read_may_be_chosen_after_the_handshake() {
    let (here, mut there) = UnixStream::pair().unwrap();
    there.write_all(&Hello { other: 1, ..Hello::default() }.encode()).unwrap();
    let mut connection = Connection::over(here, &Options::default()).unwrap();
    let frames = connection.agreed().frames();
    assert_eq!(frames.has_integrity(), cfg!(feature = "integrity"));
    assert!(!frames.has_compression());
    connection.writer().set_frames(frames);
    connection.write_message(&message(&7_u8)).unwrap();
    connection.finish().unwrap();
    let mut bytes = Vec::new();
    there.read_to_end(&mut bytes).unwrap();
    let mut alone = Vec::new();
    frames.write_message(&mut alone, &message(&7_u8)).unwrap();
    assert_eq!(bytes[16..], alone);
}
