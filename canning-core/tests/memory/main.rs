//! Memory is freed once, with the layout that it was allocated with, and not used afterwards.

#![expect(clippy::indexing_slicing, reason = "helper functions of tests")]

mod checked;
mod kept;
mod owned;
mod shared;

#[global_allocator]
static ALLOCATOR: checked::Checked = checked::Checked;
