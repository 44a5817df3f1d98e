//! Over a socket: each large buffer is one allocation, the one that is read into and that the
//! value ends up with; and sending allocates nothing that grows with the data.

#![cfg(unix)]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    io::{self, Read},
    ops::Range,
    os::unix::net::UnixStream,
    sync::Arc,
    thread,
};

use canning_core::{Canned, CannedObject, Copied};
use canning_wire::{Limits, Message, MessageReader, Sent, can, can_arc, write_message};
use support::counting::{Count, Counting, count};

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Debug, PartialEq, Canned)]
struct Frame {
    step: u64,
    label: String,
    positions: Vec<[f64; 3]>,
    masses: Vec<f32>,
    kinds: Vec<u8>,
}

impl Frame {
    fn of(len: u16) -> Self {
        Self {
            step: 7,
            label: "three large arrays".to_owned(),
            positions: (0..len).map(|item| [f64::from(item); 3]).collect(),
            masses: (0..len).map(f32::from).collect(),
            kinds: (0..=255).cycle().take(100 << 10).collect(),
        }
    }

    fn addresses(&self) -> [usize; 3] {
        [self.positions.as_ptr().addr(), self.masses.as_ptr().addr(), self.kinds.as_ptr().addr()]
    }

    fn lens(&self) -> [usize; 3] {
        [
            size_of_val(self.positions.as_slice()),
            size_of_val(self.masses.as_slice()),
            self.kinds.len(),
        ]
    }
}

/// Notes where it is told to read to.
struct Watched<R> {
    inner: R,
    reads: Vec<Range<usize>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        let start = bytes.as_ptr().addr();
        self.reads.push(start..start + read);
        Ok(read)
    }
}

struct Reads {
    places: Vec<Range<usize>>,
    /// Bytes of buffers that were read elsewhere, and copied.
    staged: u64,
}

/// Sends from a thread, and receives here; gives what both took.
fn transfer(frame: Frame) -> (Frame, [usize; 3], Reads, Copied, Count, Count, Sent) {
    let (mut here, there) = UnixStream::pair().unwrap();
    let sender = thread::spawn(move || {
        let sent = count(|| {
            let message = Message::from(can(&frame).unwrap());
            write_message(&mut here, &message).unwrap()
        });
        (sent, frame)
    });
    let reads = Vec::with_capacity(1 << 16);
    let inner = there;
    let mut reader = MessageReader::new(Watched { inner, reads }, Limits::default());
    let (received, receiving) = count(|| {
        let message = reader.read_message().unwrap().unwrap();
        let mut object = message.into_objects().remove(0);
        let addresses = [0, 1, 2].map(|index| {
            let buffer = object.buffers()[index].as_slice().unwrap();
            buffer.as_ptr().addr()
        });
        let received: Frame = object.take().unwrap();
        let staged = reader.staged_bytes();
        (received, addresses, reader.into_inner().reads, object.copied(), staged)
    });
    let ((sent, sending), original) = sender.join().unwrap();
    let (received, addresses, places, copied, staged) = received;
    let reads = Reads { places, staged };
    assert_eq!(received, original);
    (received, addresses, reads, copied, sending, receiving, sent)
}

#[test]
fn each_large_buffer_is_one_allocation_and_ends_up_in_the_value() {
    let (received, addresses, reads, copied, sending, receiving, sent) =
        transfer(Frame::of(50_000));
    assert_eq!(received.addresses(), addresses);
    assert_eq!(receiving.large, 3, "{receiving:?}");
    assert_eq!(copied.out_of_band, 0);
    let mut elsewhere = 0;
    for (start, len) in received.addresses().into_iter().zip(received.lens()) {
        let end = start + len;
        let into = reads.places.iter().filter(|read| start <= read.start && read.end <= end);
        elsewhere += len - into.map(ExactSizeIterator::len).sum::<usize>();
    }
    assert_eq!(elsewhere as u64, reads.staged, "read in place");
    assert!(elsewhere <= 3 * 4096, "{elsewhere} bytes came with what stands before");
    assert_eq!(sending.large, 0, "{sending:?}");
    assert_eq!(sent.gathered, 0);
}

#[test]
fn what_sending_and_receiving_allocate_besides_does_not_grow() {
    let besides = |len: u16| {
        let (received, _, _, _, sending, receiving, _) = transfer(Frame::of(len));
        let data: usize = received.lens().iter().sum();
        (sending.bytes, receiving.bytes - data, receiving.allocations)
    };
    let (small, large) = (besides(20_000), besides(60_000));
    assert_eq!(small, large);
}

