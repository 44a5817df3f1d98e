//! The cases of a group that sends over one stream.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::mpsc,
    thread::{self, JoinHandle},
};

use crate::{
    exchange::Way,
    exchange::{
        Stream, answer,
        stream::Pair,
        way::{Receiver, Sender},
    },
    harness::{Case, Stopwatch},
};

/// Each case takes its turns on the same stream. One thread receives for all of them, so
/// that they share one heap as well: what one has freed is there for the next, and none has
/// memory that the others do not have.
pub(crate) fn cases<'a>(ways: Vec<Way<'a>>, (here, there): Pair) -> Vec<Case<'a>> {
    let (orders, received) = mpsc::channel();
    let mut sends = Vec::new();
    let mut receivers = Vec::new();
    for Way { implementation, bytes, sum, next_to, send, receive } in ways {
        sends.push((implementation, bytes, sum, next_to, send));
        receivers.push(receive);
    }
    let receiver = thread::spawn(move || serve(&received, receivers, there));
    let (orders, receiver) = (Some(orders), Some(receiver));
    let client = Rc::new(Client { stream: RefCell::new(here), orders, receiver });
    let case = |((implementation, bytes, sum, next_to, mut send), index)| {
        let client = Rc::clone(&client);
        let case = Case::batched(implementation, bytes, move |watch| {
            client.exchange(watch, index, sum, &mut send);
        });
        match next_to {
            Some(implementation) => case.next_to(implementation),
            None => case,
        }
    };
    sends.into_iter().zip(0..).map(case).collect()
}

/// The end of the sender.
struct Client {
    stream: RefCell<Box<dyn Stream>>,
    /// Always there but while it is dropped.
    orders: Option<mpsc::Sender<Order>>,
    receiver: Option<JoinHandle<()>>,
}

/// Ends the receiver, and waits for it: what it holds, as files, is gone then.
impl Drop for Client {
    fn drop(&mut self) {
        drop(self.orders.take());
        // One that has failed may have left the receiver waiting at its stream.
        if let Some(receiver) = self.receiver.take().filter(|_| !thread::panicking()) {
            receiver.join().unwrap();
        }
    }
}

/// What the receiver is to do next.
struct Order {
    /// Which of the receivers.
    index: usize,
    /// How many values it will get.
    times: u32,
}

impl Client {
    /// Measures as many exchanges as are asked for. The receiver waits at the stream by then.
    fn exchange(&self, watch: &mut Stopwatch, index: usize, expected: f64, send: &mut Sender<'_>) {
        let stream = &mut **self.stream.borrow_mut();
        let times = watch.times();
        self.orders.as_ref().unwrap().send(Order { index, times }).unwrap();
        answer(stream);
        match send {
            Sender::Whole(send) => watch.time(|| {
                for _ in 0..times {
                    send(stream);
                    assert_eq!(answer(stream), expected);
                }
            }),
            Sender::Staged(send) => {
                (0..times).for_each(|_| assert_eq!(send(watch, stream), expected));
            }
        }
    }
}

/// Works off the orders, until the sender's end is gone.
fn serve(
    orders: &mpsc::Receiver<Order>,
    mut receivers: Vec<Receiver>,
    mut stream: Box<dyn Stream>,
) {
    for Order { index, times } in orders {
        stream.write_all(&READY.to_ne_bytes()).unwrap();
        for _ in 0..times {
            let sum = receivers[index](&mut *stream).unwrap();
            stream.write_all(&sum.to_ne_bytes()).unwrap();
        }
    }
}

/// Stands for a sum, to say that the receiver is awake.
const READY: f64 = 0.0;
