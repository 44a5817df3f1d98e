//! Canning what was received again.

use super::tree::Value;
use crate::{error::Result, object::Can, visitor::Canner};

impl Can for Value {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        walk(self, canner, |text, canner| text.can(canner))
    }
}

impl Value {
    /// Cans a value that does not live as long as the canner may borrow. Its text goes into
    /// the header, however long.
    #[cfg(feature = "serde")]
    pub(crate) fn replay<'a, C: Canner<'a>>(&self, canner: &mut C) -> Result<()> {
        walk(self, canner, |text, canner| canner.str(text))
    }
}

/// `can_text` knows how long the text lives, which nothing else needs to.
fn walk<'a, 'v, C: Canner<'a>>(
    value: &'v Value,
    canner: &mut C,
    can_text: fn(&'v str, &mut C) -> Result<()>,
) -> Result<()> {
    let can_items = |items: &'v [Value], canner: &mut C| -> Result<()> {
        for (index, item) in items.iter().enumerate() {
            walk(item, canner, can_text).map_err(|error| error.in_item(index))?;
        }
        Ok(())
    };
    match value {
        Value::None => canner.none(),
        Value::Some(value) => {
            canner.begin_some()?;
            walk(value, canner, can_text)?;
            canner.end_some()
        }
        Value::Unit => canner.unit(),
        Value::Bool(value) => canner.bool(*value),
        Value::Integer(value) => match (u64::try_from(*value), i64::try_from(*value)) {
            (Ok(value), _) => canner.u64(value),
            (_, Ok(value)) => canner.i64(value),
            _ => canner.i128(*value),
        },
        Value::BigInteger(value) => canner.u128(*value),
        Value::F32(value) => canner.f32(*value),
        Value::F64(value) => canner.f64(*value),
        Value::Text(value) => can_text(value, canner),
        Value::Bytes(value) => canner.bytes(value),
        Value::List(items) => {
            canner.begin_list(items.len())?;
            can_items(items, canner)?;
            canner.end_list()
        }
        Value::Tuple(items) => {
            canner.begin_tuple(items.len())?;
            can_items(items, canner)?;
            canner.end_tuple()
        }
        Value::Map(entries) => {
            canner.begin_map(entries.len())?;
            for (index, (key, value)) in entries.iter().enumerate() {
                for part in [key, value] {
                    walk(part, canner, can_text).map_err(|error| error.in_entry(index))?;
                }
            }
            canner.end_map()
        }
        Value::Record(record) => {
            let name = record.shared_name();
            canner.begin_any_record(name)?;
            for (index, value) in record.fields().iter().enumerate() {
                walk(value, canner, can_text).map_err(|error| error.in_any_field(name, index))?;
            }
            canner.end_record()
        }
        Value::Array(array) => canner.array(array.to_raw()?),
        Value::ObjectArray(array) => {
            canner.begin_object_array(array.shape())?;
            can_items(array.items(), canner)?;
            canner.end_object_array()
        }
    }
}
