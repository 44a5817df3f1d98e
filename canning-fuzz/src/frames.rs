//! Frames of all options, and what is in them: arrays that compress in all ways.

use canning_wire::{CanOptions, FrameOptions, Message, Object};

use crate::{edit::Edit, input::Input};

/// What a frame does for its bytes, as the lowest two bits choose: checksums, compression, both, or
/// neither; as far as this build has them.
#[cfg_attr(
    not(all(feature = "integrity", feature = "compression")),
    expect(unused_variables, unused_mut, reason = "there is less to choose from")
)]
pub(crate) fn options(choice: u8) -> FrameOptions {
    let mut options = FrameOptions::new();
    #[cfg(feature = "integrity")]
    if choice & 1 != 0 {
        options = options.with_integrity();
    }
    #[cfg(feature = "compression")]
    if choice & 2 != 0 {
        options = options.with_compression();
    }
    options
}

/// Some frames one after the other, each of its own options, with a few bytes changed.
pub(crate) fn stream(input: &mut Input<'_>) -> Vec<u8> {
    let edits = input.below(4);
    let frames = 1 + input.below(3);
    let mut stream = Vec::new();
    for _ in 0..frames {
        let options = options(input.byte());
        let arrays = 1 + input.below(2);
        let message: Message<'_> = (0..arrays).map(|_| array(input)).collect();
        options.write_message(&mut stream, &message).unwrap();
    }
    for _ in 0..edits {
        Edit::choose(input, stream.len(), 1).apply(&mut stream);
    }
    stream
}

/// An array in a buffer, where it is not empty: of up to three chunks, if it is compressed. It repeats, but for
/// its end, which repeats nothing: a last chunk that is all of that is stored as it is.
pub(crate) fn array(input: &mut Input<'_>) -> Object<'static> {
    let len = input.one_of(&LENS);
    let period = 1 + input.below(64);
    let noise = input.one_of(&[0, 0, 100, 300, 700]).min(len);
    let mut items: Vec<u8> = (0..period as u8).cycle().take(len - noise).collect();
    let mut state = u32::from(input.byte());
    items.extend((0..noise).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    }));
    let options = CanOptions::new().inline_threshold(0);
    options.can(&items).unwrap().into_owned().unwrap()
}

/// Most of them short, as the longer take a while.
const LENS: [usize; 16] = [
    0,
    255,
    256,
    300,
    1000,
    5000,
    CHUNK,
    CHUNK + 700,
    2 * CHUNK + 300,
    1,
    64,
    257,
    400,
    700,
    2000,
    10_000,
];

/// Bytes of a buffer that are compressed at a time.
const CHUNK: usize = 256 << 10;

#[cfg(all(test, feature = "compression"))]
mod tests {
    use canning_core::CannedObject as _;

    use super::*;

    /// What a frame of an array becomes that these bytes choose, behind its header.
    fn wire(choices: &[u8]) -> (usize, usize) {
        let object = array(&mut Input::new(choices));
        let len = object.buffers().first().map_or(0, |buffer| buffer.len());
        let mut stream = Vec::new();
        let sent = options(2).write_message(&mut stream, &object.into()).unwrap();
        assert!(sent.compressed == 0 || sent.compressed == len as u64);
        (len, stream.len())
    }

    #[test]
    fn there_are_compressed_and_stored_chunks_and_buffers_that_are_not_compressed() {
        assert_eq!(wire(&[0]).0, 0);
        // One of three chunks, all of which repeat.
        let (len, sent) = wire(&[8, 7, 0]);
        assert!(len > 2 * CHUNK && sent < 4000, "{sent}");
        // The last of them repeats nothing.
        let (stored, more) = wire(&[8, 7, 3]);
        assert!(stored == len && more > sent + 250, "{more}");
        // Nothing of it repeats.
        let (len, sent) = wire(&[3, 7, 3]);
        assert!(sent > len, "{sent}");
    }
}
