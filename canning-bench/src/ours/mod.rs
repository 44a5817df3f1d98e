//! Canning's own cases: each of these functions gives all that take part in a group. A case is
//! added here, and only here.

pub(crate) mod checked;
pub(crate) mod frames;
pub(crate) mod smalls;
