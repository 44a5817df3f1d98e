//! The array: every item says where it is.

use crate::Error;

/// Its length in bytes: beyond what 32 bits can tell, and beyond what one call of the system takes.
pub(crate) const BYTES: u64 = 6 << 30;

/// Makes it. Every page is written to, so that it takes as much memory as it says.
pub(crate) fn make() -> Result<Vec<u64>, Error> {
    let len = BYTES / 8;
    let mut array = Vec::new();
    array.try_reserve_exact(usize::try_from(len)?)?;
    array.extend((0..len).map(item));
    Ok(array)
}

/// Compares every item.
pub(crate) fn check(array: &[u64]) -> Result<(), Error> {
    if array.len() as u64 != BYTES / 8 {
        return Err(format!("{} items came", array.len()).into());
    }
    match array.iter().zip(0..).find(|(found, at)| **found != item(*at)) {
        None => Ok(()),
        Some((found, at)) => Err(format!("item {at} is {found:#x}").into()),
    }
}

/// Items whose places differ by a power of two differ in their low bits, too.
fn item(at: u64) -> u64 {
    at.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
