//! A router: passes messages on byte for byte, from the memory that it read them into, and knows
//! no type.

#![cfg(unix)]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    io::{self, IoSlice, Read, Write},
    ops::Range,
    os::unix::net::UnixStream,
    thread,
};

use canning_core::{Canned, CannedObject, SharedSlice, Value};
use canning_wire::{
    CanOptions, Limits, Message, MessageReader, MessageWriter, can, read_message, write_message,
};
use support::{
    assemble::{Header, frame, hex},
    bytes,
    counting::{Count, Counting, count},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// What only the sender and the receiver know.
#[derive(Clone, Debug, PartialEq, Canned)]
struct Frame {
    step: u64,
    small: Vec<f32>,
    positions: Vec<[f64; 3]>,
    log: String,
    kinds: Vec<u8>,
}

fn frame_of(step: u64) -> Frame {
    Frame {
        step,
        small: vec![0.5; 5],
        positions: (0..5_000).map(|item| [f64::from(item); 3]).collect(),
        log: "a long line\n".repeat(10_000),
        kinds: vec![3; 100_000],
    }
}

fn messages(frames: &[Frame]) -> Vec<Message<'_>> {
    let all_out = CanOptions::new().inline_threshold(0);
    let with_buffers = frames.iter().map(|frame| can(frame).unwrap()).collect();
    let header_only = Message::from_iter([can(&5).unwrap(), can("hi").unwrap()]);
    let short_buffers = Message::from_iter([all_out.can(&frames[0].small).unwrap()]);
    vec![with_buffers, header_only, Message::new(), short_buffers]
}

fn written(messages: &[Message<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        write_message(&mut bytes, message).unwrap();
    }
    bytes
}

/// Sends bytes to `route` over one socket; gives what comes out of it over another.
fn through(
    bytes: &[u8],
    route: impl FnOnce(UnixStream, UnixStream) -> canning_wire::Result<()> + Send,
) -> Vec<u8> {
    let (mut sender, from) = UnixStream::pair().unwrap();
    let (to, mut receiver) = UnixStream::pair().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || sender.write_all(bytes).unwrap());
        scope.spawn(move || route(from, to).unwrap());
        let mut out = Vec::new();
        receiver.read_to_end(&mut out).unwrap();
        out
    })
}

/// Passes all messages on.
fn pass_on(from: impl Read, to: impl Write) -> canning_wire::Result<()> {
    let (mut reader, mut writer) =
        (MessageReader::new(from, Limits::default()), MessageWriter::new(to));
    while let Some(message) = reader.read_message()? {
        writer.write_message(&message)?;
        reader.recycle_message(message);
    }
    writer.flush()
}

#[test]
fn bytes_out_are_the_bytes_in() {
    let frames = [frame_of(0), frame_of(1)];
    let sent = written(&messages(&frames));
    let routed = through(&sent, pass_on);
    assert!(routed == sent, "{} bytes became {}", sent.len(), routed.len());
    let twice = through(&routed, |from, mut to| {
        while let Some(message) = read_message(&mut &from, &Limits::default())? {
            write_message(&mut to, &message)?;
        }
        Ok(())
    });
    assert!(twice == sent);
    let message = read_message(&mut twice.as_slice(), &Limits::default()).unwrap().unwrap();
    for (object, sent) in message.objects().iter().zip(&frames) {
        assert_eq!(object.get::<Frame, _>().unwrap(), *sent);
    }
}

