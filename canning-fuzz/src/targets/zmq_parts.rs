//! The parts of a multipart message of ZeroMQ.

use bytes::Bytes;
use canning_core::Buffer;
use canning_wire::{
    Blobs, Error, ErrorKind, Message,
    zmq::{self, MultipartError, Received},
};
use zeromq::ZmqMessage;

use super::decode_message::edited_blobs;
use crate::{
    heap,
    input::Input,
    reading::{LIMITS, bound, parts, read_in_every_way},
};

/// Takes parts apart: any, or an envelope and the blobs of a message with a few bytes changed. They
/// lie at any address, in one block, as those that were received.
///
/// - Whatever they are, they are read or refused, within the promised memory.
/// - What is read is what the flat blobs behind the envelope are read as, and packed again it is the
///   same parts. What is refused is refused there too, but for dtypes of buffers that are none.
/// - What is said to be copied is not more than there is.
pub(crate) fn zmq_parts(data: &[u8]) {
    let mut input = Input::new(data);
    let envelope = input.below(4);
    let gap = input.below(17);
    let all = if input.bool() {
        let mut all = vec![b"in front".to_vec(); envelope];
        all.extend(edited_blobs(&mut input));
        all
    } else {
        input.pieces().into_iter().map(<[u8]>::to_vec).collect()
    };
    let sent = in_one_block(&all, gap);
    // What holds no part cannot be received.
    let Ok(message) = ZmqMessage::try_from(sent) else { return };
    let len: usize = all.iter().map(Vec::len).sum();
    // A copy of a part for alignment, and what is kept of each.
    let most = bound(len) + all.len() * 4 * size_of::<Buffer<'_>>();
    let received = heap::within("unpacking", most, || zmq::unpack(message, envelope, &LIMITS));
    let expected = all.get(envelope..).and_then(flat);
    match (received, expected) {
        (Ok(received), Some(expected)) => compare(received, &expected, &all),
        (Err(_), None) => {}
        (Err(error), Some(expected)) => {
            // Where the items of buffers can lie is to be known at once, and with that what their dtypes
            // are; blobs lie where they lie, and are asked when they are read.
            let header = header_at_fault(&error, envelope, &expected);
            assert!(header.is_some_and(|(_, buffers)| !buffers.is_empty()), "{error}");
        }
        (Ok(received), None) => panic!("blobs that are refused are parts of {received:?}"),
    }
}

/// The object whose header an error names.
fn header_at_fault<'o>(
    error: &Error,
    envelope: usize,
    objects: &'o [Object],
) -> Option<&'o Object> {
    let ErrorKind::Multipart(MultipartError::Part { part, .. }) = error.kind() else { return None };
    let mut at = envelope;
    objects.iter().find(|(_, buffers)| {
        at += 1 + buffers.len();
        at - 1 - buffers.len() == *part
    })
}

fn compare(received: Received, expected: &[Object], all: &[Vec<u8>]) {
    let Received { envelope, mut message, copies } = received;
    let blobs: Vec<_> = message.objects().iter().map(parts).collect();
    assert_eq!(blobs, expected);
    let in_front = envelope.parts().len();
    assert!(envelope.parts().iter().eq(&all[..in_front]));
    let len: usize = all[in_front..].iter().map(Vec::len).sum();
    assert!(copies.bytes <= len as u64, "{copies:?} of {len} bytes");
    let again = zmq::pack(message.clone(), envelope).expect("what was received can be sent");
    assert!(again.message.into_vec().iter().eq(all), "and is the same parts");
    message.objects_mut().iter_mut().for_each(read_in_every_way);
}

/// The header and the buffers of an object.
type Object = (Vec<u8>, Vec<Vec<u8>>);

/// What parts that are no envelope are, read as flat blobs; nothing where they are refused.
fn flat(all: &[Vec<u8>]) -> Option<Vec<Object>> {
    let len: usize = all.iter().map(Vec::len).sum();
    let is_within =
        all.len() as u64 <= LIMITS.objects + LIMITS.buffers && len as u64 <= LIMITS.message_bytes;
    let all = match all {
        [] => return None,
        // A message without objects is one empty part.
        [empty] if empty.is_empty() => &[],
        all => all,
    };
    let mut blobs = Blobs::default().with_limits(LIMITS);
    all.iter().for_each(|blob| blobs.push(Buffer::borrowed(blob)));
    let message = Message::from_blobs(blobs).ok()?;
    let objects: Vec<_> = message.objects().iter().map(parts).collect();
    (is_within && objects.len() as u64 <= LIMITS.objects).then_some(objects)
}

/// Parts of one block, one behind the other, the first of them at so many bytes.
fn in_one_block(parts: &[Vec<u8>], gap: usize) -> Vec<Bytes> {
    let block = Bytes::from([vec![0; gap], parts.concat()].concat());
    let mut at = gap;
    let part = |part: &Vec<u8>| {
        at += part.len();
        block.slice(at - part.len()..at)
    };
    parts.iter().map(part).collect()
}
