//! Messages of one segment, which are sent and read as one block.

use ::capnp::message::{Builder, HeapAllocator, Reader, ReaderOptions, SegmentArray};

use crate::{
    peers::{
        capnp::convert::{Convert, look_at},
        format::{Access, Format},
    },
    values::{Value, Views},
};

pub(crate) struct Capnp {
    /// Of the first segment: with room for all, so that there is no other.
    words: u32,
    message: Builder<HeapAllocator>,
}

impl<T: Value + Convert> Format<T> for Capnp {
    const NAME: &'static str = "capnp";

    fn with_capacity(bytes: usize) -> Self {
        let words = u32::try_from(bytes / 8).unwrap();
        Self { words, message: builder(words) }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.message = builder(self.words);
        value.put(self.message.init_root());
        let segments = self.message.get_segments_for_output();
        assert_eq!(segments.len(), 1);
        segments[0]
    }

    fn decode(&mut self, block: &[u8]) -> T {
        let segments = [block];
        let message = Reader::new(SegmentArray::new(&segments), OPTIONS);
        T::take(message.get_root().unwrap())
    }
}

impl Access for Capnp {
    const NAME: &'static str = "capnp_access";

    fn access<R>(&mut self, block: &[u8], look: impl FnOnce(Views<'_>) -> R) -> R {
        let segments = [block];
        let message = Reader::new(SegmentArray::new(&segments), OPTIONS);
        look_at(message.get_root().unwrap(), look)
    }
}

fn builder(words: u32) -> Builder<HeapAllocator> {
    Builder::new(HeapAllocator::new().first_segment_words(words))
}

/// Without the limit of 64 MiB.
const OPTIONS: ReaderOptions = ReaderOptions { traversal_limit_in_words: None, nesting_limit: 64 };
