//! Elements: types whose values may travel as raw memory, and the witness that a type is one.

use std::{fmt, marker::PhantomData, num};

use crate::dtype::{Dtype, Scalar};

/// A type whose values may be sent and received as raw memory.
///
/// Implemented for the fixed-width numbers, `bool`, `char`, `NonZero`, and arrays `[T; N]`,
/// `Wrapping` and `Saturating` of elements; by features for complex and half-precision numbers; by `#[derive(Element)]` for
/// structs. `usize` and `isize` are elements where they have 64 bits, and travel as such;
/// elsewhere a sequence of them is a list of integers, and the two do not mix.
///
/// Received memory is aligned as `DTYPE` is. A type aligned otherwise (`repr(C, packed)`,
/// `repr(C, align(N))`) is always copied into a `Vec`, and counted; one aligned more also where
/// it is shared, and borrowing it as `&[Self]` fails, unless the memory happens to lie well.
///
/// # Safety
///
/// An implementor promises, and other code relies on it:
///
/// 0. `Self` has no padding: every byte of every value is initialised.
/// 1. `size_of::<Self>()` is not zero and equals `DTYPE.item_size()` times the product of
///    `INNER`.
/// 2. The bytes of a value, in this machine's byte order, are what `DTYPE` and `INNER`
///    describe.
/// 3. Bytes that `VALIDATE` accepts, or any bytes if it is `None`, are values of `Self`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an element",
    label = "its memory cannot travel as it is",
    note = "for a struct of your own: `#[derive(Element)]`, with `#[repr(C)]`",
    note = "what holds anything else than elements may be cannable: `#[derive(Canned)]`"
)]
pub unsafe trait Element: Copy + Send + Sync + 'static {
    /// The dtype; for `[T; N]` that of the innermost `T`.
    const DTYPE: &'static Dtype;

    /// The axes that `[T; N]` adds to the shape of an array; none for other types.
    const INNER: InnerShape = InnerShape::NONE;

    /// Checks bytes from outside, a whole number of items of [`DTYPE`](Self::DTYPE); on
    /// refusal gives the index of the first invalid one. `None` if all bytes are valid.
    const VALIDATE: Option<Validate> = None;
}

/// A check of bytes from outside: see [`Element::VALIDATE`].
pub type Validate = fn(&[u8]) -> Result<(), usize>;

/// The axes that nested `[T; N]` add, at most eight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InnerShape {
    axes: [usize; Self::MAX],
    len: usize,
}

impl InnerShape {
    /// The most axes: deeper nested arrays are lists, not elements.
    pub const MAX: usize = 8;

    /// No axes.
    pub const NONE: Self = Self { axes: [0; Self::MAX], len: 0 };

    /// Adds `outer` as the slowest axis; `None` above [`MAX`](Self::MAX).
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "`at` < `len` < MAX")]
    pub const fn within(self, outer: usize) -> Option<Self> {
        if self.len == Self::MAX {
            return None;
        }
        let mut axes = [0; Self::MAX];
        axes[0] = outer;
        let mut at = 0;
        while at < self.len {
            axes[at + 1] = self.axes[at];
            at += 1;
        }
        Some(Self { axes, len: self.len + 1 })
    }

    /// The lengths of the axes, the slowest first.
    #[inline]
    pub const fn as_slice(&self) -> &[usize] {
        self.axes.split_at(self.len).0
    }
}

impl fmt::Debug for InnerShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

/// What there is to know about an element type, without the type.
#[derive(Clone, Copy, Debug)]
pub struct ElementType {
    dtype: &'static Dtype,
    inner: InnerShape,
    validate: Option<Validate>,
    /// Bytes of one element, the inner axes included.
    size: usize,
}

impl ElementType {
    /// The dtype of the innermost items.
    #[inline]
    pub fn dtype(&self) -> &'static Dtype {
        self.dtype
    }

    /// The axes that `[T; N]` adds.
    #[inline]
    pub fn inner(&self) -> &[usize] {
        self.inner.as_slice()
    }

    /// The size of one element in bytes, the inner axes included.
    #[inline]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether any bytes make valid elements.
    #[inline]
    pub fn accepts_any_bits(&self) -> bool {
        self.validate.is_none()
    }

    /// Checks bytes from outside.
    ///
    /// # Errors
    ///
    /// The index of the first invalid item of [`dtype`](Self::dtype).
    #[inline]
    pub fn validate(&self, bytes: &[u8]) -> Result<(), usize> {
        self.validate.map_or(Ok(()), |validate| validate(bytes))
    }

    const fn of<T: Element>() -> Self {
        Self { dtype: T::DTYPE, inner: T::INNER, validate: T::VALIDATE, size: size_of::<T>() }
    }
}

