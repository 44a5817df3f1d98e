//! A value as a pickle and its buffers.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, OnceLock},
};

use canning_core::{Buffer, Copied, Error, ErrorKind, Result};

use self::{
    counter::Counter,
    graph::Sources,
    reader::{Known, Reader},
    view::{Item, View},
};
use crate::{
    Limits,
    pickle::load::{self, Loaded, load},
};

pub use self::aligns::{buffer_aligns, buffer_aligns_with};

mod aligns;
mod counter;
pub(crate) mod graph;
pub(crate) mod reader;
mod uncan;
pub mod view;
mod walk;

/// A value taken apart into a pickle, the header, and buffers: freshly canned, or received.
///
/// The same header and buffers are what `pickle.loads(header, buffers=buffers)` reads, or
/// `ipyparallel.serialize.deserialize_object([header, *buffers])`, as the case may be.
///
/// Cloning it shares the memory; but an allocation that is shared is copied by `take`, and counted.
///
/// # What Python's objects are in Rust
///
/// [`view`](Self::view) shows them as they are. [`get`](canning_core::CannedObject::get) and
/// [`take`](canning_core::CannedObject::take) read:
///
/// | Python | types of Rust's | [`Value`](canning_core::Value) |
/// | --- | --- | --- |
/// | `None` | the `None` of an `Option`; `()` | `None` |
/// | `(None,)` | `Some(None)`, and so on; a tuple of one | a tuple |
/// | `bool`, `numpy.bool` | `bool` | bool |
/// | `int`, NumPy's integers | any integer that it fits; `f64` and `f32` where that is exact | integer; beyond 128 bits a record `int` of its bytes |
/// | `float`, NumPy's floats | `f64`; `f32`, rounded, but not to infinity | f64, f32 |
/// | `complex` | `Complex<f64>` | array without axes |
/// | `str`, `numpy.str_` | text | text; with surrogates a record `str` of its bytes |
/// | `bytes`, `bytearray`, `memoryview` | bytes; arrays of `u8`, borrowed, shared or owned | bytes |
/// | `list` | `Vec`, sets, tuples; `Vec`, `[T; N]` and arrays of numbers, one by one | list |
/// | `set`, `frozenset` | sets, `Vec` | list |
/// | `tuple` | as a list; structs without names of fields; an empty one `()` | tuple |
/// | a named tuple | tuples; else as any object of a class | record of its items |
/// | `dict`, `OrderedDict` | maps; structs, if its keys are text | map |
/// | `'Name'`, `{'Name': …}` | variants of enums | text, map |
/// | `ndarray` | arrays of that dtype, and of the [element types of NumPy's](crate::numpy) | array |
/// | `ndarray` of objects | arrays of anything, lists | array of objects |
/// | `numpy.datetime64`, `numpy.void` and other scalars | that element | array without axes |
/// | a subclass of `ndarray` | arrays, unless it is masked; structs of `data`, `mask`, `fill_value` | record of these |
/// | `ndarray` without axes | arrays without axes; a number | array without axes |
/// | `range` | `Vec`, sets; a struct `range` of three numbers | record of these |
/// | `datetime.date`, `time`, `datetime`, `timedelta` | the types in [`datetime`](crate::datetime); structs without names: the arguments of the class | record of these |
/// | an object of another class | structs: of its attributes, or of the arguments of the class; of `args`, `kwargs`, `state`, `items` and `entries` where it has several of them | record of these |
/// | a class or a function | – | record `global` of `module` and `name` |
///
/// The name of a struct is that of the class in full, `#[canned(rename = "datetime.date")]`, or
/// without its module, `#[canned(rename = "date")]`. A dict or a tuple may be a struct of any name.
/// Two equal keys of a dict, and objects that hold themselves, are refused.
///
/// Arrays are never copied where they lie as Rust's arrays do, are referred to once, and are
/// aligned. Otherwise they are, once, and counted: those in another order of bytes, those with gaps
/// between items or fields, those in the header.
///
/// # Examples
///
/// ```
/// use canning_core::{Canned, CannedObject};
/// use canning_python::{Dialect, Object, view::View};
///
/// #[derive(Canned, Debug, PartialEq)]
/// struct Point {
///     x: f64,
///     y: Option<f64>,
/// }
///
/// // What Python's `pickle.dumps({'x': 1, 'y': None})` gives.
/// let pickle = b"\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94(\x8c\x01x\x94K\x01\x8c\x01y\x94Nu.";
/// let object = Object::restore(Dialect::Pickle, pickle.as_slice().into(), vec![])?;
/// assert_eq!(object.get::<Point, _>()?, Point { x: 1.0, y: None });
/// let View::Dict(entries) = object.view()? else { panic!("a dict") };
/// assert_eq!(entries.len(), 2);
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Object<'a> {
    /// # Invariants
    ///
    /// 0. Lies in one run of memory.
    header: Buffer<'a>,
    buffers: Vec<Buffer<'a>>,
    /// The lengths of the buffers, before any of them was taken.
    lens: Vec<usize>,
    /// How the buffers belong to the header.
    dialect: Dialect,
    limits: Limits,
    /// What the header describes: read when it is needed first.
    loaded: OnceLock<Loaded>,
    known: Arc<Known>,
    copied: Counter,
}

