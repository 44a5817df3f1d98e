//! Canning: the same for every kind of array, whoever owns its memory.

use canning_core::{Can, Result, visitor::Canner};
use ndarray::{ArrayBase, ArrayRef, Data, Dimension};

use crate::{contiguous::can_view, marker::Nd};

/// The memory as it lies, nothing copied, if the items are elements; otherwise the items in
/// the order of their indices. Costs the same whatever the number of elements.
impl<S, D, V> Can<Nd<V>> for ArrayBase<S, D>
where
    S: Data<Elem: Can<V>>,
    D: Dimension,
{
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_view(self.view(), canner)
    }
}

/// As the array that it refers to.
impl<A, D, V> Can<Nd<V>> for ArrayRef<A, D>
where
    A: Can<V>,
    D: Dimension,
{
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_view(self.view(), canner)
    }
}
