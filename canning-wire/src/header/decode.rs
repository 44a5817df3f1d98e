//! Reading a header: the uncanner of the native format.

use std::{borrow::Cow, rc::Rc, sync::Arc};

use canning_core::{
    Buffer, Copied, Dtype, ElementType, Enum, Error, ErrorKind, Fields, Record, RecordFields,
    RecordName, Result, SharedBytes,
    buffer::{ArrayLayout, Axis, ReceivedArray, Shape},
    visitor::{Kind, Uncanner},
};

use crate::{
    header::{
        body,
        cbor::{self, Cursor},
        dtypes,
        front::{BufferEntry, Front, limit},
        names::{self, Name, NameFields},
    },
    limits::Limits,
};

/// Reads the parts of one value.
pub(crate) struct Decoder<'b, 'a> {
    cursor: Cursor<'b>,
    tail: &'b [u8],
    /// How much of the tail the arrays so far have taken.
    tail_at: usize,
    header: Option<&'b SharedBytes>,
    dtypes: Vec<Dtype>,
    /// The element type that was compared last, by the address of its dtype, and its number.
    last_dtype: Option<(*const Dtype, u64)>,
    names: Vec<Name<'b>>,
    resolved: Vec<Resolved>,
    table: &'b [BufferEntry],
    buffers: Buffers<'b, 'a>,
    /// Buffers referenced so far; the next must have this number.
    next_buffer: usize,
    moved: usize,
    depth: u32,
    limits: Limits,
    expanded: u64,
    copied: Copied,
    /// Records whose fields come by name.
    open: Vec<Open>,
}

/// The buffers of the object that is read.
pub(crate) enum Buffers<'b, 'a> {
    /// They stay.
    View(&'b [Buffer<'a>]),
    /// They are moved out.
    Take(Vec<Option<Buffer<'a>>>),
}

/// What a name of the header is to a type, as found out the first time they met.
#[derive(Clone, Default)]
struct Resolved {
    /// The address of the type's `Record` or `Enum`; zero for none.
    address: usize,
    /// The number of the variant.
    variant: usize,
    fields: Matching,
    /// The name for those who know no type.
    any: Option<Arc<RecordName>>,
}

#[derive(Clone, Default)]
enum Matching {
    #[default]
    InOrder,
    /// For each received field the number in the record, if it has it.
    ByName(Rc<[Option<usize>]>),
    /// All are skipped, for the variant that stands for unknown ones.
    Skipped,
}

/// A record whose fields come by name.
struct Open {
    name: usize,
    fields: Rc<[Option<usize>]>,
    /// The received field that comes next.
    next: usize,
    ignores_unknown: bool,
}

impl<'b, 'a> Decoder<'b, 'a> {
    pub(crate) fn new(
        header: &'b Buffer<'_>,
        front: &'b Front,
        buffers: Buffers<'b, 'a>,
        limits: Limits,
    ) -> Result<Self> {
        let first = front.first_of(header)?;
        let part = |range: &std::ops::Range<usize>| {
            first
                .get(range.clone())
                .ok_or_else(|| Error::new(ErrorKind::NotContiguous))
        };
        let mut tables = Cursor::new(part(&front.tables)?, front.tables.start);
        let dtypes = dtypes::decode_table(&mut tables)?;
        let names = names::decode_table(&mut tables)?;
        Ok(Self {
            cursor: Cursor::new(part(&front.body)?, front.body.start),
            tail: front.tail_of(header)?,
            tail_at: 0,
            header: header.as_shared(),
            dtypes,
            last_dtype: None,
            resolved: vec![Resolved::default(); names.len()],
            names,
            table: &front.buffers,
            buffers,
            next_buffer: 0,
            moved: 0,
            depth: limits.depth,
            limits,
            expanded: 0,
            copied: Copied::default(),
            open: Vec::new(),
        })
    }

    /// Checks that everything was read; gives what was copied.
    pub(crate) fn finish(&self) -> Result<Copied> {
        if !self.cursor.is_at_end() {
            return Err(self.cursor.malformed("the end of the body"));
        }
        if self.tail_at != self.tail.len() {
            return Err(self.cursor.malformed("arrays for all of the tail"));
        }
        if self.next_buffer != self.table.len() {
            let expected = self.next_buffer;
            return Err(ErrorKind::BufferReference {
                expected,
                found: None,
            }
            .into());
        }
        Ok(self.copied)
    }

