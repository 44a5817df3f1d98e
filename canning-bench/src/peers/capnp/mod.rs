//! Cap'n Proto: values as they lie, behind relative pointers, in memory that is zeroed first.

pub(crate) use self::format::Capnp;

mod convert;
mod format;
#[rustfmt::skip]
#[allow(
    clippy::all,
    dead_code,
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    reason = "generated"
)]
mod values_capnp;
