//! A stream of frames in pieces.

use canning_core::Value;
use canning_wire::{
    ErrorKind, Message, Result,
    frame::{FrameReader, Place},
    read_message,
};

use crate::{
    frames, heap,
    input::Input,
    reading::{LIMITS, frame_bound, parts, unfolded},
};

/// Reads a stream in pieces, and as a whole: any bytes, or frames of any options with a few bytes
/// changed.
///
/// - The pieces, reading ahead, several spaces at a time and recycled memory change nothing of what
///   is read, or of the error that ends it.
/// - The memory that is taken is within what is believed and what has come.
/// - Values taken one by one are those of the messages.
pub(crate) fn frame_stream(data: &[u8]) {
    let mut input = Input::new(data);
    let plan = Plan::choose(&mut input);
    let made = if plan.made { frames::stream(&mut input) } else { Vec::new() };
    let stream = if plan.made { made.as_slice() } else { input.rest() };
    let whole = Plan { pieces: &[], ..Plan::default() };

    // What was read is kept, to be compared.
    let kept = unfolded(stream.len());
    let most = 2 * frame_bound(stream.len()) + kept + 4 * LIMITS.believed_bytes as usize + AHEAD;
    let read = |plan: &Plan<'_>| heap::within("reading", most, || plan.read(stream));
    let expected = read(&Plan { places: plan.places, ..whole });
    assert_eq!(read(&plan), expected, "{plan:?}");
    if plan.places.is_empty() {
        assert_eq!(read_all(stream), expected.messages);
    }
    let values = plan.read_values(stream);
    assert_eq!(values, Plan { pieces: plan.pieces, ..whole }.read_values(stream), "{plan:?}");
    let taken: Vec<_> = values.iter().flatten().collect();
    assert!(taken.len() <= read(&whole).messages.len());
}

/// How a stream is read.
#[derive(Clone, Copy, Debug, Default)]
struct Plan<'i> {
    /// Whether the bytes choose frames, and are not themselves the stream.
    made: bool,
    ahead: bool,
    several: bool,
    recycle: bool,
    /// How many bytes come at a time, again and again: 0 for as many as there is space for.
    pieces: &'i [u8],
    /// The arrays that buffers are to be read into: their lengths times two, and whether of floats.
    places: &'i [u8],
}

/// What came out of a stream.
#[derive(Debug, PartialEq)]
struct Outcome {
    messages: Vec<Blobs>,
    /// The error, or how many bytes there are of a message that is not whole.
    end: std::result::Result<u64, String>,
}

/// The header and the buffers of each object.
type Blobs = Vec<(Vec<u8>, Vec<Vec<u8>>)>;

impl<'i> Plan<'i> {
    fn choose(input: &mut Input<'i>) -> Self {
        let flags = input.byte();
        let (pieces, places) = (usize::from(flags >> 6), usize::from(flags >> 4 & 3));
        Self {
            made: flags & 8 != 0,
            ahead: flags & 1 != 0,
            several: flags & 2 != 0,
            recycle: flags & 4 != 0,
            pieces: input.bytes(4 * pieces),
            places: input.bytes(places),
        }
    }

    fn reader<'p>(&self) -> FrameReader<'p> {
        let reader = FrameReader::new(LIMITS);
        if self.ahead { reader.read_ahead() } else { reader }
    }

    fn read(&self, stream: &[u8]) -> Outcome {
        let mut lent: Vec<_> = self.places.iter().map(|place| Lent::new(*place)).collect();
        let mut reader = self.reader();
        lent.iter_mut().for_each(|array| reader.lend(array.place()));
        let mut messages = Vec::new();
        let end = self.feed(&mut reader, stream, |reader| {
            while let Some(message) = reader.next_message()? {
                messages.push(message.objects().iter().map(parts).collect());
                if self.recycle {
                    reader.recycle_message(message);
                }
            }
            Ok(())
        });
        Outcome { messages, end }
    }

    /// The values of messages of one value, and the errors of others.
    fn read_values(&self, stream: &[u8]) -> Vec<std::result::Result<String, String>> {
        let (mut reader, mut values) = (self.reader(), Vec::new());
        let end = self.feed(&mut reader, stream, |reader| {
            loop {
                match reader.next_value::<Value, _>() {
                    Ok(None) => return Ok(()),
                    Ok(Some(value)) => {
                        values.push(Ok(value.to_string()));
                        if self.recycle {
                            reader.recycle(value);
                        }
                    }
                    Err(error)
                        if matches!(error.kind(), ErrorKind::Frame("read after an error")) =>
                    {
                        return Err(error);
                    }
                    // That message is dropped, and the next one can be taken.
                    Err(error) => values.push(Err(error.to_string())),
                }
            }
        });
        values.extend(end.err().map(Err));
        values
    }

    /// Puts the stream into a reader piece by piece; gives the error that ends it, or how many bytes
    /// are left of a message that is not whole.
    fn feed<'p>(
        &self,
        reader: &mut FrameReader<'p>,
        mut stream: &[u8],
        mut take: impl FnMut(&mut FrameReader<'p>) -> Result<()>,
    ) -> std::result::Result<u64, String> {
        let mut pieces = self.pieces.iter().cycle().map(|len| usize::from(*len));
        let mut step = || {
            take(reader)?;
            let len = pieces.next().filter(|len| *len > 0).unwrap_or(usize::MAX);
            let mut spaces = match self.several {
                true => reader.spaces(),
                false => [reader.space(), &mut []],
            };
            let room: usize = spaces.iter().map(|space| space.len()).sum();
            assert!(room > 0, "there is always space");
            let (now, later) = stream.split_at(room.min(len).min(stream.len()));
            let mut rest = now;
            for space in &mut spaces {
                let (piece, others) = rest.split_at(space.len().min(rest.len()));
                space[..piece.len()].copy_from_slice(piece);
                rest = others;
            }
            stream = later;
            reader.fill(now.len())?;
            take(reader)?;
            Ok(stream.is_empty())
        };
        let ended: Result<()> = loop {
            match step() {
                Ok(true) => break Ok(()),
                Ok(false) => {}
                Err(error) => break Err(error),
            }
        };
        match ended {
            Ok(()) => Ok(reader.bytes_read()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What the messages before an error are.
fn read_all(mut stream: &[u8]) -> Vec<Blobs> {
    let next = || read_message(&mut stream, &LIMITS).ok().flatten();
    let all = std::iter::from_fn(next);
    all.map(|message: Message<'_>| message.objects().iter().map(parts).collect()).collect()
}

/// An array that a buffer is read into.
enum Lent {
    Bytes(Vec<u8>),
    Floats(Vec<f64>),
}

impl Lent {
    fn new(place: u8) -> Self {
        let len = usize::from(place >> 1);
        if place & 1 == 0 { Self::Bytes(vec![0; len]) } else { Self::Floats(vec![0.0; len]) }
    }

    fn place(&mut self) -> Place<'_> {
        match self {
            Self::Bytes(items) => Place::new(items.as_mut_slice()).unwrap(),
            Self::Floats(items) => Place::new(items.as_mut_slice()).unwrap(),
        }
    }
}

/// What the block takes that is read ahead, more than once while a reader is made.
const AHEAD: usize = 256 << 10;
