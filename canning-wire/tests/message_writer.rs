//! Writing one message after the other: what is copied, what waits, and what happens when the
//! writer stops at any byte.

#![expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    io::{self, IoSlice, Write},
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

use canning_core::CannedObject;
use canning_wire::{
    CanOptions, Error, ErrorKind, Limits, Message, MessageReader, MessageWriter, Sent, can,
    can_arc, write_message,
};
use proptest::{collection::vec, prelude::*};
use support::{hesitant::Hesitant, options};

/// Takes `budget` bytes, and would block then. Notes the slices of each write.
#[derive(Debug, Default)]
struct Narrow {
    bytes: Vec<u8>,
    budget: usize,
    writes: Vec<Vec<(usize, usize)>>,
    flushes: usize,
}

impl Narrow {
    fn with_budget(budget: usize) -> Self {
        Self { budget, ..Self::default() }
    }

    fn wide() -> Self {
        Self::with_budget(usize::MAX)
    }
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        if self.budget == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let before = self.bytes.len();
        for slice in slices {
            let len = slice.len().min(self.budget);
            self.bytes.extend_from_slice(&slice[..len]);
            self.budget -= len;
        }
        self.writes.push(slices.iter().map(|slice| (slice.as_ptr().addr(), slice.len())).collect());
        Ok(self.bytes.len() - before)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushes += 1;
        Ok(())
    }
}

/// Long enough not to be copied.
fn numbers(len: u16) -> Arc<Vec<u16>> {
    Arc::new((0..len).collect())
}

fn small(number: u32) -> Message<'static> {
    can_arc(&Arc::new(number)).unwrap().into()
}

fn long(numbers: &Arc<Vec<u16>>) -> Message<'static> {
    [can_arc(&Arc::new(7)).unwrap(), can_arc(numbers).unwrap()].into_iter().collect()
}

fn bytes_of(messages: &[&Message<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        write_message(&mut bytes, message).unwrap();
    }
    bytes
}

fn would_block(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(error) if error.kind() == io::ErrorKind::WouldBlock)
}

#[test]
fn any_sizes_of_writes_and_buffers_give_the_same_bytes() {
    let (numbers, others) = (numbers(10_000), vec![vec![1_u8; 10]; 200]);
    let many = CanOptions::new().inline_threshold(0).can(&others).unwrap().into();
    let messages = [&small(1), &small(2), &long(&numbers), &small(3), &many, &Message::new()];
    let whole = bytes_of(&messages);
    for capacity in [0, 1, 100, 300, 64 << 10] {
        for most in [1, 3, 64, 1000, usize::MAX] {
            let writer = Hesitant::new(Vec::new(), most, io::ErrorKind::Interrupted);
            let mut writer = MessageWriter::with_capacity(capacity, writer);
            for message in messages {
                writer.write_message(message).unwrap();
            }
            let bytes = writer.into_inner().unwrap().inner;
            assert!(bytes == whole, "{most} bytes a call, a buffer of {capacity}");
        }
    }
}

#[test]
fn queued_messages_go_on_after_would_block_at_every_byte() {
    let numbers = numbers(10_000);
    let messages = || [small(1), long(&numbers), small(2), small(3), long(&numbers)];
    let whole = bytes_of(&messages().each_ref());
    let inner = Hesitant::new(Vec::new(), 1, io::ErrorKind::WouldBlock);
    let mut writer = MessageWriter::new(inner);
    for message in messages() {
        writer.queue(message).unwrap();
    }
    assert_eq!(writer.unwritten(), whole.len() as u64);
    assert!(writer.get_ref().inner.is_empty(), "queueing writes nothing");
    let mut blocked = 0;
    while let Err(error) = writer.flush() {
        assert!(would_block(&error), "{error}");
        let written = writer.get_ref().inner.len();
        assert_eq!(writer.unwritten() as usize, whole.len() - written);
        blocked += 1;
    }
    assert_eq!((blocked, writer.unwritten()), (whole.len(), 0));
    assert!(writer.into_inner().unwrap().inner == whole);
}

