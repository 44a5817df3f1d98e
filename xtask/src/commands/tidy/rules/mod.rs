//! One module for each rule, with a `check` that returns what a file breaks of it.

pub(super) mod budget;
pub(super) mod docs_first;
pub(super) mod layers;
pub(super) mod mod_rs;
pub(super) mod names;
pub(super) mod no_ignored_tests;
pub(super) mod outside;
pub(super) mod reasons;
pub(super) mod tests_listed;
pub(super) mod unfinished;
pub(super) mod unsafe_listed;
pub(super) mod unsafe_places;
