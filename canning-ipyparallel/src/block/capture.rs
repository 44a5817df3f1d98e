//! The array that a value is.

use std::sync::Arc;

use canning_core::{
    Can, ErrorKind, Record, RecordName, Result,
    buffer::{RawArray, can_arc},
    visitor::{Canner, Kind},
};

/// Asks a value for its array.
///
/// # Errors
///
/// When it is none.
pub(super) fn array_of<T: Can<V> + ?Sized, V>(value: &T) -> Result<RawArray<'_>> {
    let mut capture = Capture(None);
    value.can(&mut capture)?;
    capture.0.ok_or_else(|| unexpected(Kind::Unit))
}

/// As [`array_of`], of a value that the array keeps.
///
/// # Errors
///
/// When it is no array.
pub(super) fn array_of_arc<T, V>(value: &Arc<T>) -> Result<RawArray<'static>>
where
    T: Can<V> + Send + Sync + 'static,
{
    let mut capture = Capture(None);
    can_arc(value, &mut capture)?;
    capture.0.ok_or_else(|| unexpected(Kind::Unit))
}

/// Takes one array and nothing else.
struct Capture<'a>(Option<RawArray<'a>>);

fn unexpected(found: Kind) -> canning_core::Error {
    ErrorKind::Kind { expected: Kind::Array, found }.into()
}

impl<'a> Canner<'a> for Capture<'a> {
    fn array(&mut self, array: RawArray<'a>) -> Result<()> {
        self.0 = Some(array);
        Ok(())
    }

    fn unit(&mut self) -> Result<()> {
        Err(unexpected(Kind::Unit))
    }
    fn bool(&mut self, _: bool) -> Result<()> {
        Err(unexpected(Kind::Bool))
    }
    fn u64(&mut self, _: u64) -> Result<()> {
        Err(unexpected(Kind::Integer))
    }
    fn i64(&mut self, _: i64) -> Result<()> {
        Err(unexpected(Kind::Integer))
    }
    fn u128(&mut self, _: u128) -> Result<()> {
        Err(unexpected(Kind::Integer))
    }
    fn i128(&mut self, _: i128) -> Result<()> {
        Err(unexpected(Kind::Integer))
    }
    fn f32(&mut self, _: f32) -> Result<()> {
        Err(unexpected(Kind::F32))
    }
    fn f64(&mut self, _: f64) -> Result<()> {
        Err(unexpected(Kind::F64))
    }
    fn str(&mut self, _: &str) -> Result<()> {
        Err(unexpected(Kind::Text))
    }
    fn bytes(&mut self, _: &[u8]) -> Result<()> {
        Err(unexpected(Kind::Bytes))
    }
    fn text_array(&mut self, _: RawArray<'a>) -> Result<()> {
        Err(unexpected(Kind::Text))
    }
    fn none(&mut self) -> Result<()> {
        Err(unexpected(Kind::None))
    }
    fn begin_some(&mut self) -> Result<()> {
        Ok(())
    }
    fn end_some(&mut self) -> Result<()> {
        Ok(())
    }
    fn begin_list(&mut self, _: usize) -> Result<()> {
        Err(unexpected(Kind::List))
    }
    fn end_list(&mut self) -> Result<()> {
        Err(unexpected(Kind::List))
    }
    fn begin_tuple(&mut self, _: usize) -> Result<()> {
        Err(unexpected(Kind::Tuple))
    }
    fn end_tuple(&mut self) -> Result<()> {
        Err(unexpected(Kind::Tuple))
    }
    fn begin_map(&mut self, _: usize) -> Result<()> {
        Err(unexpected(Kind::Map))
    }
    fn end_map(&mut self) -> Result<()> {
        Err(unexpected(Kind::Map))
    }
    fn begin_record(&mut self, _: &'static Record) -> Result<()> {
        Err(unexpected(Kind::Record))
    }
    fn end_record(&mut self) -> Result<()> {
        Err(unexpected(Kind::Record))
    }
    fn begin_any_record(&mut self, _: &Arc<RecordName>) -> Result<()> {
        Err(unexpected(Kind::Record))
    }
    fn begin_object_array(&mut self, _: &[usize]) -> Result<()> {
        Err(unexpected(Kind::ObjectArray))
    }
    fn end_object_array(&mut self) -> Result<()> {
        Err(unexpected(Kind::ObjectArray))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_captured_where_it_lies() {
        let numbers = vec![1.0_f64; 8];
        let some = Some(&numbers);
        let array = array_of(&some).unwrap();
        assert_eq!(array.layout().shape(), [8]);
        assert_eq!(array.buffer().as_slice().unwrap().as_ptr(), numbers.as_ptr().cast());
    }

    #[test]
    fn what_is_no_array_is_refused() {
        let texts = vec!["a"];
        let error = array_of(&texts).unwrap_err();
        assert_eq!(error.to_string(), "expected array, found list");
        assert!(array_of(&(1, vec![2.0])).is_err());
        assert!(array_of(&None::<Vec<f64>>).is_err());
        assert!(array_of(&1.0).is_err());
    }
}
