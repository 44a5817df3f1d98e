//! A struct or a variant without its Rust type.

use std::sync::Arc;

use super::tree::Value;
use crate::{
    error::{ErrorKind, Result},
    record::RecordName,
};

/// A struct, or the variant of an enum: its names, and the values of its fields.
#[derive(Clone, Debug)]
pub struct RecordValue {
    name: Arc<RecordName>,
    /// # Invariants
    ///
    /// 0. As many as `name` names.
    fields: Vec<Value>,
}

impl RecordValue {
    /// Puts names and values together.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Length`] when there are not as many values as fields.
    pub fn new(name: impl Into<Arc<RecordName>>, fields: Vec<Value>) -> Result<Self> {
        let name = name.into();
        let (expected, found) = (name.fields.len(), fields.len());
        if expected != found {
            return Err(ErrorKind::Length { expected, found }.into());
        }
        Ok(Self { name, fields })
    }

    /// The name of the struct or enum, of the variant, and of the fields.
    pub fn name(&self) -> &RecordName {
        &self.name
    }

    pub(super) fn shared_name(&self) -> &Arc<RecordName> {
        &self.name
    }

    /// The values of the fields, in the order of their names.
    pub fn fields(&self) -> &[Value] {
        &self.fields
    }

    /// The values of the fields, in the order of their names.
    pub fn into_fields(self) -> Vec<Value> {
        self.fields
    }

    /// The value of the field of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(self.name.fields.position(name)?)
    }
}
