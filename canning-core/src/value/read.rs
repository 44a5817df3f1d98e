//! Reading typed values out of a tree.

use std::{borrow::Cow, slice, sync::Arc};

use super::{record::RecordValue, tree::Value};
use crate::{
    buffer::{Copied, ReceivedArray, Shape},
    error::{Error, ErrorKind, Result},
    record::{Enum, FieldNames, Fields, Matching, Record, RecordName},
    visitor::{Kind, Uncanner},
};

/// An uncanner that reads a tree in memory.
#[derive(Debug)]
pub(crate) struct ValueReader<'b> {
    open: Vec<Open<'b>>,
    /// Bytes of owned arrays that broadcast ones became.
    expanded: usize,
}

/// What has begun and not ended.
#[derive(Debug)]
enum Open<'b> {
    Items(slice::Iter<'b, Value>),
    Entries {
        rest: slice::Iter<'b, (Value, Value)>,
        /// The value of the key that was taken last.
        value: Option<&'b Value>,
    },
    /// A record whose fields are matched by name.
    Fields {
        names: &'b FieldNames,
        rest: slice::Iter<'b, Value>,
        /// Where each belongs.
        positions: Vec<Option<usize>>,
        ignores_unknown: bool,
    },
}

impl<'b> ValueReader<'b> {
    pub(crate) fn new(value: &'b Value) -> Self {
        Self { open: vec![Open::Items(slice::from_ref(value).iter())], expanded: 0 }
    }

    /// The next value, not taken yet.
    fn next(&self) -> Result<&'b Value> {
        let next = match self.open.last() {
            Some(Open::Items(rest)) => rest.as_slice().first(),
            Some(Open::Entries { value: Some(value), .. }) => Some(*value),
            Some(Open::Entries { rest, .. }) => rest.as_slice().first().map(|(key, _)| key),
            Some(Open::Fields { rest, .. }) => rest.as_slice().first(),
            None => None,
        };
        next.ok_or_else(|| Error::new(ErrorKind::Unsupported(PAST_THE_END)))
    }

    fn take(&mut self) -> Result<&'b Value> {
        let next = self.next()?;
        match self.open.last_mut() {
            Some(Open::Items(rest) | Open::Fields { rest, .. }) => {
                rest.next();
            }
            Some(Open::Entries { rest, value }) => {
                *value = match value {
                    Some(_) => None,
                    None => rest.next().map(|(_, value)| value),
                };
            }
            None => {}
        }
        Ok(next)
    }

    /// Takes the next value if `part` finds in it what is expected.
    fn take_as<T>(
        &mut self,
        expected: Kind,
        part: impl FnOnce(&'b Value) -> Option<T>,
    ) -> Result<T> {
        let value = self.next()?;
        let Some(part) = part(value) else {
            return Err(wrong_kind(expected, value));
        };
        self.take()?;
        Ok(part)
    }

    fn begin(&mut self, expected: Kind, items: Option<&'b [Value]>) -> Result<usize> {
        let items = self.take_as(expected, |_value| items)?;
        self.open.push(Open::Items(items.iter()));
        Ok(items.len())
    }

    /// Ends what was begun last, of which everything must have been taken.
    fn end(&mut self) -> Result<()> {
        let left = match self.open.pop() {
            Some(Open::Items(rest) | Open::Fields { rest, .. }) => rest.len(),
            Some(Open::Entries { rest, value }) => rest.len() + usize::from(value.is_some()),
            None => 0,
        };
        match left {
            0 => Ok(()),
            found => Err(ErrorKind::Length { expected: 0, found }.into()),
        }
    }

    fn begin_fields(
        &mut self,
        record: &'b RecordValue,
        expected: &'static Record,
    ) -> Result<Fields> {
        let names = &record.name().fields;
        let matching = match names {
            FieldNames::Named(names) => expected.match_named(names.iter().map(|name| &**name)),
            FieldNames::Positional(len) => expected.match_positional(*len),
        };
        let rest = record.fields().iter();
        let (open, fields) = match matching? {
            Matching::InOrder => (Open::Items(rest), Fields::InOrder),
            Matching::ByName(positions) => {
                let ignores_unknown = expected.ignores_unknown;
                let open = Open::Fields { names, rest, positions, ignores_unknown };
                (open, Fields::ByName)
            }
        };
        self.take()?;
        self.open.push(open);
        Ok(fields)
    }

    fn record(&mut self, expected: Kind) -> Result<&'b RecordValue> {
        let value = self.next()?;
        match value {
            Value::Record(record) if value.kind() == expected => Ok(record),
            _ => Err(wrong_kind(expected, value)),
        }
    }

    fn integer<T: TryFrom<i128> + TryFrom<u128>>(&mut self, name: &'static str) -> Result<T> {
        let (integer, found) = self.take_as(Kind::Integer, |value| match *value {
            Value::Integer(integer) => Some((T::try_from(integer).ok(), integer)),
            Value::BigInteger(integer) => Some((T::try_from(integer).ok(), i128::MAX)),
            _ => None,
        })?;
        let expected = name;
        integer.ok_or_else(|| ErrorKind::IntegerRange { expected, found }.into())
    }
}

