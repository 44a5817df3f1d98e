//! The second process: receives values, works on them, and answers.

use std::{
    io,
    os::fd::AsFd,
    time::{Duration, Instant},
};

use canning_core::{Can, CannedObject, Value};
use canning_wire::{Message, Object, can};
use ndarray::{Array1, ArrayView1};

use super::{
    dataset::Dataset,
    error::{Error, Result},
    link::{Incoming, Link},
    place::Place,
    progress::Progress,
    protocol::{Hold, Receipt, Reply, Task, Total},
    science::Findings,
    summary::Summary,
    transport::Transport,
};

/// Answers requests until the socket, which is the standard input, ends.
///
/// What is wrong with a request is answered; after that, the worker goes on.
///
/// # Errors
///
/// When the transport fails.
pub(super) fn run(transport: Transport) -> Result<()> {
    let mut link = transport.link(io::stdin().as_fd().try_clone_to_owned()?)?;
    while let Some(Incoming { message, time }) = link.receive()? {
        let received = Instant::now();
        let mut answer = Answer { link: link.as_mut(), received, receive: time };
        match answer.request(message) {
            Err(Error::Message(error)) => return Err(error.into()),
            Err(error) => answer.send(&Reply::<()>::Failed(error.line()))?,
            Ok(()) => {}
        }
    }
    Ok(())
}

/// The answer to one request.
struct Answer<'s> {
    link: &'s mut dyn Link,
    /// How long the request took to come, where that is known.
    receive: Option<Duration>,
    /// When it was there.
    received: Instant,
}

impl Answer<'_> {
    fn request(&mut self, message: Message<'static>) -> Result<()> {
        let [task, mut object] = <[Object<'_>; 2]>::try_from(message.into_objects())
            .map_err(|_| Error::Protocol("not a task and a value"))?;
        match task.get_object()? {
            Task::Echo => {
                let value: Value = object.take()?;
                self.receipt(&object)?;
                self.send(&Reply::Done(value))
            }
            Task::Study => {
                // Its views, and its text, borrow what was received.
                let dataset: Dataset<'_> = object.get()?;
                self.receipt(&object)?;
                self.send(&Reply::Done(Findings::of(&dataset)?))
            }
            Task::Sum(Hold::Viewed) => {
                let numbers: ArrayView1<'_, f64> = object.get()?;
                self.receipt(&object)?;
                let total = Total { sum: numbers.sum(), place: Place::of(numbers.as_ptr()) };
                // Unmapping takes a while, as below.
                drop(object);
                self.send(&Reply::Done(total))
            }
            Task::Sum(hold) => {
                let numbers: Array1<f64> = object.take()?;
                self.receipt(&object)?;
                let sum = numbers.sum();
                match hold {
                    Hold::Recycled => self.link.recycle(numbers),
                    // This takes a while, which is not the next transfer's.
                    _ => drop(numbers),
                }
                self.send(&Reply::Done(Total { sum, place: None }))
            }
            Task::Describe => {
                let value: Value = object.take()?;
                self.receipt(&object)?;
                let summary = Summary::of_value(&value)?;
                drop(value);
                self.send(&Reply::Done(summary))
            }
        }
    }

    /// Says that the value is here, and what that took.
    fn receipt(&mut self, object: &Object<'_>) -> Result<()> {
        let copied = object.copied();
        self.send(&Reply::Done(Receipt {
            receive: self.receive,
            uncan: self.received.elapsed(),
            in_band: copied.in_band,
            out_of_band: copied.out_of_band,
        }))
    }

    fn send<T: Can<V>, V>(&mut self, reply: &T) -> Result<()> {
        self.link.send(Message::from(can(reply)?), &mut Progress::Hidden)?;
        Ok(())
    }
}
