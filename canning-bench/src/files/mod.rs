//! Files: what keeps arrays in them, and the cases of all that do, written once.

pub(crate) use self::{
    appending::{Log, appending},
    cases::{Format, Held, Kept, adding_up, first_look, viewing, writing},
    many::{Many, Pick, Shelf, opening_many, picking},
    scratch::Scratch,
};

mod appending;
mod cases;
mod many;
mod scratch;
