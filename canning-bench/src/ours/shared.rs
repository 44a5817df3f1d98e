//! Frames in shared memory by canning.

use std::{os::unix::net::UnixStream, thread, time::Duration};

use canning_core::{Buffer, CannedObject};
use canning_wire::{
    Limits, Message, can,
    shm::{Arena, Handover, SealTimes, Sealed, SharedPool, Slot},
    socket::Options,
};

use crate::{
    exchange::{Stream, Way, answer},
    harness::Stopwatch,
    mapped,
    values::{Frame, Value, Views, borrowed, shared},
};

/// Handing over a frame that is in an arena already: as a whole, and its parts apart.
pub(crate) fn handing_over(frame: &Frame) -> Vec<Way<'_>> {
    let parts: [(_, Part); 3] = [
        ("canning_unmapping", |times| times.unmapping),
        ("canning_sealing", |times| times.sealing),
        ("canning_mapping", |times| times.mapping),
    ];
    let mut ways = vec![
        handing("canning", frame, |connection, born, watch, stream| {
            watch.time(|| {
                connection.write_message(&can(&born.seal()).unwrap().into()).unwrap();
                answer(stream)
            })
        }),
        handing("canning_sealed_before", frame, |connection, born, watch, stream| {
            let frame = born.seal();
            watch.time(|| {
                connection.write_message(&can(&frame).unwrap().into()).unwrap();
                answer(stream)
            })
        }),
    ];
    ways.extend(parts.map(|(implementation, part)| {
        handing(implementation, frame, move |connection, born, watch, stream| {
            let (frame, times) = born.seal_timed();
            watch.count(part(times));
            connection.write_message(&can(&frame).unwrap().into()).unwrap();
            answer(stream)
        })
    }));
    ways
}

/// A part of what sealing took.
type Part = fn(SealTimes) -> Duration;

fn handing<'a>(
    implementation: &'static str,
    frame: &'a Frame,
    mut hand: impl FnMut(&mut Handover, Born<'_>, &mut Stopwatch, &mut dyn Stream) -> f64 + 'a,
) -> Way<'a> {
    let (mut here, there) = connected();
    let send = move |watch: &mut Stopwatch, stream: &mut dyn Stream| {
        hand(&mut here, Born::of(frame), watch, stream)
    };
    let way = Way::staged(implementation, frame, send, receive(there, |views| views.firsts()));
    way.answered(frame.views().firsts())
}

/// A frame is copied into an arena, handed over, and added up.
pub(crate) fn sending(frame: &Frame) -> Way<'_> {
    let (mut here, there) = connected();
    let send = move |_: &mut dyn Stream| {
        here.write_message(&can(&Born::of(frame).seal()).unwrap().into()).unwrap();
    };
    Way::new("canning", frame, send, receive(there, |views| views.sum()))
}

fn receive(
    mut connection: Handover,
    look: fn(Views<'_>) -> f64,
) -> impl FnMut(&mut dyn Stream) -> Option<f64> + Send {
    move |_| {
        let message = connection.read_message().unwrap()?;
        let frame: borrowed::Frame<'_> = message.objects()[0].get().unwrap();
        Some(look(frame.views()))
    }
}

/// A frame whose arrays are in memory that can still be written.
struct Born<'a> {
    frame: &'a Frame,
    arena: Arena,
    pos: Slot<f64>,
    vel: Slot<f64>,
    ids: Slot<u32>,
}

impl<'a> Born<'a> {
    fn of(frame: &'a Frame) -> Self {
        let Frame { pos, vel, ids, .. } = frame;
        let arena = Arena::new(usize::try_from(frame.bytes()).unwrap() + 3 * 64).unwrap();
        let [pos, vel] = [pos, vel].map(|items| arena.copied(items).unwrap().finish());
        let ids = arena.copied(ids).unwrap().finish();
        Self { frame, arena, pos, vel, ids }
    }

    fn seal(self) -> shared::Frame {
        self.seal_timed().0
    }

    fn seal_timed(self) -> (shared::Frame, SealTimes) {
        let Self { frame, arena, pos, vel, ids } = self;
        let sealed: Sealed = arena.seal().unwrap();
        let [pos, vel] = [pos, vel].map(|slot| sealed.get(slot).unwrap());
        let ids = sealed.get(ids).unwrap();
        let frame = shared::Frame { step: frame.step, name: frame.name.clone(), pos, vel, ids };
        (frame, sealed.times())
    }
}

/// A pool, in which one message after the other lies as a block: written and read in place, or, as
/// is safe whatever the other does, copied in and out.
pub(crate) fn pooling(frame: &Frame) -> Vec<Way<'_>> {
    let (mut ours, theirs) = pools(frame);
    let views = Way::new(
        "canning",
        frame,
        move |stream| {
            let message = Message::from(can(frame).unwrap());
            let len = message.copy_to(mapped::part_mut(&mut ours)).unwrap();
            stream.write_all(&len.to_ne_bytes()).unwrap();
        },
        move |stream| Some(sum_of(Buffer::borrowed(mapped::part(&theirs, told(stream)?)))),
    );
    let (ours, theirs) = pools(frame);
    let copied = Way::new(
        "canning_copied",
        frame,
        move |stream| {
            let block = Message::from(can(frame).unwrap()).to_block().unwrap();
            ours.copy_in(0, block.as_slice()).unwrap();
            stream.write_all(&block.len().to_ne_bytes()).unwrap();
        },
        move |stream| Some(sum_of(theirs.copy_out(0, told(stream)?).unwrap().into())),
    );
    vec![views, copied]
}

fn sum_of(block: Buffer<'_>) -> f64 {
    let message = Message::from_block(block, &Limits::default()).unwrap();
    let frame: borrowed::Frame<'_> = message.objects()[0].get().unwrap();
    frame.views().sum()
}

/// The length that the sender says.
fn told(stream: &mut dyn Stream) -> Option<usize> {
    let mut len = [0; size_of::<usize>()];
    stream.read_exact(&mut len).ok()?;
    Some(usize::from_ne_bytes(len))
}

/// The same memory at both ends.
fn pools(frame: &Frame) -> (SharedPool, SharedPool) {
    let ours = SharedPool::new(usize::try_from(frame.bytes()).unwrap() + 4096).unwrap();
    let (mut here, mut there) = connected();
    here.write_pool(&ours).unwrap();
    (ours, there.read_pool().unwrap())
}

fn connected() -> (Handover, Handover) {
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(move || Handover::over(there, &Options::default()).unwrap());
    (Handover::over(here, &Options::default()).unwrap(), there.join().unwrap())
}
