//! Asynchronous streams: every future is dropped at every await point, and then it goes on.

#![expect(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    future::{Future, poll_fn},
    sync::Arc,
};

use canning_core::CannedObject;
use canning_wire::{
    CanOptions, ErrorKind, Limits, Message, Result, can_arc,
    tokio::{MessageReader, MessageWriter},
    write_message,
};
use futures_util::{Sink, SinkExt, StreamExt, TryStreamExt};
use support::{
    options,
    trickle::{Trickle, finish, poll_times},
};

/// A message with buffers, a little longer than [`small`] ones.
fn long(number: u8) -> Message<'static> {
    let value = Arc::new((number, vec![f64::from(number); 5], vec![number; 70]));
    let object = CanOptions::new().inline_threshold(0).can_arc(&value).unwrap();
    assert_eq!(object.buffers().len(), 2);
    [object, can_arc(&Arc::new(number)).unwrap()].into_iter().collect()
}

fn small(number: u8) -> Message<'static> {
    can_arc(&Arc::new(number)).unwrap().into()
}

fn bytes_of(messages: &[&Message<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        write_message(&mut bytes, message).unwrap();
    }
    bytes
}

/// A writer for which nothing, or only what is [`small`], is copied.
fn writer(copies_small: bool) -> MessageWriter<Trickle> {
    let capacity = if copies_small { 2 * small_len() } else { 0 };
    MessageWriter::with_capacity(capacity, Trickle::new(Vec::new(), 1))
}

fn small_len() -> usize {
    bytes_of(&[&small(0)]).len()
}

/// After how many polls to drop, again and again, where each poll moves a byte: the first means
/// at every point there is.
fn points(bytes: usize) -> impl Iterator<Item = usize> {
    (1..10).chain((10..=bytes + 8).step_by(13))
}

/// Polls a call so many times, drops it, and calls again until it comes to its end.
fn interrupted<T>(times: usize, mut call: impl AsyncFnMut() -> Result<T>) -> T {
    loop {
        if let Some(result) = poll_times(call(), times) {
            return result.unwrap();
        }
    }
}

#[test]
fn reading_goes_on_wherever_it_was_dropped() {
    let bytes = bytes_of(&[&long(1), &small(2), &Message::new(), &long(3)]);
    for times in points(bytes.len()) {
        let (input, limits) = (|| Trickle::new(bytes.clone(), 1), Limits::default());
        let readers = [MessageReader::new(input(), limits), MessageReader::exact(input(), limits)];
        for mut reader in readers {
            let mut read = Vec::new();
            while let Some(message) = interrupted(times, async || reader.read_message().await) {
                read.push(message);
            }
            assert_eq!(bytes_of(&read.iter().collect::<Vec<_>>()), bytes, "after {times} polls");
        }
    }
}

#[test]
fn values_go_on_wherever_a_future_was_dropped() {
    let values: Vec<(u8, Vec<f64>)> =
        (0..6).map(|number| (number, vec![0.5; 200 * usize::from(number % 2)])).collect();
    let mut bytes = Vec::new();
    let mut writer = canning_wire::MessageWriter::new(&mut bytes);
    values.iter().for_each(|value| assert!(writer.write_value(value).is_ok()));
    writer.into_inner().unwrap();
    for times in points(bytes.len()) {
        let mut reader = MessageReader::new(Trickle::new(bytes.clone(), 1), Limits::default());
        let mut read: Vec<(u8, Vec<f64>)> = Vec::new();
        while let Some(value) = interrupted(times, async || reader.read_value().await) {
            read.push(value);
        }
        assert_eq!(read, values, "after {times} polls");
    }
}

