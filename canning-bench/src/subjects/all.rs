//! All subjects, one after the other.

#[cfg(unix)]
use crate::subjects::socket;
use crate::{
    harness::Bench,
    subjects::{can, derived, small, strided, uncan},
};

/// Measures everything that is asked for.
pub(crate) fn run(bench: &mut Bench) {
    can::run(bench);
    uncan::run(bench);
    small::run(bench);
    derived::run(bench);
    strided::run(bench);
    #[cfg(unix)]
    socket::run(bench);
}
