//! An array of items that are not elements.

use super::tree::Value;
use crate::{
    buffer::{ArrayLayout, Shape},
    error::{ErrorKind, Result},
};

/// An array of items that are not elements, such as text.
#[derive(Clone, Debug)]
pub struct ObjectArray {
    /// # Invariants
    ///
    /// 0. Its product is the number of items.
    shape: Shape,
    items: Vec<Value>,
}

impl ObjectArray {
    /// Gives items a shape; they are in C order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Length`] when the shape asks for another number of items;
    /// [`ErrorKind::Layout`] when it overflows.
    pub fn new(shape: &[usize], items: Vec<Value>) -> Result<Self> {
        let expected = ArrayLayout::c_order(shape)?.count();
        let found = items.len();
        if expected != found {
            return Err(ErrorKind::Length { expected, found }.into());
        }
        Ok(Self { shape: shape.into(), items })
    }

    /// The shape.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The items, in C order.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// The items, in C order.
    pub fn into_items(self) -> Vec<Value> {
        self.items
    }
}
