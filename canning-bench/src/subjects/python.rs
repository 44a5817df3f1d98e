//! Python's formats and a cluster of Python's, next to Python itself.

use crate::{python::Interpreter, subjects::Group};

mod cluster;
mod formats;

/// None where there is no Python.
pub(super) fn groups() -> Vec<Group> {
    if !Interpreter::is_there() {
        return Vec::new();
    }
    formats::groups().into_iter().chain(cluster::groups()).collect()
}
