//! The arrays of a frame, without anything around them.

use std::io::IoSlice;

use rustix::{buffer::spare_capacity, io::read};

use crate::{
    exchange::{Stream, Way},
    harness::Case,
    raw::huge_pages,
    values::{Frame, Value, Views},
};

/// Memory to copy the arrays of a frame into.
pub(crate) struct Copy(Frame);

impl Copy {
    /// The memory is warm: it holds a first copy.
    pub(crate) fn of(frame: &Frame) -> Self {
        Self(frame.clone())
    }

    /// Copies the arrays of a frame of the same size.
    pub(crate) fn copy(&mut self, frame: &Frame) {
        self.0.pos.copy_from_slice(&frame.pos);
        self.0.vel.copy_from_slice(&frame.vel);
        self.0.ids.copy_from_slice(&frame.ids);
    }

    /// Measures a copy into warm memory.
    pub(crate) fn case(frame: &Frame) -> Case<'_> {
        let mut copy = Self::of(frame);
        let copying = move || copy.copy(frame);
        Case::new("raw_memcpy", frame.bytes(), copying, |()| ())
    }
}

/// Writes the arrays as they lie, and reads them into memory that is there already, or into a new
/// vector that is advised to have huge pages.
pub(crate) fn sending(frame: &Frame) -> Vec<Way<'_>> {
    let length = frame.views().bytes().map(<[u8]>::len).iter().sum();
    let mut kept = Vec::with_capacity(length);
    let warm = Way::new(WARM, frame, send(frame), move |stream| {
        kept.clear();
        receive(stream, &mut kept)
    });
    let fresh = Way::new(FRESH, frame, send(frame), move |stream| {
        let mut received = Vec::with_capacity(length);
        huge_pages::advise(&mut received);
        receive(stream, &mut received)
    });
    vec![warm, fresh]
}

fn send(frame: &Frame) -> impl FnMut(&mut dyn Stream) {
    |stream| {
        let mut slices = frame.views().bytes().map(IoSlice::new);
        let mut slices = slices.as_mut_slice();
        while !slices.is_empty() {
            let written = stream.write_vectored(slices).unwrap();
            IoSlice::advance_slices(&mut slices, written);
        }
    }
}

/// Fills the spare capacity, and adds up what it holds then. None where the stream ends.
fn receive(stream: &mut dyn Stream, into: &mut Vec<u8>) -> Option<f64> {
    while into.len() < into.capacity() {
        let count = read(&*stream, spare_capacity(into)).unwrap();
        if count == 0 {
            return None;
        }
    }
    Some(Views::of_block(into).sum())
}

/// Receives into memory that is there already.
pub(crate) const WARM: &str = "raw_warm";

/// Receives into new memory.
pub(crate) const FRESH: &str = "raw_fresh";
