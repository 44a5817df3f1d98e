//! Files that are mapped. What nobody may do meanwhile, the targets do not.

use std::path::Path;

use canning_wire::{Limits, Result, file::Map};

/// Maps a file that only this thread knows, and that it does not write while the map lives.
pub(crate) fn open(path: &Path, limits: Limits) -> Result<Map> {
    // SAFETY: `Map::open` requires that nobody writes to the file, or cuts it, while the map or a
    // message of it lives: the file has a name of this process and thread, which drops the map
    // before it writes.
    unsafe { Map::open(path, limits) }
}
