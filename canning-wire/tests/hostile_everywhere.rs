//! The same attacks over every transport: each says the same, takes no more memory than a multiple of what
//! was sent, and serves the next peer. A counting allocator watches.

#![cfg(all(unix, feature = "file", feature = "socket", feature = "tokio", feature = "zmq"))]
#![expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    io::{ErrorKind as IoKind, Read, Write},
    net::{Shutdown, TcpStream},
    os::unix::net::UnixStream,
    thread,
    time::Duration,
};

use bytes::Bytes;
use canning_core::{CannedObject, Value};
use canning_wire::{
    Limits, Message, MessageReader, Result, can,
    file::{self, Reader, Writer},
    handshake::Hello,
    read_message,
    socket::{Listener, Options},
    tokio::MessageReader as AsyncReader,
    write_message,
    zmq::{self, Guard, GuardOptions},
};
use support::{
    assemble::{Header, frame, head, hex, text},
    counting::{Count, Counting, count},
    hesitant::Hesitant,
    scratch::Scratch,
    trickle::{Trickle, finish},
};
use zeromq::{PullSocket, Socket, ZmqMessage};

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a stranger is believed.
const LIMITS: Limits = Limits {
    header_bytes: 16 << 20,
    buffers: 1 << 16,
    message_bytes: 32 << 20,
    objects: 1 << 16,
    depth: 128,
    believed_bytes: 64 << 10,
    expanded_bytes: 64 << 10,
    unfolded_bytes: 64 << 10,
    recycled_bytes: 0,
};

/// Bytes that a reader may have for each byte that came, and besides: what is believed, blocks that are
/// read ahead, and what a socket of another crate has.
const MULTIPLE: usize = 128;
const BESIDES: usize = 512 << 10;

struct Attack {
    name: String,
    /// The frame as it comes over a stream.
    frame: Vec<u8>,
    /// The header and the buffers, where the attack is in them.
    object: Option<(Vec<u8>, Vec<Vec<u8>>)>,
    /// What is said.
    error: &'static str,
}

impl Attack {
    fn of_header(name: impl Into<String>, header: &Header, error: &'static str) -> Self {
        Self::of_object(name, header, vec![], error)
    }

    fn of_object(
        name: impl Into<String>,
        header: &Header,
        buffers: Vec<Vec<u8>>,
        error: &'static str,
    ) -> Self {
        let object = (header.build(), buffers);
        let frame = frame(std::slice::from_ref(&object));
        Self { name: name.into(), frame, object: Some(object), error }
    }

    fn of_frame(name: &str, frame: Vec<u8>, error: &'static str) -> Self {
        Self { name: name.into(), frame, object: None, error }
    }
}

/// A frame of the object 5, with numbers of its prelude changed.
fn prelude(changes: &[(usize, u64)]) -> Vec<u8> {
    let mut frame = frame(&[(Header::of_body("05").build(), vec![])]);
    for (at, number) in changes {
        frame[*at..at + 8].copy_from_slice(&number.to_le_bytes());
    }
    frame
}

fn frames() -> Vec<Attack> {
    const OBJECTS: usize = 16;
    const LEN: usize = 24;
    const HEADER: usize = 32;
    vec![
        Attack::of_frame(
            "endless message",
            prelude(&[(LEN, 1 << 60)]),
            "length of the message is 1152921504606846976, above the limit",
        ),
        Attack::of_frame(
            "endless header",
            prelude(&[(HEADER, 1 << 40)]),
            "header length is 1099511627776, above the limit",
        ),
        Attack::of_frame(
            "header beyond the message",
            prelude(&[(HEADER, 8 << 20)]),
            "malformed frame: shorter than its objects",
        ),
        Attack::of_frame(
            "2^60 objects",
            prelude(&[(OBJECTS, 1 << 60)]),
            "number of objects is 1152921504606846976, above the limit",
        ),
        Attack::of_frame(
            "a million objects",
            prelude(&[(OBJECTS, 1 << 20)]),
            "number of objects is 1048576, above the limit",
        ),
        Attack::of_frame(
            "objects that are not there",
            prelude(&[(OBJECTS, 1 << 16)]),
            "malformed frame: shorter than its own table",
        ),
        Attack::of_frame(
            "lengths that overflow",
            prelude(&[(OBJECTS, u64::MAX)]),
            "number of objects is 18446744073709551615",
        ),
        Attack::of_frame(
            "another protocol",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3),
            "expected the start of a message, found [47, 45, 54, 20]",
        ),
    ]
}

