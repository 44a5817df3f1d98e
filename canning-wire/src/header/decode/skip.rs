//! Stepping over a value. Its heads, its text, and where its arrays lie are checked as strictly as if it
//! were read; not checked are whether keys differ, how deep it nests, which takes no stack here, and what
//! the items of arrays are.

use canning_core::{
    Result,
    buffer::ArrayLayout,
    visitor::{Kind, Uncanner},
};

use super::Decoder;
use crate::header::{body, cbor};

impl Decoder<'_, '_, '_> {
    /// Steps over one value without recursion, however deep it nests.
    pub(super) fn skip_value(&mut self) -> Result<()> {
        // How many items are still to be skipped. Each takes a byte at least, so that what is
        // announced can be compared with what is left.
        let mut items = 1_usize;
        while items > 0 {
            items = (items - 1).saturating_add(self.skip_head()?);
            if items > self.cursor.rest().len() {
                return Err(self.cursor.malformed("as many items as announced"));
            }
        }
        Ok(())
    }

    /// Steps over an item, or the head of one that holds others; says how many.
    fn skip_head(&mut self) -> Result<usize> {
        let kind = self.peek()?;
        match kind {
            Kind::None | Kind::Bool => self.cursor.advance(1),
            Kind::Integer | Kind::BigInteger => self.skip_integer()?,
            Kind::F32 => {
                self.cursor.array::<5>()?;
            }
            Kind::F64 => {
                self.cursor.array::<9>()?;
            }
            Kind::Text if self.cursor.peek()? >> 5 == cbor::TEXT => {
                self.cursor.text()?;
            }
            Kind::Text => {
                self.text_array()?;
            }
            Kind::Bytes => {
                self.bytes()?;
            }
            Kind::Array => {
                self.array()?;
            }
            Kind::Some => {
                self.mark()?;
                return Ok(1);
            }
            Kind::Unit => self.unit()?,
            Kind::List => return self.begin(body::LIST, kind),
            Kind::Tuple => return self.begin(body::TUPLE, kind),
            Kind::Map => return Ok(self.map_len()?.saturating_mul(2)),
            Kind::ObjectArray => {
                let shape = self.object_array()?;
                return Ok(ArrayLayout::c_order(&shape)?.count());
            }
            _ => {
                let (_, name) = self.begin_name(kind)?;
                return Ok(name.fields);
            }
        }
        Ok(0)
    }
}
