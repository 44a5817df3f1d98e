//! The derives where names mean something else, or nothing.

// No `use` in this file: every name of the derives must be their own.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, unused)]
#![forbid(unsafe_code)]

/// Names that the prelude has, with another meaning.
#[allow(dead_code, missing_docs, reason = "only their names matter")]
mod misleading {
    pub(crate) struct Option;
    pub(crate) struct Result;
    pub(crate) struct Vec;
    pub(crate) struct Own;
    pub(crate) trait Can {}
    pub(crate) trait Uncan {}
    pub(crate) trait Default {}
    pub(crate) trait Send {}
    pub(crate) trait Sync {}
    pub(crate) trait Copy {}
    pub(crate) trait Sized {}
    pub(crate) fn drop() {}
    pub(crate) const NONE: u8 = 0;
    #[allow(non_upper_case_globals, reason = "as a variant is called")]
    pub(crate) const None: u8 = 1;
    #[allow(non_snake_case, reason = "as a variant is called")]
    pub(crate) fn Some() {}
    #[allow(non_snake_case, reason = "as a variant is called")]
    pub(crate) fn Ok() {}
    #[allow(non_snake_case, reason = "as a variant is called")]
    pub(crate) fn Err() {}
}

/// The core crate under other names.
pub mod reexports {
    /// Under its own.
    pub use ::canning_core;
}

mod everything {
    #[allow(unused_imports, reason = "they are to be overlooked")]
    use super::misleading::*;

    #[derive(::canning_core::Canned)]
    struct Fields<'a, T: ::std::clone::Clone, const N: usize> {
        #[canned(default)]
        own: u8,
        list: [T; N],
        borrowed: &'a [T],
        #[canned(with = "super::module", rename = "x", alias = "y")]
        with: u8,
        #[canned(plain, default = "super::module::plain")]
        plain: ::std::string::String,
        #[canned(inline)]
        inline: ::std::vec::Vec<u8>,
        #[canned(skip)]
        skip: ::std::option::Option<T>,
    }

    #[derive(::canning_core::Canned)]
    #[canned(default)]
    struct Defaults {
        a: u8,
        #[canned(skip)]
        b: u8,
    }

    impl ::std::default::Default for Defaults {
        fn default() -> Self {
            Self { a: 1, b: 0 }
        }
    }

    #[derive(::canning_core::Canned)]
    enum Variants {
        Unit,
        Tuple(u8, #[canned(default)] u8),
        Named {
            r#type: u8,
        },
        #[canned(skip)]
        Skipped,
        #[canned(other)]
        Other,
    }

    #[derive(::canning_core::Canned)]
    #[canned(transparent)]
    struct Transparent(u8);

    #[derive(::canning_core::Canned, ::serde::Serialize, ::serde::Deserialize)]
    #[canned(plain)]
    struct Plain(u8);

    #[derive(::canning_core::Element, ::std::clone::Clone, ::std::marker::Copy)]
    #[repr(C)]
    struct Element {
        a: u32,
        b: [bool; 4],
    }

    #[derive(::canning_core::Element, ::std::clone::Clone, ::std::marker::Copy)]
    #[repr(transparent)]
    struct Generic<T>(T, ::std::marker::PhantomData<u8>);

    #[derive(::canning_core::Canned)]
    #[canned(crate = "super::reexports::canning_core")]
    struct Elsewhere(u8);

    #[derive(::canning_core::Element, ::std::clone::Clone, ::std::marker::Copy)]
    #[canned(crate = "crate::reexports::canning_core")]
    #[repr(C)]
    struct ElementElsewhere(u8);

    #[::std::prelude::v1::test]
    fn they_come_back() {
        let sent = Fields {
            own: 1,
            list: [2_u8],
            borrowed: &[3],
            with: 4,
            plain: ::std::borrow::ToOwned::to_owned("5"),
            inline: ::std::vec![6],
            skip: ::std::option::Option::Some(7),
        };
        let events = ::canning_tests::events::can(&sent).unwrap();
        let back: Fields<'_, u8, 1> = ::canning_tests::events::uncan(&events).unwrap();
        ::std::assert_eq!(
            (back.own, back.list, back.borrowed, back.with, back.skip),
            (1, [2], &[3][..], 4, ::std::option::Option::None)
        );
        ::std::assert_eq!((&*back.plain, &*back.inline), ("5", &[6][..]));
        let sent = Variants::Tuple(1, 2);
        let back = ::canning_tests::events::round_trip(&sent).unwrap();
        ::std::assert!(::std::matches!(back, Variants::Tuple(1, 2)));
        for other in [Variants::Unit, Variants::Named { r#type: 1 }, Variants::Other] {
            ::std::assert!(::canning_tests::events::round_trip(&other).is_ok());
        }
        ::std::assert!(::canning_tests::events::can(&Variants::Skipped).is_err());
        let sent = Defaults { a: 1, b: 2 };
        let back = ::canning_tests::events::round_trip(&sent).unwrap();
        ::std::assert_eq!((back.a, back.b), (1, 0));
        let sent =
            (Transparent(1), Plain(2), Elsewhere(3), Generic(4_u8, ::std::marker::PhantomData));
        let back = ::canning_tests::events::round_trip(&sent).unwrap();
        ::std::assert_eq!((back.0.0, back.1.0, back.2.0, back.3.0), (1, 2, 3, 4));
        let sent = (Element { a: 1, b: [true; 4] }, ElementElsewhere(1));
        let back = ::canning_tests::events::round_trip(&sent).unwrap();
        ::std::assert_eq!((back.0.a, back.0.b, back.1.0), (1, [true; 4], 1));
    }
}

/// Types that a macro by example writes.
mod written_by_a_macro {
    macro_rules! types {
        ($name:ident, $other:ident, $field:ident: $ty:ty, $t:ident) => {
            #[derive(::canning_core::Canned)]
            struct $name<$t> {
                $field: $ty,
                own: ::std::vec::Vec<$t>,
                path: $crate::written_by_a_macro::Named,
            }

            #[derive(::canning_core::Canned)]
            enum $other {
                $name($ty),
                Own { own: $ty },
            }

            #[derive(::canning_core::Element, ::std::clone::Clone, ::std::marker::Copy)]
            #[repr(C)]
            struct Named {
                $field: $ty,
            }
        };
    }

    types!(Struct, Enum, field: u8, T);

    #[::std::prelude::v1::test]
    fn they_come_back() {
        let sent = Struct { field: 1, own: ::std::vec![2_u8], path: Named { field: 3 } };
        let back = ::canning_tests::events::round_trip(&sent).unwrap();
        ::std::assert_eq!((back.field, &*back.own, back.path.field), (1, &[2][..], 3));
        for sent in [Enum::Struct(1), Enum::Own { own: 2 }] {
            ::std::assert!(::canning_tests::events::round_trip(&sent).is_ok());
        }
    }
}

/// The functions of a field.
mod module {
    use ::canning_core::{
        Result,
        visitor::{Canner, Uncanner},
    };

    pub(crate) fn can<'a, C: Canner<'a>>(value: &u8, canner: &mut C) -> Result<()> {
        canner.u64(::std::convert::Into::into(*value))
    }

    pub(crate) fn uncan<'b, U: Uncanner<'b>>(uncanner: &mut U) -> Result<u8> {
        uncanner.u64().map(|value| value.to_le_bytes()[0])
    }

    pub(crate) fn plain() -> ::std::string::String {
        ::std::string::String::new()
    }
}
