//! One module for each command, with a `run` that takes the arguments after its name.

mod arguments;

pub(crate) mod asan;
pub(crate) mod bench;
pub(crate) mod big;
pub(crate) mod bless;
pub(crate) mod ci;
pub(crate) mod demo;
pub(crate) mod deny;
pub(crate) mod fuzz;
pub(crate) mod licences;
pub(crate) mod lint;
pub(crate) mod minimal;
pub(crate) mod miri;
pub(crate) mod msrv;
pub(crate) mod mutants;
pub(crate) mod package;
pub(crate) mod python;
pub(crate) mod randomized;
mod sanitized;
pub(crate) mod semver;
pub(crate) mod test;
pub(crate) mod tidy;
pub(crate) mod tour;
pub(crate) mod tsan;
pub(crate) mod valgrind;