#[test]
fn five_thousand_buffers_are_queued_and_resumed_anywhere() {
    let buffers = Arc::new(vec![vec![7_u8; 9]; 5000]);
    let object = || CanOptions::new().inline_threshold(0).can_arc(&buffers).unwrap();
    assert_eq!(object().buffers().len(), 5000);
    let whole = bytes_of(&[&object().into()]);
    let mut writer = MessageWriter::new(Narrow::default());
    writer.queue(object().into()).unwrap();
    while let Err(error) = writer.flush() {
        assert!(would_block(&error), "{error}");
        writer.get_mut().budget = 997;
    }
    assert!(writer.into_inner().unwrap().bytes == whole);
}

#[test]
fn borrowed_message_that_is_stopped_has_not_happened_or_cuts_the_stream_off() {
    let numbers = numbers(10_000);
    let (first, second) = (small(1), long(&numbers));
    let (before, whole) = (bytes_of(&[&first]).len(), bytes_of(&[&first, &second]));
    for budget in 0..whole.len() {
        let mut writer = MessageWriter::new(Narrow::with_budget(budget));
        writer.write_message(&first).unwrap();
        let error = writer.write_message(&second).unwrap_err();
        assert!(would_block(&error), "{error}");
        assert_eq!(writer.get_ref().bytes, whole[..budget]);
        writer.get_mut().budget = usize::MAX;
        let again = writer.write_message(&second);
        if budget <= before {
            again.unwrap();
            assert!(writer.get_ref().bytes == whole, "stopped after {budget} bytes");
            continue;
        }
        let cut_off = |error: &Error| match *error.kind() {
            ErrorKind::CutOff { written, len } => (written as usize, len as usize),
            ref other => panic!("{other} after {budget} bytes"),
        };
        let numbers = (budget - before, whole.len() - before);
        assert_eq!(cut_off(&again.unwrap_err()), numbers);
        assert_eq!(cut_off(&writer.queue(small(2)).unwrap_err()), numbers);
        assert_eq!(cut_off(&writer.flush().unwrap_err()), numbers);
        assert_eq!(writer.get_ref().bytes.len(), budget, "nothing follows");
    }
}

#[test]
fn small_message_is_accepted_whole_or_not_at_all() {
    let len = bytes_of(&[&small(0)]).len();
    let mut writer = MessageWriter::with_capacity(3 * len + 1, Narrow::default());
    let (mut accepted, mut blocked) = (0, 0);
    while accepted < 20 {
        match writer.write_message(&small(accepted)) {
            Ok(_) => accepted += 1,
            Err(error) => {
                assert!(would_block(&error), "{error}");
                blocked += 1;
                writer.get_mut().budget = 7;
            }
        }
    }
    assert!(blocked > 20);
    writer.get_mut().budget = usize::MAX;
    let bytes = writer.into_inner().unwrap().bytes;
    let reader = MessageReader::new(bytes.as_slice(), Limits::default());
    let read = reader.map(|message| message.unwrap().objects()[0].get::<u32, _>().unwrap());
    assert!(read.eq(0..20));
}

#[test]
fn small_messages_are_written_together_and_a_long_one_with_them_from_where_it_lies() {
    let numbers = numbers(10_000);
    let mut writer = MessageWriter::new(Narrow::wide());
    let mut sum = Sent::default();
    for number in 0..100 {
        let sent = writer.write_message(&small(number)).unwrap();
        assert_eq!((sent.buffered, sent.gathered), (sent.bytes, 0));
        sum.bytes += sent.bytes;
    }
    assert!(writer.get_ref().writes.is_empty());
    let sent = writer.write_message(&long(&numbers)).unwrap();
    assert_eq!((sent.buffered, sent.gathered), (0, 0));
    let [slices] = writer.get_ref().writes.as_slice() else { panic!("one write") };
    assert_eq!(slices[0].1 as u64, sum.bytes);
    assert!(slices.contains(&(numbers.as_ptr().addr(), 20_000)));
    let all = Sent { bytes: sum.bytes + sent.bytes, buffered: sum.bytes, ..Sent::default() };
    assert_eq!(writer.sent(), all);

    // A full buffer is written as one.
    for number in 0..10_000 {
        writer.write_message(&small(number)).unwrap();
    }
    let mut writes = writer.get_ref().writes[1..].iter();
    assert!(writes.all(|slices| slices.len() == 1 && slices[0].1 > 60_000));
}