fn headers() -> Vec<Attack> {
    let body = Header::of_body;
    let tail = |shape: &str| body(&format!("83 03 00 {shape}")).dtype_names(&["|u1"]);
    let overflow = "impossible array layout: the shape overflows";
    let mut all = vec![
        Attack::of_header(
            "2^60 buffers",
            &body("05").buffers("9b1000000000000000"),
            "expected as many items as announced",
        ),
        Attack::of_header(
            "a buffer of 2^60 bytes",
            &body("83 04 00 01").buffers("81 82 1b1000000000000000 00").dtype_names(&["|u1"]),
            "length of the buffers is 1152921504606846976, above the limit",
        ),
        Attack::of_header(
            "buffers whose lengths overflow",
            &body("05")
                .buffers("82 82 1bffffffffffffffff 00 82 1bffffffffffffffff 00")
                .dtype_names(&["|u1"]),
            "length of the buffers is 18446744073709551615, above the limit",
        ),
        Attack::of_object(
            "two references to one buffer",
            &body("83 00 83 04 00 08 83 04 00 08").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a reference to buffer 1, found buffer 0",
        ),
        Attack::of_object(
            "a reference out of range",
            &body("83 04 01 08").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a reference to buffer 0, found buffer 1",
        ),
        Attack::of_object(
            "a reference of 2^64-1",
            &body("83 04 1bffffffffffffffff 08").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a reference to buffer 0, found buffer 18446744073709551615",
        ),
        Attack::of_object(
            "a buffer that nothing refers to",
            &body("05").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "buffer 0 is never referenced",
        ),
        Attack::of_object(
            "an array longer than its buffer",
            &body("83 04 00 19 1000").buffers("81 82 08 00").dtype_names(&["|u1"]),
            vec![vec![7; 8]],
            "expected a buffer of 4096 bytes, found 8",
        ),
        Attack::of_header(
            "an array beyond the tail",
            &tail("19 1000").tail("07"),
            "expected an array within the tail",
        ),
        Attack::of_header(
            "the same name twice",
            &body("05 ").names("82 82 61 50 00 82 61 50 00"),
            "expected names that differ",
        ),
        Attack::of_header(
            "the same field twice",
            &body("83 08 05 05").names("81 82 61 50 82 61 78 61 78"),
            "expected field names that differ",
        ),
        Attack::of_header(
            "the same dtype twice",
            &tail("01").dtypes("82 63 7c7531 63 7c7531").tail("07"),
            "expected dtypes that differ",
        ),
        Attack::of_header("the same key twice", &body("a2 05 60 05 60"), "{1}: duplicate key"),
        Attack::of_header("text that is not UTF-8", &body("62 c3 28"), "UTF-8"),
        Attack::of_header("a surrogate", &body("63 ed a0 80"), "UTF-8"),
        Attack::of_header(
            "a name that is not UTF-8",
            &body("81 08").names("81 82 61 ff 00"),
            "UTF-8",
        ),
        Attack::of_header(
            "a dtype that is not UTF-8",
            &tail("01").dtypes("81 62 c0 80").tail("07"),
            "UTF-8",
        ),
        Attack::of_header(
            "shape [2^64-1, 2]",
            &tail("82 1bffffffffffffffff 02").tail("07"),
            overflow,
        ),
        Attack::of_header(
            "shape [2^62, 2]",
            &tail("82 1b4000000000000000 02").tail("07"),
            overflow,
        ),
        Attack::of_header("shape [2^63, 0]", &tail("82 1b8000000000000000 00"), overflow),
        Attack::of_header(
            "length 2^64-1",
            &tail("1bffffffffffffffff").tail("07"),
            "expected an array within the tail",
        ),
        Attack::of_header(
            "65 axes",
            &tail(&format!("98 41 {}", "01".repeat(65))).tail("07"),
            "number of axes is 65, above the limit of 64",
        ),
        Attack::of_header(
            "a broadcast of 2^40",
            &body("84 03 00 81 1b0000010000000000 80").dtype_names(&["|u1"]).tail("07"),
            "",
        ),
    ];
    for (what, start) in [
        ("lists", "82 00"),
        ("tuples", "82 01"),
        ("maps", "a1 00"),
        ("records", "82 08"),
        ("arrays of objects", "83 05 81 01"),
    ] {
        let header =
            Header { body: [hex(start).repeat(1_000_000), vec![0xf6]].concat(), ..body("") };
        let header = header.names("81 82 61 50 01");
        all.push(Attack::of_header(
            format!("a million {what} within each other"),
            &header,
            "the depth is 129, above the limit of 128",
        ));
    }
    let dtypes = [vec![0x81], hex("81 82 61 78").repeat(1_000_000), text("<f8")].concat();
    all.push(Attack::of_header(
        "a million dtypes within each other",
        &Header { dtypes, ..tail("01").tail("07") },
        "the depth of a dtype is 17, above the limit of 16",
    ));
    let buffers = [head(4, 1_000_000), hex("82 01 00").repeat(1_000_000)].concat();
    all.push(Attack::of_header(
        "a million tiny buffers",
        &Header { buffers, ..body("05") }.dtype_names(&["|u1"]),
        "number of buffers is 1000000, above the limit of 65536",
    ));
    for dtype in MALFORMED_DTYPES {
        all.push(Attack::of_header(
            format!("dtype {dtype:?}"),
            &body("83 03 00 01").dtype_names(&[dtype]).tail("07"),
            "expected a known dtype",
        ));
    }
    all
}

