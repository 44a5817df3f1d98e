//! The contract: what can be taken apart, what can be put together, and what lies between.

use crate::{
    buffer::{Buffer, Copied, Pool},
    element::Elem,
    error::Result,
    visitor::{Canner, Uncanner},
};

/// A value that can be taken apart into a header and buffers.
///
/// `#[derive(Canned)]` writes it, together with [`Uncan`]. `Via` is always inferred: it lets
/// an adapter crate implement this trait for a foreign type, `impl<V> Can<Nd<V>> for …` with a
/// marker of its own, where the orphan rule would forbid `impl Can for …`. Code that is
/// generic over any value to can writes `fn send<T: Can<V>, V>(value: &T)`.
///
/// # Contract
///
/// - [`can`](Self::can) writes exactly one value, and the same one each time as long as
///   `self` is not changed.
/// - An error leaves `self` as it was.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be canned",
    label = "this type has no `Can` here",
    note = "for a type of your own: `#[derive(Canned)]`; for a field that only serde knows: `#[canned(plain)]`",
    note = "for a struct of numbers in arrays: `#[derive(Element)]`, so that an array of them is one buffer",
    note = "for complex and half-precision numbers and `bytes::Bytes`: `canning-core` with its feature `num-complex`, `half` or `bytes`",
    note = "for a type of another crate: depend on its adapter and name it once, as in `use canning_ndarray as _;`",
    note = "in generic code of your own: write `T: Can<V>, V`, not `T: Can`"
)]
pub trait Can<Via = Own> {
    /// The witness that values may travel as raw memory, if they may.
    const ELEMENT: Option<Elem<Self>> = None;

    /// Takes the value apart.
    ///
    /// # Errors
    ///
    /// Those of the canner; and where the value has no portable form, as a path that is not
    /// UTF-8.
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()>;
}

/// A value that can be put together from what was received.
///
/// `'b` is the lifetime of what was received, from which the value may borrow; types that
/// borrow nothing are [`UncanOwned`]. `Via` is inferred, as for [`Can`].
///
/// # Contract
///
/// - [`uncan`](Self::uncan) takes exactly one value, or gives an error.
/// - Input is never believed: it does not panic, nor allocate on the word of the input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be uncanned",
    label = "this type has no `Uncan` here",
    note = "for a type of your own: `#[derive(Canned)]`; for a field that only serde knows: `#[canned(plain)]`",
    note = "for a struct of numbers in arrays: `#[derive(Element)]`, so that an array of them is one buffer",
    note = "for complex and half-precision numbers and `bytes::Bytes`: `canning-core` with its feature `num-complex`, `half` or `bytes`",
    note = "for a type of another crate: depend on its adapter and name it once, as in `use canning_ndarray as _;`",
    note = "received references are `&str`, `&[T]`, `&[T; N]` and the views of adapters; anything else is received owned",
    note = "in generic code of your own: write `T: Uncan<'b, V>, V`, not `T: Uncan<'b>`"
)]
pub trait Uncan<'b, Via = Own>: Sized {
    /// The witness that values may be received as raw memory, if they may.
    const ELEMENT: Option<Elem<Self>> = None;

    /// Puts the value together.
    ///
    /// # Errors
    ///
    /// When something else was sent; with the path to it.
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self>;

    /// Gives the memory of its arrays back, for values that are received later, and leaves
    /// empty arrays behind: [`Pool::recycle`] calls it. Does nothing where there is none.
    ///
    /// Memory that the value only borrows or shares is not touched.
    #[inline]
    fn recycle(&mut self, pool: &Pool) {
        let _ = pool;
    }
}

/// A value that borrows nothing of what was received, so that its buffers can be moved out.
///
/// Implemented for every such type, as serde's `DeserializeOwned` is.
///
/// Where rustc says that "implementation of `Uncan` is not general enough", a type that borrows
/// was asked for, such as `&str`, an `ArrayView` or a struct with a lifetime: receive it with
/// [`CannedObject::get`], which keeps the object that it borrows from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be uncanned, or borrows from what was received",
    label = "this type cannot be moved out of an object",
    note = "for a type that borrows: `get`, which keeps the object",
    note = "for a type of your own: `#[derive(Canned)]`; of another crate: `use canning_ndarray as _;` or its like",
    note = "for complex and half-precision numbers and `bytes::Bytes`: `canning-core` with its feature `num-complex`, `half` or `bytes`",
    note = "in generic code of your own: write `T: UncanOwned<V>, V`, not `T: UncanOwned`"
)]
pub trait UncanOwned<Via = Own>: for<'b> Uncan<'b, Via> {}

impl<T: for<'b> Uncan<'b, Via>, Via> UncanOwned<Via> for T {}

/// The marker of types that core or a derive implement the traits for.
#[derive(Clone, Copy, Debug)]
pub enum Own {}

/// A value taken apart: a header and buffers.
///
/// Three ways to put it together, each with a turbofish of the type and a `_` where the type is
/// not clear from the context, as in `object.get::<Vec<f64>, _>()`:
///
/// | way | the object | arrays in owned types | borrowing types (`&str`, `&[T]`, views) |
/// | --- | --- | --- | --- |
/// | [`get`](Self::get) | stays | copied | borrow from the object |
/// | [`take`](Self::take) | stays, without its buffers | taken over | – |
/// | [`get_object`](Self::get_object) | ends | taken over | – |
///
/// It is what a format's `can` returns, what is kept to be sent many times, and what was
/// received and not yet put together.
///
/// # Contract
///
/// - The header holds everything but the buffers, and says how many there are and how long.
/// - [`get`](Self::get) leaves the object as it was. [`take`](Self::take) moves buffers out.
/// - A failed `get` has no effect. A failed `take` says how many buffers it had moved.
pub trait CannedObject {
    /// The header: one blob, perhaps in several segments.
    fn header(&self) -> &Buffer<'_>;

    /// The buffers, in the order in which the header refers to them.
    fn buffers(&self) -> &[Buffer<'_>];

    /// Puts the value together and keeps the object; may be repeated.
    ///
    /// What is borrowed or shared is not copied. What is owned is copied.
    ///
    /// # Errors
    ///
    /// When something else than a `T` was canned.
    fn get<'b, T: Uncan<'b, V>, V>(&'b self) -> Result<T>;

    /// Puts the value together and moves the received allocations into it.
    ///
    /// # Errors
    ///
    /// When something else than a `T` was canned; or a buffer was taken before. Buffers may
    /// have been moved by then:
    /// [`Error::buffers_moved`](crate::Error::buffers_moved).
    fn take<T: UncanOwned<V>, V>(&mut self) -> Result<T>;

    /// Puts the value together, and ends the object.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    fn get_object<T: UncanOwned<V>, V>(mut self) -> Result<T>
    where
        Self: Sized,
    {
        self.take()
    }

    /// Bytes that all `get` and `take` so far have copied.
    fn copied(&self) -> Copied;
}