#[test]
fn flushing_reaches_the_writer_and_dropping_writes_what_waits() {
    let mut inner = Narrow::wide();
    let mut writer = MessageWriter::new(&mut inner);
    writer.write_message(&small(1)).unwrap();
    writer.flush().unwrap();
    assert_eq!((writer.get_ref().flushes, writer.get_ref().writes.len()), (1, 1));
    writer.write_message(&small(2)).unwrap();
    drop(writer);
    assert_eq!(inner.bytes, bytes_of(&[&small(1), &small(2)]));

    let mut blocked = Narrow::with_budget(3);
    let mut writer = MessageWriter::new(&mut blocked);
    writer.queue(small(1)).unwrap();
    drop(writer);
    assert_eq!(blocked.bytes, bytes_of(&[&small(1)])[..3], "an error on drop is lost");
}

#[test]
fn unwritten_counts_each_byte_until_it_is_written() {
    let (short, long) = (small(1), long(&numbers(30_000)));
    let (short_len, long_len) = (bytes_of(&[&short]).len(), bytes_of(&[&long]).len());
    let mut writer = MessageWriter::new(Narrow::with_budget(short_len + 7));
    assert_eq!(writer.unwritten(), 0);
    writer.write_message(&short).unwrap();
    assert_eq!(writer.unwritten(), short_len as u64);
    writer.queue(long).unwrap();
    assert_eq!(writer.unwritten(), (short_len + long_len) as u64);
    assert!(would_block(&writer.flush().unwrap_err()));
    assert_eq!(writer.unwritten(), long_len as u64 - 7);
    writer.get_mut().budget = usize::MAX;
    writer.flush().unwrap();
    assert_eq!((writer.unwritten(), writer.get_ref().flushes), (0, 1));
}

#[test]
fn flush_of_the_writer_goes_on_after_an_interruption_and_tells_other_errors() {
    struct Fails(Vec<io::ErrorKind>);

    impl Write for Fails {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.pop().map_or(Ok(()), |kind| Err(kind.into()))
        }
    }

    let interrupted = io::ErrorKind::Interrupted;
    let mut writer = MessageWriter::new(Fails(vec![interrupted, interrupted]));
    writer.flush().unwrap();
    assert!(writer.get_ref().0.is_empty());
    writer.get_mut().0 = vec![io::ErrorKind::StorageFull, interrupted];
    let error = writer.flush().unwrap_err();
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::StorageFull);
}

#[test]
fn what_the_writer_refused_last_is_not_tried_again_by_dropping() {
    struct Stalls<'a>(&'a mut Vec<usize>, usize);

    impl Write for Stalls<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            match self.1.checked_sub(1) {
                Some(left) => {
                    self.1 = left;
                    Err(io::ErrorKind::TimedOut.into())
                }
                None => Ok(bytes.len()),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let len = bytes_of(&[&small(1)]).len();
    let mut calls = Vec::new();
    let mut writer = MessageWriter::new(Stalls(&mut calls, usize::MAX));
    writer.write_message(&small(1)).unwrap();
    let error = writer.into_inner().err().unwrap();
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::TimedOut);
    assert_eq!(calls, [len], "the peer is waited for once");

    let mut calls = Vec::new();
    let mut writer = MessageWriter::new(Stalls(&mut calls, 1));
    writer.write_message(&small(1)).unwrap();
    writer.flush().unwrap_err();
    writer.flush().unwrap();
    writer.write_message(&small(2)).unwrap();
    drop(writer);
    assert_eq!(calls, [len; 3], "an error that passed is forgotten");
}

#[test]
fn no_write_has_more_slices_than_a_system_takes() {
    let all_out = CanOptions::new().inline_threshold(0);
    for options in options::all() {
        let mut most = 0;
        for arrays in [500, 511, 512, 513, 3000, 3001] {
            let arrays = Arc::new(vec![[1_u8; 3].to_vec(); arrays]);
            let mut writer = MessageWriter::new(Narrow::wide());
            writer.set_frames(options);
            writer.queue(small(1)).unwrap();
            writer.queue(all_out.can_arc(&arrays).unwrap().into()).unwrap();
            writer.flush().unwrap();
            let writes = writer.get_ref().writes.iter().map(Vec::len);
            most = most.max(writes.max().unwrap());
        }
        assert!((1000..=1024).contains(&most), "{most} slices, {options:?}");
    }
}

