//! Appending to a file that is open.

use std::path::Path;

use crate::{
    files::{Scratch, cases::Held},
    harness::Case,
    values::{Frame, Value},
};

/// A file that frames are appended to.
pub(crate) trait Log {
    const NAME: &'static str;

    /// The frame as whoever uses it has it.
    type Held: Held;

    /// Makes a new file in a directory.
    fn create(held: &Self::Held, directory: &Path) -> Self;

    /// Appends a frame.
    fn append(&mut self, held: &Self::Held);

    /// Waits until the disk has it.
    fn sync(&mut self);

    /// The number of frames in the file, as one who opens it finds it.
    fn finish(self, directory: &Path) -> u64;
}

/// Appends frames, and has each on the disk where `syncs` says so. Making the file, and a new one
/// when it has grown to 64 MiB, does not count.
pub(crate) fn appending<L: Log + 'static>(frame: &Frame, syncs: bool) -> Case<'_> {
    let (scratch, held) = (Scratch::new(), L::Held::of(frame));
    let most = (64 << 20) / frame.bytes();
    let mut log = Some(L::create(&held, scratch.path()));
    let mut count = 0;
    Case::staged(L::NAME, frame.bytes(), move |watch| {
        let open = log.as_mut().unwrap();
        watch.time(|| {
            open.append(&held);
            if syncs {
                open.sync();
            }
        });
        count += 1;
        if count == most || watch.is_checked() {
            let found = log.take().unwrap().finish(scratch.path());
            assert_eq!(found, count);
            scratch.clear();
            (log, count) = (Some(L::create(&held, scratch.path())), 0);
        }
    })
}
