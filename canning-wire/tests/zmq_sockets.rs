//! Messages over real sockets of the `zeromq` crate.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use canning_core::{Can, Canned, CannedObject, SharedSlice};
use canning_wire::{
    ErrorKind, Limits, Message, can_arc,
    zmq::{self, Backlog, Copies, Envelope, MultipartError},
};
use futures_util::FutureExt;
use support::counting::{Counting, count};
use tokio::{runtime, task, time};
use zeromq::{
    DealerSocket, PubSocket, PullSocket, PushSocket, RepSocket, ReqSocket, RouterSocket, Socket,
    SocketOptions, SocketRecv, SocketSend, SubSocket, ZmqError, ZmqMessage, util::PeerIdentity,
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// One thread, so that what all tasks allocate is counted.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let timed = async { time::timeout(Duration::from_secs(600), future).await };
    runtime.block_on(timed).expect("a test ends")
}

/// Connects two sockets.
async fn connected<A: Socket, B: Socket>() -> (A, B) {
    let (mut bound, mut connecting) = (A::new(), B::new());
    let endpoint = bound.bind("tcp://127.0.0.1:0").await.unwrap();
    connecting.connect(&endpoint.to_string()).await.unwrap();
    (bound, connecting)
}

fn message<T, V>(value: T) -> Message<'static>
where
    T: Can<V> + Send + Sync + 'static,
{
    can_arc(&Arc::new(value)).unwrap().into()
}

fn number(received: zmq::Received) -> i32 {
    let [object] = received.message.into_array().unwrap();
    object.get_object().unwrap()
}

const LIMITS: Limits = Limits {
    header_bytes: 1 << 20,
    buffers: 64,
    message_bytes: 1 << 30,
    objects: 64,
    depth: 128,
    believed_bytes: 1 << 30,
    expanded_bytes: 1 << 30,
    unfolded_bytes: 1 << 20,
    recycled_bytes: 0,
};

#[test]
fn a_large_array_is_used_where_it_was_received() {
    let numbers = Arc::new((0..1 << 17).map(f64::from).collect::<Vec<_>>());
    block_on(async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        let mut uncopied = 0;
        for _ in 0..20 {
            let sent = zmq::send(&mut push, can_arc(&numbers).unwrap().into()).await.unwrap();
            assert_eq!(sent, Copies::default());
            let received = zmq::recv(&mut pull, &LIMITS).await.unwrap();
            let copies = received.copies;
            let [object] = received.message.into_array().unwrap();
            let place = object.buffers()[0].as_slice().unwrap().as_ptr();
            let shared: SharedSlice<f64> = object.get().unwrap();
            assert_eq!((shared.as_ptr().cast(), object.copied()), (place, Default::default()));
            assert_eq!(*shared, **numbers);
            // Where the head of the part came in two reads, the part lies badly.
            if copies != Copies::default() {
                assert_eq!((copies.parts, copies.bytes), (1, 8 << 17));
                continue;
            }
            uncopied += 1;
            // Owning it is the copy that is counted.
            let owned: Vec<f64> = object.get().unwrap();
            assert_eq!((owned.len(), object.copied().out_of_band), (1 << 17, 8 << 17));
        }
        assert!(uncopied >= 10, "{uncopied}");
    });
}

#[test]
fn small_arrays_lie_where_the_parts_before_them_end() {
    #[derive(Debug, PartialEq, Canned)]
    struct Two {
        bytes: Vec<u8>,
        floats: Vec<f64>,
    }
    block_on(async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        // Together they fit in one read, so that the bytes push the floats to other addresses.
        let mut copies = 0;
        for len in 2000..2016 {
            let two = || Two { bytes: vec![1; len], floats: vec![0.5; 200] };
            zmq::send(&mut push, message(two())).await.unwrap();
            let received = zmq::recv(&mut pull, &LIMITS).await.unwrap();
            let copied = received.copies;
            assert_eq!(copied.bytes, if copied.parts == 0 { 0 } else { 1600 }, "only the floats");
            copies += copied.parts;
            let [mut object] = received.message.into_array().unwrap();
            assert_eq!(object.take::<Two, _>().unwrap(), two());
        }
        assert!((1..=16).contains(&copies), "{copies}");
    });
}

