//! A message from its bytes, as flat blobs and as one block.

use arbitrary::Unstructured;
use canning_core::{Buffer, buffer::Allocation};
use canning_wire::{Blobs, CanOptions, Message, Object, read_message};

use crate::{
    edit::Edit,
    frames, heap,
    input::Input,
    reading::{LIMITS, bound, frame_bound, parts, read_in_every_way},
    tree,
};

/// Reads objects in many ways: a header, a block, flat blobs, or a message of any values with a
/// few bytes changed, in a frame of any options.
///
/// - Whatever the bytes are, they are read or refused, within the promised memory.
/// - A block is read exactly where the stream of the same bytes is, to the same blobs.
/// - What is read is what a second reader sees; see [`read_in_every_way`].
pub(crate) fn decode_message(data: &[u8]) {
    let mut input = Input::new(data);
    match input.byte() % 5 {
        0 => header(input.rest()),
        1 => block(input.rest()),
        2 => blobs(&input.pieces()),
        3 => made_block(&mut input),
        _ => made_blobs(&mut input),
    }
}

fn header(bytes: &[u8]) {
    let restore = || Object::restore_with(bytes.to_vec().into(), vec![], LIMITS);
    if let Ok(mut object) = heap::within("a header", bound(bytes.len()), restore) {
        read_in_every_way(&mut object);
    }
}

fn block(bytes: &[u8]) {
    let mut aligned = Allocation::with_capacity(bytes.len(), 64).unwrap();
    aligned.extend_from_slice(bytes).unwrap();
    let aligned = Buffer::from(aligned);
    let most = frame_bound(bytes.len());
    let prefix = heap::within("a block", most, || Message::from_block_prefix(aligned, &LIMITS));
    let mut rest = bytes;
    let streamed = heap::within("a stream", most, || read_message(&mut rest, &LIMITS));
    let whole = Message::from_block(Buffer::borrowed(bytes), &LIMITS);

    let (Ok((mut message, after)), Ok(Some(streamed))) = (prefix, streamed) else {
        assert!(whole.is_err(), "neither a prefix nor a stream, but a block");
        let both = Message::from_block_prefix(Buffer::borrowed(bytes), &LIMITS).is_ok();
        let stream = matches!(read_message(&mut &*bytes, &LIMITS), Ok(Some(_)));
        assert_eq!(both, stream, "a block is read where a stream is");
        return;
    };
    assert_eq!(after.len(), rest.len());
    assert_eq!(whole.is_ok(), rest.is_empty());
    let all = |message: &Message<'_>| message.objects().iter().map(parts).collect::<Vec<_>>();
    let blobs = all(&message);
    assert_eq!(blobs, all(&streamed));
    let again = Buffer::from(message.to_block().expect("what was read can be written"));
    let again = Message::from_block(again, &LIMITS).expect("and read again");
    assert_eq!(blobs, all(&again));
    message.objects_mut().iter_mut().for_each(read_in_every_way);
}

fn blobs<B: AsRef<[u8]>>(all: &[B]) {
    let len: usize = all.iter().map(|blob| blob.as_ref().len()).sum();
    let mut blobs = Blobs::default().with_limits(LIMITS);
    all.iter().for_each(|blob| blobs.push(Buffer::borrowed(blob.as_ref())));
    while !blobs.is_empty() {
        let before = blobs.len();
        let most = bound(len) + before * size_of::<Buffer<'_>>();
        let Ok(next) = heap::within("the blobs of an object", most, || blobs.next_object()) else {
            assert_eq!(blobs.len(), before, "blobs that are refused stay");
            return;
        };
        read_in_every_way(&mut next.expect("an object, as there are blobs"));
        assert!(blobs.len() < before);
    }
}

/// A message of values that the rest of the input makes, after the edits that its start chooses.
fn made<T>(input: &mut Input<'_>, then: impl FnOnce(&Message<'_>, &mut Input<'_>) -> T) -> T {
    let options = CanOptions::new().inline_threshold(input.one_of(&[0, 16, 1024, usize::MAX]));
    let mut edits = Input::new(input.bytes(16));
    let u = &mut Unstructured::new(input.rest());
    let values: Vec<_> = (0..3).map_while(|_| tree::value(u, 4).ok()).collect();
    let objects = values.iter().map(|value| options.can(value).expect("any value can be canned"));
    then(&objects.collect(), &mut edits)
}

fn made_block(input: &mut Input<'_>) {
    let frames = input.byte();
    // Longer ones take a while to be read in every way: `frame_stream` has them all the time.
    let array = (frames & 0b1100 == 0b1100).then(|| frames::array(input));
    let bytes = made(input, |message, edits| {
        let objects = message.objects().iter().cloned().chain(array);
        let message = objects.collect();
        let block = frames::options(frames).to_block(&message).unwrap();
        let mut bytes = block.as_slice().to_vec();
        while !edits.is_empty() {
            Edit::choose(edits, bytes.len(), 1).apply(&mut bytes);
        }
        bytes
    });
    block(&bytes);
}

fn made_blobs(input: &mut Input<'_>) {
    blobs(&edited_blobs(input));
}

/// The blobs of a message of any values, of which a few bytes are changed.
pub(super) fn edited_blobs(input: &mut Input<'_>) -> Vec<Vec<u8>> {
    made(input, |message, edits| {
        let all = message.objects().iter().map(parts);
        let mut all: Vec<_> =
            all.flat_map(|(header, rest)| [vec![header], rest].concat()).collect();
        while !edits.is_empty() && !all.is_empty() {
            let which = edits.below(all.len());
            let blob = &mut all[which];
            Edit::choose(edits, blob.len(), 1).apply(blob);
        }
        all
    })
}
