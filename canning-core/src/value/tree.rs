//! The tree that any object is.

use super::{
    array::ArrayValue, build::ValueBuilder, object_array::ObjectArray, read::ValueReader,
    record::RecordValue,
};
use crate::{
    error::Result,
    object::{Can, Uncan},
    visitor::Kind,
};

/// Any received object without its Rust type.
///
/// It borrows nothing. Its arrays share the received memory, without a copy; what else it holds
/// is its own. It can be canned again, which gives what was received: the same kinds, names and
/// layouts.
///
/// Two values are equal where they hold the same; so a NaN makes a value unequal to itself,
/// except in an array, which compares by its bytes.
///
/// A received value is nested no deeper than the receiver's limit allows; and so is the
/// recursion that drops, compares or prints it.
///
/// # Examples
///
/// ```
/// use canning_core::Value;
///
/// let value = Value::of(&(5, "hi", vec![0.5, 1.0]))?;
/// assert_eq!(value.to_string(), r#"(5, "hi", array(<f8, [2]) [0.5, 1.0])"#);
/// let (number, text, array): (i32, &str, Vec<f64>) = value.read()?;
/// # assert_eq!((number, text, array), (5, "hi", vec![0.5, 1.0]));
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value {
    /// `None`.
    None,
    /// A `Some` that is marked as one, as `Some(None)` is; others are what they hold.
    Some(Box<Self>),
    /// `()`.
    Unit,
    /// A truth value.
    Bool(bool),
    /// An integer of whatever type, up to `i128::MAX`.
    Integer(i128),
    /// An integer above `i128::MAX`. One that is not is canned as an [`Integer`](Self::Integer),
    /// but not equal to it.
    BigInteger(u128),
    /// A 32-bit float.
    F32(f32),
    /// A 64-bit float.
    F64(f64),
    /// Text.
    Text(String),
    /// Bytes of a plain value. A sequence of `u8` is an [`Array`](Self::Array).
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Self>),
    /// A tuple.
    Tuple(Vec<Self>),
    /// A map: its entries, in the order in which they came.
    ///
    /// Those of a received one differ, in their bits or by `==`: `0.0` and `-0.0` are two keys. Whoever
    /// makes one sees to that, as a receiver refuses keys that do not.
    Map(Vec<(Self, Self)>),
    /// A struct, or the variant of an enum.
    Record(Box<RecordValue>),
    /// An array of elements.
    Array(Box<ArrayValue>),
    /// An array of other items.
    ObjectArray(Box<ObjectArray>),
}

impl Value {
    /// Takes any value apart into a tree, as if it had been sent and received.
    ///
    /// Copies everything but the memory of a [`SharedSlice`](crate::SharedSlice) and the like.
    ///
    /// # Errors
    ///
    /// As [`Can::can`].
    pub fn of<T: Can<V> + ?Sized, V>(value: &T) -> Result<Self> {
        let mut builder = ValueBuilder::new();
        value.can(&mut builder)?;
        builder.finish()
    }

    /// Puts a typed value together from the tree.
    ///
    /// What is borrowed or shared is not copied. What is owned is copied.
    ///
    /// # Errors
    ///
    /// When it holds something else than a `T`; and when broadcast arrays would become more
    /// than a gigabyte of owned ones.
    pub fn read<'b, T: Uncan<'b, V>, V>(&'b self) -> Result<T> {
        let mut reader = ValueReader::new(self);
        T::uncan(&mut reader)
    }

    /// What kind of value it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::None => Kind::None,
            Self::Some(_) => Kind::Some,
            Self::Unit => Kind::Unit,
            Self::Bool(_) => Kind::Bool,
            Self::Integer(_) => Kind::Integer,
            Self::BigInteger(_) => Kind::BigInteger,
            Self::F32(_) => Kind::F32,
            Self::F64(_) => Kind::F64,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::List(_) => Kind::List,
            Self::Tuple(_) => Kind::Tuple,
            Self::Map(_) => Kind::Map,
            Self::Record(record) if record.name().variant.is_some() => Kind::Variant,
            Self::Record(_) => Kind::Record,
            Self::Array(_) => Kind::Array,
            Self::ObjectArray(_) => Kind::ObjectArray,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_is_small_sendable_and_without_a_lifetime() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Value>();
        assert_eq!(size_of::<Value>(), 32);
    }
}
