//! All subjects, one after the other.

use crate::{
    harness::Bench,
    subjects::{can, small, uncan},
};

/// Measures everything that is asked for.
pub(crate) fn run(bench: &mut Bench) {
    can::run(bench);
    uncan::run(bench);
    small::run(bench);
}
