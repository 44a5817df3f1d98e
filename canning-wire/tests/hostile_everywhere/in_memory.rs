//! Transports without a peer: streams of bytes in memory, blocks, files.

use std::io::ErrorKind as IoKind;

use canning_core::CannedObject;
use canning_wire::{
    Message, MessageReader, Result, can,
    file::{self, Map, Reader, Writer},
    read_message,
    tokio::MessageReader as AsyncReader,
    write_message,
};

use crate::{
    LIMITS,
    attack::Attack,
    support::{
        counting::{Count, count},
        hesitant::Hesitant,
        scratch::Scratch,
        trickle::{Trickle, finish},
    },
    transport::{Transport, said, whole},
};

pub(crate) fn in_memory() -> Vec<Transport> {
    vec![
        Transport::of_frames("stream", |bytes| {
            whole(MessageReader::new(bytes, LIMITS).read_message())
        }),
        Transport::of_frames("stream, exact", |mut bytes| whole(read_message(&mut bytes, &LIMITS))),
        Transport::of_frames("stream of a few bytes at a time", |bytes| {
            let hesitant = Hesitant::new(bytes, 1009, IoKind::Interrupted);
            whole(MessageReader::new(hesitant, LIMITS).read_message())
        }),
        Transport::of_frames("block, borrowed", |bytes| Message::from_block(bytes, &LIMITS)),
        Transport::of_frames("block, owned", |bytes| Message::from_block(bytes.to_vec(), &LIMITS)),
        Transport::new("tokio", |attack| {
            let stream = Trickle::new(attack.frame.clone(), 4096);
            Some(count(|| said(whole(finish(AsyncReader::new(stream, LIMITS).read_message())))))
        }),
        Transport::new("file", |attack| {
            through_a_file(attack, |path| {
                let mut reader = Reader::open(path, LIMITS).unwrap();
                reader.get(0)
            })
        }),
        Transport::new("file, mapped", |attack| {
            through_a_file(attack, |path| {
                // SAFETY: nobody else knows the file, and it stays as it is until the message is gone.
                let map = unsafe { Map::open(path, LIMITS) }.unwrap();
                map.get(0)
            })
        }),
        Transport::new("file as a stream", |attack| {
            through_a_file(attack, |path| {
                let file = std::fs::File::open(path).unwrap();
                whole(file::StreamReader::new(file, LIMITS).unwrap().next_message())
            })
        }),
    ]
}

/// Puts the frame in the place of an honest one that is as long.
fn through_a_file(
    attack: &Attack,
    read: impl Fn(&Scratch) -> Result<Message<'static>>,
) -> Option<(String, Count)> {
    // Long text is a buffer; short text is in the header, where its own length takes room, too.
    let is_long = attack.frame.len() > 8192;
    let mut filler = "x".repeat(if is_long { attack.frame.len() - 4096 } else { 0 });
    let honest = loop {
        let mut honest = Vec::new();
        write_message(&mut honest, &can(&filler).unwrap().into()).unwrap();
        match attack.frame.len().checked_sub(honest.len()) {
            None | Some(0) => break honest,
            Some(missing) => filler.push_str(&"x".repeat(if is_long { missing } else { 1 })),
        }
    };
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&can(&filler).unwrap().into()).unwrap();
    writer.write(&can(&5).unwrap().into()).unwrap();
    writer.finish().unwrap();
    let mut bytes = path.bytes();
    let at = bytes.windows(honest.len()).position(|window| window == honest).unwrap();
    bytes[at..at + attack.frame.len()].copy_from_slice(&attack.frame);
    std::fs::write(&path, &bytes).unwrap();
    let result = count(|| said(read(&path)));
    // What stands behind it is still there.
    let next = Reader::open(&path, LIMITS).unwrap().get(1).unwrap();
    assert_eq!(next.objects()[0].get::<u8, _>().unwrap(), 5);
    Some(result)
}