/// What is nearly a dtype.
const MALFORMED_DTYPES: &[&str] = &[
    "",
    " ",
    "<",
    "|",
    "f8",
    "<f",
    "<f9",
    "<f80",
    "<f08",
    "<f8 ",
    " <f8",
    "<F8",
    ">f8",
    "=f8",
    "!f8",
    "|f8",
    "<u1",
    "|u2",
    "<b1",
    "|b2",
    "<i3",
    "<u16",
    "|i1\0",
    "<c7",
    "<c32",
    "<U0",
    "<U1 ",
    "|U1",
    "<U2",
    "|S1",
    "|V8",
    "|O",
    "O",
    "<m8",
    "<m8[ns]",
    "<M8[ns]",
    "u1",
    "bf16 ",
    "BF16",
    "i256",
    "u-128",
    "<f-8",
    "<f+8",
    "<f８",
    "[('x', '<f8')]",
    "<f18446744073709551617",
    "<f99999999999999999999999999999999999999",
    "\u{feff}<f8",
];

/// A way by which bytes come: gives what is said of an attack, and what that took.
struct Transport {
    name: &'static str,
    receive: Box<dyn FnMut(&Attack) -> Option<(String, Count)>>,
}

impl Transport {
    fn new(
        name: &'static str,
        receive: impl FnMut(&Attack) -> Option<(String, Count)> + 'static,
    ) -> Self {
        Self { name, receive: Box::new(receive) }
    }

    /// One that gives a message of a frame.
    fn of_frames(
        name: &'static str,
        read: impl Fn(&[u8]) -> Result<Message<'_>> + 'static,
    ) -> Self {
        Self::new(name, move |attack| Some(count(|| said(read(&attack.frame)))))
    }
}

/// The error of a message, or of putting its values together.
fn said(message: Result<Message<'_>>) -> String {
    let message = match message {
        Ok(message) => message,
        Err(error) => return error.to_string(),
    };
    for object in message.objects() {
        drop(object.get::<Vec<Vec<u8>>, _>());
        if let Err(error) = object.get::<Value, _>() {
            return error.to_string();
        }
    }
    String::new()
}

fn whole(message: Result<Option<Message<'static>>>) -> Result<Message<'static>> {
    message.map(|message| message.expect("there are bytes"))
}

fn in_memory() -> Vec<Transport> {
    vec![
        Transport::of_frames("stream", |bytes| {
            whole(MessageReader::new(bytes, LIMITS).read_message())
        }),
        Transport::of_frames("stream, exact", |mut bytes| whole(read_message(&mut bytes, &LIMITS))),
        Transport::of_frames("stream of a few bytes at a time", |bytes| {
            let hesitant = Hesitant::new(bytes, 1009, IoKind::Interrupted);
            whole(MessageReader::new(hesitant, LIMITS).read_message())
        }),
        Transport::of_frames("block, borrowed", |bytes| Message::from_block(bytes, &LIMITS)),
        Transport::of_frames("block, owned", |bytes| Message::from_block(bytes.to_vec(), &LIMITS)),
        Transport::new("tokio", |attack| {
            let stream = Trickle::new(attack.frame.clone(), 4096);
            Some(count(|| said(whole(finish(AsyncReader::new(stream, LIMITS).read_message())))))
        }),
        Transport::new("file", |attack| {
            through_a_file(attack, |path| {
                let mut reader = Reader::open(path, LIMITS).unwrap();
                reader.get(0)
            })
        }),
        Transport::new("file as a stream", |attack| {
            through_a_file(attack, |path| {
                let file = std::fs::File::open(path).unwrap();
                whole(file::StreamReader::new(file, LIMITS).unwrap().next_message())
            })
        }),
    ]
}

/// Puts the frame in the place of an honest one that is as long.
fn through_a_file(
    attack: &Attack,
    read: impl Fn(&Scratch) -> Result<Message<'static>>,
) -> Option<(String, Count)> {
    // Long text is a buffer; short text is in the header, where its own length takes room, too.
    let is_long = attack.frame.len() > 8192;
    let mut filler = "x".repeat(if is_long { attack.frame.len() - 4096 } else { 0 });
    let honest = loop {
        let mut honest = Vec::new();
        write_message(&mut honest, &can(&filler).unwrap().into()).unwrap();
        match attack.frame.len().checked_sub(honest.len()) {
            None | Some(0) => break honest,
            Some(missing) => filler.push_str(&"x".repeat(if is_long { missing } else { 1 })),
        }
    };
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&can(&filler).unwrap().into()).unwrap();
    writer.write(&can(&5).unwrap().into()).unwrap();
    writer.finish().unwrap();
    let mut bytes = path.bytes();
    let at = bytes.windows(honest.len()).position(|window| window == honest).unwrap();
    bytes[at..at + attack.frame.len()].copy_from_slice(&attack.frame);
    std::fs::write(&path, &bytes).unwrap();
    let result = count(|| said(read(&path)));
    // What stands behind it is still there.
    let next = Reader::open(&path, LIMITS).unwrap().get(1).unwrap();
    assert_eq!(next.objects()[0].get::<u8, _>().unwrap(), 5);
    Some(result)
}

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

