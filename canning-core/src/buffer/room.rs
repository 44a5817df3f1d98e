//! Room for what a peer sent. Its length is the peer's to decide, so that there may not be enough: an
//! error then, where `std` would end the process.

use crate::error::{Error, ErrorKind, Result};

/// Makes room for `more` items, and for some more where it has to move.
///
/// # Errors
///
/// [`ErrorKind::OutOfMemory`]; the items so far stay.
#[inline]
pub fn reserve<T>(items: &mut Vec<T>, more: usize) -> Result<()> {
    if more <= items.capacity() - items.len() {
        return Ok(());
    }
    let len = items.len().saturating_add(more);
    items.try_reserve(more).map_err(|_full| out_of_memory::<T>(len))
}

/// As [`reserve`], and for no more than that: `more` is all that will come, or grows by itself.
///
/// # Errors
///
/// [`ErrorKind::OutOfMemory`]; the items so far stay.
pub fn reserve_exact<T>(items: &mut Vec<T>, more: usize) -> Result<()> {
    let len = items.len().saturating_add(more);
    items.try_reserve_exact(more).map_err(|_full| out_of_memory::<T>(len))
}

/// Appends an item.
///
/// # Errors
///
/// [`ErrorKind::OutOfMemory`]; the items so far stay.
#[inline]
pub fn push<T>(items: &mut Vec<T>, item: T) -> Result<()> {
    reserve(items, 1)?;
    items.push(item);
    Ok(())
}

/// Copies items into a `Vec` of their own.
///
/// # Errors
///
/// [`ErrorKind::OutOfMemory`].
#[inline]
pub fn copied<T: Copy>(items: &[T]) -> Result<Vec<T>> {
    let mut copy = Vec::new();
    reserve_exact(&mut copy, items.len())?;
    copy.extend_from_slice(items);
    Ok(copy)
}

/// Copies text into a `String` of its own.
///
/// # Errors
///
/// [`ErrorKind::OutOfMemory`].
#[inline]
pub fn copied_text(text: &str) -> Result<String> {
    let mut copy = String::new();
    copy.try_reserve_exact(text.len()).map_err(|_full| out_of_memory::<u8>(text.len()))?;
    copy.push_str(text);
    Ok(copy)
}

/// The error of a list that cannot be so long.
#[cold]
pub(crate) fn out_of_memory<T>(len: usize) -> Error {
    Error::new(ErrorKind::OutOfMemory { bytes: len.saturating_mul(size_of::<T>()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_room_for_is_an_error() {
        let mut items = vec![1_u32, 2];
        let refused = reserve(&mut items, usize::MAX).unwrap_err();
        assert_eq!(refused.to_string(), format!("out of memory for {} bytes", usize::MAX));
        assert!(reserve_exact(&mut items, usize::MAX / 8).is_err());
        push(&mut items, 3).unwrap();
        assert_eq!(copied(&items).unwrap(), [1, 2, 3]);
        assert_eq!(copied_text("argon").unwrap(), "argon");
    }
}
