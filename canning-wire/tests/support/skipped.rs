//! A value that is not looked at.

use canning_core::{Result, Uncan, visitor::Uncanner};

/// Skips whatever comes.
#[derive(Debug)]
pub struct Skipped;

impl<'b> Uncan<'b> for Skipped {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.skip()?;
        Ok(Self)
    }
}