/// How a header refers to its buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// By `NEXT_BUFFER`, in any depth (PEP 574).
    Pickle,
    /// By the `None`s in the `buffers` of `CannedArray` and its like, at the top or one container
    /// below it.
    Ipyparallel,
}

impl<'a> Object<'a> {
    /// What a pickler wrote; `copied` counts the arrays that went into the header.
    pub(crate) fn fresh(
        header: Vec<u8>,
        buffers: Vec<Buffer<'a>>,
        dialect: Dialect,
        copied: Copied,
    ) -> Self {
        let object = Self::new(header.into(), buffers, dialect, Limits::default());
        object.copied.add(copied);
        object
    }

    /// Puts a header and its buffers back together, within the default [`Limits`].
    ///
    /// The header is read; nothing of what it describes is imported, called or evaluated. A header
    /// that lies in several pieces is joined, and [counted](canning_core::CannedObject::copied).
    ///
    /// How the buffers lie decides what is copied later: a `Vec` takes over an
    /// [`Allocation`](canning_core::buffer::Allocation) of just the alignment of its items, neither
    /// less nor more, and one that `take` cannot hand over is copied without a word but
    /// [`copied`](canning_core::CannedObject::copied). A `Vec<u8>` from a file or a socket is
    /// aligned to one byte, and so right for bytes only. [`buffer_aligns`] tells from the header
    /// what to allocate.
    ///
    /// # Errors
    ///
    /// When the header is no pickle, asks for more than the limits allow, or does not refer to all
    /// of the buffers.
    pub fn restore(dialect: Dialect, header: Buffer<'a>, buffers: Vec<Buffer<'a>>) -> Result<Self> {
        Self::restore_with(dialect, header, buffers, Limits::default())
    }

    /// As [`restore`](Self::restore), within limits of one's own.
    ///
    /// # Errors
    ///
    /// As [`restore`](Self::restore).
    pub fn restore_with(
        dialect: Dialect,
        header: Buffer<'a>,
        buffers: Vec<Buffer<'a>>,
        limits: Limits,
    ) -> Result<Self> {
        let mut buffers = buffers.into();
        let object = Self::restore_first(dialect, header, &mut buffers, limits)?;
        match buffers.len() {
            0 => Ok(object),
            more => {
                if let Some(error) = object.other_dialect(more)? {
                    return Err(error);
                }
                let expected = object.buffers.len();
                Err(ErrorKind::BufferCount { expected, found: expected + more }.into())
            }
        }
    }

    /// The error of buffers that are left over because the header is of ipyparallel's dialect.
    fn other_dialect(&self, found: usize) -> Result<Option<Error>> {
        Ok(load::other_dialect(self.loaded()?, self.sources(), found))
    }

    /// As [`restore_with`](Self::restore_with), of buffers of which only the first ones may belong
    /// to the header, and are taken.
    pub(crate) fn restore_first(
        dialect: Dialect,
        header: Buffer<'a>,
        buffers: &mut VecDeque<Buffer<'a>>,
        limits: Limits,
    ) -> Result<Self> {
        let mut copied = Copied::default();
        let header = match header.as_slice() {
            Some(_) => header,
            None => {
                copied.in_band += header.len() as u64;
                header.to_allocation(1)?.into()
            }
        };
        let bytes = header.as_slice().unwrap_or_default();
        let sources = Sources { header: bytes, buffers: buffers.make_contiguous() };
        let loaded = load(sources, dialect, &limits)?;
        let own = buffers.drain(..loaded.buffers.min(buffers.len())).collect();
        let object = Self { loaded: loaded.into(), ..Self::new(header, own, dialect, limits) };
        object.copied.add(copied);
        Ok(object)
    }

