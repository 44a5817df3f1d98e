//! The visitor protocol between values and formats.
//!
//! A value walks itself and calls a [`Canner`]; a type asks an [`Uncanner`] for its parts. A
//! format implements both. It is serde's idea with one addition: a value may hand over
//! *memory*, and receive it.
//!
//! Everything that nests comes as a pair of events, `begin_…` and `end_…`, not as a call that
//! takes the inner value, so that a canner can wrap another.

use std::{borrow::Cow, fmt, sync::Arc};

use crate::{
    buffer::{Copied, RawArray, ReceivedArray, Shape},
    element::ElementType,
    error::Result,
    record::{Enum, Fields, Record, RecordName},
};

/// Takes the parts of a value as it walks itself; a format's writing half.
///
/// # Contract
///
/// Callers, which are implementations of [`Can`](crate::Can), promise:
///
/// - Between a `begin_…` and its `end_…` stand as many values as were announced: `len` items,
///   `len` keys each followed by its value, one value per field, one value in a `Some`.
/// - After an error nothing else is called.
///
/// Memory handed over is borrowed for `'a`; everything else is copied during the call.
pub trait Canner<'a> {
    /// Writes `()`.
    fn unit(&mut self) -> Result<()>;
    /// Writes a truth value.
    fn bool(&mut self, value: bool) -> Result<()>;
    /// Writes an integer that is not negative.
    fn u64(&mut self, value: u64) -> Result<()>;
    /// Writes an integer.
    fn i64(&mut self, value: i64) -> Result<()>;
    /// Writes a large integer that is not negative.
    fn u128(&mut self, value: u128) -> Result<()>;
    /// Writes a large integer.
    fn i128(&mut self, value: i128) -> Result<()>;
    /// Writes a 32-bit float, its bits unchanged.
    fn f32(&mut self, value: f32) -> Result<()>;
    /// Writes a 64-bit float, its bits unchanged.
    fn f64(&mut self, value: f64) -> Result<()>;
    /// Writes text into the header.
    fn str(&mut self, value: &str) -> Result<()>;
    /// Writes bytes into the header. Sequences of `u8` are arrays; this is for plain values.
    fn bytes(&mut self, value: &[u8]) -> Result<()>;

    /// Whether a buffer of `len` bytes may go out of band: text asks before it chooses between
    /// [`str`](Self::str) and [`text_array`](Self::text_array).
    #[inline]
    fn sends_out_of_band(&self, len: usize) -> bool {
        let _ = len;
        false
    }

    /// Writes text that goes out of band: the array of its bytes that [`RawArray::of_text`]
    /// makes. Called only where [`sends_out_of_band`](Self::sends_out_of_band).
    fn text_array(&mut self, text: RawArray<'a>) -> Result<()>;

    /// Writes a `None`.
    fn none(&mut self) -> Result<()>;
    /// Begins a `Some`.
    fn begin_some(&mut self) -> Result<()>;
    /// Ends a `Some`.
    fn end_some(&mut self) -> Result<()>;

    /// Begins a list of `len` items.
    fn begin_list(&mut self, len: usize) -> Result<()>;
    /// Is told after the first item of a list that so many `more` follow, which are probably
    /// like it: a canner that collects bytes can make room for them.
    #[inline]
    fn expect_more(&mut self, more: usize) {
        let _ = more;
    }
    /// Ends a list.
    fn end_list(&mut self) -> Result<()>;

    /// Begins a set of `len` items; a list, unless the format has sets.
    fn begin_set(&mut self, len: usize) -> Result<()> {
        self.begin_list(len)
    }
    /// Ends a set.
    fn end_set(&mut self) -> Result<()> {
        self.end_list()
    }

    /// Begins a tuple of `len` items.
    fn begin_tuple(&mut self, len: usize) -> Result<()>;
    /// Ends a tuple.
    fn end_tuple(&mut self) -> Result<()>;

    /// Begins a map of `len` entries: a key, its value, the next key.
    fn begin_map(&mut self, len: usize) -> Result<()>;
    /// Ends a map.
    fn end_map(&mut self) -> Result<()>;

    /// Begins a record, or the variant of an enum.
    fn begin_record(&mut self, record: &'static Record) -> Result<()>;
    /// Says which field of the record comes next; each once, in their order.
    fn field(&mut self, index: usize) -> Result<()> {
        let _ = index;
        Ok(())
    }
    /// Ends a record.
    fn end_record(&mut self) -> Result<()>;
    /// Begins a record or variant whose type is not known here; all its fields follow in
    /// order, without [`field`](Self::field).
    ///
    /// It writes what [`begin_record`](Self::begin_record) writes for the same names. A canner
    /// may keep the names, and know them by their address: received ones may be long, and many
    /// records share them.
    fn begin_any_record(&mut self, record: &Arc<RecordName>) -> Result<()>;

    /// Begins an array of `shape` whose items are not elements; they follow in C order.
    fn begin_object_array(&mut self, shape: &[usize]) -> Result<()>;
    /// Ends an array of items.
    fn end_object_array(&mut self) -> Result<()>;

    /// Writes an array of elements: its memory.
    fn array(&mut self, array: RawArray<'a>) -> Result<()>;

    /// Takes the bytes of a one-dimensional array into the header if it is small enough, and
    /// says so; otherwise does nothing, and [`array`](Self::array) follows.
    ///
    /// The fast path for many small arrays. `element` has no inner axes; `bytes` are in this
    /// machine's byte order.
    #[inline]
    fn in_band(&mut self, element: &'static ElementType, bytes: &[u8]) -> Result<bool> {
        let _ = (element, bytes);
        Ok(false)
    }

    /// From here on, until the matching end, all arrays and text stay in the header.
    fn begin_inline(&mut self) -> Result<()> {
        Ok(())
    }
    /// Ends what [`begin_inline`](Self::begin_inline) began.
    fn end_inline(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Gives the parts of a value as its type asks for them; a format's reading half.
///
/// `'b` is the lifetime of what was received: parts may borrow from it.
///
/// # Contract
///
/// Implementors promise, for bytes from anywhere:
///
/// - Lengths given out are bounded by the input: an item of a list, a tuple or an object
///   array, and a key or a value of a map, takes at least one byte each.
/// - Nesting is bounded: a `begin_…` beyond the depth limit is an error.
///
/// Callers take all of what they began, in order, and where fields come by name ask until
/// there is none; after an error they take nothing else.
pub trait Uncanner<'b> {
    /// Says what comes next, without taking it.
    fn peek(&mut self) -> Result<Kind>;

    /// Takes `()`.
    fn unit(&mut self) -> Result<()>;
    /// Takes a truth value.
    fn bool(&mut self) -> Result<bool>;
    /// Takes an integer that is not negative.
    fn u64(&mut self) -> Result<u64>;
    /// Takes an integer.
    fn i64(&mut self) -> Result<i64>;
    /// Takes a large integer that is not negative.
    fn u128(&mut self) -> Result<u128>;
    /// Takes a large integer.
    fn i128(&mut self) -> Result<i128>;
    /// Takes a 32-bit float.
    fn f32(&mut self) -> Result<f32>;
    /// Takes a 64-bit float.
    fn f64(&mut self) -> Result<f64>;
    /// Takes text, borrowed where it stands in the input.
    fn text(&mut self) -> Result<Cow<'b, str>>;
    /// Takes text that is to be owned. A format that can tell what that copies counts it here.
    #[inline]
    fn string(&mut self) -> Result<String> {
        self.text().map(Cow::into_owned)
    }
    /// Whether the text that comes next stands in the header, for who copies and counts it.
    fn is_text_in_band(&mut self) -> Result<bool> {
        Ok(true)
    }
    /// Takes bytes, borrowed where they stand in the input.
    fn bytes(&mut self) -> Result<Cow<'b, [u8]>>;

    /// Takes a `None` and gives `false`, or begins a `Some` and gives `true`.
    fn begin_option(&mut self) -> Result<bool>;
    /// Ends a `Some`.
    fn end_some(&mut self) -> Result<()>;

    /// Begins a list; gives its length.
    fn begin_list(&mut self) -> Result<usize>;
    /// Ends a list.
    fn end_list(&mut self) -> Result<()>;
    /// Whether a list comes next, in a format that may list elements instead of sending them as
    /// an array: a container of elements then takes them one by one.
    #[inline]
    fn lists_elements(&mut self) -> Result<bool> {
        Ok(false)
    }

    /// Begins a set; gives its length. A list, unless the format has sets.
    fn begin_set(&mut self) -> Result<usize> {
        self.begin_list()
    }
    /// Ends a set.
    fn end_set(&mut self) -> Result<()> {
        self.end_list()
    }

    /// Begins a tuple; gives its length.
    fn begin_tuple(&mut self) -> Result<usize>;
    /// Ends a tuple.
    fn end_tuple(&mut self) -> Result<()>;

    /// Begins a map; gives the number of entries.
    fn begin_map(&mut self) -> Result<usize>;
    /// Ends a map.
    fn end_map(&mut self) -> Result<()>;

    /// Begins a record, which must have the name of `record`.
    fn begin_record(&mut self, record: &'static Record) -> Result<Fields>;
    /// Begins a variant; gives its number in `variants`, and how its fields come.
    fn begin_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)>;
    /// Where fields come [by name](Fields::ByName): gives the number of the next one in the
    /// record, and `None` after the last. Fields that the record ignores are skipped.
    fn next_field(&mut self) -> Result<Option<usize>>;
    /// Ends a record or a variant.
    fn end_record(&mut self) -> Result<()>;

    /// Begins a record or a variant of whatever name; all its fields come in order.
    ///
    /// A format that keeps the names of a header once gives out the same `Arc` each time.
    fn begin_any_record(&mut self) -> Result<Arc<RecordName>>;

    /// Begins an array of items that are not elements; gives its shape. The items follow in C
    /// order.
    fn begin_object_array(&mut self) -> Result<Shape>;
    /// Ends an array of items.
    fn end_object_array(&mut self) -> Result<()>;

    /// Takes an array of elements.
    fn array(&mut self) -> Result<ReceivedArray<'b>>;

    /// Takes the bytes of a one-dimensional array in C order of exactly this element type if
    /// they stand in the header; otherwise takes nothing, and [`array`](Self::array) follows.
    ///
    /// The fast path for many small arrays. `element` has no inner axes. The bytes are in this
    /// machine's byte order: where that is not the format's, this gives `None`.
    #[inline]
    fn in_band(&mut self, element: &'static ElementType) -> Result<Option<&'b [u8]>> {
        let _ = element;
        Ok(None)
    }

    /// Skips one value, and gives its buffers up.
    fn skip(&mut self) -> Result<()>;

    /// Is told what was copied.
    fn count_copy(&mut self, copied: Copied);

    /// Is asked before `bytes` are allocated that the input does not contain, as for a
    /// broadcast array that becomes an owned one.
    ///
    /// # Errors
    ///
    /// [`Limit`](crate::ErrorKind::Limit) when the receiver does not allow so many.
    fn allow_expansion(&mut self, bytes: usize) -> Result<()>;
}

/// What kind of value stands in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `None`.
    None,
    /// A `Some` that is marked as one, as `Some(None)` is.
    Some,
    /// `()`.
    Unit,
    /// A truth value.
    Bool,
    /// An integer up to `i128::MAX`.
    Integer,
    /// An integer above `i128::MAX`, which only a `u128` holds.
    BigInteger,
    /// A 32-bit float.
    F32,
    /// A 64-bit float.
    F64,
    /// Text.
    Text,
    /// Bytes of a plain value.
    Bytes,
    /// A list.
    List,
    /// A tuple.
    Tuple,
    /// A map.
    Map,
    /// A struct.
    Record,
    /// A variant of an enum.
    Variant,
    /// An array of elements.
    Array,
    /// An array of other items.
    ObjectArray,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Some => "some",
            Self::Unit => "unit",
            Self::Bool => "bool",
            Self::Integer | Self::BigInteger => "integer",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::List => "list",
            Self::Tuple => "tuple",
            Self::Map => "map",
            Self::Record => "record",
            Self::Variant => "variant",
            Self::Array => "array",
            Self::ObjectArray => "object array",
        })
    }
}