#[test]
fn a_router_answers_dealers_by_their_names() {
    block_on(async {
        let mut router = RouterSocket::new();
        let endpoint = router.bind("tcp://127.0.0.1:0").await.unwrap().to_string();
        let names = ["one", "two"];
        let mut dealers = Vec::new();
        for name in names {
            let mut options = SocketOptions::default();
            options.peer_identity(name.parse().unwrap());
            let mut dealer = DealerSocket::with_options(options);
            dealer.connect(&endpoint).await.unwrap();
            zmq::send(&mut dealer, message(name.to_owned())).await.unwrap();
            dealers.push(dealer);
        }
        for _ in names {
            let received = zmq::recv_from(&mut router, &LIMITS).await.unwrap();
            let [object] = received.message.into_array().unwrap();
            let name: String = object.get().unwrap();
            assert_eq!(received.envelope.parts(), [Bytes::from(name)]);
        }
        // By a name that is known otherwise.
        for (number, name) in (0..).zip(names) {
            let name: PeerIdentity = name.parse().unwrap();
            zmq::send_to(&mut router, name, message(number)).await.unwrap();
        }
        for (expected, dealer) in (0..).zip(&mut dealers) {
            assert_eq!(number(zmq::recv(dealer, &LIMITS).await.unwrap()), expected);
        }
        let unknown: PeerIdentity = "three".parse().unwrap();
        let error = zmq::send_to(&mut router, unknown, message(3)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Multipart(MultipartError::Socket(_))));
    });
}

#[test]
fn a_router_answers_req_sockets_behind_their_empty_part() {
    block_on(async {
        let (mut router, mut req) = connected::<RouterSocket, ReqSocket>().await;
        for question in [message(5), Message::new()] {
            let objects = question.objects().len();
            zmq::send(&mut req, question).await.unwrap();
            let asked = zmq::recv_from(&mut router, &LIMITS).await.unwrap();
            assert_eq!(asked.envelope.parts().len(), 2);
            assert_eq!(asked.message.objects().len(), objects);
            zmq::send_to(&mut router, asked.envelope, asked.message).await.unwrap();
            let answer = zmq::recv(&mut req, &LIMITS).await.unwrap();
            assert_eq!(answer.message.objects().len(), objects);
        }
        // A DEALER's message without objects has no such part.
        let (mut router, mut dealer) = connected::<RouterSocket, DealerSocket>().await;
        zmq::send(&mut dealer, Message::new()).await.unwrap();
        let asked = zmq::recv_from(&mut router, &LIMITS).await.unwrap();
        assert_eq!((asked.envelope.parts().len(), asked.message.objects().len()), (1, 0));

        let (mut rep, mut req) = connected::<RepSocket, ReqSocket>().await;
        zmq::send(&mut req, message(1)).await.unwrap();
        assert_eq!(number(zmq::recv(&mut rep, &LIMITS).await.unwrap()), 1);
        zmq::send(&mut rep, message(2)).await.unwrap();
        assert_eq!(number(zmq::recv(&mut req, &LIMITS).await.unwrap()), 2);
    });
}

#[test]
fn what_is_no_message_is_an_error_and_the_next_is_received() {
    block_on(async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        push.send(ZmqMessage::from("no message")).await.unwrap();
        zmq::send(&mut push, message(5)).await.unwrap();
        let error = zmq::recv(&mut pull, &LIMITS).await.unwrap_err();
        let text = "part 0: malformed header at byte 0: expected the tag of self-described CBOR";
        assert_eq!(error.to_string(), text);
        assert_eq!(number(zmq::recv(&mut pull, &LIMITS).await.unwrap()), 5);
    });
}