    /// The buffers that were moved out so far.
    pub(crate) fn moved(&self) -> usize {
        self.moved
    }

    /// Gives back the buffers that are still there.
    pub(crate) fn into_buffers(self) -> Buffers<'b, 'a> {
        self.buffers
    }

    #[cold]
    fn unexpected(&mut self, expected: Kind) -> Error {
        match self.peek() {
            Ok(found) => Error::new(ErrorKind::Kind { expected, found }),
            Err(error) => error,
        }
    }

    #[inline]
    fn enter(&mut self) -> Result<()> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(self.too_deep()),
        }
    }

    #[inline]
    fn leave(&mut self) {
        self.depth += 1;
    }

    #[cold]
    fn too_deep(&self) -> Error {
        let limit = u64::from(self.limits.depth);
        Error::new(ErrorKind::Limit {
            what: "the depth",
            limit,
            found: limit + 1,
        })
    }

    /// Begins an array of this code; gives the number of items after the code.
    #[inline]
    fn begin(&mut self, code: u8, kind: Kind) -> Result<usize> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 == cbor::ARRAY {
            let count = self.cursor.count(cbor::ARRAY, "an array")?;
            if count > 0 && self.cursor.peek()? == code {
                self.cursor.advance(1);
                return Ok(count - 1);
            }
        }
        self.cursor = start;
        Err(self.unexpected(kind))
    }

    /// Begins a record; gives its number in the names.
    #[inline]
    fn begin_name(&mut self, kind: Kind) -> Result<usize> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 == cbor::ARRAY {
            let count = self.cursor.count(cbor::ARRAY, "an array")?;
            if count > 0 && self.cursor.peek()? >> 5 == cbor::UNSIGNED {
                let code = self.cursor.head(cbor::UNSIGNED, "a code")?;
                if let Some(number) = code.checked_sub(body::RECORDS) {
                    let number = usize::try_from(number).unwrap_or(usize::MAX);
                    return match self.names.get(number) {
                        Some(name) if name.len() == count - 1 => Ok(number),
                        Some(_) => Err(start.malformed("as many fields as the record has")),
                        None => Err(start.malformed("a record with a name")),
                    };
                }
            }
        }
        self.cursor = start;
        Err(self.unexpected(kind))
    }

    fn name(&self, number: usize) -> Result<&Name<'b>> {
        self.names
            .get(number)
            .ok_or_else(|| self.cursor.malformed("a record with a name"))
    }

    /// Opens a record as it was resolved.
    fn open(&mut self, number: usize, ignores_unknown: bool) -> Result<(usize, Fields)> {
        let Some(resolved) = self.resolved.get(number) else {
            return Err(self.cursor.malformed("a record with a name"));
        };
        let variant = resolved.variant;
        match &resolved.fields {
            Matching::InOrder => Ok((variant, Fields::InOrder)),
            Matching::ByName(fields) => {
                let fields = Rc::clone(fields);
                self.open.push(Open {
                    name: number,
                    fields,
                    next: 0,
                    ignores_unknown,
                });
                Ok((variant, Fields::ByName))
            }
            Matching::Skipped => {
                for _ in 0..self.name(number)?.len() {
                    self.skip()?;
                }
                Ok((variant, Fields::InOrder))
            }
        }
    }

    #[cold]
    fn resolve_record(&mut self, number: usize, record: &'static Record) -> Result<()> {
        let name = self.name(number)?;
        if name.variant.is_some() {
            return Err(ErrorKind::Kind {
                expected: Kind::Record,
                found: Kind::Variant,
            }
            .into());
        }
        if name.name != record.name {
            let (expected, found) = (record.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let fields = match_fields(name, record)?;
        let address = std::ptr::from_ref(record).addr();
        self.set_resolved(number, address, 0, fields);
        Ok(())
    }

    #[cold]
    fn resolve_variant(&mut self, number: usize, variants: &'static Enum) -> Result<()> {
        let name = self.name(number)?;
        let Some(found) = name.variant else {
            return Err(ErrorKind::Kind {
                expected: Kind::Variant,
                found: Kind::Record,
            }
            .into());
        };
        if name.name != variants.name {
            let (expected, found) = (variants.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let known = variants
            .position(found)
            .and_then(|at| Some((at, variants.variants.get(at)?)));
        let (variant, fields) = match (known, variants.other) {
            (Some((variant, record)), _) => (variant, match_fields(name, record)?),
            (None, Some(other)) => (other, Matching::Skipped),
            (None, None) => {
                let (record, found) = (variants.name, found.into());
                return Err(ErrorKind::UnknownVariant { record, found }.into());
            }
        };
        let address = std::ptr::from_ref(variants).addr();
        self.set_resolved(number, address, variant, fields);
        Ok(())
    }

    fn set_resolved(&mut self, number: usize, address: usize, variant: usize, fields: Matching) {
        if let Some(place) = self.resolved.get_mut(number) {
            (place.address, place.variant, place.fields) = (address, variant, fields);
        }
    }

    /// Reads shape and axes, `parts` of them.
    fn layout(&mut self, parts: usize) -> Result<ArrayLayout> {
        if parts == 1 && self.cursor.peek()? >> 5 == cbor::UNSIGNED {
            return Ok(ArrayLayout::one_axis(self.len()?));
        }
        let shape = self.shape()?;
        if parts == 1 {
            return ArrayLayout::c_order(&shape);
        }
        let start = self.cursor.clone();
        let count = self.cursor.count(cbor::ARRAY, "axes")?;
        if count > shape.len() {
            return Err(start.malformed("axes of the shape"));
        }
        let mut axes = Vec::with_capacity(count);
        for _ in 0..count {
            let reversed = self.cursor.peek()? >> 5 == cbor::NEGATIVE;
            let major = if reversed {
                cbor::NEGATIVE
            } else {
                cbor::UNSIGNED
            };
            let index = self.cursor.head(major, "an axis")?;
            let index = usize::try_from(index).map_err(|_large| start.malformed("an axis"))?;
            axes.push(Axis { index, reversed });
        }
        ArrayLayout::new(&shape, Some(&axes))
    }

    fn shape(&mut self) -> Result<Shape> {
        let rank = self.cursor.count(cbor::ARRAY, "a shape")?;
        let mut shape = Shape::new();
        for _ in 0..rank {
            let len = self.len()?;
            shape.push(len);
        }
        Ok(shape)
    }

    fn len(&mut self) -> Result<usize> {
        let start = self.cursor.clone();
        let len = self.cursor.head(cbor::UNSIGNED, "a length")?;
        usize::try_from(len).map_err(|_too_long| start.malformed("a shorter axis"))
    }

    /// Takes bytes of the tail for items of a dtype.
    #[inline]
    fn take_tail(&mut self, align: usize, len: usize) -> Result<&'b [u8]> {
        let range = body::align_up(self.tail_at, align)
            .and_then(|start| Some((start, start.checked_add(len)?)));
        let bytes = range.and_then(|(start, end)| self.tail.get(start..end));
        match (range, bytes) {
            (Some((_, end)), Some(bytes)) => {
                self.tail_at = end;
                Ok(bytes)
            }
            _ => Err(self.cursor.malformed("an array within the tail")),
        }
    }

    fn in_band_array(&mut self, parts: usize) -> Result<ReceivedArray<'b>> {
        let start = self.cursor.clone();
        if !matches!(parts, 2 | 3) {
            return Err(start.malformed("an array of three or four parts"));
        }
        let dtype = self.cursor.head(cbor::UNSIGNED, "a dtype")?;
        let dtype = self.dtype(dtype)?.clone();
        let layout = self.layout(parts - 1)?;
        let len = layout.stored_count().checked_mul(dtype.item_size());
        let len = len.ok_or_else(|| start.malformed("an array within the tail"))?;
        let bytes = self.take_tail(dtypes::tail_align(&dtype), len)?;
        ReceivedArray::in_band(Cow::Owned(dtype), layout, bytes, self.header)
    }

    fn out_of_band_array(&mut self, parts: usize) -> Result<ReceivedArray<'b>> {
        if !matches!(parts, 2 | 3) {
            return Err(self.cursor.malformed("an array of three or four parts"));
        }
        let entry = self.next_buffer()?;
        let layout = self.layout(parts - 1)?;
        let dtype = self.dtype(entry.dtype)?.clone();
        self.buffer(dtype, layout)
    }

    /// Reads the number of a buffer, which must be the next; gives its entry.
    fn next_buffer(&mut self) -> Result<BufferEntry> {
        let found = self.cursor.head(cbor::UNSIGNED, "the number of a buffer")?;
        let found = usize::try_from(found).unwrap_or(usize::MAX);
        let expected = self.next_buffer;
        let entry = self.table.get(found).filter(|_| found == expected);
        let entry = *entry.ok_or_else(|| {
            Error::new(ErrorKind::BufferReference {
                expected,
                found: Some(found),
            })
        })?;
        self.next_buffer += 1;
        Ok(entry)
    }

    /// Takes or shows the buffer that was referenced last.
    fn buffer(&mut self, dtype: Dtype, layout: ArrayLayout) -> Result<ReceivedArray<'b>> {
        let index = self.next_buffer.saturating_sub(1);
        let dtype = Cow::Owned(dtype);
        let taken = || Error::new(ErrorKind::BufferTaken { index });
        match &mut self.buffers {
            Buffers::View(buffers) => {
                let buffer = buffers.get(index).ok_or_else(taken)?;
                let len = self.table.get(index).map(|entry| entry.len);
                if len != Some(buffer.len() as u64) {
                    return Err(taken());
                }
                ReceivedArray::viewed(dtype, layout, buffer)
            }
            Buffers::Take(buffers) => {
                let buffer = buffers
                    .get_mut(index)
                    .and_then(Option::take)
                    .ok_or_else(taken)?;
                self.moved += 1;
                ReceivedArray::moved(dtype, layout, buffer)
            }
        }
    }

    fn dtype(&self, number: u64) -> Result<&Dtype> {
        let dtype = usize::try_from(number)
            .ok()
            .and_then(|number| self.dtypes.get(number));
        dtype.ok_or_else(|| self.cursor.malformed("a dtype of the table"))
    }

    /// Whether the dtype of this number is that of `element`; by address after the first time.
    #[inline]
    fn is_dtype(&mut self, number: u64, element: &'static ElementType) -> Result<bool> {
        let address: *const Dtype = element.dtype();
        if self.last_dtype == Some((address, number)) {
            return Ok(true);
        }
        let is_same = self.dtype(number)? == element.dtype();
        if is_same {
            self.last_dtype = Some((address, number));
        }
        Ok(is_same)
    }

    fn big(&mut self) -> Result<u128> {
        let start = self.cursor.clone();
        self.cursor.advance(1);
        let len = self.cursor.head(cbor::BYTES, "the bytes of an integer")?;
        let digits = self.cursor.take(len)?;
        if !(9..=16).contains(&digits.len()) || digits.first() == Some(&0) {
            return Err(start.malformed("an integer of 65 to 128 bits"));
        }
        Ok(digits
            .iter()
            .fold(0, |value, digit| value << 8 | u128::from(*digit)))
    }

    #[cold]
    fn out_of_range(expected: &'static str, found: i128) -> Error {
        Error::new(ErrorKind::IntegerRange { expected, found })
    }

    /// Reads a number that does not fit the 64 bits that were asked for, to say so.
    #[cold]
    fn wrong_integer(&mut self, expected: &'static str) -> Error {
        match self.peek() {
            Ok(Kind::Integer) => match self.i128() {
                Ok(found) => Self::out_of_range(expected, found),
                Err(error) => error,
            },
            Ok(Kind::BigInteger) => Self::out_of_range(expected, i128::MAX),
            Ok(found) => Error::new(ErrorKind::Kind {
                expected: Kind::Integer,
                found,
            }),
            Err(error) => error,
        }
    }
}

