//! Arrays `[T; N]`, owned and borrowed.

use crate::{
    array::{can_slice, lend_slice, own_vec, uncan_slice, uncan_vec},
    buffer::{Copied, Pool, cast},
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
        let (Some(item), Some(array)) = (const { T::ELEMENT }, Self::ELEMENT) else {
            return of_vec(uncan_vec(uncanner)?);
        };
        // Small numeric arrays, the usual case, are read where they stand: no allocation.
        if item.element().inner().is_empty()
            && let Some(bytes) = uncanner.in_band(item.element())?
        {
            if bytes.len() != size_of::<Self>() {
                let found = bytes.len() / item.element().size();
                return Err(ErrorKind::Length { expected: N, found }.into());
            }
            uncanner.count_copy(Copied::of(true, size_of::<Self>()));
            return cast::to_item(bytes, array);
        }
        if uncanner.lists_elements()? {
            return of_vec(uncan_vec(uncanner)?);
        }
        let received = uncanner.array()?;
        let copied = Copied::of(received.is_in_band(), size_of::<Self>());
        let this = match lend_slice(received, item)? {
            Ok(items) if items.len() == N => cast::to_item(cast::bytes(items, item), array)?,
            Ok(items) => {
                let found = items.len();
                return Err(ErrorKind::Length { expected: N, found }.into());
            }
            Err(received) => of_vec(own_vec(received, item, uncanner)?)?,
        };
        uncanner.count_copy(copied);
        Ok(this)
    }

    fn recycle(&mut self, pool: &Pool) {
        if const { T::ELEMENT.is_none() } {
            self.iter_mut().for_each(|item| item.recycle(pool));
        }
    }
}

fn of_vec<T, const N: usize>(items: Vec<T>) -> Result<[T; N]> {
    let found = items.len();
    items.try_into().map_err(|_items| ErrorKind::Length { expected: N, found }.into())
}

impl<'b: 'a, 'a, T: Element, const N: usize> Uncan<'b> for &'a [T; N] {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let items: &'b [T] = uncan_slice(uncanner)?;
        let found = items.len();
        items.try_into().map_err(|_another_length| ErrorKind::Length { expected: N, found }.into())
    }
}
