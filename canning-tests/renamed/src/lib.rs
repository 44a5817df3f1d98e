//! The derives where canning-core has another name, and is only reached through another module.

/// What a library that builds on canning-core may offer to its users.
pub mod reexports {
    pub use ::packing;
}

/// A struct.
#[derive(::packing::Canned, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[canned(crate = "packing")]
pub struct Frame<T> {
    /// A field of each kind.
    pub items: ::std::vec::Vec<T>,
    /// An element.
    pub pixel: Pixel,
    /// An enum.
    pub state: State,
}

/// An element.
#[derive(
    ::packing::Element,
    ::std::clone::Clone,
    ::std::marker::Copy,
    ::std::fmt::Debug,
    ::std::cmp::PartialEq,
)]
#[canned(crate = "::packing")]
#[repr(C)]
pub struct Pixel {
    /// A number.
    pub value: u16,
    /// A checked one.
    pub valid: [bool; 2],
}

/// An enum.
#[derive(::packing::Canned, ::std::fmt::Debug, ::std::cmp::PartialEq)]
#[canned(crate = "crate::reexports::packing")]
pub enum State {
    /// Without fields.
    Idle,
    /// With one.
    Busy {
        /// Perhaps.
        #[canned(default)]
        since: u64,
    },
}