/// The witness that `T` is an [`Element`], as a value.
///
/// It takes the place of specialization: code for any `T` asks the constant
/// [`Can::ELEMENT`](crate::Can::ELEMENT) whether its memory may travel as it is. Only core
/// makes one: from `T: Element`, or for `[T; N]` and `Wrapping<T>` from the witness of `T`.
pub struct Elem<T: ?Sized> {
    /// # Invariants
    ///
    /// 0. Describes `T`, which keeps the promises of [`Element`].
    element: &'static ElementType,
    /// Invariant in `T`: a witness for a subtype says nothing about its supertype.
    marker: PhantomData<fn(*mut T) -> *mut T>,
}

impl<T> Elem<T> {
    /// The witness of an element type; one of no size is refused by the compiler.
    ///
    /// ```compile_fail,E0080
    /// canning_core::Elem::<[f64; 0]>::of();
    /// ```
    pub const fn of() -> Self
    where
        T: Element,
    {
        Self { element: const { &ElementType::of::<T>() }, marker: PhantomData }
    }

    /// What it witnesses, without the type.
    #[inline]
    pub const fn element(self) -> &'static ElementType {
        self.element
    }
}

/// The type of an array's `[T; N]` element, if `T` is one, `N` is not zero, and it is not
/// nested too deep.
pub(crate) const fn array_type<T, const N: usize>(item: Option<Elem<T>>) -> Option<ElementType> {
    match item {
        Some(item) if N > 0 => match item.element.inner.within(N) {
            Some(inner) => Some(ElementType { inner, size: size_of::<[T; N]>(), ..*item.element }),
            None => None,
        },
        _ => None,
    }
}

/// The witness for `[T; N]`, of what [`array_type`] said of `T`'s.
pub(crate) const fn array_witness<T, const N: usize>(
    of_item: Option<Elem<T>>,
    array: &'static Option<ElementType>,
) -> Option<Elem<[T; N]>> {
    match (of_item, array) {
        (Some(_), Some(element)) => Some(Elem { element, marker: PhantomData }),
        _ => None,
    }
}

macro_rules! transparent {
    ($($wrapper:ident $witness:ident)*) => {$(
        // SAFETY: std: "guaranteed to have the same layout and ABI as `T`"; its public field
        // takes every value of `T`: all promises as for `T`.
        unsafe impl<T: Element> Element for num::$wrapper<T> {
            const DTYPE: &'static Dtype = T::DTYPE;
            const INNER: InnerShape = T::INNER;
            const VALIDATE: Option<Validate> = T::VALIDATE;
        }

        /// The witness for the wrapper, of `T`'s: for the same reason.
        pub(crate) const fn $witness<T>(item: Option<Elem<T>>) -> Option<Elem<num::$wrapper<T>>> {
            match item {
                Some(Elem { element, .. }) => Some(Elem {
                    element,
                    marker: PhantomData,
                }),
                None => None,
            }
        }
    )*};
}

transparent! { Wrapping wrapping_witness Saturating saturating_witness }

impl<T: ?Sized> Clone for Elem<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Elem<T> {}

impl<T: ?Sized> fmt::Debug for Elem<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Elem").field(self.element).finish()
    }
}

macro_rules! any_bits {
    ($($rust:ty => $scalar:ident),* $(,)?) => {$(
        // SAFETY: a primitive number:
        // - 0: has no padding.
        // - 1, 2: `Scalar` states its size; the dtype is that of the same number.
        // - 3: takes any bits.
        unsafe impl Element for $rust {
            const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::$scalar);
        }
    )*};
}

any_bits! {
    i8 => I8, i16 => I16, i32 => I32, i64 => I64, i128 => I128,
    u8 => U8, u16 => U16, u32 => U32, u64 => U64, u128 => U128,
    f32 => F32, f64 => F64,
}

#[cfg(target_pointer_width = "64")]
any_bits! { usize => U64, isize => I64 }

