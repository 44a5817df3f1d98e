//! Arrays `[T; N]`.

use crate::{
    array::{can_slice, uncan_vec},
    element::{Elem, ElementType, array_type, array_witness},
    error::{ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

impl<T: Can<V>, V, const N: usize> Can<V> for [T; N] {
    const ELEMENT: Option<Elem<Self>> = {
        let array: &'static Option<ElementType> = const { &array_type::<T, N>(T::ELEMENT) };
        array_witness(T::ELEMENT, array)
    };

    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice(self.as_slice(), canner)
    }
}

impl<'b, T: Uncan<'b, V>, V, const N: usize> Uncan<'b, V> for [T; N] {
    const ELEMENT: Option<Elem<Self>> = {
        let array: &'static Option<ElementType> = const { &array_type::<T, N>(T::ELEMENT) };
        array_witness(T::ELEMENT, array)
    };

    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let items: Vec<T> = uncan_vec(uncanner)?;
        let found = items.len();
        items
            .try_into()
            .map_err(|_items| ErrorKind::Length { expected: N, found }.into())
    }
}
