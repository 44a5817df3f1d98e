//! Numbers, `bool`, `char`, `Ordering` and `()`.

use std::{cmp::Ordering, num};

use crate::{
    element::Elem,
    error::{Error, ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! integers {
    ($($wire:ident: $($rust:ident $non_zero:ident)*;)*) => {$($(
        impl Can for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$wire($wire::from(*self))
            }
        }

        impl<'b> Uncan<'b> for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let wide = uncanner.$wire()?;
                Self::try_from(wide).map_err(|_out_of_range| out_of_range(stringify!($rust), wide))
            }
        }

        impl Can for num::$non_zero {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$wire($wire::from(self.get()))
            }
        }

        impl<'b> Uncan<'b> for num::$non_zero {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                Self::new($rust::uncan(uncanner)?)
                    .ok_or_else(|| out_of_range(stringify!($non_zero), 0))
            }
        }
    )*)*};
}

integers! {
    u64: u8 NonZeroU8 u16 NonZeroU16 u32 NonZeroU32 u64 NonZeroU64;
    i64: i8 NonZeroI8 i16 NonZeroI16 i32 NonZeroI32 i64 NonZeroI64;
    u128: u128 NonZeroU128;
    i128: i128 NonZeroI128;
}

macro_rules! sizes {
    ($($wire:ident: $rust:ident $non_zero:ident;)*) => {$(
        /// As an integer of any width; an element only where it has 64 bits.
        impl Can for $rust {
            #[cfg(target_pointer_width = "64")]
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$wire(*self as $wire)
            }
        }

        impl<'b> Uncan<'b> for $rust {
            #[cfg(target_pointer_width = "64")]
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let wide = uncanner.$wire()?;
                Self::try_from(wide).map_err(|_out_of_range| out_of_range(stringify!($rust), wide))
            }
        }

        /// As the integer.
        impl Can for num::$non_zero {
            #[cfg(target_pointer_width = "64")]
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$wire(self.get() as $wire)
            }
        }

        impl<'b> Uncan<'b> for num::$non_zero {
            #[cfg(target_pointer_width = "64")]
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                Self::new($rust::uncan(uncanner)?)
                    .ok_or_else(|| out_of_range(stringify!($non_zero), 0))
            }
        }
    )*};
}

sizes! {
    u64: usize NonZeroUsize;
    i64: isize NonZeroIsize;
}

macro_rules! others {
    ($($rust:ident)*) => {$(
        impl Can for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.$rust(*self)
            }
        }

        impl<'b> Uncan<'b> for $rust {
            const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                uncanner.$rust()
            }
        }
    )*};
}

others! { bool f32 f64 }

/// Alone, as text of one character.
impl Can for char {
    const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.str(self.encode_utf8(&mut [0; 4]))
    }
}

impl<'b> Uncan<'b> for char {
    const ELEMENT: Option<Elem<Self>> = Some(Elem::of());

    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let text = uncanner.text()?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(ErrorKind::InvalidText { expected: "one character" }.into()),
        }
    }
}

/// As -1, 0 or 1.
impl Can for Ordering {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.i64((*self as i8).into())
    }
}

impl<'b> Uncan<'b> for Ordering {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        match uncanner.i64()? {
            -1 => Ok(Self::Less),
            0 => Ok(Self::Equal),
            1 => Ok(Self::Greater),
            other => Err(out_of_range("Ordering", other)),
        }
    }
}

impl Can for () {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.unit()
    }
}

impl<'b> Uncan<'b> for () {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.unit()
    }
}

#[cold]
fn out_of_range(expected: &'static str, found: impl TryInto<i128>) -> Error {
    let found = found.try_into().unwrap_or(i128::MAX);
    Error::new(ErrorKind::IntegerRange { expected, found })
}
