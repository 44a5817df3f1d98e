//! Bytes that were copied, counted by whoever reads an object.

use std::sync::atomic::{AtomicU64, Ordering};

use canning_core::Copied;

#[derive(Debug, Default)]
pub(super) struct Counter {
    in_band: AtomicU64,
    out_of_band: AtomicU64,
}

/// A clone of an object has copied nothing yet.
impl Clone for Counter {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Counter {
    pub(super) fn add(&self, copied: Copied) {
        self.in_band.fetch_add(copied.in_band, Ordering::Relaxed);
        self.out_of_band.fetch_add(copied.out_of_band, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> Copied {
        Copied {
            in_band: self.in_band.load(Ordering::Relaxed),
            out_of_band: self.out_of_band.load(Ordering::Relaxed),
        }
    }
}