/// Finds out how received fields come to a record.
fn match_fields(name: &Name<'_>, record: &'static Record) -> Result<Matching> {
    match (&name.fields, record.fields) {
        (NameFields::Named(found), RecordFields::Named(expected)) => {
            let in_order = found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected)
                    .all(|(found, expected)| *found == expected.name);
            if in_order {
                return Ok(Matching::InOrder);
            }
            Ok(Matching::ByName(
                found.iter().map(|field| record.position(field)).collect(),
            ))
        }
        (NameFields::Positional(found), RecordFields::Positional(expected)) => {
            match (*found, expected) {
                (found, expected) if found == expected => Ok(Matching::InOrder),
                (found, expected) if found < expected => {
                    Ok(Matching::ByName((0..found).map(Some).collect()))
                }
                (found, expected) => Err(ErrorKind::Length { expected, found }.into()),
            }
        }
        (NameFields::Positional(0), RecordFields::Named(_)) => Ok(Matching::ByName([].into())),
        (NameFields::Named(found), RecordFields::Positional(0)) if record.ignores_unknown => {
            Ok(Matching::ByName(found.iter().map(|_| None).collect()))
        }
        (NameFields::Positional(_), RecordFields::Named(_)) => Err(ErrorKind::Kind {
            expected: Kind::Record,
            found: Kind::Tuple,
        }
        .into()),
        (NameFields::Named(_), RecordFields::Positional(_)) => Err(ErrorKind::Kind {
            expected: Kind::Tuple,
            found: Kind::Record,
        }
        .into()),
    }
}

