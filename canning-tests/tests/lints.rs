//! Derived code does not warn, whatever the user denies.

#![deny(
    warnings,
    missing_docs,
    unused,
    deprecated,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    missing_debug_implementations,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unused_crate_dependencies,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
#![forbid(unsafe_code)]
#![allow(
    unused_crate_dependencies,
    clippy::blanket_clippy_restriction_lints,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::missing_docs_in_private_items,
    clippy::tests_outside_test_module,
    clippy::single_char_lifetime_names,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::partial_pub_fields,
    clippy::field_scoped_visibility_modifiers,
    clippy::missing_trait_methods,
    clippy::arbitrary_source_item_ordering,
    clippy::unwrap_used,
    clippy::min_ident_chars,
    clippy::allow_attributes,
    clippy::absolute_paths,
    clippy::separated_literal_suffix,
    clippy::redundant_pub_crate,
    clippy::implicit_return,
    reason = "they are about the types of this test, not about derived code"
)]

use std::borrow::Cow;

use canning_core::{Canned, Element};

/// Every attribute, every kind of field.
#[derive(Canned, Debug)]
#[allow(deprecated, reason = "it has an old field")]
pub struct Fields<'a, T: Clone> {
    /// Documented.
    pub r#type: u8,
    #[deprecated(note = "by its owner")]
    /// Deprecated.
    pub old: OldAndUnused<'a>,
    #[canned(default, alias = "d")]
    default: Vec<T>,
    #[canned(skip)]
    /// Skipped.
    pub skip: u8,
    #[canned(plain)]
    plain: String,
    #[canned(inline)]
    inline: Box<[u8]>,
}

/// Deprecated by itself.
#[derive(Canned, Debug)]
#[deprecated(note = "all of it")]
pub struct OldAndUnused<'a>(Cow<'a, str>);

/// A variant of each kind.
#[derive(Canned, Debug)]
#[allow(deprecated, reason = "it has an old variant")]
pub enum Variants {
    /// Deprecated.
    #[deprecated(note = "by its owner")]
    Old,
    /// With a field.
    Field(#[deprecated(note = "the field")] u8),
    /// Cannot be.
    Never(Empty, u8),
    /// Large.
    Named {
        /// Documented.
        large: [f64; 9],
        #[canned(skip)]
        /// Skipped.
        skip: u8,
    },
}

/// Has no values.
#[derive(Canned, Clone, Copy, Debug)]
pub enum Empty {}

/// Has no values either.
#[derive(Canned, Clone, Copy, Debug)]
pub struct HoldsEmpty {
    /// Never here.
    pub never: Empty,
    /// Nor this.
    pub after: u8,
}

/// All variants are skipped.
#[derive(Canned, Clone, Copy, Debug)]
pub enum AllSkipped {
    /// This one.
    #[canned(skip)]
    One(u8),
}

/// Cases that are unusual.
#[derive(Canned, Clone, Copy, Debug)]
#[allow(non_camel_case_types, non_snake_case, reason = "to see whether derived code repeats it")]
pub struct odd_Name {
    /// An odd name.
    pub Odd: u8,
}

/// An element.
#[derive(Clone, Copy, Debug, Element)]
#[repr(C)]
pub struct Pixel {
    /// Red.
    pub red: u8,
    #[deprecated(note = "by its owner")]
    /// Green.
    pub green: bool,
}

/// A generic element.
#[derive(Clone, Copy, Debug, Element)]
#[repr(C)]
pub struct Pair<T>(pub T, pub T);

/// One with an old field.
#[derive(Clone, Copy, Debug, Element)]
#[repr(C)]
pub struct OldPair<T>(#[deprecated(note = "by its owner")] pub T, pub T);

/// An element of one field.
#[derive(Clone, Copy, Debug, Element)]
#[repr(transparent)]
pub struct Meters(pub f64);

#[test]
fn this_file_compiles() {
    let pair = Pair(1_u8, 2);
    let back = canning_tests::events::round_trip(&pair).unwrap();
    assert_eq!((back.0, back.1), (1, 2), "it comes back");
}
