//! A format for tests: it writes down what a value says of itself, and plays it back.
//!
//! A test may look at the events, or change them before they are played: leave a field out,
//! swap two, rename one.

use std::borrow::Cow;

use canning_core::{
    Buffer, Can, Copied, Dtype, Enum, ErrorKind, FieldNames, Fields, Record, RecordFields,
    RecordName, Result, Uncan,
    buffer::{ArrayLayout, RawArray, ReceivedArray, Shape},
    visitor::{Canner, Kind, Uncanner},
};

/// What a value says of itself, one call of a [`Canner`] each.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `()`.
    Unit,
    /// A truth value.
    Bool(bool),
    /// An integer of any type.
    Integer(i128),
    /// A 32-bit float.
    F32(f32),
    /// A 64-bit float.
    F64(f64),
    /// Text.
    Text(String),
    /// Bytes of a plain value.
    Bytes(Vec<u8>),
    /// `None`.
    None,
    /// The start of a `Some`.
    Some,
    /// The start of a list.
    List(usize),
    /// The start of a tuple.
    Tuple(usize),
    /// The start of a map.
    Map(usize),
    /// The start of a record.
    Record(RecordName),
    /// A field of a record comes.
    Field(usize),
    /// The start of an array of items.
    ObjectArray(Vec<usize>),
    /// An array of elements.
    Array(Box<Array>),
    /// Arrays stay in the header.
    Inline,
    /// The end of what was begun last.
    End,
    /// The end of the last `Inline`.
    EndInline,
}

/// An array of elements.
#[derive(Clone, Debug)]
pub struct Array {
    /// The dtype.
    pub dtype: Dtype,
    /// The layout.
    pub layout: ArrayLayout,
    /// The memory, copied.
    pub buffer: Buffer<'static>,
}

impl Array {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.as_slice().unwrap_or_default()
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        self.dtype == other.dtype && self.layout == other.layout && self.bytes() == other.bytes()
    }
}

/// The start of a record with named fields.
pub fn record(name: &str, fields: &[&str]) -> Event {
    Event::Record(RecordName {
        name: name.into(),
        variant: None,
        fields: FieldNames::Named(fields.iter().map(|field| (*field).into()).collect()),
    })
}

/// The start of a variant with named fields.
pub fn variant(name: &str, variant: &str, fields: &[&str]) -> Event {
    match record(name, fields) {
        Event::Record(record) => {
            Event::Record(RecordName { variant: Some(variant.into()), ..record })
        }
        other => other,
    }
}

/// The start of a record or a variant without names of fields.
pub fn positional(name: &str, variant: Option<&str>, len: usize) -> Event {
    Event::Record(RecordName {
        name: name.into(),
        variant: variant.map(Into::into),
        fields: FieldNames::Positional(len),
    })
}

/// Writes down what the value says.
///
/// # Errors
///
/// Those of the value.
pub fn can<T: Can<V> + ?Sized, V>(value: &T) -> Result<Vec<Event>> {
    let mut recorder = Recorder { events: Vec::new() };
    value.can(&mut recorder)?;
    Ok(recorder.events)
}

/// Plays events to a type, which must take all of them.
///
/// # Errors
///
/// Those of the type; and when events are left.
pub fn uncan<'b, T: Uncan<'b, V>, V>(events: &'b [Event]) -> Result<T> {
    let mut player = Player { events: events.iter(), records: Vec::new() };
    let value = T::uncan(&mut player)?;
    match player.next() {
        None => Ok(value),
        Some(_) => Err(malformed("the end")),
    }
}

/// Cans and uncans.
///
/// # Errors
///
/// Those of either.
pub fn round_trip<T, V, W>(value: &T) -> Result<T>
where
    T: Can<V> + for<'b> Uncan<'b, W>,
{
    uncan(&can(value)?)
}

struct Recorder {
    events: Vec<Event>,
}

impl Recorder {
    fn push(&mut self, event: Event) -> Result<()> {
        self.events.push(event);
        Ok(())
    }
}

