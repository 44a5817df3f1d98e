//! Building a value from the events of one that walks itself.

use std::{collections::HashMap, sync::Arc};

use super::{array::ArrayValue, object_array::ObjectArray, record::RecordValue, tree::Value};
use crate::{
    buffer::{RawArray, Shape, room},
    error::{ErrorKind, Result},
    record::{Record, RecordName},
    visitor::Canner,
};

/// A canner that builds a tree in memory.
///
/// It needs no length beforehand: what it is told is not looked at.
#[derive(Debug, Default)]
pub(crate) struct ValueBuilder {
    open: Vec<Open>,
    /// What has ended: one value, if the walk is correct.
    done: Option<Value>,
    /// The names of records seen before, by the address of their description.
    names: HashMap<usize, Arc<RecordName>>,
}

/// What has begun and not ended, and its parts so far.
#[derive(Debug)]
struct Open {
    container: Container,
    parts: Vec<Value>,
}

#[derive(Debug)]
enum Container {
    Some,
    List,
    Tuple,
    Map,
    Record(Arc<RecordName>),
    ObjectArray(Shape),
}

impl ValueBuilder {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Gives the value.
    ///
    /// # Errors
    ///
    /// When not exactly one value has ended.
    pub(crate) fn finish(self) -> Result<Value> {
        match (self.done, self.open.as_slice()) {
            (Some(value), []) => Ok(value),
            _ => Err(ErrorKind::Unsupported(UNBALANCED).into()),
        }
    }

    fn begin(&mut self, container: Container) -> Result<()> {
        room::push(&mut self.open, Open { container, parts: Vec::new() })
    }

    fn push(&mut self, value: Value) -> Result<()> {
        match self.open.last_mut() {
            Some(open) => room::push(&mut open.parts, value)?,
            None if self.done.is_none() => self.done = Some(value),
            None => return Err(ErrorKind::Unsupported(UNBALANCED).into()),
        }
        Ok(())
    }

    /// Ends whatever was begun last: the pairs are the caller's promise.
    fn end(&mut self) -> Result<()> {
        let unbalanced = || ErrorKind::Unsupported(UNBALANCED);
        let Open { container, parts } = self.open.pop().ok_or_else(unbalanced)?;
        let value = match container {
            Container::Some => {
                let [value] = <[Value; 1]>::try_from(parts).map_err(|_parts| unbalanced())?;
                match value {
                    Value::None | Value::Some(_) => Value::Some(value.into()),
                    other => other,
                }
            }
            Container::List => Value::List(parts),
            Container::Tuple => Value::Tuple(parts),
            Container::Map => {
                let mut parts = parts.into_iter();
                let mut entries = Vec::new();
                room::reserve_exact(&mut entries, parts.len() / 2)?;
                while let Some(key) = parts.next() {
                    entries.push((key, parts.next().ok_or_else(unbalanced)?));
                }
                Value::Map(entries)
            }
            Container::Record(name) => Value::Record(RecordValue::new(name, parts)?.into()),
            Container::ObjectArray(shape) => {
                Value::ObjectArray(ObjectArray::new(&shape, parts)?.into())
            }
        };
        self.push(value)
    }
}

impl<'a> Canner<'a> for ValueBuilder {
    fn unit(&mut self) -> Result<()> {
        self.push(Value::Unit)
    }
    fn bool(&mut self, value: bool) -> Result<()> {
        self.push(value.into())
    }
    fn u64(&mut self, value: u64) -> Result<()> {
        self.push(value.into())
    }
    fn i64(&mut self, value: i64) -> Result<()> {
        self.push(value.into())
    }
    fn u128(&mut self, value: u128) -> Result<()> {
        self.push(value.into())
    }
    fn i128(&mut self, value: i128) -> Result<()> {
        self.push(value.into())
    }
    fn f32(&mut self, value: f32) -> Result<()> {
        self.push(value.into())
    }
    fn f64(&mut self, value: f64) -> Result<()> {
        self.push(value.into())
    }
    fn str(&mut self, value: &str) -> Result<()> {
        self.push(room::copied_text(value)?.into())
    }
    fn bytes(&mut self, value: &[u8]) -> Result<()> {
        self.push(Value::Bytes(room::copied(value)?))
    }
    fn text_array(&mut self, text: RawArray<'a>) -> Result<()> {
        let mut bytes = Vec::new();
        room::reserve_exact(&mut bytes, text.buffer().len())?;
        bytes.resize(text.buffer().len(), 0);
        text.buffer().copy_to(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(|error| ErrorKind::Text(error.utf8_error()))?;
        self.push(text.into())
    }
    fn none(&mut self) -> Result<()> {
        self.push(Value::None)
    }
    fn begin_some(&mut self) -> Result<()> {
        self.begin(Container::Some)
    }
    fn end_some(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_list(&mut self, _len: usize) -> Result<()> {
        self.begin(Container::List)
    }
    fn end_list(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_tuple(&mut self, _len: usize) -> Result<()> {
        self.begin(Container::Tuple)
    }
    fn end_tuple(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_map(&mut self, _len: usize) -> Result<()> {
        self.begin(Container::Map)
    }
    fn end_map(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_record(&mut self, record: &'static Record) -> Result<()> {
        let address = std::ptr::from_ref(record).addr();
        let name = self.names.entry(address);
        let name = name.or_insert_with(|| RecordName::of(record).into());
        let name = Arc::clone(name);
        self.begin(Container::Record(name))
    }
    fn begin_any_record(&mut self, name: &Arc<RecordName>) -> Result<()> {
        self.begin(Container::Record(Arc::clone(name)))
    }
    fn end_record(&mut self) -> Result<()> {
        self.end()
    }
    fn begin_object_array(&mut self, shape: &[usize]) -> Result<()> {
        self.begin(Container::ObjectArray(shape.into()))
    }
    fn end_object_array(&mut self) -> Result<()> {
        self.end()
    }
    fn array(&mut self, array: RawArray<'a>) -> Result<()> {
        self.push(Value::Array(ArrayValue::of_raw(array)?.into()))
    }
}

const UNBALANCED: &str = "a value that does not end what it begins";
