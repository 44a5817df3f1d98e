//! What is measured, one file a subject. A group's id is `subject/case`.

pub(crate) use self::all::run;

mod all;
mod can;
mod derived;
mod sizes;
mod small;
#[cfg(unix)]
mod socket;
mod strided;
mod uncan;
