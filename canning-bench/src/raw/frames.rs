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
    let Views { pos, vel, ids } = frame.views();
    let counts = [size_of_val(pos), size_of_val(vel), size_of_val(ids)];
    let length = counts.iter().sum();
    let mut kept = Vec::with_capacity(length);
    let warm = Way::new(WARM, frame, send(frame), move |stream| {
        kept.clear();
        receive(stream, &mut kept, counts)
    });
    let fresh = Way::new(FRESH, frame, send(frame), move |stream| {
        let mut received = Vec::with_capacity(length);
        huge_pages::advise(&mut received);
        receive(stream, &mut received, counts)
    });
    vec![warm, fresh]
}

fn send(frame: &Frame) -> impl FnMut(&mut dyn Stream) {
    |stream| {
        let (pos, vel) = (bytemuck::cast_slice(&frame.pos), bytemuck::cast_slice(&frame.vel));
        let ids = bytemuck::cast_slice(&frame.ids);
        let mut slices = [IoSlice::new(pos), IoSlice::new(vel), IoSlice::new(ids)];
        let mut slices = slices.as_mut_slice();
        while !slices.is_empty() {
            let written = stream.write_vectored(slices).unwrap();
            IoSlice::advance_slices(&mut slices, written);
        }
    }
}

/// Fills the spare capacity, and adds up what it holds then. None where the stream ends.
fn receive(stream: &mut dyn Stream, into: &mut Vec<u8>, counts: [usize; 3]) -> Option<f64> {
    while into.len() < into.capacity() {
        let count = read(&*stream, spare_capacity(into)).unwrap();
        if count == 0 {
            return None;
        }
    }
    let [pos, vel, _] = counts;
    let (pos, rest) = into.split_at(pos);
    let (vel, ids) = rest.split_at(vel);
    let (pos, vel) = (bytemuck::cast_slice(pos), bytemuck::cast_slice(vel));
    Some(Views { pos, vel, ids: bytemuck::cast_slice(ids) }.sum())
}

/// Receives into memory that is there already.
pub(crate) const WARM: &str = "raw_warm";

/// Receives into new memory.
pub(crate) const FRESH: &str = "raw_fresh";