#[test]
fn canning_costs_the_same_whatever_the_size() {
    let cost = |bytes: usize| {
        let numbers = vec![0_u8; bytes];
        let (object, cost) = count(|| can(&numbers).unwrap());
        assert_eq!(object.buffers()[0].as_slice().unwrap().as_ptr(), numbers.as_ptr());
        drop(object);
        let shared = Arc::new(numbers);
        let (object, shared_cost) = count(|| can_arc(&shared).unwrap());
        assert_eq!(object.buffers()[0].len(), bytes);
        (cost, shared_cost)
    };
    let (small, large) = (cost(64 << 10), cost(64 << 20));
    assert_eq!(small, large);
    assert!(small.0.bytes < 4096, "{small:?}");
}

#[test]
fn writing_a_message_of_a_few_arrays_allocates_nothing() {
    let frame = Frame::of(5_000);
    let message: Message<'_> = (0..2).map(|_| can(&frame).unwrap()).collect();
    let (sent, cost) = count(|| write_message(&mut io::sink(), &message).unwrap());
    assert!(sent.bytes > 2 * 5_000 * 24);
    assert_eq!(cost.allocations, 0, "{cost:?}");
}

/// Sends one message from several threads, to a socket each, several times; gives what each
/// receiver got and each sender allocated.
fn broadcast(message: &Arc<Message<'static>>) -> Vec<(Vec<Frame>, Count)> {
    const TIMES: usize = 3;
    let pairs: Vec<_> = (0..4).map(|_| UnixStream::pair().unwrap()).collect();
    thread::scope(|scope| {
        let exchanges = pairs.into_iter().map(|(mut here, there)| {
            let message = Arc::clone(message);
            let sender = scope.spawn(move || {
                let (sent, cost) = count(|| {
                    let sent = (0..TIMES).map(|_| write_message(&mut here, &message).unwrap());
                    sent.map(|sent| sent.bytes).sum::<u64>()
                });
                assert!(sent > 0);
                cost
            });
            let receiver = scope.spawn(move || {
                let reader = MessageReader::new(there, Limits::default());
                let objects = reader.map(|message| message.unwrap().into_objects().remove(0));
                objects.map(|object| object.get_object().unwrap()).collect::<Vec<Frame>>()
            });
            (sender, receiver)
        });
        let exchanges: Vec<_> = exchanges.collect();
        let joined = exchanges.into_iter();
        joined
            .map(|(sender, receiver)| (receiver.join().unwrap(), sender.join().unwrap()))
            .collect()
    })
}

#[test]
fn canned_once_and_sent_to_many_from_the_same_memory() {
    let frame = Arc::new(Frame::of(50_000));
    let message = Arc::new(Message::from(can_arc(&frame).unwrap()));
    let canned_at = [0, 1, 2].map(|index| {
        let buffer = message.objects()[0].buffers()[index].as_slice().unwrap();
        buffer.as_ptr().addr()
    });
    assert_eq!(canned_at, frame.addresses());
    for (received, sending) in broadcast(&message) {
        assert_eq!(received.len(), 3);
        assert!(received.iter().all(|received| *received == *frame));
        assert_eq!(sending.allocations, 0, "{sending:?}");
    }
    drop(frame);
    assert_eq!(message.objects()[0].get::<Frame, _>().unwrap(), Frame::of(50_000));
}

#[cfg(feature = "socket")]
#[test]
fn a_connection_keeps_the_memory_that_it_is_given_back() {
    use canning_wire::socket::{Connection, Options};

    let (here, there) = UnixStream::pair().unwrap();
    let peer = thread::spawn(move || {
        let mut peer = Connection::over(there, &Options::default()).unwrap();
        for _ in 0..3 {
            peer.write_value(&vec![7_u8; 100_000]).unwrap();
        }
        peer.finish().unwrap();
    });
    let mut here = Connection::over(here, &Options::default()).unwrap();
    let message = here.read_message().unwrap().unwrap();
    let ((), cost) = count(|| here.recycle_message(message));
    assert!(cost.freed() < 1000, "{cost:?}");
    let (value, cost) = count(|| here.read_value::<Vec<u8>, _>().unwrap().unwrap());
    assert_eq!((value.len(), cost.large), (100_000, 0), "in the memory of the first");
    let ((), cost) = count(|| here.recycle(value));
    assert!(cost.freed() < 1000, "{cost:?}");
    let (value, cost) = count(|| here.read_value::<Vec<u8>, _>().unwrap().unwrap());
    assert_eq!((value.len(), cost.large), (100_000, 0), "in the memory of the second");
    peer.join().unwrap();
}
