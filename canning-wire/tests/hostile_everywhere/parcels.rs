//! What stands between the two ends of shared memory: parcels on a socket, here with all buffers in them.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    thread,
};

use canning_wire::{handshake::Hello, shm::Handover, socket::Options};

use crate::{
    LIMITS,
    support::{
        assemble::{Header, parcel},
        counting::{Count, count},
    },
    transport::{Transport, said, whole},
};

pub(crate) fn handover() -> Transport {
    Transport::new("shared memory", |attack| {
        let object = attack.object.as_ref()?;
        let result = serve(parcel(std::slice::from_ref(object)));
        let five = (Header::of_body("05").build(), vec![]);
        assert_eq!(serve(parcel(&[five])).0, "", "the next peer, after {}", attack.name);
        Some(result)
    })
}

/// What is said to a peer that sends a parcel.
fn serve(parcel: Vec<u8>) -> (String, Count) {
    let (here, mut there) = UnixStream::pair().unwrap();
    let peer = thread::spawn(move || {
        // The other end may go before all is sent.
        let _ = there.write_all(&[&Hello::default().encode()[..], &parcel].concat());
        let _ = there.shutdown(Shutdown::Write);
        let _ = there.read_to_end(&mut Vec::new());
    });
    let served = count(|| {
        let options = Options { limits: LIMITS, ..Options::default() };
        let mut connection = Handover::over(here, &options).unwrap();
        said(whole(connection.read_message()))
    });
    peer.join().unwrap();
    served
}