#[test]
fn value_that_was_dropped_has_not_happened_or_cuts_the_stream_off() {
    let (value, after) = (vec![0.5_f64; 200], bytes_of(&[&small(1)]));
    let whole = bytes_of(&[&can_arc(&Arc::new(value.clone())).unwrap().into()]);
    let (mut not_happened, mut cut_off, mut done) = (0, 0, 0);
    for times in 0..whole.len() + 4 {
        let mut writer = writer(true);
        let written = poll_times(writer.write_value(&value), times);
        let of_value = writer.get_ref().bytes.len();
        let next = finish(writer.write_message(&small(1)));
        let flushed = finish(writer.flush());
        match (written, of_value) {
            (Some(_), _) => {
                assert!(writer.into_inner().bytes == [&whole[..], &after].concat());
                done += 1;
            }
            (None, 0) => {
                assert!(writer.into_inner().bytes == after, "only what came later");
                not_happened += 1;
            }
            (None, _) => {
                for error in [next.map(drop).unwrap_err(), flushed.unwrap_err()] {
                    assert!(matches!(error.kind(), ErrorKind::CutOff { .. }), "{error}");
                }
                cut_off += 1;
            }
        }
    }
    assert!(not_happened > 0 && cut_off > 1000 && done > 0, "{not_happened} {cut_off} {done}");
}

#[test]
fn exact_reader_leaves_what_follows_a_message() {
    let mut bytes = bytes_of(&[&long(1)]);
    bytes.extend(b"something else");
    let mut reader = MessageReader::exact(bytes.as_slice(), Limits::default());
    finish(reader.read_message()).unwrap().unwrap();
    assert_eq!(reader.into_inner(), b"something else");
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    finish(reader.read_message()).unwrap().unwrap();
    assert_eq!(reader.ahead_bytes(), b"something else");
}

#[test]
fn owned_messages_go_on_wherever_a_future_was_dropped() {
    let messages = || [long(1), small(2), small(3), small(4), long(5), small(6)];
    let whole = bytes_of(&messages().each_ref());
    for copies_small in [false, true] {
        for times in points(whole.len()) {
            let mut writer = writer(copies_small);
            for message in messages() {
                interrupted(times, async || writer.ready().await);
                writer.queue(message).unwrap();
            }
            interrupted(times, async || writer.flush().await);
            assert_eq!(writer.get_ref().flushed, whole.len());
            interrupted(times, async || writer.shutdown().await);
            assert!(writer.get_ref().is_shut_down);
            assert_eq!(writer.sent().bytes, whole.len() as u64);
            assert!(writer.into_inner().bytes == whole, "after {times} polls");
        }
    }
}

#[test]
fn send_that_was_dropped_is_resumed_or_has_not_happened() {
    let (first, second) = (bytes_of(&[&long(1)]), bytes_of(&[&long(1), &long(2)]));
    for times in 0..second.len() + 4 {
        let mut writer = writer(false);
        writer.queue(long(1)).unwrap();
        let sent = poll_times(writer.send(long(2)), times);
        let accepted = writer.get_ref().bytes.len() >= first.len();
        assert_eq!(accepted, times > first.len(), "{times}");
        finish(writer.flush()).unwrap();
        let expected = if accepted { &second } else { &first };
        assert!(writer.into_inner().bytes == *expected, "dropped after {times} polls");
        assert!(sent.is_none_or(|sent| sent.is_ok() && accepted));
    }
}

#[test]
fn borrowed_message_that_was_dropped_has_not_happened_or_cuts_the_stream_off() {
    let (before, message) = (small(1), long(2));
    let whole = bytes_of(&[&before, &message]);
    let (mut not_happened, mut cut_off, mut done) = (0, 0, 0);
    for times in 0..whole.len() + 4 {
        let mut writer = writer(true);
        finish(writer.write_message(&before)).unwrap();
        let len = whole.len() - small_len();
        let written = poll_times(writer.write_message(&message), times);
        let of_message = writer.get_ref().bytes.len().saturating_sub(small_len());
        let next = finish(writer.write_message(&before));
        if let Some(sent) = written {
            assert_eq!(sent.unwrap().bytes as usize, len);
            next.unwrap();
            done += 1;
        } else if of_message == 0 {
            next.unwrap();
            finish(writer.write_message(&message)).unwrap();
            assert!(writer.into_inner().bytes == bytes_of(&[&before, &before, &message]));
            not_happened += 1;
        } else {
            let is_cut_off = |error: &canning_wire::Error| {
                let numbers = (of_message as u64, len as u64);
                matches!(*error.kind(), ErrorKind::CutOff { written, len } if (written, len) == numbers)
            };
            assert!(is_cut_off(&next.unwrap_err()));
            assert!(is_cut_off(&finish(writer.flush()).unwrap_err()));
            assert!(is_cut_off(&finish(writer.ready()).unwrap_err()));
            assert!(is_cut_off(&finish(writer.send(small(3))).unwrap_err()));
            assert!(is_cut_off(&finish(writer.shutdown()).unwrap_err()));
            assert_eq!(writer.get_ref().bytes.len(), small_len() + of_message, "nothing follows");
            cut_off += 1;
        }
    }
    assert!(not_happened > small_len() && cut_off > 300 && done > 0);
}

