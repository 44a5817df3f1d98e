//! A frame over a PUSH and a PULL socket of the `zeromq` crate, until the receiver has its sum.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use ::bincode::config;
use bytes::Bytes;
use canning_core::{Canned, CannedObject, SharedSlice};
use canning_wire::{
    Limits, can_arc,
    zmq::{self, Guard, GuardOptions},
};
use tokio::runtime::{Builder, Runtime};
use zeromq::{PullSocket, PushSocket, Socket, SocketRecv, SocketSend, ZmqMessage};

use crate::{
    harness::Case,
    subjects::{Group, sizes},
    values::{Frame, Value, Views},
};

/// `zmq/SIZE`, over TCP within one thread, so that nothing happens at the same time: next to
/// the same arrays as plain parts. Both ends are alike: a frame that shares the parts that came.
/// With arrays that are owned it is next to plain parts that are copied into vectors, and to
/// bincode in one part.
pub(super) fn groups() -> Vec<Group> {
    let group = |size: &'static sizes::Size| {
        Group::new(format!("zmq/{}", size.name), move |bench, id| {
            let frame = Arc::new(Frame::of_bytes(size.bytes));
            bench.group(id, PLAIN, cases(&frame));
        })
    };
    sizes::of_peers().map(group).collect()
}

fn cases(frame: &Arc<Frame>) -> Vec<Case<'static>> {
    let link = Rc::new(RefCell::new(Link::open(false)));
    let guarded = Rc::new(RefCell::new(Link::open(true)));
    vec![
        shared("canning", frame, &link),
        plain(PLAIN, frame, &link, |views| views.sum()),
        owned(frame, &link).next_to(PLAIN_OWNED),
        plain(PLAIN_OWNED, frame, &link, |Views { pos, vel, ids }| {
            let (pos, vel, ids) = (pos.to_vec(), vel.to_vec(), ids.to_vec());
            Views { pos: &pos, vel: &vel, ids: &ids }.sum()
        }),
        bincode(frame, &link).next_to(PLAIN_OWNED),
        shared("canning_guarded", frame, &guarded),
    ]
}

/// A frame whose arrays stay where they came.
#[derive(Canned)]
#[canned(rename = "Frame")]
struct Shared {
    step: u64,
    name: String,
    pos: SharedSlice<f64>,
    vel: SharedSlice<f64>,
    ids: SharedSlice<u32>,
}

fn shared(name: &str, frame: &Arc<Frame>, link: &Rc<RefCell<Link>>) -> Case<'static> {
    canned(name, frame, link, |object| {
        let frame: Shared = object.get_object().unwrap();
        assert_eq!((frame.step, frame.name.len()), (123_456, 9));
        Views { pos: &frame.pos, vel: &frame.vel, ids: &frame.ids }.sum()
    })
}

fn owned(frame: &Arc<Frame>, link: &Rc<RefCell<Link>>) -> Case<'static> {
    canned("canning_owned", frame, link, |object| object.get_object::<Frame, _>().unwrap().sum())
}

fn canned(
    name: &str,
    frame: &Arc<Frame>,
    link: &Rc<RefCell<Link>>,
    sum: fn(canning_wire::Object<'static>) -> f64,
) -> Case<'static> {
    case(name, frame, link, move |link, frame| {
        let Link { runtime, push, pull, .. } = link;
        runtime.block_on(async {
            let copies = zmq::send(push, can_arc(frame).unwrap().into()).await.unwrap();
            assert_eq!(copies.parts, 0);
            let received = zmq::recv(pull, &Limits::default()).await.unwrap();
            let [object] = received.message.into_array().unwrap();
            sum(object)
        })
    })
}