macro_rules! non_zero {
    ($($rust:ty => $scalar:ident),* $(,)?) => {$(
        // SAFETY: std: "guaranteed to have the same layout and bit validity as [the integer]
        // with the exception that the all-zero bit pattern is invalid":
        // - 0, 1, 2: as for the integer.
        // - 3: `VALIDATE` refuses zero.
        unsafe impl Element for $rust {
            const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::$scalar);
            const VALIDATE: Option<Validate> =
                Some(|bytes| first_invalid(bytes, |item: &[u8; size_of::<$rust>()]| {
                    item.iter().any(|byte| *byte != 0)
                }));
        }
    )*};
}

non_zero! {
    num::NonZeroI8 => I8, num::NonZeroI16 => I16, num::NonZeroI32 => I32,
    num::NonZeroI64 => I64, num::NonZeroI128 => I128,
    num::NonZeroU8 => U8, num::NonZeroU16 => U16, num::NonZeroU32 => U32,
    num::NonZeroU64 => U64, num::NonZeroU128 => U128,
}

#[cfg(target_pointer_width = "64")]
non_zero! { num::NonZeroUsize => U64, num::NonZeroIsize => I64 }

// SAFETY: Reference, "Boolean type": size and alignment of 1, "`false` has the bit pattern 0x00
// and `true` has the bit pattern 0x01":
// - 0, 1, 2: one byte, as NumPy's `|b1`.
// - 3: `VALIDATE` refuses all other bits.
unsafe impl Element for bool {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::Bool);
    const VALIDATE: Option<Validate> = Some(|bytes| {
        // Without an early exit per byte, so that it vectorises.
        if bytes.iter().fold(0, |all, byte| all | byte) <= 1 {
            return Ok(());
        }
        first_invalid(bytes, |[byte]: &[u8; 1]| *byte <= 1)
    });
}

// SAFETY: Reference, "Textual types": "A char has the same size and alignment as u32", and "is
// a Unicode scalar value":
// - 0, 1, 2: a code point in four bytes, as NumPy's `<U1`.
// - 3: `VALIDATE` refuses what is no scalar value.
unsafe impl Element for char {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::Char);
    const VALIDATE: Option<Validate> = Some(|bytes| {
        first_invalid(bytes, |item: &[u8; 4]| char::from_u32(u32::from_ne_bytes(*item)).is_some())
    });
}

// SAFETY: Reference, "Array layout": `N` items of `T`, one after the other:
// - 0, 3: as for `T`.
// - 1, 2: `INNER` counts the `N`; zero is refused when the constant is evaluated, which
//   `Elem::of` does.
unsafe impl<T: Element, const N: usize> Element for [T; N] {
    const DTYPE: &'static Dtype = T::DTYPE;
    const INNER: InnerShape = {
        assert!(N > 0, "an element has at least one byte");
        match T::INNER.within(N) {
            Some(inner) => inner,
            None => panic!("an element's arrays are nested at most eight deep"),
        }
    };
    const VALIDATE: Option<Validate> = T::VALIDATE;
}

#[cfg(feature = "half")]
any_bits! { half::f16 => F16, half::bf16 => Bf16 }

#[cfg(feature = "num-complex")]
// SAFETY: `Complex` is `repr(C)` with two `f32`, the real part first:
// - 0, 1, 2: as `Complex64` describes.
// - 3: takes any bits.
unsafe impl Element for num_complex::Complex<f32> {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::Complex64);
}

#[cfg(feature = "num-complex")]
// SAFETY: as above, with `f64`.
unsafe impl Element for num_complex::Complex<f64> {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::Complex128);
}