#[test]
fn small_message_that_waits_for_room_has_not_happened() {
    let mut writer = writer(true);
    for number in 0..2 {
        finish(writer.write_message(&small(number))).unwrap();
    }
    assert_eq!(writer.unwritten() as usize, 2 * small_len());
    let mut times = 0;
    while poll_times(writer.write_message(&small(2)), times).is_none() {
        times += 1;
    }
    finish(writer.shutdown()).unwrap();
    let all = bytes_of(&[&small(0), &small(1), &small(2)]);
    assert_eq!(writer.into_inner().bytes, all);
}

#[test]
fn sink_and_stream_go_on_wherever_they_were_dropped() {
    let messages = || [long(1), small(2), long(3)];
    let whole = bytes_of(&messages().each_ref());
    for times in points(whole.len()) {
        let mut sink = writer(true);
        for message in messages() {
            interrupted(times, async || poll_fn(|context| sink.poll_ready_unpin(context)).await);
            sink.start_send_unpin(message).unwrap();
        }
        interrupted(times, async || SinkExt::flush(&mut sink).await);
        assert_eq!(sink.get_ref().flushed, whole.len());
        interrupted(times, async || SinkExt::close(&mut sink).await);
        let written = sink.into_inner();
        assert!(written.is_shut_down && written.bytes == whole, "after {times} polls");

        let mut stream = MessageReader::new(Trickle::new(whole.clone(), 1), Limits::default());
        let mut read = Vec::new();
        while let Some(message) = interrupted(times, async || Ok(stream.next().await)) {
            read.push(message.unwrap());
        }
        assert_eq!(bytes_of(&read.iter().collect::<Vec<_>>()), whole, "after {times} polls");
    }
}

#[test]
fn sink_is_not_ready_while_a_long_message_waits() {
    let mut sink = writer(true);
    let mut most = 0;
    for _ in 0..10 {
        finish(poll_fn(|context| sink.poll_ready_unpin(context))).unwrap();
        sink.start_send_unpin(long(1)).unwrap();
        assert!(poll_times(poll_fn(|context| sink.poll_ready_unpin(context)), 3).is_none());
        sink.get_mut().most = 7;
        most = most.max(sink.unwritten());
    }
    assert!((1..bytes_of(&[&long(1)]).len()).contains(&(most as usize)), "one message, and begun");
}

#[test]
fn messages_are_forwarded_from_a_stream_to_a_sink() {
    let numbers = || (0..50).flat_map(|number| [long(number), small(number)]);
    let whole = bytes_of(&numbers().collect::<Vec<_>>().iter().collect::<Vec<_>>());
    let stream = MessageReader::new(Trickle::new(whole.clone(), 11), Limits::default());
    let mut sink = writer(true);
    finish(stream.forward(&mut sink)).unwrap();
    assert!(sink.get_ref().is_shut_down);
    assert!(sink.into_inner().bytes == whole);
}

#[test]
fn stream_ends_cleanly_or_with_the_error_of_a_truncation() {
    let whole = bytes_of(&[&long(1), &long(2)]);
    for len in 0..=whole.len() {
        let bytes = whole[..len].to_vec();
        let mut stream = MessageReader::new(Trickle::new(bytes, usize::MAX), Limits::default());
        let mut whole_messages = 0;
        let end = finish(async {
            while let Some(_message) = stream.try_next().await? {
                whole_messages += 1;
            }
            Ok::<_, canning_wire::Error>(())
        });
        assert_eq!(whole_messages, 2 * len / whole.len());
        match end {
            Ok(()) => assert_eq!(2 * len % whole.len(), 0),
            Err(error) => {
                let read = (len % (whole.len() / 2)) as u64;
                let is_told = |kind: &ErrorKind| match *kind {
                    ErrorKind::Truncated { read: found } => found == read,
                    _ => false,
                };
                assert!(is_told(error.kind()), "{error} after {len} bytes");
                assert!(finish(stream.next()).is_none(), "an error ends the stream");
            }
        }
    }
}