impl<'b> Uncanner<'b> for Decoder<'b, '_> {
    fn peek(&mut self) -> Result<Kind> {
        let mut ahead = self.cursor.clone();
        let first = ahead.peek()?;
        match first >> 5 {
            cbor::UNSIGNED | cbor::NEGATIVE => return Ok(Kind::Integer),
            cbor::BYTES => return Ok(Kind::Bytes),
            cbor::TEXT => return Ok(Kind::Text),
            cbor::MAP => return Ok(Kind::Map),
            cbor::ARRAY => {}
            _ => {
                return match first {
                    // Sixteen bytes, of which the first has its top bit set: above `i128::MAX`.
                    cbor::BIG_UNSIGNED if matches!(ahead.rest(), [_, 0x50, 0x80..=0xff, ..]) => {
                        Ok(Kind::BigInteger)
                    }
                    cbor::BIG_UNSIGNED | cbor::BIG_NEGATIVE => Ok(Kind::Integer),
                    cbor::FALSE | cbor::TRUE => Ok(Kind::Bool),
                    cbor::NULL => Ok(Kind::None),
                    cbor::F32 => Ok(Kind::F32),
                    cbor::F64 => Ok(Kind::F64),
                    _ => Err(ahead.malformed("an item of the body")),
                };
            }
        }
        let start = ahead.clone();
        let count = ahead.count(cbor::ARRAY, "an array")?;
        if count == 0 {
            return Err(start.malformed("an array with a code"));
        }
        let code = ahead.head(cbor::UNSIGNED, "a code")?;
        if let Some(number) = code.checked_sub(body::RECORDS) {
            let name = usize::try_from(number)
                .ok()
                .and_then(|number| self.names.get(number));
            let name = name.ok_or_else(|| start.malformed("a record with a name"))?;
            return Ok(if name.variant.is_some() {
                Kind::Variant
            } else {
                Kind::Record
            });
        }
        match u8::try_from(code) {
            Ok(body::LIST) => Ok(Kind::List),
            Ok(body::TUPLE) if count == 1 => Ok(Kind::Unit),
            Ok(body::TUPLE) => Ok(Kind::Tuple),
            Ok(body::SOME) => Ok(Kind::Some),
            Ok(body::IN_BAND | body::OUT_OF_BAND) => Ok(Kind::Array),
            Ok(body::OBJECTS) => Ok(Kind::ObjectArray),
            Ok(body::TEXT) => Ok(Kind::Text),
            _ => Err(start.malformed("a known code")),
        }
    }