/// The same arrays behind a part of some bytes, as an application would send them without a format.
fn plain(
    name: &str,
    frame: &Arc<Frame>,
    link: &Rc<RefCell<Link>>,
    sum: fn(Views<'_>) -> f64,
) -> Case<'static> {
    case(name, frame, link, move |link, frame| {
        let arrays = [Array::Pos, Array::Vel, Array::Ids]
            .map(|array| Bytes::from_owner(Part { frame: Arc::clone(frame), array }));
        let mut parts = ZmqMessage::from("123456 particles");
        arrays.into_iter().for_each(|array| parts.push_back(array));
        let came = link.exchange(parts).into_vec();
        let [_, pos, vel, ids] = came.as_slice() else { panic!("{} parts", came.len()) };
        let (pos, vel, ids) = (aligned(pos), aligned(vel), aligned(ids));
        sum(Views { pos: &pos, vel: &vel, ids: &ids })
    })
}

/// Items where they lie, or copied to where they can.
fn aligned<T: bytemuck::Pod>(bytes: &[u8]) -> std::borrow::Cow<'_, [T]> {
    match bytemuck::try_cast_slice(bytes) {
        Ok(items) => items.into(),
        Err(_misaligned) => bytemuck::pod_collect_to_vec(bytes).into(),
    }
}

/// One array of a frame, which it keeps alive.
struct Part {
    frame: Arc<Frame>,
    array: Array,
}

enum Array {
    Pos,
    Vel,
    Ids,
}

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        match self.array {
            Array::Pos => bytemuck::cast_slice(&self.frame.pos),
            Array::Vel => bytemuck::cast_slice(&self.frame.vel),
            Array::Ids => bytemuck::cast_slice(&self.frame.ids),
        }
    }
}

fn bincode(frame: &Arc<Frame>, link: &Rc<RefCell<Link>>) -> Case<'static> {
    let config = config::standard().with_fixed_int_encoding();
    case("bincode", frame, link, move |link, frame| {
        let encoded = ::bincode::encode_to_vec(&**frame, config).unwrap();
        let came = link.exchange(encoded.into()).into_vec();
        let (frame, _): (Frame, _) = ::bincode::decode_from_slice(&came[0], config).unwrap();
        frame.sum()
    })
}

/// Measures `send_and_sum`, and checks what it gives.
fn case(
    name: &str,
    frame: &Arc<Frame>,
    link: &Rc<RefCell<Link>>,
    send_and_sum: impl Fn(&mut Link, &Arc<Frame>) -> f64 + 'static,
) -> Case<'static> {
    let (bytes, expected) = (frame.bytes(), frame.sum());
    let (frame, link) = (Arc::clone(frame), Rc::clone(link));
    let work = move || send_and_sum(&mut link.borrow_mut(), &frame);
    Case::new(name, bytes, work, move |sum| assert_eq!(*sum, expected))
}

/// Two sockets that are connected.
struct Link {
    runtime: Runtime,
    push: PushSocket,
    pull: PullSocket,
    _guard: Option<Guard>,
}

impl Link {
    fn open(is_guarded: bool) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (mut push, mut pull) = (PushSocket::new(), PullSocket::new());
        let guard = runtime.block_on(async {
            let anywhere = "tcp://127.0.0.1:0";
            let (endpoint, guard) = if is_guarded {
                let guard = Guard::bind(&mut pull, anywhere, GuardOptions::default()).await;
                let guard = guard.unwrap();
                (guard.endpoint().clone(), Some(guard))
            } else {
                (pull.bind(anywhere).await.unwrap(), None)
            };
            push.connect(&endpoint.to_string()).await.unwrap();
            guard
        });
        Self { runtime, push, pull, _guard: guard }
    }

    fn exchange(&mut self, parts: ZmqMessage) -> ZmqMessage {
        let Self { runtime, push, pull, .. } = self;
        runtime.block_on(async {
            push.send(parts).await.unwrap();
            pull.recv().await.unwrap()
        })
    }
}

/// Parts that are used where they lie.
const PLAIN: &str = "plain_parts";

/// Parts that are copied into vectors.
const PLAIN_OWNED: &str = "plain_parts_owned";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_arrive() {
        for bytes in [10_000, 1_000_000] {
            cases(&Arc::new(Frame::of_bytes(bytes))).iter_mut().for_each(Case::calibrate);
        }
    }
}
