//! The visitor protocol.

use std::{borrow::Cow, sync::Arc};

use canning_core::{
    Copied, Enum, ErrorKind, Fields, Record, RecordName, Result,
    buffer::{ReceivedArray, Shape},
    visitor::{Kind, Uncanner},
};

use super::{Feed, Next, Walker, kind};
use crate::{
    numpy::{ByteOrder, DtypeKind, weight_of_axes},
    object::{
        graph::{Id, Node},
        view::{Item, Items, Opaque, Pairs, ScalarView, View},
    },
};

impl<'b> Uncanner<'b> for Walker<'b, '_> {
    fn peek(&mut self) -> Result<Kind> {
        self.look().map(kind::of)
    }

    /// What a function returns that returns nothing is `None`.
    fn unit(&mut self) -> Result<()> {
        match self.take()? {
            Next::View(View::None) => Ok(()),
            Next::View(View::Tuple(items)) if items.is_empty() => Ok(()),
            other => Err(self.wrong(Kind::Unit, &other)),
        }
    }

    fn bool(&mut self) -> Result<bool> {
        let plain = self.take_plain(|node| match node {
            Node::Bool(value) => Some(*value),
            _ => None,
        });
        match plain? {
            Some(value) => Ok(value),
            None => self.truth(),
        }
    }

    #[inline]
    fn u64(&mut self) -> Result<u64> {
        let plain = self.take_plain(|node| match node {
            Node::Int(value) => u64::try_from(*value).ok(),
            _ => None,
        });
        match plain? {
            Some(value) => Ok(value),
            None => self.integer("u64"),
        }
    }

    #[inline]
    fn i64(&mut self) -> Result<i64> {
        let plain = self.take_plain(|node| match node {
            Node::Int(value) => Some(*value),
            _ => None,
        });
        match plain? {
            Some(value) => Ok(value),
            None => self.integer("i64"),
        }
    }

    fn u128(&mut self) -> Result<u128> {
        self.integer("u128")
    }

    fn i128(&mut self) -> Result<i128> {
        self.integer("i128")
    }

    fn f32(&mut self) -> Result<f32> {
        self.short_float()
    }

    #[inline]
    fn f64(&mut self) -> Result<f64> {
        let plain = self.take_plain(|node| match node {
            Node::Float(value) => Some(*value),
            _ => None,
        });
        match plain? {
            Some(value) => Ok(value),
            None => self.float(),
        }
    }