macro_rules! record {
    ($($method:ident($($value:ident: $ty:ty)?) => $event:expr;)*) => {$(
        fn $method(&mut self $(, $value: $ty)?) -> Result<()> {
            self.push($event)
        }
    )*};
}

impl<'a> Canner<'a> for Recorder {
    record! {
        unit() => Event::Unit;
        bool(value: bool) => Event::Bool(value);
        u64(value: u64) => Event::Integer(value.into());
        i64(value: i64) => Event::Integer(value.into());
        i128(value: i128) => Event::Integer(value);
        f32(value: f32) => Event::F32(value);
        f64(value: f64) => Event::F64(value);
        str(value: &str) => Event::Text(value.into());
        bytes(value: &[u8]) => Event::Bytes(value.into());
        none() => Event::None;
        begin_some() => Event::Some;
        end_some() => Event::End;
        begin_list(len: usize) => Event::List(len);
        end_list() => Event::End;
        begin_tuple(len: usize) => Event::Tuple(len);
        end_tuple() => Event::End;
        begin_map(len: usize) => Event::Map(len);
        end_map() => Event::End;
        field(index: usize) => Event::Field(index);
        end_record() => Event::End;
        begin_object_array(shape: &[usize]) => Event::ObjectArray(shape.into());
        end_object_array() => Event::End;
        begin_inline() => Event::Inline;
        end_inline() => Event::EndInline;
    }

    fn u128(&mut self, value: u128) -> Result<()> {
        let what = "an integer above 127 bits";
        let value = value.try_into().map_err(|_above| ErrorKind::Unsupported(what))?;
        self.push(Event::Integer(value))
    }

    fn text_array(&mut self, text: RawArray<'a>) -> Result<()> {
        self.array(text)
    }

    fn begin_record(&mut self, record: &'static Record) -> Result<()> {
        self.push(Event::Record(RecordName {
            name: record.name.into(),
            variant: record.variant.map(Into::into),
            fields: names(record),
        }))
    }

    fn begin_any_record(&mut self, name: &std::sync::Arc<RecordName>) -> Result<()> {
        self.push(Event::Record(name.as_ref().clone()))
    }

    fn array(&mut self, array: RawArray<'a>) -> Result<()> {
        self.push(Event::Array(Box::new(Array {
            dtype: array.dtype().clone(),
            layout: array.layout().clone(),
            buffer: array.buffer().to_allocation(array.dtype().align())?.into(),
        })))
    }
}

struct Player<'b> {
    events: std::slice::Iter<'b, Event>,
    /// Of each record that is open: the fields that come, as numbers of those of the type.
    records: Vec<std::vec::IntoIter<Result<Option<usize>>>>,
}

impl<'b> Player<'b> {
    fn next(&mut self) -> Option<&'b Event> {
        let says_nothing =
            |event: &&Event| matches!(event, Event::Field(_) | Event::Inline | Event::EndInline);
        self.events.by_ref().find(|event| !says_nothing(event))
    }

    fn peeked(&self) -> Option<&'b Event> {
        let events = self.events.clone();
        Player { events, records: Vec::new() }.next()
    }

    fn take<T>(&mut self, expected: Kind, take: impl FnOnce(&'b Event) -> Option<T>) -> Result<T> {
        let found = self.peek()?;
        match self.next().and_then(take) {
            Some(value) => Ok(value),
            None => Err(ErrorKind::Kind { expected, found }.into()),
        }
    }

    fn end(&mut self) -> Result<()> {
        match self.next() {
            Some(Event::End) => Ok(()),
            _ => Err(malformed("an end")),
        }
    }

    fn integer(&mut self) -> Result<i128> {
        self.take(Kind::Integer, |event| match event {
            Event::Integer(value) => Some(*value),
            _ => None,
        })
    }

    fn record(&mut self, expected: Kind) -> Result<&'b RecordName> {
        self.take(expected, |event| match event {
            Event::Record(name) if name.variant.is_some() == (expected == Kind::Variant) => {
                Some(name)
            }
            _ => None,
        })
    }

    fn fields(&mut self, name: &RecordName, record: &'static Record) -> Fields {
        if name.fields == names(record) {
            self.records.push(Vec::new().into_iter());
            return Fields::InOrder;
        }
        let found = match &name.fields {
            FieldNames::Named(fields) => {
                fields.iter().map(|field| (field.clone(), record.position(field))).collect()
            }
            FieldNames::Positional(len) => (0..*len)
                .map(|index| (index.to_string().into(), (index < record.len()).then_some(index)))
                .collect::<Vec<_>>(),
        };
        let known = |(name, position): (Box<str>, Option<usize>)| match position {
            None if !record.ignores_unknown => Err(ErrorKind::UnknownField { name }.into()),
            position => Ok(position),
        };
        self.records.push(found.into_iter().map(known).collect::<Vec<_>>().into_iter());
        Fields::ByName
    }
}

