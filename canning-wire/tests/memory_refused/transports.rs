//! Messages that come another way.

use crate::{messages::messages, refuse_each::refuse_each_of};

#[cfg(feature = "tokio")]
#[test]
fn messages_on_tokio_streams() {
    use canning_wire::{FrameOptions, Limits, tokio::MessageReader};
    use futures_util::FutureExt;

    use crate::messages::{frame, there};

    for message in messages() {
        let bytes = frame(&FrameOptions::new(), &message);
        for reader in [MessageReader::new, MessageReader::exact] {
            let reader = || reader(bytes.as_slice(), Limits::default());
            // All is there at once.
            let read =
                |mut reader: MessageReader<&[u8]>| reader.read_message().now_or_never().unwrap();
            assert!(refuse_each_of("tokio", reader, read, there) >= 1);
        }
    }
}

/// The end that sends is not refused anything.
#[cfg(all(target_os = "linux", feature = "shm"))]
#[test]
fn messages_in_shared_memory() {
    use std::{os::unix::net::UnixStream, thread};

    use canning_core::SharedSlice;
    use canning_wire::{
        CanOptions,
        shm::{Arena, Handover},
        socket::Options,
    };

    use crate::messages::there;

    let arena = Arena::new(64 << 10).unwrap();
    let slots: Vec<_> = (0..100).map(|_| arena.copied(&[7_u16; 3]).unwrap().finish()).collect();
    let sealed = arena.seal().unwrap();
    let shared: Vec<SharedSlice<u16>> =
        slots.into_iter().map(|slot| sealed.get(slot).unwrap()).collect();
    let sent = (shared, vec![0.5_f64; 1000]);
    let in_memory = CanOptions::new().inline_threshold(0).can(&sent).unwrap().into();
    let [objects, _] = messages();
    for message in [in_memory, objects] {
        let handed = || {
            let (here, there) = UnixStream::pair().unwrap();
            let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
            let here = Handover::over(here, &Options::default()).unwrap();
            let mut there = there.join().unwrap();
            there.write_message(&message).unwrap();
            here
        };
        let read = |mut connection: Handover| connection.read_message();
        assert!(refuse_each_of("shared memory", handed, read, there) >= 1);
    }
}

/// As they come, and where no array can lie.
#[cfg(feature = "zmq")]
#[test]
fn messages_of_parts() {
    use bytes::{Bytes, BytesMut};
    use canning_wire::{
        Limits,
        zmq::{self, Envelope},
    };
    use zeromq::ZmqMessage;

    use crate::messages::parts;

    for message in messages() {
        let packed = zmq::pack(message, Envelope::none()).unwrap().message;
        let moved: Vec<Bytes> = packed
            .clone()
            .into_vec()
            .iter()
            .map(|part| {
                let mut block = BytesMut::zeroed(1);
                block.extend_from_slice(part);
                block.freeze().slice(1..)
            })
            .collect();
        for sent in [packed, moved.try_into().unwrap()] {
            let read = |sent: ZmqMessage| zmq::unpack(sent, 0, &Limits::default());
            let errors = refuse_each_of("parts", || sent.clone(), read, |it| parts(&it.message));
            assert!(errors >= 1);
        }
    }
}
