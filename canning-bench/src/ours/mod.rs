//! Canning's own cases: each of these functions gives all that take part in a group. A case is
//! added here, and only here.

pub(crate) mod checked;
pub(crate) mod files;
pub(crate) mod frames;
#[cfg(target_os = "linux")]
pub(crate) mod shared;
pub(crate) mod smalls;
