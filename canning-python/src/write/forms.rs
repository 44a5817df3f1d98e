//! What records and variants become.

use canning_core::Result;

use super::{
    frame::{Kind, Then},
    keys::Key,
    pickler::Pickler,
    records::{Content, Form, RecordId},
};
use crate::pickle::opcode as op;

impl Pickler<'_> {
    #[inline]
    pub(super) fn mark(&mut self, len: usize) {
        if len > 0 {
            self.writer.op(op::MARK);
        }
    }

    #[inline]
    pub(super) fn begin_form(&mut self, record: RecordId, form: Form, len: usize) -> Result<()> {
        self.begin_value()?;
        match form {
            Form::Dict => {
                self.unhashable("a record, which is a dict, as a key of a dict, or in a set")?;
                self.begin_fields(record, Then::Nothing, len);
            }
            Form::Tuple => {
                self.writer.begin_tuple(len);
                self.begin(Kind::Tuple, Then::Nothing, len);
            }
            Form::Name => {
                self.records.tag(record, &mut self.writer);
                self.ambiguous = false;
                if self.collects {
                    self.keys.push(Key::Text(self.records.tag_name(record).into()));
                }
                self.begin(Kind::Nothing, Then::Nothing, len);
            }
            Form::Tagged(content) => {
                self.unhashable("a variant with fields, which is a dict, as a key, or in a set")?;
                self.writer.op(op::EMPTY_DICT);
                self.records.tag(record, &mut self.writer);
                match content {
                    Content::One => self.begin(Kind::One, Then::SetItem, len),
                    Content::Tuple => {
                        self.writer.begin_tuple(len);
                        self.begin(Kind::Tuple, Then::SetItem, len);
                    }
                    Content::Dict => self.begin_fields(record, Then::SetItem, len),
                }
            }
            Form::Instance | Form::Reference => {
                self.records.class(record, &mut self.writer)?;
                self.writer.ops(&[op::EMPTY_TUPLE, op::NEWOBJ]);
                let is_reference = form == Form::Reference;
                let then = if is_reference { Then::BuildReference } else { Then::Build };
                self.begin_fields(record, then, len);
            }
            Form::Call => {
                self.records.class(record, &mut self.writer)?;
                self.writer.begin_tuple(len);
                self.begin(Kind::Tuple, Then::Reduce, len);
            }
            Form::Int => self.begin(Kind::Int, Then::Nothing, len),
            Form::Str => self.begin(Kind::Str, Then::Nothing, len),
        }
        Ok(())
    }

    fn begin_fields(&mut self, record: RecordId, then: Then, len: usize) {
        self.writer.op(op::EMPTY_DICT);
        self.mark(len);
        self.begin(Kind::Fields(record), then, len);
    }

    /// Writes bytes as what the record around them says; `false` where it says nothing.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<bool> {
        let Some(frame) = self.open.last_mut() else { return Ok(false) };
        match frame.kind {
            Kind::Int => self.writer.long(bytes)?,
            Kind::Str => self.writer.text(bytes),
            _ => return Ok(false),
        }
        frame.seen += 1;
        self.ambiguous = false;
        Ok(true)
    }
}
