//! Types that are called `PhantomData` and are not.

use canning_core::Element;

#[derive(Clone, Copy)]
enum PhantomData {}

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Never(u8, PhantomData);

#[derive(Clone, Copy, Element)]
#[repr(transparent)]
struct Generic<T>(T, PhantomData);

fn main() {}