impl<'b> Uncanner<'b> for ValueReader<'b> {
    fn peek(&mut self) -> Result<Kind> {
        self.next().map(Value::kind)
    }
    fn unit(&mut self) -> Result<()> {
        self.take_as(Kind::Unit, |value| matches!(value, Value::Unit).then_some(()))
    }
    fn bool(&mut self) -> Result<bool> {
        self.take_as(Kind::Bool, Value::as_bool)
    }
    fn u64(&mut self) -> Result<u64> {
        self.integer("u64")
    }
    fn i64(&mut self) -> Result<i64> {
        self.integer("i64")
    }
    fn u128(&mut self) -> Result<u128> {
        self.integer("u128")
    }
    fn i128(&mut self) -> Result<i128> {
        self.integer("i128")
    }
    fn f32(&mut self) -> Result<f32> {
        self.take_as(Kind::F32, |value| match value {
            Value::F32(value) => Some(*value),
            _ => None,
        })
    }
    fn f64(&mut self) -> Result<f64> {
        self.take_as(Kind::F64, |value| match value {
            Value::F64(value) => Some(*value),
            _ => None,
        })
    }
    fn text(&mut self) -> Result<Cow<'b, str>> {
        self.take_as(Kind::Text, Value::as_str).map(Cow::Borrowed)
    }
    fn bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        self.take_as(Kind::Bytes, Value::as_bytes).map(Cow::Borrowed)
    }
    fn begin_option(&mut self) -> Result<bool> {
        let inner = match self.take()? {
            Value::None => return Ok(false),
            Value::Some(value) => value,
            value => value,
        };
        self.open.push(Open::Items(slice::from_ref(inner).iter()));
        Ok(true)
    }
    fn end_some(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_list(&mut self) -> Result<usize> {
        let items = self.next()?.as_list();
        self.begin(Kind::List, items)
    }
    fn end_list(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_tuple(&mut self) -> Result<usize> {
        let items = self.next()?.as_tuple();
        self.begin(Kind::Tuple, items)
    }
    fn end_tuple(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_map(&mut self) -> Result<usize> {
        let entries = self.take_as(Kind::Map, Value::as_map)?;
        self.open.push(Open::Entries { rest: entries.iter(), value: None });
        Ok(entries.len())
    }
    fn end_map(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_record(&mut self, expected: &'static Record) -> Result<Fields> {
        let record = self.record(Kind::Record)?;
        if *record.name().name != *expected.name {
            return Err(wrong_record(expected.name, record));
        }
        self.begin_fields(record, expected)
    }
    fn begin_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        let record = self.record(Kind::Variant)?;
        if *record.name().name != *variants.name {
            return Err(wrong_record(variants.name, record));
        }
        let found = record.name().variant.as_deref().unwrap_or_default();
        let index = variants.position(found);
        let known = index.and_then(|index| Some((index, variants.variants.get(index)?)));
        match (known, variants.other) {
            (Some((index, expected)), _) => Ok((index, self.begin_fields(record, expected)?)),
            (None, Some(other)) => {
                self.take()?;
                self.open.push(Open::Items([].iter()));
                Ok((other, Fields::InOrder))
            }
            (None, None) => {
                Err(ErrorKind::UnknownVariant { record: variants.name, found: found.into() }.into())
            }
        }
    }
    fn next_field(&mut self) -> Result<Option<usize>> {
        let Some(Open::Fields { names, rest, positions, ignores_unknown }) = self.open.last_mut()
        else {
            return Ok(None);
        };
        while !rest.as_slice().is_empty() {
            let index = names.len() - rest.len();
            match positions.get(index) {
                Some(Some(position)) => return Ok(Some(*position)),
                _ if *ignores_unknown => {
                    rest.next();
                }
                _ => {
                    let name = names.get(index).unwrap_or_default().into();
                    return Err(ErrorKind::UnknownField { name }.into());
                }
            }
        }
        Ok(None)
    }
    fn end_record(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_any_record(&mut self) -> Result<Arc<RecordName>> {
        let record = self.take_as(Kind::Record, Value::as_record)?;
        self.open.push(Open::Items(record.fields().iter()));
        Ok(Arc::clone(record.shared_name()))
    }
    fn begin_object_array(&mut self) -> Result<Shape> {
        let array = self.take_as(Kind::ObjectArray, Value::as_object_array)?;
        self.open.push(Open::Items(array.items().iter()));
        Ok(array.shape().into())
    }
    fn end_object_array(&mut self) -> Result<()> {
        self.end()
    }
    fn array(&mut self) -> Result<ReceivedArray<'b>> {
        let array = self.take_as(Kind::Array, Value::as_array)?;
        Ok(array.received())
    }
    fn skip(&mut self) -> Result<()> {
        self.take().map(|_skipped| ())
    }
    fn count_copy(&mut self, _copied: Copied) {}
    fn allow_expansion(&mut self, bytes: usize) -> Result<()> {
        let expanded = self.expanded.saturating_add(bytes);
        if expanded > MOST_EXPANDED {
            return Err(ErrorKind::Limit {
                what: "the size of broadcast arrays",
                limit: MOST_EXPANDED as u64,
                found: expanded as u64,
            }
            .into());
        }
        self.expanded = expanded;
        Ok(())
    }
}

#[cold]
fn wrong_kind(expected: Kind, value: &Value) -> Error {
    let found = value.kind();
    Error::new(ErrorKind::Kind { expected, found })
}

#[cold]
fn wrong_record(expected: &'static str, record: &RecordValue) -> Error {
    let found = record.name().name.clone();
    Error::new(ErrorKind::Record { expected, found })
}

const PAST_THE_END: &str = "more values than were sent";

/// The most bytes of owned arrays that broadcast ones may become.
const MOST_EXPANDED: usize = 1 << 30;