/// Gives the index of the first item that is not valid.
fn first_invalid<const SIZE: usize>(
    bytes: &[u8],
    is_valid: impl Fn(&[u8; SIZE]) -> bool,
) -> Result<(), usize> {
    let (items, _) = bytes.as_chunks::<SIZE>();
    items.iter().position(|item| !is_valid(item)).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_elements_flatten_into_the_shape() {
        let element = Elem::<[[f32; 3]; 2]>::of().element();
        assert_eq!(element.dtype(), &Dtype::Scalar(Scalar::F32));
        assert_eq!(element.inner(), [2, 3]);
        assert_eq!(element.size(), 24);
        let element = <[[f32; 3]; 2] as crate::object::Can>::ELEMENT.unwrap().element();
        assert_eq!((element.inner(), element.size()), (&[2, 3][..], 24));
    }

    #[test]
    fn invalid_bits_are_found_with_their_index() {
        let bools = Elem::<bool>::of().element();
        assert_eq!(bools.validate(&[0, 1, 1]), Ok(()));
        assert_eq!(bools.validate(&[0, 1, 2]), Err(2));
        assert_eq!(bools.validate(&[2, 2]), Err(0));
        let chars = Elem::<[char; 1]>::of().element();
        let surrogate = [u32::from('a'), 0xD800].map(u32::to_ne_bytes);
        assert_eq!(chars.validate(surrogate.as_flattened()), Err(1));
        let non_zero = Elem::<num::NonZeroU16>::of().element();
        assert_eq!(non_zero.validate(&[0, 1, 0, 0]), Err(1));
    }

    #[test]
    fn witness_is_one_pointer_wide() {
        assert_eq!(size_of::<Option<Elem<f64>>>(), size_of::<usize>());
    }

    #[test]
    fn debug_output_names_dtype_and_shape() {
        let text = format!("{:?}", Elem::<[[f32; 3]; 2]>::of());
        assert!(text.starts_with("Elem(ElementType { dtype: "), "{text}");
        assert!(text.contains("F32") && text.contains("inner: [2, 3]"), "{text}");
    }

    #[test]
    fn inner_axes_are_added_up_to_the_most() {
        let mut shape = InnerShape::NONE;
        for len in 1..=InnerShape::MAX {
            shape = shape.within(len).unwrap();
            assert!(shape.as_slice().iter().copied().eq((1..=len).rev()), "{shape:?}");
        }
        assert_eq!(shape.within(1), None);
    }

    #[test]
    fn every_element_is_as_long_as_its_dtype() {
        fn dtype<T: Element>() -> String {
            let element = Elem::<T>::of().element();
            let items = element.inner().iter().product::<usize>();
            assert_eq!(element.size(), element.dtype().item_size() * items);
            assert_eq!(element.size(), size_of::<T>());
            element.dtype().to_string()
        }
        assert_eq!(
            [dtype::<u8>(), dtype::<i8>(), dtype::<num::NonZeroU8>()],
            ["|u1", "|i1", "|u1"]
        );
        assert_eq!(
            [dtype::<u16>(), dtype::<i16>(), dtype::<num::NonZeroI16>()],
            ["<u2", "<i2", "<i2"]
        );
        assert_eq!(
            [dtype::<u32>(), dtype::<i32>(), dtype::<num::NonZeroU32>()],
            ["<u4", "<i4", "<u4"]
        );
        assert_eq!(
            [dtype::<u64>(), dtype::<i64>(), dtype::<num::NonZeroI64>()],
            ["<u8", "<i8", "<i8"]
        );
        assert_eq!(
            [dtype::<u128>(), dtype::<i128>(), dtype::<num::NonZeroU128>()],
            ["u128", "i128", "u128"]
        );
        assert_eq!([dtype::<f32>(), dtype::<f64>(), dtype::<bool>()], ["<f4", "<f8", "|b1"]);
        assert_eq!(
            [dtype::<char>(), dtype::<[[f32; 3]; 2]>(), dtype::<num::Wrapping<[u16; 5]>>()],
            ["<U1", "<f4", "<u2"]
        );
        #[cfg(feature = "half")]
        assert_eq!([dtype::<half::f16>(), dtype::<half::bf16>()], ["<f2", "bf16"]);
        #[cfg(feature = "num-complex")]
        assert_eq!(
            [dtype::<num_complex::Complex<f32>>(), dtype::<num_complex::Complex<f64>>()],
            ["<c8", "<c16"]
        );
    }

    #[test]
    fn wrapped_and_nested_elements_are_checked() {
        let refused = |element: &ElementType| element.validate(&[1, 0, 2, 0]);
        assert_eq!(refused(Elem::<[bool; 4]>::of().element()), Err(2));
        assert_eq!(refused(Elem::<[[bool; 2]; 2]>::of().element()), Err(2));
        assert_eq!(refused(Elem::<num::Wrapping<bool>>::of().element()), Err(2));
        assert_eq!(refused(Elem::<num::Saturating<[bool; 2]>>::of().element()), Err(2));
        let wrapped = wrapping_witness(Some(Elem::<bool>::of())).unwrap();
        assert_eq!(refused(wrapped.element()), Err(2));
        let array = array_type::<bool, 4>(Some(Elem::of())).unwrap();
        assert_eq!((refused(&array), array.inner(), array.size()), (Err(2), &[4][..], 4));
        assert!(array_type::<bool, 0>(Some(Elem::of())).is_none());
    }
}
