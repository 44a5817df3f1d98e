//! What a reader of pickles believes.

/// Bounds on what a pickle may ask of its reader.
///
/// A pickle is a program: a hundred bytes of it can describe 2^50 items, or nest as deeply as they
/// are long. What exceeds a limit is refused before memory is taken for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How deeply objects may nest in what is read; recursion ends here, too.
    pub depth: usize,
    /// How many objects the pickles of one object may make.
    pub objects: usize,
    /// How many objects may be met when the value is put together: each reference to a shared
    /// object counts all that it holds.
    pub visits: usize,
    /// The number of the highest memo slot.
    pub memo: usize,
    /// How many bytes of memory all the pickles of one object may be given for their text, lists
    /// and big integers besides what stands in the input.
    pub made_bytes: usize,
    /// How many bytes may be given out that the input does not hold: what a broadcast array becomes
    /// when it is received owned, and text, bytes and arrays that are referred to several times,
    /// each time but the first.
    pub expansion: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 128,
            objects: 1 << 24,
            visits: 1 << 26,
            memo: 1 << 24,
            made_bytes: 1 << 30,
            expansion: 1 << 30,
        }
    }
}