#[test]
fn malformed_input_is_an_error_again_and_again() {
    let input = Trickle::new(b"GET / HTTP/1.1".to_vec(), 5);
    let mut reader = MessageReader::new(input, Limits::default());
    let error = finish(reader.read_message()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Magic { .. }), "{error}");
    let error = finish(reader.read_message()).unwrap_err();
    assert_eq!(error.to_string(), "malformed frame: read after an error");
}

#[test]
fn futures_and_both_ends_may_go_to_another_thread() {
    fn sendable<T: Send>(_: &T) {}
    fn sink<T: Sink<Message<'static>, Error = canning_wire::Error> + Send + Sync + Unpin>(_: &T) {}
    let mut writer = writer(true);
    sink(&writer);
    let (message, numbers) = (small(1), vec![1; 9]);
    sendable(&writer.write_message(&message));
    let borrowed = canning_wire::can(&numbers).unwrap().into();
    sendable(&writer.write_message(&borrowed));
    sendable(&writer.send(small(1)));
    sendable(&writer.flush());
    let mut reader = MessageReader::new(Trickle::default(), Limits::default());
    sendable(&reader);
    fn future<T: Future + Send>(_: &T) {}
    future(&reader.read_message());
}

/// The same as without: no byte is lost or doubled, wherever a future is dropped.
#[test]
fn checksums_and_compression_change_nothing() {
    for options in options::all() {
        let zeros = Arc::new((vec![0.0_f64; 300], vec![7_u8; 70]));
        let long = || Message::from(can_arc(&zeros).unwrap());
        let mut expected = Vec::new();
        for message in [small(1), long(), small(2), long()] {
            options.write_message(&mut expected, &message).unwrap();
        }
        for times in [1, 2, 3, 7, 64] {
            let mut out = writer(true);
            out.set_frames(options);
            for message in [small(1), long(), small(2), long()] {
                out.queue(message).unwrap();
            }
            while out.unwritten() > 0 {
                if let Some(flushed) = poll_times(out.flush(), times) {
                    flushed.unwrap();
                }
            }
            assert_eq!(out.get_ref().bytes, expected);
        }
        for most in [1, 50] {
            let stream = Trickle::new(expected.clone(), most);
            let mut reader = MessageReader::new(stream, Limits::default());
            let mut next = || loop {
                if let Some(message) = poll_times(reader.read_message(), 3) {
                    return message.unwrap();
                }
            };
            assert_eq!(next().unwrap().objects()[0].get::<u8, _>().unwrap(), 1);
            let received = next().unwrap();
            let received: (Vec<f64>, Vec<u8>) = received.objects()[0].get().unwrap();
            assert_eq!(received, *zeros);
            assert_eq!(next().unwrap().objects()[0].get::<u8, _>().unwrap(), 2);
            assert!(next().is_some());
            assert!(next().is_none());
        }
    }
}

#[test]
fn damage_is_found_however_the_bytes_come() {
    for options in options::all().into_iter().filter(|options| options.has_integrity()) {
        let message = long(5);
        let mut bytes = Vec::new();
        options.write_message(&mut bytes, &message).unwrap();
        let last = bytes.len() - 1;
        bytes[last - 10] ^= 1;
        let mut reader = MessageReader::new(Trickle::new(bytes, 3), Limits::default());
        let error = loop {
            if let Some(result) = poll_times(reader.read_message(), 2) {
                break result.unwrap_err();
            }
        };
        assert_eq!(
            error.to_string(),
            "the header of object 1 was damaged: its checksum differs (after 1 whole objects)"
        );
    }
}
