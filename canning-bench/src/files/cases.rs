//! A frame in a file: the cases of one crate, written once for all of them.

use std::{hint::black_box, path::Path};

use crate::{
    files::Scratch,
    harness::Case,
    values::{Frame, Value, Views},
};

/// A format of files that hold a frame.
pub(crate) trait Format {
    const NAME: &'static str;

    /// The frame as whoever uses the format has it.
    type Held: Held;

    /// Writes a frame into a directory: into a new file, or as many as it takes.
    fn write(held: &Self::Held, directory: &Path);
}

/// A frame in memory.
pub(crate) trait Held: 'static {
    fn of(frame: &Frame) -> Self;
}

impl Held for Frame {
    fn of(frame: &Frame) -> Self {
        frame.clone()
    }
}

/// A way to get at a frame in a file; with the memory that it keeps from one time to the next, if
/// it does.
pub(crate) trait Kept: Default + 'static {
    const NAME: &'static str;

    /// Which implementation it is compared with, if not with that of the group.
    const NEXT_TO: Option<&'static str> = None;

    type Format: Format;

    /// What there is of a file that is open.
    type Opened: 'static;

    /// Maps what was written, or reads it.
    fn open(&mut self, directory: &Path) -> Self::Opened;

    /// Finds the arrays.
    fn look<R>(opened: &Self::Opened, look: impl FnOnce(Views<'_>) -> R) -> R;

    /// Closes it.
    fn close(&mut self, opened: Self::Opened) {
        drop(opened);
    }
}

/// Opens the file, looks at the first item of each array, and closes it.
pub(crate) fn first_look<K: Kept>(frame: &Frame) -> Case<'_> {
    opening::<K>(frame, frame.views().firsts(), |views| views.firsts())
}

/// Opens the file, adds all numbers up, and closes it.
pub(crate) fn adding_up<K: Kept>(frame: &Frame) -> Case<'_> {
    opening::<K>(frame, frame.sum(), |views| views.sum())
}

fn opening<K: Kept>(frame: &Frame, expected: f64, look: fn(Views<'_>) -> f64) -> Case<'_> {
    let (scratch, mut kept) = (written::<K>(frame), K::default());
    let work = move || {
        let opened = kept.open(scratch.path());
        let found = K::look(&opened, look);
        kept.close(opened);
        assert_eq!(found, expected);
    };
    next_to::<K>(Case::new(K::NAME, frame.bytes(), work, |()| ()))
}

/// Adds all numbers of a file up that is open already.
pub(crate) fn viewing<K: Kept>(frame: &Frame) -> Case<'_> {
    let (scratch, mut kept) = (written::<K>(frame), K::default());
    let (opened, expected) = (kept.open(scratch.path()), frame.sum());
    let work = move || {
        let _stays = &scratch;
        assert_eq!(K::look(&opened, |views| views.sum()), expected);
    };
    next_to::<K>(Case::new(K::NAME, frame.bytes(), work, |()| ()))
}

/// Writes a new file, without waiting for the disk. Removing it does not count.
pub(crate) fn writing<K: Kept>(frame: &Frame) -> Case<'_> {
    let (scratch, held) = (Scratch::new(), Held::of(frame));
    Case::staged(K::Format::NAME, frame.bytes(), move |watch| {
        watch.time(|| K::Format::write(black_box(&held), scratch.path()));
        if watch.is_checked() {
            let mut kept = K::default();
            let opened = kept.open(scratch.path());
            assert_eq!(K::look(&opened, |views| views.sum()), frame.sum());
        }
        scratch.clear();
    })
}

fn written<K: Kept>(frame: &Frame) -> Scratch {
    let scratch = Scratch::new();
    K::Format::write(&Held::of(frame), scratch.path());
    scratch
}

fn next_to<K: Kept>(case: Case<'_>) -> Case<'_> {
    match K::NEXT_TO {
        Some(implementation) => case.next_to(implementation),
        None => case,
    }
}