#[test]
fn what_no_value_can_be_made_of_is_passed_on_too() {
    let of_body = |body| Header::of_body(body).build();
    let array = Header::of_body("83 04 00 01").buffers("81 82 08 00").dtype_names(&["<f8"]);
    let flags = Header::of_body("05").start("d9d9f7 89 01 1b8000000000000000");
    let objects = [
        ("code 7, unknown", (of_body("81 07"), vec![])),
        ("no item at all", (of_body("ff"), vec![])),
        ("an ignorable flag", (flags.build(), vec![])),
        ("a malformed name", (Header::of_body("05").names("81 80").build(), vec![])),
        ("a tail that nothing refers to", (Header::of_body("05").tail("01 02").build(), vec![])),
        ("a truth value of 7", (array.build(), vec![vec![7; 8]])),
        ("a buffer that nothing refers to", {
            let header = Header::of_body("05").buffers("81 82 02 00").dtype_names(&["|b1"]);
            (header.build(), vec![vec![7; 2]])
        }),
    ];
    for (what, object) in &objects {
        let sent = frame(std::slice::from_ref(object));
        assert!(through(&sent, pass_on) == sent, "{what}");
    }
    let all = frame(&objects.map(|(_, object)| object));
    assert!(through(&all, pass_on) == all);
    let message = read_message(&mut all.as_slice(), &Limits::default()).unwrap().unwrap();
    let values = message.objects().iter().map(|object| object.get::<Value, _>().is_ok());
    assert_eq!(values.filter(|is_value| !is_value).count(), 5, "most cannot be decoded");
}

/// The frame belongs to each way: what a foreign writer chose there is not kept.
#[test]
fn frames_are_written_anew_around_the_same_objects() {
    let header = Header::of_body("05").build();
    let ours = frame(&[(header.clone(), vec![])]);
    let mut foreign = [hex("89 43 41 4e 01 00 0000 00000000 01000000"), vec![0; 16]].concat();
    foreign[16] = 1;
    foreign.extend((header.len() as u64).to_le_bytes());
    foreign.extend(&header);
    foreign[24] = u8::try_from(40 + header.len()).unwrap();
    assert!(through(&foreign, pass_on) == ours);
}

/// Notes where bytes are read to and written from.
struct Watched<T> {
    inner: T,
    places: Vec<Range<usize>>,
}

impl<T> Watched<T> {
    fn new(inner: T) -> Self {
        Self { inner, places: Vec::with_capacity(4096) }
    }

    fn note(&mut self, bytes: &[u8]) {
        let start = bytes.as_ptr().addr();
        self.places.push(start..start + bytes.len());
    }

