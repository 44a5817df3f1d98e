//! Elements are copied, sent and shared.

use std::marker::PhantomData;

use canning_core::Element;

#[derive(Element)]
#[repr(C)]
struct NotCopy(u8);

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct NotSend(u8, PhantomData<*const u8>);

fn main() {}