    fn unit(&mut self) -> Result<()> {
        match self.begin(body::TUPLE, Kind::Unit)? {
            0 => Ok(()),
            _ => Err(ErrorKind::Kind {
                expected: Kind::Unit,
                found: Kind::Tuple,
            }
            .into()),
        }
    }

    #[inline]
    fn bool(&mut self) -> Result<bool> {
        let value = match self.cursor.peek()? {
            cbor::FALSE => false,
            cbor::TRUE => true,
            _ => return Err(self.unexpected(Kind::Bool)),
        };
        self.cursor.advance(1);
        Ok(value)
    }

    #[inline]
    fn u64(&mut self) -> Result<u64> {
        if self.cursor.peek()? >> 5 == cbor::UNSIGNED {
            return self.cursor.head(cbor::UNSIGNED, "an integer");
        }
        Err(self.wrong_integer("u64"))
    }

    #[inline]
    fn i64(&mut self) -> Result<i64> {
        let start = self.cursor.clone();
        let first = self.cursor.peek()?;
        if first >> 5 > cbor::NEGATIVE {
            return Err(self.wrong_integer("i64"));
        }
        let argument = self.cursor.head(first >> 5, "an integer")?;
        match i64::try_from(argument) {
            Ok(value) if first >> 5 == cbor::UNSIGNED => Ok(value),
            Ok(value) => Ok(!value),
            Err(_) => {
                self.cursor = start;
                Err(self.wrong_integer("i64"))
            }
        }
    }