    fn bytes_within(&self, place: &Range<usize>) -> usize {
        let within = |it: &&Range<usize>| place.start <= it.start && it.end <= place.end;
        self.places.iter().filter(within).map(ExactSizeIterator::len).sum()
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.note(&bytes[..read]);
        Ok(read)
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.note(bytes);
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        slices.iter().map(|slice| self.write(slice)).sum()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[test]
fn buffers_leave_from_where_they_were_read_to() {
    let frames = [frame_of(0)];
    let sent = written(&messages(&frames)[..1]);
    let routed = through(&sent, |from, to| {
        let mut reader = MessageReader::exact(Watched::new(from), Limits::default());
        let message = reader.read_message()?.unwrap();
        let read = reader.into_inner();
        let mut to = Watched::new(to);
        write_message(&mut to, &message)?;
        let buffers = message.objects()[0].buffers();
        assert_eq!(buffers.len(), 3);
        for buffer in buffers {
            let start = buffer.as_slice().unwrap().as_ptr().addr();
            let place = start..start + buffer.len();
            assert_eq!(read.bytes_within(&place), buffer.len(), "read there");
            assert!(to.places.contains(&place), "written from there, at once");
        }
        Ok(())
    });
    assert!(routed == sent);
}

#[test]
fn nothing_is_allocated_but_where_the_first_message_lands() {
    let frames = [frame_of(0)];
    let one = written(&messages(&frames)[..1]);
    let sent = one.repeat(3);
    let routed = through(&sent, |from, to| {
        let mut reader = MessageReader::new(from, Limits::default());
        let mut writer = MessageWriter::new(to);
        for number in 0..3 {
            let (message, reading) = count(|| reader.read_message().unwrap().unwrap());
            let (_, writing) = count(|| writer.write_message(&message).unwrap());
            assert_eq!(writing, Count::default());
            if number == 0 {
                assert_eq!(reading.large, 3, "{reading:?}");
                assert!(reading.bytes < one.len() + 4096, "{reading:?}");
            } else {
                // The table of buffers; where they land is used again.
                assert!(reading.large == 0 && reading.bytes < 1024, "{reading:?}");
            }
            reader.recycle_message(message);
        }
        writer.flush()
    });
    assert!(routed == sent);
}

#[test]
fn objects_of_a_socket_go_into_new_messages_next_to_fresh_ones() {
    let frames = [frame_of(0), frame_of(1), frame_of(2)];
    let sent = written(&messages(&frames)[..1]);
    let note = "from the router ".repeat(1000);
    let routed = through(&sent, |from, to| {
        let message = read_message(&mut &from, &Limits::default())?.unwrap();
        let [zero, one, two] = message.into_array()?;
        // As large text and as a copy that shares memory, in another order.
        let fresh = can(&note)?;
        let parts = Message::from(vec![two.clone(), fresh, zero]);
        let mut writer = MessageWriter::new(to);
        writer.write_message(&parts)?;
        let mut later = Message::from(two);
        later.add(&7)?;
        later.push(one);
        writer.write_message(&later)?;
        writer.flush()
    });
    let mut received = MessageReader::new(routed.as_slice(), Limits::default());
    let [two, fresh, zero] = received.read_message().unwrap().unwrap().into_array().unwrap();
    assert_eq!(two.get_object::<Frame, _>().unwrap(), frames[2]);
    assert_eq!(fresh.get_object::<String, _>().unwrap(), note);
    assert_eq!(zero.get_object::<Frame, _>().unwrap(), frames[0]);
    let [two, seven, one] = received.read_message().unwrap().unwrap().into_array().unwrap();
    assert_eq!(bytes::parts(&two), bytes::parts(&can(&frames[2]).unwrap()));
    assert_eq!(seven.get_object::<u8, _>().unwrap(), 7);
    assert_eq!(one.get_object::<Frame, _>().unwrap(), frames[1]);
    assert!(received.read_message().unwrap().is_none());
}

#[test]
fn recycling_leaves_what_is_shared() {
    let frames: Vec<_> = (0..5).map(frame_of).collect();
    let sent: Vec<_> = frames.iter().map(|frame| Message::from(can(frame).unwrap())).collect();
    let sent = written(&sent);
    let mut reader = MessageReader::new(sent.as_slice(), Limits::default());
    let next = |reader: &mut MessageReader<_>| -> Message<'static> {
        reader.read_message().unwrap().unwrap()
    };
    // A whole object is kept of the first, and one array of the second.
    let first = next(&mut reader);
    let kept = first.objects()[0].clone();
    reader.recycle_message(first);
    let second = next(&mut reader);
    #[derive(Canned)]
    #[canned(rename = "Frame")]
    struct Positions {
        positions: SharedSlice<[f64; 3]>,
    }
    let Positions { positions } = second.objects()[0].get().unwrap();
    let address = positions.as_ptr();
    reader.recycle_message(second);
    for frame in &frames[2..] {
        let message = next(&mut reader);
        assert_eq!(message.objects()[0].get::<Frame, _>().unwrap(), *frame);
        for buffer in message.objects()[0].buffers() {
            let of_kept = kept.buffers().iter().map(|it| it.as_slice().unwrap().as_ptr());
            let start = buffer.as_slice().unwrap().as_ptr();
            assert!(start != address.cast() && of_kept.into_iter().all(|it| it != start));
        }
        reader.recycle_message(message);
    }
    assert_eq!(kept.get_object::<Frame, _>().unwrap(), frames[0]);
    assert_eq!(*positions, frames[1].positions);
    assert_eq!(positions.as_ptr(), address);
}