    fn text(&mut self) -> Result<Cow<'b, str>> {
        if let Some((_, Node::Str(span))) = self.node()
            && let Ok(text) = str::from_utf8(self.reader.bytes(*span)?)
        {
            self.give(text.as_bytes())?;
            self.advance()?;
            return Ok(Cow::Borrowed(text));
        }
        match self.take()? {
            Next::View(View::Str(text)) => {
                self.give(text.as_bytes())?;
                Ok(Cow::Borrowed(text))
            }
            Next::Text(text) => Ok(Cow::Owned(text)),
            Next::View(View::Scalar(scalar)) if scalar.dtype().kind() == DtypeKind::Text => {
                self.give_memory(scalar.memory())?;
                text_of(&scalar).map(Cow::Owned)
            }
            other => Err(self.wrong(Kind::Text, &other)),
        }
    }

    fn string(&mut self) -> Result<String> {
        let text = self.text()?;
        self.count_in_band(text.len());
        Ok(text.into_owned())
    }

    fn bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        self.plain_bytes()
    }

    fn begin_option(&mut self) -> Result<bool> {
        if self.take_plain(|node| matches!(node, Node::None).then_some(()))?.is_some() {
            return Ok(false);
        }
        let part = self.part()?;
        if self.is_ambiguous(&part) {
            return match self.take()? {
                Next::View(View::Tuple(items)) => {
                    self.begin(Feed::Ids(items.ids.iter()))?;
                    Ok(true)
                }
                _ => Ok(false),
            };
        }
        let next = self.next.take();
        let part = self.advance()?;
        self.begin(Feed::One(Some(part)))?;
        self.next = next;
        Ok(true)
    }

    fn end_some(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_list(&mut self) -> Result<usize> {
        if let Some((_, Node::List(ids) | Node::Tuple(ids))) = self.node() {
            return self.begin_ids(ids);
        }
        match self.take()? {
            Next::View(
                View::List(items) | View::Tuple(items) | View::Set(items) | View::FrozenSet(items),
            ) => self.begin_items(items),
            Next::View(View::ObjectArray(array)) if array.shape().len() == 1 => {
                self.begin_items(array.items())
            }
            Next::View(View::Range(start, end, step)) => match range(start, end, step) {
                Some((start, step, len)) => {
                    self.expand(len.saturating_mul(size_of::<i64>()))?;
                    self.begin(Feed::Range(start, step, len))?;
                    Ok(len)
                }
                None => Err(self.wrong(Kind::List, &Next::View(View::Range(start, end, step)))),
            },
            other => Err(self.wrong(Kind::List, &other)),
        }
    }

    fn end_list(&mut self) -> Result<()> {
        self.end()
    }

    fn lists_elements(&mut self) -> Result<bool> {
        if let Some((_, Node::List(_) | Node::Tuple(_))) = self.node() {
            return Ok(true);
        }
        Ok(match self.look()? {
            Next::View(
                View::List(_)
                | View::Tuple(_)
                | View::Set(_)
                | View::FrozenSet(_)
                | View::Range(..),
            ) => true,
            Next::View(View::ObjectArray(array)) => array.shape().len() == 1,
            _ => false,
        })
    }

    fn begin_tuple(&mut self) -> Result<usize> {
        if let Some((_, Node::Tuple(ids) | Node::List(ids))) = self.node() {
            return self.begin_ids(ids);
        }
        match self.take()? {
            Next::View(View::Tuple(items) | View::List(items)) => self.begin_items(items),
            // As a named tuple is: its class and its items.
            Next::View(View::Opaque(object)) if is_like_tuple(&object) => {
                self.begin_items(object.args())
            }
            other => Err(self.wrong(Kind::Tuple, &other)),
        }
    }

    fn end_tuple(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_map(&mut self) -> Result<usize> {
        if let Some((_, Node::Dict(pairs))) = self.node() {
            self.advance()?;
            self.begin(Feed::Entries(Pairs::Pairs(pairs), 0))?;
            return Ok(pairs.len());
        }
        match self.take()? {
            Next::View(View::Dict(entries) | View::OrderedDict(entries)) => {
                self.begin(Feed::Entries(entries.pairs, 0))?;
                Ok(entries.len())
            }
            other => Err(self.wrong(Kind::Map, &other)),
        }
    }

    fn end_map(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_record(&mut self, record: &'static Record) -> Result<Fields> {
        self.record(record)
    }

    fn begin_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        self.variant(variants)
    }

    fn next_field(&mut self) -> Result<Option<usize>> {
        self.field()
    }

    fn end_record(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_any_record(&mut self) -> Result<Arc<RecordName>> {
        self.any_record()
    }

    fn begin_object_array(&mut self) -> Result<Shape> {
        match self.take()? {
            Next::View(View::ObjectArray(array)) => {
                self.visit(weight_of_axes(array.shape().len()))?;
                self.begin_items(array.items())?;
                Ok(array.shape().into())
            }
            other => Err(self.wrong(Kind::ObjectArray, &other)),
        }
    }

    fn end_object_array(&mut self) -> Result<()> {
        self.end()
    }

    fn array(&mut self) -> Result<ReceivedArray<'b>> {
        self.received()
    }

    /// It stays where it is: nobody else needs its buffers.
    fn skip(&mut self) -> Result<()> {
        self.advance().map(drop)
    }

    fn count_copy(&mut self, copied: Copied) {
        self.copied += copied;
    }

    fn allow_expansion(&mut self, bytes: usize) -> Result<()> {
        self.expand(bytes)
    }
}

impl<'b> Walker<'b, '_> {
    fn begin_ids(&mut self, ids: &'b [Id]) -> Result<usize> {
        self.advance()?;
        self.begin(Feed::Ids(ids.iter()))?;
        Ok(ids.len())
    }

    fn begin_items(&mut self, items: Items<'b>) -> Result<usize> {
        self.begin(Feed::Ids(items.ids.iter()))?;
        Ok(items.len())
    }
}

/// The first number of a `range`, its step, and how many numbers it has; `None` where they do not
/// fit.
fn range(start: Item<'_>, end: Item<'_>, step: Item<'_>) -> Option<(i64, i64, usize)> {
    let int = |item: Item<'_>| item.reader.int(item.id);
    let (start, end, step) = (int(start)?, int(end)?, int(step)?);
    let way = match step {
        0 => return None,
        1.. => i128::from(end) - i128::from(start),
        _ => i128::from(start) - i128::from(end),
    };
    let len = way.max(0).unsigned_abs().div_ceil(step.unsigned_abs().into());
    Some((start, step, usize::try_from(len).ok()?))
}

/// Whether it is made by `cls.__new__` of its items, and of nothing else.
fn is_like_tuple(object: &Opaque<'_>) -> bool {
    object.is_new()
        && object.kwargs().is_empty()
        && object.state().is_none()
        && object.items().is_empty()
        && object.entries().is_empty()
}

/// The text of a `numpy.str_`, without the NULs that fill it up.
fn text_of(scalar: &ScalarView<'_>) -> Result<String> {
    let bytes = scalar.memory().to_bytes()?;
    let is_big = scalar.dtype().byte_order() == ByteOrder::Big;
    let code = |unit: &[u8; 4]| {
        let code = if is_big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        char::from_u32(code)
    };
    let text: Option<String> = bytes.as_chunks::<4>().0.iter().map(code).collect();
    let mut text = text.ok_or(ErrorKind::InvalidText { expected: "code points" })?;
    text.truncate(text.trim_end_matches('\0').len());
    Ok(text)
}