    fn u128(&mut self) -> Result<u128> {
        match self.cursor.peek()? {
            cbor::BIG_UNSIGNED => self.big(),
            first if first >> 5 == cbor::UNSIGNED => self.u64().map(u128::from),
            _ => Err(self.wrong_integer("u128")),
        }
    }

    fn i128(&mut self) -> Result<i128> {
        let first = self.cursor.peek()?;
        let is_negative = first == cbor::BIG_NEGATIVE || first >> 5 == cbor::NEGATIVE;
        let magnitude = match first {
            cbor::BIG_UNSIGNED | cbor::BIG_NEGATIVE => self.big()?,
            _ if first >> 5 <= cbor::NEGATIVE => {
                u128::from(self.cursor.head(first >> 5, "an integer")?)
            }
            _ => return Err(self.unexpected(Kind::Integer)),
        };
        match i128::try_from(magnitude) {
            Ok(value) if is_negative => Ok(!value),
            Ok(value) => Ok(value),
            Err(_) if is_negative => Err(Self::out_of_range("i128", i128::MIN)),
            Err(_) => Err(Self::out_of_range("i128", i128::MAX)),
        }
    }

    #[inline]
    fn f32(&mut self) -> Result<f32> {
        if self.cursor.peek()? != cbor::F32 {
            return Err(self.unexpected(Kind::F32));
        }
        let [_, bits @ ..] = self.cursor.array::<5>()?;
        Ok(f32::from_bits(u32::from_be_bytes(bits)))
    }

    #[inline]
    fn f64(&mut self) -> Result<f64> {
        if self.cursor.peek()? != cbor::F64 {
            return Err(self.unexpected(Kind::F64));
        }
        let [_, bits @ ..] = self.cursor.array::<9>()?;
        Ok(f64::from_bits(u64::from_be_bytes(bits)))
    }

