//! Making a value of common Rust types.

use super::{array::ArrayValue, object_array::ObjectArray, record::RecordValue, tree::Value};

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Value {
            fn from(value: $integer) -> Self {
                Self::Integer(value.into())
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 i128 u8 u16 u32 u64 }

impl From<u128> for Value {
    fn from(value: u128) -> Self {
        match value.try_into() {
            Ok(value) => Self::Integer(value),
            Err(_) => Self::BigInteger(value),
        }
    }
}

macro_rules! others {
    ($($variant:ident: $rust:ty;)*) => {$(
        impl From<$rust> for Value {
            fn from(value: $rust) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

others! {
    Bool: bool;
    F32: f32;
    F64: f64;
    Text: String;
    Text: &str;
    Text: char;
    List: Vec<Value>;
    Record: RecordValue;
    Array: ArrayValue;
    ObjectArray: ObjectArray;
}

impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::Unit
    }
}
