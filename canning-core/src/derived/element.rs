//! Fields of elements.

use std::marker::PhantomData;

use crate::{
    dtype::Field,
    element::{Element, Validate},
};

/// Describes a field of an element.
#[must_use]
pub const fn element_field<T: Element>(name: &'static str) -> Field {
    Field::of_static(name, T::DTYPE, const { &T::INNER }.as_slice())
}

/// How a field of an element is checked.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    size: usize,
    validate: Option<Validate>,
}

impl Check {
    /// The check of a field.
    #[must_use]
    pub const fn of<T: Element>() -> Self {
        Self { size: size_of::<T>(), validate: T::VALIDATE }
    }
}

/// Checks bytes from outside, a whole number of elements of `size` bytes, whose fields follow
/// each other without padding as `checks` do.
///
/// # Errors
///
/// The index of the first invalid element.
pub fn check(bytes: &[u8], size: usize, checks: &[Check]) -> Result<(), usize> {
    let is_valid = |item: &[u8]| {
        let mut rest = item;
        checks.iter().all(|check| {
            // A field that ends behind the element is a bug of whoever wrote the checks, and
            // no reason to believe the bytes.
            let Some((field, behind)) = rest.split_at_checked(check.size) else {
                return false;
            };
            rest = behind;
            check.validate.is_none_or(|validate| validate(field).is_ok())
        })
    };
    match bytes.chunks(size).position(|item| !is_valid(item)) {
        None => Ok(()),
        Some(index) => Err(index),
    }
}

/// Whether fields, each with its offset and its size, lie one behind the other, the first at the
/// start.
#[must_use]
pub const fn in_order(fields: &[[usize; 2]]) -> bool {
    let (mut end, mut rest) = (0, fields);
    while let [[offset, size], tail @ ..] = rest {
        if *offset != end {
            return false;
        }
        end += *size;
        rest = tail;
    }
    true
}

/// Does nothing, of a type that has no values to speak of: `PhantomData`.
pub const fn nothing<T: Nothing>() {}

/// A field that takes no memory and is valid without any.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is called `PhantomData` and is not",
    label = "only the `PhantomData` of `std` may stand next to an element's fields"
)]
pub trait Nothing: sealed::Sealed {}

impl<T: ?Sized> Nothing for PhantomData<T> {}

mod sealed {
    /// Only `PhantomData`: a field that is not checked must not be able to hold anything.
    pub trait Sealed {}

    impl<T: ?Sized> Sealed for std::marker::PhantomData<T> {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_every_element_is_checked() {
        let checks = [Check::of::<u8>(), Check::of::<[bool; 2]>()];
        assert_eq!(check(&[9, 0, 1, 9, 1, 0], 3, &checks), Ok(()));
        assert_eq!(check(&[9, 0, 1, 9, 1, 2], 3, &checks), Err(1));
        assert_eq!(check(&[], 3, &checks), Ok(()));
    }

    #[test]
    fn fields_in_order_leave_no_gap() {
        assert!(in_order(&[[0, 8], [8, 4], [12, 4]]));
        assert!(!in_order(&[[8, 8], [0, 8]]));
        assert!(!in_order(&[[0, 1], [4, 4]]));
        assert!(!in_order(&[[1, 1]]));
    }

    #[test]
    fn a_field_that_ends_behind_the_element_is_not_believed() {
        assert_eq!(check(&[0, 0], 2, &[Check::of::<[bool; 3]>()]), Err(0));
    }
}