impl<'b> Uncanner<'b> for Player<'b> {
    fn peek(&mut self) -> Result<Kind> {
        Ok(match self.peeked().ok_or_else(|| malformed("a value"))? {
            Event::None => Kind::None,
            Event::Some => Kind::Some,
            Event::Unit => Kind::Unit,
            Event::Bool(_) => Kind::Bool,
            Event::Integer(_) => Kind::Integer,
            Event::F32(_) => Kind::F32,
            Event::F64(_) => Kind::F64,
            Event::Text(_) => Kind::Text,
            Event::Bytes(_) => Kind::Bytes,
            Event::List(_) => Kind::List,
            Event::Tuple(_) => Kind::Tuple,
            Event::Map(_) => Kind::Map,
            Event::Record(RecordName { variant: None, .. }) => Kind::Record,
            Event::Record(_) => Kind::Variant,
            Event::ObjectArray(_) => Kind::ObjectArray,
            Event::Array(_) => Kind::Array,
            Event::End | Event::EndInline | Event::Field(_) | Event::Inline => {
                return Err(malformed("a value"));
            }
        })
    }

    fn unit(&mut self) -> Result<()> {
        self.take(Kind::Unit, |event| (*event == Event::Unit).then_some(()))
    }

    fn bool(&mut self) -> Result<bool> {
        self.take(Kind::Bool, |event| match event {
            Event::Bool(value) => Some(*value),
            _ => None,
        })
    }

    fn u64(&mut self) -> Result<u64> {
        narrow(self.integer()?, "u64")
    }

    fn i64(&mut self) -> Result<i64> {
        narrow(self.integer()?, "i64")
    }

    fn u128(&mut self) -> Result<u128> {
        narrow(self.integer()?, "u128")
    }

    fn i128(&mut self) -> Result<i128> {
        self.integer()
    }

    fn f32(&mut self) -> Result<f32> {
        self.take(Kind::F32, |event| match event {
            Event::F32(value) => Some(*value),
            _ => None,
        })
    }

    fn f64(&mut self) -> Result<f64> {
        self.take(Kind::F64, |event| match event {
            Event::F64(value) => Some(*value),
            _ => None,
        })
    }

    fn text(&mut self) -> Result<Cow<'b, str>> {
        self.take(Kind::Text, |event| match event {
            Event::Text(value) => Some(Cow::Borrowed(value.as_str())),
            _ => None,
        })
    }

    fn bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        self.take(Kind::Bytes, |event| match event {
            Event::Bytes(value) => Some(Cow::Borrowed(value.as_slice())),
            _ => None,
        })
    }

    fn begin_option(&mut self) -> Result<bool> {
        self.take(Kind::Some, |event| match event {
            Event::None => Some(false),
            Event::Some => Some(true),
            _ => None,
        })
    }

    fn end_some(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_list(&mut self) -> Result<usize> {
        self.take(Kind::List, |event| match event {
            Event::List(len) => Some(*len),
            _ => None,
        })
    }

    fn end_list(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_tuple(&mut self) -> Result<usize> {
        self.take(Kind::Tuple, |event| match event {
            Event::Tuple(len) => Some(*len),
            _ => None,
        })
    }

    fn end_tuple(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_map(&mut self) -> Result<usize> {
        self.take(Kind::Map, |event| match event {
            Event::Map(len) => Some(*len),
            _ => None,
        })
    }

    fn end_map(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_record(&mut self, record: &'static Record) -> Result<Fields> {
        let name = self.record(Kind::Record)?;
        if &*name.name != record.name {
            let (expected, found) = (record.name, name.name.clone());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        Ok(self.fields(name, record))
    }

    fn begin_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        let name = self.record(Kind::Variant)?;
        if &*name.name != variants.name {
            let (expected, found) = (variants.name, name.name.clone());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let variant = name.variant.as_deref().unwrap_or_default();
        if let Some(number) = variants.position(variant)
            && let Some(record) = variants.variants.get(number)
        {
            return Ok((number, self.fields(name, record)));
        }
        let Some(other) = variants.other else {
            let (record, found) = (variants.name, variant.into());
            return Err(ErrorKind::UnknownVariant { record, found }.into());
        };
        for _ in 0..name.fields.len() {
            self.skip()?;
        }
        self.records.push(Vec::new().into_iter());
        Ok((other, Fields::InOrder))
    }

    fn next_field(&mut self) -> Result<Option<usize>> {
        let Some(fields) = self.records.last_mut() else {
            return Err(malformed("a record"));
        };
        match fields.next().transpose()? {
            None => Ok(None),
            Some(Some(index)) => Ok(Some(index)),
            Some(None) => {
                self.skip()?;
                self.next_field()
            }
        }
    }

    fn end_record(&mut self) -> Result<()> {
        self.records.pop();
        self.end()
    }

    fn begin_any_record(&mut self) -> Result<std::sync::Arc<RecordName>> {
        self.records.push(Vec::new().into_iter());
        self.take(Kind::Record, |event| match event {
            Event::Record(name) => Some(std::sync::Arc::new(name.clone())),
            _ => None,
        })
    }

    fn begin_object_array(&mut self) -> Result<Shape> {
        self.take(Kind::ObjectArray, |event| match event {
            Event::ObjectArray(shape) => Some(shape.iter().copied().collect()),
            _ => None,
        })
    }

    fn end_object_array(&mut self) -> Result<()> {
        self.end()
    }

    fn array(&mut self) -> Result<ReceivedArray<'b>> {
        let array = self.take(Kind::Array, |event| match event {
            Event::Array(array) => Some(array),
            _ => None,
        })?;
        ReceivedArray::viewed(Cow::Borrowed(&array.dtype), array.layout.clone(), &array.buffer)
    }

    fn skip(&mut self) -> Result<()> {
        let mut open = 0_usize;
        loop {
            match self.next().ok_or_else(|| malformed("a value"))? {
                Event::Some
                | Event::List(_)
                | Event::Tuple(_)
                | Event::Map(_)
                | Event::Record(_)
                | Event::ObjectArray(_) => open += 1,
                Event::End => open -= 1,
                _ => {}
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    fn count_copy(&mut self, _copied: Copied) {}

    fn allow_expansion(&mut self, _bytes: usize) -> Result<()> {
        Ok(())
    }
}

fn names(record: &Record) -> FieldNames {
    match record.fields {
        RecordFields::Named(fields) => {
            FieldNames::Named(fields.iter().map(|field| field.name.into()).collect())
        }
        RecordFields::Positional(len) => FieldNames::Positional(len),
    }
}

fn narrow<T: TryFrom<i128>>(found: i128, expected: &'static str) -> Result<T> {
    let out_of_range = |_| ErrorKind::IntegerRange { expected, found }.into();
    T::try_from(found).map_err(out_of_range)
}

fn malformed(expected: &'static str) -> canning_core::Error {
    ErrorKind::Malformed { expected, offset: 0 }.into()
}
