//! The values that are canned: the same data each time.

pub(crate) use self::made::{Frame, Random, Small};

pub(crate) mod by_hand;
mod made;
