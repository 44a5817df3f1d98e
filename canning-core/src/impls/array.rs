//! Arrays `[T; N]`, owned and borrowed.

use crate::{
    array::{can_slice, uncan_slice, uncan_vec},
    buffer::{Copied, cast},
    element::{Elem, Element, ElementType, array_type, array_witness},
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
        // Small numeric arrays, the usual case, are read where they stand: no allocation.
        if let (Some(item), Some(array)) = (const { T::ELEMENT }, Self::ELEMENT)
            && item.element().inner().is_empty()
            && let Some(bytes) = uncanner.in_band(item.element())?
        {
            if bytes.len() != size_of::<Self>() {
                let found = bytes.len() / item.element().size();
                return Err(ErrorKind::Length { expected: N, found }.into());
            }
            uncanner.count_copy(Copied {
                in_band: bytes.len() as u64,
                out_of_band: 0,
            });
            return cast::to_item(bytes, array);
        }
        let items: Vec<T> = uncan_vec(uncanner)?;
        let found = items.len();
        items
            .try_into()
            .map_err(|_items| ErrorKind::Length { expected: N, found }.into())
    }
}

impl<'b: 'a, 'a, T: Element, const N: usize> Uncan<'b> for &'a [T; N] {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let items: &'b [T] = uncan_slice(uncanner)?;
        let found = items.len();
        items
            .try_into()
            .map_err(|_another_length| ErrorKind::Length { expected: N, found }.into())
    }
}
