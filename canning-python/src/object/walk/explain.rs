//! Errors that say what stands there in Python, and what to do.

use std::fmt;

use canning_core::{Error, ErrorKind, visitor::Kind};

use super::{Next, kind};
use crate::{
    numpy::{Dtype, DtypeKind},
    object::view::{ArrayView, Class, View},
};

/// Why the array that was received last cannot be borrowed, if it turns out that it was to be.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// Its items had to be converted.
    Converted(Dtype),
    /// They had to be gathered.
    Gathered,
    /// They stand in the header, wherever that was.
    InHeader,
}

impl Obstacle {
    pub(super) fn of_copied(array: &ArrayView<'_>, is_identity: bool) -> Self {
        if is_identity { Self::Gathered } else { Self::Converted(array.dtype().clone()) }
    }

    /// Says so where that is what went wrong.
    pub(super) fn explain(&self, error: Error) -> Error {
        let text = match (self, error.kind()) {
            (Self::Converted(dtype), ErrorKind::MovedOut) => format!(
                "an array of {} is not laid out as Rust's are, so it has to be converted and \
                 cannot be borrowed: receive it owned",
                Short(&dtype.to_string())
            ),
            (Self::Gathered, ErrorKind::MovedOut) => "an array with gaps between its items has to \
                 be gathered and cannot be borrowed: receive it owned"
                .to_owned(),
            (Self::InHeader, ErrorKind::Misaligned { align }) => format!(
                "the array stands in the header, where it is not aligned to {align} bytes and \
                 cannot be borrowed: receive it owned, or have it sent in a buffer of its own"
            ),
            _ => return error,
        };
        error.map_kind(|_| ErrorKind::Custom(text.into()))
    }
}

/// What stands there instead of a kind: its class, where it is an object of one.
#[cold]
pub(super) fn wrong(expected: Kind, found: &Next<'_>) -> Error {
    let other = || ErrorKind::Kind { expected, found: kind::of(found) }.into();
    let Next::View(view) = found else { return other() };
    let class = |class: Class<'_>| Short(&class.to_string()).to_string();
    let what = match view {
        View::Opaque(object) | View::Function(object) => match object.class() {
            Ok(Some(name)) => format!("an object of `{}`", class(name)),
            _ => return other(),
        },
        View::Global(name) => format!("`{}` itself, a class or a function", class(*name)),
        View::Subclass(array) if array.mask().is_some() => {
            format!("an array of `{}`, which is masked", class(array.class()))
        }
        View::Subclass(array) => format!("an array of `{}`", class(array.class())),
        View::Range(..) => "an object of `builtins.range`".to_owned(),
        View::Reference(_) => "an `ipyparallel.Reference`".to_owned(),
        View::Dtype(_) => "an object of `numpy.dtype`".to_owned(),
        View::Array(array) => match element_of(array.dtype()) {
            Some(element) => format!(
                "an array of {}: its items are of `canning_python::numpy::{element}`",
                array.dtype()
            ),
            None => return other(),
        },
        _ => return other(),
    };
    Error::custom(format!("expected {expected}, found {what}"))
}

/// The type of Rust's for items that are no numbers, by its name in `numpy`.
fn element_of(dtype: &Dtype) -> Option<String> {
    let size = dtype.item_size();
    match dtype.kind() {
        DtypeKind::Text if size > 4 => Some(format!("Text<{}>", size / 4)),
        DtypeKind::Bytes => Some(format!("Bytes<{size}>")),
        _ => None,
    }
}

/// A name from a stranger: escaped, and cut where it is long.
struct Short<'s>(&'s str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 100;
        let mut chars = self.0.chars();
        for char in chars.by_ref().take(MOST) {
            char.escape_debug().fmt(f)?;
        }
        f.write_str(if chars.next().is_some() { "…" } else { "" })
    }
}