    #[inline]
    fn text(&mut self) -> Result<Cow<'b, str>> {
        if self.cursor.peek()? >> 5 == cbor::TEXT {
            return self.cursor.text().map(Cow::Borrowed);
        }
        self.text_buffer()
    }

    fn bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        if self.cursor.peek()? >> 5 != cbor::BYTES {
            return Err(self.unexpected(Kind::Bytes));
        }
        let len = self.cursor.head(cbor::BYTES, "bytes")?;
        self.cursor.take(len).map(Cow::Borrowed)
    }

    #[inline]
    fn begin_option(&mut self) -> Result<bool> {
        match self.cursor.peek()? {
            cbor::NULL => {
                self.cursor.advance(1);
                return Ok(false);
            }
            0x82 => {
                if let [_, body::SOME, inner, ..] = self.cursor.rest() {
                    let is_some = *inner == cbor::NULL
                        || matches!(self.cursor.rest(), [_, _, 0x82, body::SOME, ..]);
                    if !is_some {
                        return Err(self.cursor.malformed("a mark only for what needs it"));
                    }
                    self.cursor.advance(2);
                }
            }
            _ => {}
        }
        self.enter()?;
        Ok(true)
    }

    #[inline]
    fn end_some(&mut self) -> Result<()> {
        self.leave();
        Ok(())
    }

    #[inline]
    fn begin_list(&mut self) -> Result<usize> {
        let len = self.begin(body::LIST, Kind::List)?;
        self.enter()?;
        Ok(len)
    }

    #[inline]
    fn end_list(&mut self) -> Result<()> {
        self.leave();
        Ok(())
    }

    #[inline]
    fn begin_tuple(&mut self) -> Result<usize> {
        let len = self.begin(body::TUPLE, Kind::Tuple)?;
        self.enter()?;
        Ok(len)
    }

    #[inline]
    fn end_tuple(&mut self) -> Result<()> {
        self.leave();
        Ok(())
    }

    fn begin_map(&mut self) -> Result<usize> {
        if self.cursor.peek()? >> 5 != cbor::MAP {
            return Err(self.unexpected(Kind::Map));
        }
        let len = self.cursor.count(cbor::MAP, "a map")?;
        self.enter()?;
        Ok(len)
    }

    #[inline]
    fn end_map(&mut self) -> Result<()> {
        self.leave();
        Ok(())
    }

    #[inline]
    fn begin_record(&mut self, record: &'static Record) -> Result<Fields> {
        let number = self.begin_name(Kind::Record)?;
        self.enter()?;
        let address = std::ptr::from_ref(record).addr();
        match self.resolved.get(number) {
            Some(Resolved {
                address: known,
                fields: Matching::InOrder,
                ..
            }) if *known == address => {
                return Ok(Fields::InOrder);
            }
            Some(Resolved { address: known, .. }) if *known == address => {}
            _ => self.resolve_record(number, record)?,
        }
        Ok(self.open(number, record.ignores_unknown)?.1)
    }

    #[inline]
    fn begin_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        let number = self.begin_name(Kind::Variant)?;
        self.enter()?;
        let address = std::ptr::from_ref(variants).addr();
        match self.resolved.get(number) {
            Some(Resolved {
                address: known,
                variant,
                fields: Matching::InOrder,
                ..
            }) if *known == address => {
                return Ok((*variant, Fields::InOrder));
            }
            Some(Resolved { address: known, .. }) if *known == address => {}
            _ => self.resolve_variant(number, variants)?,
        }
        let variant = self
            .resolved
            .get(number)
            .map_or(0, |resolved| resolved.variant);
        let ignores = variants
            .variants
            .get(variant)
            .is_none_or(|record| record.ignores_unknown);
        self.open(number, ignores)
    }

    fn next_field(&mut self) -> Result<Option<usize>> {
        loop {
            let Some(open) = self.open.last_mut() else {
                return Err(Error::new(ErrorKind::Unsupported(
                    "fields by name of no record",
                )));
            };
            let Some(field) = open.fields.get(open.next) else {
                self.open.pop();
                return Ok(None);
            };
            let at = open.next;
            open.next += 1;
            match field {
                Some(field) => return Ok(Some(*field)),
                None if open.ignores_unknown => self.skip()?,
                None => {
                    let number = open.name;
                    let name = match &self.name(number)?.fields {
                        NameFields::Named(fields) => fields.get(at).copied().unwrap_or_default(),
                        NameFields::Positional(_) => "",
                    };
                    return Err(ErrorKind::UnknownField { name: name.into() }.into());
                }
            }
        }
    }

    #[inline]
    fn end_record(&mut self) -> Result<()> {
        self.leave();
        Ok(())
    }

    fn begin_any_record(&mut self) -> Result<Arc<RecordName>> {
        let number = self.begin_name(Kind::Record)?;
        self.enter()?;
        if let Some(Resolved {
            any: Some(name), ..
        }) = self.resolved.get(number)
        {
            return Ok(Arc::clone(name));
        }
        let name = Arc::new(self.name(number)?.to_owned());
        if let Some(resolved) = self.resolved.get_mut(number) {
            resolved.any = Some(Arc::clone(&name));
        }
        Ok(name)
    }

    fn begin_object_array(&mut self) -> Result<Shape> {
        let start = self.cursor.clone();
        let parts = self.begin(body::OBJECTS, Kind::ObjectArray)?;
        self.enter()?;
        let shape = self.shape()?;
        let items = ArrayLayout::c_order(&shape)?.count();
        if items.checked_add(1) != Some(parts) {
            return Err(start.malformed("as many items as the shape asks for"));
        }
        Ok(shape)
    }

    #[inline]
    fn end_object_array(&mut self) -> Result<()> {
        self.leave();
        Ok(())
    }

    fn array(&mut self) -> Result<ReceivedArray<'b>> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 == cbor::ARRAY {
            let count = self.cursor.count(cbor::ARRAY, "an array")?;
            if count > 0 {
                let code = self.cursor.peek()?;
                self.cursor.advance(1);
                match code {
                    body::IN_BAND => return self.in_band_array(count - 1),
                    body::OUT_OF_BAND => return self.out_of_band_array(count - 1),
                    _ => {}
                }
            }
        }
        self.cursor = start;
        Err(self.unexpected(Kind::Array))
    }

    #[inline]
    fn in_band(&mut self, element: &'static ElementType) -> Result<Option<&'b [u8]>> {
        // `[3, dtype, len]`, and neither a shape of several axes nor a big-endian machine.
        let [0x83, body::IN_BAND, ..] = self.cursor.rest() else {
            return Ok(None);
        };
        if cfg!(target_endian = "big") {
            return Ok(None);
        }
        let start = self.cursor.clone();
        self.cursor.advance(2);
        let dtype = self.cursor.head(cbor::UNSIGNED, "a dtype")?;
        if self.cursor.peek()? >> 5 != cbor::UNSIGNED || !self.is_dtype(dtype, element)? {
            self.cursor = start;
            return Ok(None);
        }
        let len = self.len()?;
        let Some(bytes) = len.checked_mul(element.size()) else {
            return Err(start.malformed("an array within the tail"));
        };
        self.take_tail(dtypes::tail_align(element.dtype()), bytes)
            .map(Some)
    }

    fn skip(&mut self) -> Result<()> {
        // Without recursion: how many items are still to be skipped. Each takes a byte at
        // least, and every count is checked against what is left.
        let mut left = 1_u64;
        while left > 0 {
            left -= 1;
            match self.peek()? {
                Kind::None | Kind::Bool => self.cursor.advance(1),
                Kind::F32 => self.cursor.advance(5),
                Kind::F64 => self.cursor.advance(9),
                Kind::Integer | Kind::BigInteger => match self.cursor.peek()? {
                    cbor::BIG_UNSIGNED | cbor::BIG_NEGATIVE => {
                        self.big()?;
                    }
                    first => {
                        self.cursor.head(first >> 5, "an integer")?;
                    }
                },
                Kind::Text => {
                    self.text()?;
                }
                Kind::Bytes => {
                    self.bytes()?;
                }
                Kind::Array => {
                    self.array()?;
                }
                Kind::Map => left += 2 * self.cursor.count(cbor::MAP, "a map")? as u64,
                Kind::ObjectArray => {
                    let count = self.cursor.count(cbor::ARRAY, "an array")? as u64;
                    self.cursor.advance(1);
                    self.shape()?;
                    left += count.saturating_sub(2);
                }
                _ => {
                    let count = self.cursor.count(cbor::ARRAY, "an array")? as u64;
                    self.cursor.head(cbor::UNSIGNED, "a code")?;
                    left += count - 1;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn count_copy(&mut self, copied: Copied) {
        self.copied += copied;
    }

    fn allow_expansion(&mut self, bytes: usize) -> Result<()> {
        self.expanded = self.expanded.saturating_add(bytes as u64);
        limit(
            "length of broadcast arrays",
            self.limits.expanded_bytes,
            self.expanded,
        )
    }
}

impl<'b> Decoder<'b, '_> {
    /// Text out of band: borrowed where it stays, taken over where it moves.
    #[cold]
    fn text_buffer(&mut self) -> Result<Cow<'b, str>> {
        match self.begin(body::TEXT, Kind::Text)? {
            1 => {}
            _ => return Err(self.cursor.malformed("text of two parts")),
        }
        let entry = self.next_buffer()?;
        let dtype = self.dtype(entry.dtype)?.clone();
        let len = usize::try_from(entry.len)
            .map_err(|_too_long| self.cursor.malformed("a shorter text"))?;
        let array = self.buffer(dtype, ArrayLayout::one_axis(len))?;
        array.into_text().map(|(text, copied)| {
            self.copied += copied;
            text
        })
    }
}
