//! Canning what was received again.

use super::tree::Value;
use crate::{error::Result, object::Can, visitor::Canner};

impl Can for Value {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        match self {
            Self::None => canner.none(),
            Self::Some(value) => {
                canner.begin_some()?;
                value.can(canner)?;
                canner.end_some()
            }
            Self::Unit => canner.unit(),
            Self::Bool(value) => canner.bool(*value),
            Self::Integer(value) => match (u64::try_from(*value), i64::try_from(*value)) {
                (Ok(value), _) => canner.u64(value),
                (_, Ok(value)) => canner.i64(value),
                _ => canner.i128(*value),
            },
            Self::BigInteger(value) => canner.u128(*value),
            Self::F32(value) => canner.f32(*value),
            Self::F64(value) => canner.f64(*value),
            Self::Text(value) => value.can(canner),
            Self::Bytes(value) => canner.bytes(value),
            Self::List(items) => {
                canner.begin_list(items.len())?;
                can_items(items, canner)?;
                canner.end_list()
            }
            Self::Tuple(items) => {
                canner.begin_tuple(items.len())?;
                can_items(items, canner)?;
                canner.end_tuple()
            }
            Self::Map(entries) => {
                canner.begin_map(entries.len())?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    key.can(canner).map_err(|error| error.in_entry(index))?;
                    value.can(canner).map_err(|error| error.in_entry(index))?;
                }
                canner.end_map()
            }
            Self::Record(record) => {
                let name = record.name();
                canner.begin_any_record(name)?;
                for (index, value) in record.fields().iter().enumerate() {
                    value
                        .can(canner)
                        .map_err(|error| error.in_any_field(name, index))?;
                }
                canner.end_record()
            }
            Self::Array(array) => canner.array(array.to_raw()?),
            Self::ObjectArray(array) => {
                canner.begin_object_array(array.shape())?;
                can_items(array.items(), canner)?;
                canner.end_object_array()
            }
        }
    }
}

fn can_items<'a, C: Canner<'a>>(items: &'a [Value], canner: &mut C) -> Result<()> {
    for (index, item) in items.iter().enumerate() {
        item.can(canner).map_err(|error| error.in_item(index))?;
    }
    Ok(())
}
