//! Charts of the results: one file a subject, one panel a group, one bar an implementation.

pub(crate) use self::draw::svg;

mod draw;
mod kind;
mod panel;
mod scale;