fn unix_server() -> Transport {
    let address = format!("unix:{}", Scratch::new().as_ref().display());
    server("Unix socket", &address, |address| {
        Box::new(UnixStream::connect(address.strip_prefix("unix:").unwrap()).unwrap())
    })
}

fn tcp_server() -> Transport {
    server("TCP socket", "tcp:127.0.0.1:0", |address| {
        Box::new(TcpStream::connect(address.strip_prefix("tcp:").unwrap()).unwrap())
    })
}

fn parts(attack: &Attack) -> Option<Vec<Bytes>> {
    let (header, buffers) = attack.object.as_ref()?;
    Some([header].into_iter().chain(buffers).map(|part| part.clone().into()).collect())
}

fn multipart() -> Transport {
    Transport::new("ZeroMQ's parts", |attack| {
        let parts = parts(attack)?;
        let message = ZmqMessage::try_from(parts).unwrap();
        Some(count(|| said(zmq::unpack(message, 0, &LIMITS).map(|received| received.message))))
    })
}

/// A socket behind a guard.
fn guarded() -> Transport {
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
            let _ = peer.write_all(&zmtp(&parts));
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

/// What a PUSH socket says: its greeting, and one message.
fn zmtp(parts: &[Bytes]) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    (bytes[0], bytes[9], bytes[10]) = (0xff, 0x7f, 3);
    bytes[12..16].copy_from_slice(b"NULL");
    let ready = b"\x05READY\x0bSocket-Type\0\0\0\x04PUSH";
    bytes.extend([4, ready.len() as u8]);
    bytes.extend(ready);
    for (number, part) in parts.iter().enumerate() {
        let more = u8::from(number + 1 < parts.len());
        bytes.push(2 | more);
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

/// Brings all attacks over a transport; says what the most memory was, and prints it.
fn bring(mut transport: Transport) {
    let mut most = (0, String::new());
    let mut brought = 0;
    let mut wrong = Vec::new();
    for attack in frames().into_iter().chain(headers()) {
        let Some((said, count)) = (transport.receive)(&attack) else { continue };
        brought += 1;
        let context = format!("{}: {}", transport.name, attack.name);
        if !said.contains(attack.error) || attack.error.is_empty() != said.is_empty() {
            wrong.push(format!("{context}: {said}"));
        }
        let bound = MULTIPLE * attack.frame.len() + BESIDES;
        if count.peak > bound {
            wrong.push(format!("{context}: {count:?}, more than {bound}"));
        }
        let besides = count.peak.saturating_sub(attack.frame.len());
        if besides >= most.0 {
            most = (besides, attack.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(brought >= headers().len(), "{}", transport.name);
    let (peak, attack) = most;
    println!("| {} | {brought} | {} KiB | {attack} |", transport.name, peak >> 10);
}

#[test]
fn attacks_in_memory_and_in_files_are_refused_alike() {
    in_memory().into_iter().for_each(bring);
}

#[test]
fn attacks_over_sockets_are_refused_alike_and_the_next_peer_is_served() {
    bring(unix_server());
    bring(tcp_server());
}

#[test]
fn attacks_over_zeromq_are_refused_alike_and_the_next_peer_is_served() {
    bring(multipart());
    bring(guarded());
}