    fn new(header: Buffer<'a>, buffers: Vec<Buffer<'a>>, dialect: Dialect, limits: Limits) -> Self {
        let lens = buffers.iter().map(Buffer::len).collect();
        Self {
            header,
            buffers,
            lens,
            dialect,
            limits,
            loaded: OnceLock::new(),
            known: Arc::default(),
            copied: Counter::default(),
        }
    }

    /// How the buffers belong to the header.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Looks at the value as it is in Python, without a type of Rust's.
    ///
    /// # Errors
    ///
    /// When the object contradicts itself; each object in it says so when it is looked at.
    pub fn view(&self) -> Result<View<'_>> {
        self.item()?.view()
    }

    /// The value, not yet looked at.
    ///
    /// # Errors
    ///
    /// When this object was freshly canned, and is larger than the default limits allow.
    pub fn item(&self) -> Result<Item<'_>> {
        let reader = self.reader()?;
        Ok(Item { reader, id: reader.graph.root() })
    }

    /// The flat list: the header, then the buffers. Buffers that were taken are empty.
    pub fn into_blobs(self) -> Vec<Buffer<'a>> {
        let mut blobs = self.buffers;
        blobs.insert(0, self.header);
        blobs
    }

    /// The header and its buffers, to be [restored](Self::restore) later. Buffers that were taken
    /// are empty.
    pub fn into_parts(self) -> (Buffer<'a>, Vec<Buffer<'a>>) {
        (self.header, self.buffers)
    }

    /// The length in bytes of header and buffers together.
    pub fn len_in_bytes(&self) -> u64 {
        let buffers: u64 = self.buffers.iter().map(|buffer| buffer.len() as u64).sum();
        self.header.len() as u64 + buffers
    }

    /// The alignment in bytes that each buffer should have, so that arrays in it can be borrowed,
    /// and a `Vec` can take it over. [`buffer_aligns`] tells it before the buffers are there.
    ///
    /// # Errors
    ///
    /// As [`item`](Self::item), and when dtypes have more fields than the limits allow.
    pub fn buffer_aligns(&self) -> Result<Vec<usize>> {
        aligns::of(self.reader()?, self.limits.visits)
    }

    /// Makes it independent of `'a`: shares what it can; what it only borrows is copied, and
    /// [counted](canning_core::CannedObject::copied), to where a `Vec` can take it over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`]; and as [`buffer_aligns`](Self::buffer_aligns).
    pub fn into_owned(self) -> Result<Object<'static>> {
        let aligns = self.buffer_aligns()?;
        let mut copied = Copied::default();
        let mut buffers = Vec::with_capacity(self.buffers.len());
        for (buffer, align) in self.buffers.into_iter().zip(aligns) {
            if buffer.is_borrowed() {
                copied.out_of_band += buffer.len() as u64;
            }
            buffers.push(buffer.into_owned(align)?);
        }
        if self.header.is_borrowed() {
            copied.in_band += self.header.len() as u64;
        }
        let header = self.header.into_owned(1)?;
        self.copied.add(copied);
        let Self { lens, dialect, limits, loaded, known, copied, .. } = self;
        Ok(Object { header, buffers, lens, dialect, limits, loaded, known, copied })
    }

    /// Refuses an object of which buffers were taken.
    fn check_whole(&self) -> Result<()> {
        let mut buffers = self.lens.iter().zip(&self.buffers);
        match buffers.position(|(len, buffer)| *len != buffer.len()) {
            Some(index) => Err(ErrorKind::BufferTaken { index }.into()),
            None => Ok(()),
        }
    }

    fn sources(&self) -> Sources<'_, 'a> {
        let header = self.header.as_slice().unwrap_or_default();
        Sources { header, buffers: &self.buffers }
    }

    fn loaded(&self) -> Result<&Loaded> {
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        let loaded = load(self.sources(), self.dialect, &self.limits)?;
        Ok(self.loaded.get_or_init(|| loaded))
    }

    fn reader(&self) -> Result<Reader<'_>> {
        let graph = &self.loaded()?.graph;
        Ok(Reader { graph, sources: self.sources(), lens: &self.lens, known: &self.known })
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object")
            .field("dialect", &self.dialect)
            .field("header", &self.header)
            .field("buffers", &self.buffers)
            .field("copied", &self.copied.get())
            .finish_non_exhaustive()
    }
}
