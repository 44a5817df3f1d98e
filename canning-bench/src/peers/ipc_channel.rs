//! ipc-channel: bytes over a socket, in pieces, or in shared memory that is made for them and
//! never sealed. It knows bytes only: the receiver is told nothing of the arrays in them.

use ::ipc_channel::ipc::{IpcSharedMemory, bytes_channel, channel};

use crate::{
    exchange::{Way, answer},
    values::{Frame, Views},
};

/// Sends the descriptor of shared memory that is filled already, and stays mapped.
pub(crate) fn handing_over(frame: &Frame) -> Way<'_> {
    let (sender, receiver) = channel::<IpcSharedMemory>().unwrap();
    let block = frame.views().to_block();
    let way = Way::staged(
        SHARED,
        frame,
        move |watch, stream| {
            let memory = IpcSharedMemory::from_bytes(&block);
            watch.time(|| {
                sender.send(memory).unwrap();
                answer(stream)
            })
        },
        move |_| Some(Views::of_block(&receiver.recv().ok()?).firsts()),
    );
    way.answered(frame.views().firsts())
}

/// Copies the arrays into new memory, which is sent; and sends them as bytes.
pub(crate) fn sending(frame: &Frame) -> Vec<Way<'_>> {
    let (sender, receiver) = channel::<IpcSharedMemory>().unwrap();
    let block = frame.views().to_block();
    let shared = Way::new(
        SHARED,
        frame,
        move |_| sender.send(IpcSharedMemory::from_bytes(&block)).unwrap(),
        move |_| Some(Views::of_block(&receiver.recv().ok()?).sum()),
    );
    let (sender, receiver) = bytes_channel().unwrap();
    let block = frame.views().to_block();
    let bytes = Way::new(
        "ipc_channel_bytes",
        frame,
        move |_| sender.send(&block).unwrap(),
        move |_| Some(Views::of_block(&receiver.recv().ok()?).sum()),
    );
    vec![shared, bytes]
}

const SHARED: &str = "ipc_channel_shared";