#[test]
fn without_a_peer_there_is_no_sending_and_the_parts_come_back() {
    block_on(async {
        let error = zmq::send(&mut PushSocket::new(), message(5)).await.unwrap_err();
        let ErrorKind::Multipart(MultipartError::Socket(source)) = error.kind() else {
            panic!("{error:?}");
        };
        let ZmqError::ReturnToSender { message, .. } = source else { panic!("{source}") };
        let received = zmq::unpack(message.clone(), 0, &LIMITS).unwrap();
        assert_eq!(number(received), 5);
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.to_string().contains("Not connected to peers"), "{source}");
    });
}

#[test]
fn a_socket_that_is_dropped_still_writes_what_it_queued() {
    block_on(async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        for number in 0..1000 {
            zmq::send(&mut push, message(vec![number; 5000])).await.unwrap();
        }
        drop(push);
        for number in 0..1000 {
            assert_eq!(first_of(zmq::recv(&mut pull, &LIMITS).await.unwrap()), number);
        }
    });
}

#[test]
fn arrays_that_follow_each_other_lie_well_if_they_are_large() {
    block_on(async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        let mut copies = 0;
        for len in (140_001..140_040).step_by(3) {
            let arrays =
                || (vec![1_u8; len], vec![0.5_f64; len], vec![7_u8; len], vec![1_i32; len]);
            zmq::send(&mut push, message(arrays())).await.unwrap();
            let received = zmq::recv(&mut pull, &LIMITS).await.unwrap();
            copies += received.copies.parts;
            let [object] = received.message.into_array().unwrap();
            let value: (Vec<u8>, Vec<f64>, Vec<u8>, Vec<i32>) = object.get_object().unwrap();
            assert_eq!(value, arrays());
        }
        // Of 26 whose items need more than a byte. Seven of eight would be at bad addresses.
        assert!(copies <= 4, "{copies}");
    });
}

#[test]
fn a_receiver_that_is_dropped_loses_nothing() {
    block_on(async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        for number in 0..50 {
            let array = vec![number; 1 << 18];
            let send = zmq::send(&mut push, message(array));
            send.await.unwrap();
        }
        let mut received = Vec::new();
        let mut dropped = 0;
        while received.len() < 50 {
            // More than fits between the sockets is never all there at the first time of asking.
            match zmq::recv(&mut pull, &LIMITS).now_or_never() {
                Some(message) => received.push(first_of(message.unwrap())),
                None => {
                    dropped += 1;
                    task::yield_now().await;
                }
            }
        }
        assert_eq!(received, Vec::from_iter(0..50));
        assert!(dropped > 0, "nothing was dropped");
    });
}

fn first_of(received: zmq::Received) -> i32 {
    let [object] = received.message.into_array().unwrap();
    object.get_object::<SharedSlice<i32>, _>().unwrap()[0]
}

#[test]
fn a_subscriber_that_does_not_read_loses_what_is_above_100_000() {
    const LAST: i32 = -1;
    // As the docs of the module say of the crate's queues.
    block_on(async {
        let (mut publisher, mut subscriber) = connected::<PubSocket, SubSocket>().await;
        subscriber.subscribe("").await.unwrap();
        let first = || zmq::pack(message(0), Envelope::from("")).unwrap().message;
        while time::timeout(Duration::from_millis(5), subscriber.recv()).await.is_err() {
            publisher.send(first()).await.unwrap();
        }
        let packed = zmq::pack(message(1), Envelope::from("")).unwrap().message;
        for _ in 0..100_500 {
            publisher.send(packed.clone()).await.unwrap();
        }
        let mut received = 0;
        loop {
            let came = zmq::unpack(subscriber.recv().await.unwrap(), 1, &LIMITS).unwrap();
            match number(came) {
                LAST => break,
                number => received += number,
            }
            if received == 100_000 {
                // There is room again. It comes behind whatever else is queued.
                let last = zmq::pack(message(LAST), Envelope::from("")).unwrap().message;
                publisher.send(last).await.unwrap();
            }
        }
        assert_eq!(received, 100_000);
    });
}

