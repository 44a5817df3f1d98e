//! Where arrays are made: a transport may want them in memory of its own.

use std::{sync::Arc, time::Duration};

use canning_core::{Can, Element};
use canning_wire::{Object, can, can_arc};
use ndarray::{Array, Array1, ArrayView, Dimension, Ix1};
#[cfg(target_os = "linux")]
use {
    super::error::Error,
    canning_core::SharedSlice,
    canning_wire::shm::{Arena, SealTimes},
    ndarray::{ShapeBuilder, StrideShape},
};

use super::error::Result;

/// Where arrays are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// As any other.
    Heap,
    /// As any other, and owned by several, so that a queue may be one of them.
    Shared,
    /// In shared memory, which is sealed before they are sent.
    Arena,
}

/// An array, where its transport wants it.
pub(super) enum Made<T, D> {
    Own(Array<T, D>),
    Shared(Arc<Array<T, D>>),
    #[cfg(target_os = "linux")]
    Sealed {
        items: SharedSlice<T>,
        shape: StrideShape<D>,
        times: SealTimes,
    },
}

impl Origin {
    /// Makes an array of so many items, and fills it where it is.
    ///
    /// # Errors
    ///
    /// When there is not so much shared memory.
    pub(super) fn make(self, len: usize, fill: impl Fn(usize) -> f64) -> Result<Made<f64, Ix1>> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Arena => {
                let arena = Arena::new(len * size_of::<f64>())?;
                let mut items = arena.zeroed::<f64>(len)?;
                items.iter_mut().enumerate().for_each(|(at, item)| *item = fill(at));
                let slot = items.finish();
                let sealed = arena.seal()?;
                let (items, times) = (sealed.get(slot)?, sealed.times());
                Ok(Made::Sealed { items, shape: Ix1(len).into(), times })
            }
            Self::Shared => Ok(Made::Shared(Array1::from_shape_fn(len, fill).into())),
            _ => Ok(Made::Own(Array1::from_shape_fn(len, fill))),
        }
    }

    /// Brings an array here that was made elsewhere: into shared memory it is copied.
    ///
    /// # Errors
    ///
    /// As [`make`](Self::make).
    pub(super) fn bring<T: Element, D: Dimension>(self, array: Array<T, D>) -> Result<Made<T, D>> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Arena => {
                let items = array.as_slice_memory_order();
                let items = items.ok_or(Error::Protocol("an array is not in one piece"))?;
                let arena = Arena::new(size_of_val(items))?;
                let slot = arena.copied(items)?.finish();
                let sealed = arena.seal()?;
                let shape = array.raw_dim().set_f(!array.is_standard_layout()).into();
                Ok(Made::Sealed { items: sealed.get(slot)?, shape, times: sealed.times() })
            }
            Self::Shared => Ok(Made::Shared(array.into())),
            _ => Ok(Made::Own(array)),
        }
    }
}

impl<T, D: Dimension> Made<T, D> {
    /// The array.
    ///
    /// # Panics
    ///
    /// Never: memory was made for the shape.
    pub(super) fn view(&self) -> ArrayView<'_, T, D> {
        match self {
            Self::Own(array) => array.view(),
            Self::Shared(array) => array.view(),
            #[cfg(target_os = "linux")]
            Self::Sealed { items, shape, .. } => {
                let view = ArrayView::from_shape(shape.clone(), items);
                view.expect("as many items as the shape has")
            }
        }
    }

    /// Takes the array apart: shares it where that is possible, or else borrows it, by its view.
    ///
    /// # Errors
    ///
    /// As [`canning_wire::can`].
    pub(super) fn can<'v>(&self, view: &'v ArrayView<'v, T, D>) -> canning_core::Result<Object<'v>>
    where
        T: Element + Can,
        D: Send + Sync + 'static,
    {
        match self {
            Self::Shared(array) => can_arc(array),
            _ => can(view),
        }
    }

    /// How long it took to seal its memory.
    pub(super) fn sealing(&self) -> Duration {
        match self {
            Self::Own(_) | Self::Shared(_) => Duration::ZERO,
            #[cfg(target_os = "linux")]
            Self::Sealed { times, .. } => times.unmapping + times.sealing + times.mapping,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder, array};

    use super::*;

    #[test]
    fn arrays_are_the_same_wherever_they_are_made() {
        let c = array![[1_u8, 2, 3], [4, 5, 6]];
        let fortran = Array2::from_shape_vec((2, 3).f(), vec![1_u8, 4, 2, 5, 3, 6]).unwrap();
        for origin in [Origin::Heap, Origin::Shared, Origin::Arena] {
            for array in [&c, &fortran] {
                let made = origin.bring(array.clone()).unwrap();
                assert_eq!((made.view(), made.view().strides()), (array.view(), array.strides()));
            }
            assert_eq!(origin.bring(Array2::<u8>::zeros((0, 3))).unwrap().view().dim(), (0, 3));
            let made = origin.make(1000, |at| at as f64).unwrap();
            assert!(made.view().iter().zip(0..).all(|(item, at)| *item == f64::from(at)));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_shared_memory_is_sealed() {
        use super::super::place::Place;

        let at = |origin: Origin| {
            let made = origin.make(1000, |_| 0.5).unwrap();
            (made.sealing() > Duration::ZERO, Place::of(made.view().as_ptr()).is_some())
        };
        assert_eq!(at(Origin::Heap), (false, false));
        assert_eq!(at(Origin::Arena), (true, true));
    }
}
