//! `tidy`: the rules of this project that no other tool checks.

mod attribute;
mod files;
mod place;
mod rules;
mod run;
mod source;
mod violation;

pub(crate) use self::run::run;
