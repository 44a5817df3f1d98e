//! What a receiver is willing to believe.

/// Bounds on what is received, each checked before anything is believed or allocated.
///
/// The defaults accept what programs send each other in good faith; a receiver that faces
/// strangers lowers them.
///
/// ```
/// use canning_wire::Limits;
///
/// let limits = Limits { message_bytes: 1 << 20, ..Limits::default() };
/// assert_eq!(limits.depth, 128);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one header. Stops a peer that announces an endless header. Default 256 MiB.
    pub header_bytes: u64,
    /// Buffers of one object. Stops a table that fills the memory: each costs
    /// some 200 bytes beside its own. Default 65,536.
    pub buffers: u64,
    /// Bytes of one message, headers and buffers together. Stops a stream that never ends.
    /// Default 1 TiB.
    pub message_bytes: u64,
    /// Objects in one message: each costs some 400 bytes beside its own. Default 65,536.
    pub objects: u64,
    /// How deep values nest. Stops a header that overflows the stack. Default 128.
    pub depth: u32,
    /// Bytes of one buffer that are allocated on the word of the header, before they have
    /// arrived. Longer buffers grow as their bytes arrive, so that a peer who lies cannot
    /// make the receiver allocate more than this, or twice what it sends (of a compressed buffer, what that
    /// unfolds to), or 4 KiB. Default
    /// 1 GiB.
    pub believed_bytes: u64,
    /// Bytes that broadcast arrays may become when they are received into owned ones, for one
    /// `get` or `take`. Stops eight bytes that unfold into a petabyte. Default 1 GiB.
    pub expanded_bytes: u64,
    /// Bytes that compressed buffers of a message may become, together. Stops a few bytes
    /// that unfold to 255 times as many. What they become counts for
    /// [`message_bytes`](Self::message_bytes) as well. Default 1 GiB.
    pub unfolded_bytes: u64,
    /// Bytes of arrays that a reader keeps to be used again, once it is asked to
    /// [`recycle`](crate::MessageReader::recycle) or to read a value. Beside them it takes up to 80
    /// bytes for each array that it keeps, of which the shortest have 64, and a few MiB of
    /// lists. Default 1 GiB.
    pub recycled_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes: 256 << 20,
            buffers: 1 << 16,
            message_bytes: 1 << 40,
            objects: 1 << 16,
            depth: 128,
            believed_bytes: 1 << 30,
            expanded_bytes: 1 << 30,
            unfolded_bytes: 1 << 30,
            recycled_bytes: 1 << 30,
        }
    }
}
