//! The marker that makes the implementations for ndarray's types possible here.

use std::marker::PhantomData;

use canning_core::Own;

/// The marker of ndarray's types, whose elements have the marker `V`.
///
/// It is always inferred. It has to be written only where a turbofish names all parameters,
/// and there `_` will do.
#[derive(Clone, Copy, Debug)]
pub struct Nd<V = Own>(PhantomData<fn() -> V>);
