//! Complex and half-precision numbers: alone, they are arrays without axes.

use crate::{
    array::{can_element, uncan_element},
    element::Elem,
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! numbers {
    ($($feature:literal $rust:ty;)*) => {$(
        #[cfg(feature = $feature)]
        impl Can for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                can_element(self, canner)
            }
        }

        #[cfg(feature = $feature)]
        impl<'b> Uncan<'b> for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                uncan_element(uncanner)
            }
        }
    )*};
}

numbers! {
    "half" half::f16;
    "half" half::bf16;
    "num-complex" num_complex::Complex<f32>;
    "num-complex" num_complex::Complex<f64>;
}
