//! The visitor protocol, in the order of the header.

use std::{borrow::Cow, sync::Arc};

use canning_core::{
    Copied, ElementType, Enum, Error, ErrorKind, Fields, Record, RecordName, Result,
    buffer::{ReceivedArray, Shape},
    visitor::{Kind, Uncanner},
};

use super::Decoder;
use crate::header::{body, cbor, front::limit, names::NameFields};

impl<'b> Uncanner<'b> for Decoder<'b, '_, '_> {
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
            let name =
                usize::try_from(number).ok().and_then(|number| self.tables.names.get(number));
            let name = name.ok_or_else(|| start.malformed("a record with a name"))?;
            return Ok(if name.is_variant { Kind::Variant } else { Kind::Record });
        }
        match u8::try_from(code) {
            Ok(body::LIST) => Ok(Kind::List),
            Ok(body::TUPLE) if count == 1 => Ok(Kind::Unit),
            Ok(body::TUPLE) => Ok(Kind::Tuple),
            Ok(body::SOME) if count == 2 => Ok(Kind::Some),
            Ok(body::SOME) => Err(start.malformed("a mark only for what needs it")),
            Ok(body::IN_BAND | body::OUT_OF_BAND) => Ok(Kind::Array),
            Ok(body::OBJECTS) => Ok(Kind::ObjectArray),
            Ok(body::TEXT) => Ok(Kind::Text),
            _ => Err(start.malformed("a known code")),
        }
    }

    fn unit(&mut self) -> Result<()> {
        match self.begin(body::TUPLE, Kind::Unit)? {
            0 => Ok(()),
            _ => Err(ErrorKind::Kind { expected: Kind::Unit, found: Kind::Tuple }.into()),
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
            cbor::BIG_UNSIGNED => self.big(cbor::BIG_UNSIGNED),
            first if first >> 5 == cbor::UNSIGNED => self.u64().map(u128::from),
            _ => Err(self.wrong_integer("u128")),
        }
    }

    fn i128(&mut self) -> Result<i128> {
        self.wide_integer()
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

    #[inline(always)]
    fn string(&mut self) -> Result<String> {
        let Some(text) = self.cursor.short_text() else {
            return self.long_string();
        };
        self.copied.in_band += text.len() as u64;
        Ok(text.to_owned())
    }

    fn is_text_in_band(&mut self) -> Result<bool> {
        Ok(self.cursor.peek()? >> 5 == cbor::TEXT)
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
                if let [_, body::SOME, ..] = self.cursor.rest() {
                    self.mark()?;
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
        let len = self.map_len()?;
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
        match self.known_record(record) {
            Some(()) => {
                self.enter()?;
                Ok(Fields::InOrder)
            }
            None => self.begin_new_record(record),
        }
    }

    #[inline]
    fn begin_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        match self.known_variant(variants) {
            Some(variant) => {
                self.enter()?;
                Ok((variant, Fields::InOrder))
            }
            None => self.begin_new_variant(variants),
        }
    }

    fn next_field(&mut self) -> Result<Option<usize>> {
        loop {
            let Some(open) = self.open.last_mut() else {
                return Err(Error::new(ErrorKind::Unsupported("fields by name of no record")));
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
                    let name = match self.name(number)?.fields {
                        NameFields::Named(mut fields) => fields.nth(at).unwrap_or_default(),
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
        let (_, name) = self.begin_name(Kind::Record)?;
        self.enter()?;
        name.any(self.table_bytes)
    }

    fn begin_object_array(&mut self) -> Result<Shape> {
        let shape = self.object_array()?;
        self.enter()?;
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

    #[inline(always)]
    fn in_band(&mut self, element: &'static ElementType) -> Result<Option<&'b [u8]>> {
        if cfg!(target_endian = "big") {
            return Ok(None);
        }
        match self.short_array(element)? {
            None => self.array_in_tail(element),
            bytes => Ok(bytes),
        }
    }

    fn skip(&mut self) -> Result<()> {
        self.skip_value()
    }

    #[inline]
    fn count_copy(&mut self, copied: Copied) {
        self.copied += copied;
    }

    fn allow_expansion(&mut self, bytes: usize) -> Result<()> {
        self.expanded = self.expanded.saturating_add(bytes as u64);
        limit("length of broadcast arrays", self.bounds.expanded_bytes, self.expanded)
    }
}
