//! What a reader of pickles believes.

/// Bounds on what a pickle may ask of its reader.
///
/// A pickle is a program: a hundred bytes of it can describe 2^50 items, or nest as deeply as they
/// are long. What exceeds a limit is refused before memory is taken for it. Lengths need no
/// limit: they are compared with what is there before anything is reserved, so that reading a
/// header takes at most a constant multiple of its own length. What is put together may take far
/// more, as objects may be shared: a [`Value`](canning_core::Value) up to 512 bytes for each of
/// [`visits`](Self::visits), which is 8 GiB by default, and twice [`expansion`](Self::expansion).
///
/// The defaults accept what programs send each other in good faith; a receiver that faces
/// strangers lowers them.
///
/// ```
/// use canning_core::Buffer;
/// use canning_python::{Dialect, Limits, Object};
///
/// let limits = Limits { objects: 1000, ..Limits::default() };
/// let lists = [b"(", &b"]".repeat(2000)[..], b"t."].concat();
/// let error = Object::restore_with(Dialect::Pickle, lists.into(), vec![], limits).unwrap_err();
/// assert_eq!(error.to_string(), "number of objects is 1001, above the limit of 1000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deeply objects may nest in what is put together; recursion ends here, too. A header
    /// that is only looked at may nest as it likes: neither reading nor dropping it recurs.
    /// Default 128.
    pub depth: usize,
    /// How many objects a header and the pickles in its buffers may make, each some 50 to 200
    /// bytes. Default 16,777,216.
    pub objects: usize,
    /// How many objects may be met when the value is put together: each reference to a shared
    /// object counts all that it holds. Stops what describes 2^50 items. A name, an integer or what
    /// else is long counts once more for each 256 bytes, a dtype for each of its fields, and an
    /// array for each 8 axes, as a `Value` has a copy of its own. Default 16,777,216.
    pub visits: usize,
    /// The number of the highest memo slot; slots that are left out take no memory. Default
    /// 16,777,216.
    pub memo: usize,
    /// How many bytes may be made that the input does not hold: those of bytes that an older
    /// protocol wrote as text, once for each text. Default 1 GiB.
    pub made_bytes: usize,
    /// How many bytes may be given out that the input does not hold: what a broadcast array becomes
    /// when it is received owned, and text, bytes, large integers and arrays that are referred to
    /// several times, each time but the first, by whatever objects; dtypes as text, and names of
    /// classes and fields above 64 bytes, each time. Default 1 GiB.
    pub expansion: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 128,
            objects: 1 << 24,
            visits: 1 << 24,
            memo: 1 << 24,
            made_bytes: 1 << 30,
            expansion: 1 << 30,
        }
    }
}