/// Sends 64 arrays of 1 MiB to a socket that does not read until no more can be sent; gives the
/// most memory that was in use, and how many were sent before it read.
fn peak_of_sending(backlog: &Backlog) -> (usize, usize) {
    const ARRAYS: usize = 64;
    let send_and_read = async {
        let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
        let mut sent = 0;
        let mut waiting = None;
        for number in 0..ARRAYS {
            let packed = zmq::pack(message(vec![number; 1 << 17]), Envelope::none()).unwrap();
            let mut admitted = Box::pin(backlog.admit(packed.message));
            match time::timeout(Duration::from_millis(200), &mut admitted).await {
                Ok(message) => push.send(message).await.unwrap(),
                Err(_elapsed) => {
                    waiting = Some(admitted);
                    break;
                }
            }
            sent += 1;
        }
        for _ in 0..sent {
            zmq::recv(&mut pull, &LIMITS).await.unwrap();
        }
        if let Some(admitted) = waiting {
            push.send(admitted.await).await.unwrap();
            zmq::recv(&mut pull, &LIMITS).await.unwrap();
        }
        sent
    };
    let (sent, cost) = count(|| block_on(send_and_read));
    (cost.peak, sent)
}

#[test]
fn what_a_slow_reader_leaves_is_kept_up_to_the_backlog() {
    let (peak, sent) = peak_of_sending(&Backlog::new(4 << 20));
    assert!((4..48).contains(&sent), "{sent}");
    // Beside the backlog: the message that waits, those in the blocks of both sockets.
    assert!(peak < 14 << 20, "{peak}");
    let (peak, sent) = peak_of_sending(&Backlog::new(1 << 30));
    assert_eq!(sent, 64, "the crate itself does not wait");
    assert!(peak > 40 << 20, "{peak}");
}

#[test]
fn a_backlog_admits_what_is_longer_than_it_alone() {
    block_on(async {
        let backlog = Backlog::new(10_000);
        let message = |len| ZmqMessage::from(Bytes::from(vec![7; len]));
        let long = backlog.admit(message(1 << 20)).await;
        let clone = long.clone();
        assert_eq!(long.get(0).unwrap().len(), 1 << 20);
        let mut next = Box::pin(backlog.admit(message(1)));
        for kept in [long, clone] {
            let wait = time::timeout(Duration::from_millis(20), &mut next).await;
            assert!(wait.is_err(), "there is no room as long as a clone is there");
            drop(kept);
        }
        let next = next.await;
        // Nine units are left, of ten.
        let _nine = backlog.admit(message(9 << 10)).await;
        let full = time::timeout(Duration::from_millis(20), backlog.admit(message(0)));
        assert!(full.await.is_ok(), "nothing needs no room");
        let full = time::timeout(Duration::from_millis(20), backlog.admit(message(1)));
        assert!(full.await.is_err());
        drop(next);
    });
}

#[test]
fn memory_stays_flat_over_100_000_messages() {
    const WINDOW: usize = 1000;
    #[derive(Canned)]
    struct Particles {
        step: usize,
        masses: SharedSlice<f32>,
    }
    let masses = SharedSlice::from(vec![0.5_f32; 300]);
    let run = |messages: usize| {
        block_on(async {
            let (mut pull, mut push) = connected::<PullSocket, PushSocket>().await;
            for first in (0..messages).step_by(WINDOW) {
                for step in first..first + WINDOW {
                    let particles = Particles { step, masses: masses.clone() };
                    zmq::send(&mut push, can_arc(&Arc::new(particles)).unwrap().into())
                        .await
                        .unwrap();
                }
                for step in first..first + WINDOW {
                    let received = zmq::recv(&mut pull, &LIMITS).await.unwrap();
                    let [object] = received.message.into_array().unwrap();
                    let particles: Particles = object.get_object().unwrap();
                    assert_eq!((particles.step, particles.masses.len()), (step, 300));
                }
            }
        });
    };
    let ((), few) = count(|| run(5 * WINDOW));
    let ((), many) = count(|| run(100 * WINDOW));
    assert!(many.bytes > 100_000 * 1200, "{many:?}");
    assert!(many.peak < few.peak + few.peak / 2, "{few:?} {many:?}");
}
