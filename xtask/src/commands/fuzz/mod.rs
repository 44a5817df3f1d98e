//! `fuzz`: runs the fuzz targets, each for a while.

mod fuzzer;
mod outcome;
mod request;
mod run;

pub(crate) use self::run::run;
