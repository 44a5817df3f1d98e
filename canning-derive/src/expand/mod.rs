//! Writes the code, of a type whose attributes are settled.

mod can;
mod canned;
mod element;
mod place;
mod record;
mod recycle;
mod uncan;

pub(crate) use self::{
    canned::canned,
    element::{element, stand_in},
};