#[test]
fn writer_that_takes_nothing_more_is_an_error() {
    let mut writer = MessageWriter::new(&mut [][..]);
    writer.write_message(&small(1)).unwrap();
    let error = writer.into_inner().unwrap_err();
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::WriteZero);
}

#[test]
fn after_a_panic_of_the_writer_nothing_is_written() {
    struct Panics<'a>(&'a mut usize);

    impl Write for Panics<'_> {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            *self.0 += 1;
            panic!("a writer's panic");
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut calls = 0;
    let mut writer = MessageWriter::new(Panics(&mut calls));
    writer.write_message(&small(1)).unwrap();
    panic::catch_unwind(AssertUnwindSafe(|| writer.flush())).unwrap_err();
    let error = writer.flush().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::CutOff { .. }), "{error}");
    drop(writer);
    assert_eq!(calls, 1);
}

#[test]
fn object_whose_buffers_were_taken_is_not_queued() {
    let bytes = bytes_of(&[&long(&numbers(10_000))]);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    let mut message = reader.read_message().unwrap().unwrap();
    message.objects_mut()[1].take::<Vec<u16>, _>().unwrap();
    let mut writer = MessageWriter::new(Narrow::wide());
    let error = writer.queue(message).unwrap_err();
    assert_eq!(error.to_string(), "buffer 0 was already taken");
    assert_eq!(writer.unwritten(), 0);
    writer.write_message(&Message::from(can(&5).unwrap())).unwrap();
    assert_eq!(writer.sent().bytes, writer.unwritten());
}

/// What a caller does with a writer that takes `budget` bytes more.
#[derive(Clone, Debug)]
enum Step {
    Write(u16),
    Queue(u16),
    Flush,
}

fn step() -> impl Strategy<Value = (Step, usize)> {
    let len = || prop_oneof![0..40_u16, 7_000..12_000_u16];
    let step = prop_oneof![
        3 => len().prop_map(Step::Write),
        3 => len().prop_map(Step::Queue),
        1 => Just(Step::Flush),
    ];
    (step, prop_oneof![Just(0_usize), 0..100_usize, 0..50_000_usize, Just(usize::MAX)])
}

proptest! {
    #[test]
    fn what_was_accepted_is_written_in_order_and_nothing_else(
        steps in vec(step(), 1..30),
        capacity in prop_oneof![Just(0_usize), Just(500), Just(20_000), Just(64 << 10)],
    ) {
        let mut writer = MessageWriter::with_capacity(capacity, Narrow::default());
        let mut expected = Vec::new();
        let mut cut_off = None;
        for (step, budget) in steps {
            writer.get_mut().budget = budget;
            let before = writer.get_ref().bytes.len() + usize::try_from(writer.unwritten()).unwrap();
            let result = match step {
                Step::Flush => writer.flush(),
                Step::Queue(len) => {
                    let message = long(&numbers(len));
                    let frame = bytes_of(&[&message]);
                    writer.queue(message).map(|()| expected.extend(frame))
                }
                Step::Write(len) => {
                    let message = long(&numbers(len));
                    let frame = bytes_of(&[&message]);
                    let result = writer.write_message(&message).map(drop);
                    // What is written of a message that failed stays so.
                    let now = writer.get_ref().bytes.len() + usize::try_from(writer.unwritten()).unwrap();
                    expected.extend_from_slice(&frame[..now - before]);
                    if result.is_err() && now > before {
                        cut_off = Some((now - before, frame.len()));
                    }
                    result
                }
            };
            match (result, cut_off) {
                (Ok(()), None) => {}
                (Ok(()), Some(_)) => prop_assert!(false, "nothing follows what was cut off"),
                (Err(error), None) => prop_assert!(would_block(&error), "{}", error),
                (Err(error), Some((written, len))) => match *error.kind() {
                    ErrorKind::CutOff { written: found, len: of } => {
                        prop_assert_eq!((found, of), (written as u64, len as u64));
                    }
                    _ => prop_assert!(would_block(&error), "{}", error),
                },
            }
        }
        writer.get_mut().budget = usize::MAX;
        prop_assert_eq!(writer.flush().is_err(), cut_off.is_some());
        prop_assert!(writer.get_ref().bytes == expected);
    }
}
