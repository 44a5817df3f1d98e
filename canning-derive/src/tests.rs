//! What the derives write, compared with `tests/expected/<case>.rs`.
//!
//! With `BLESS=1` in the environment the files are rewritten instead; read the difference.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;
use quote::quote;

use crate::derive::{canned, element};

#[test]
fn a_struct_is_a_record() {
    let written = canned(quote! {
        struct Frame {
            index: u32,
            positions: Vec<[f64; 3]>,
            r#type: String,
        }
    });
    compare("record", written);
}

#[test]
fn fields_have_defaults_and_ways() {
    let written = canned(quote! {
        #[canned(rename = "F", rename_all = "camelCase", deny_unknown_fields)]
        struct Fields {
            #[canned(default, alias = "a", alias = "b")]
            first_field: u8,
            #[canned(default = "make::second")]
            second: u8,
            #[canned(skip)]
            cache: Cache,
            #[canned(plain)]
            plain: Config,
            #[canned(with = "crate::hex")]
            hex: u64,
            #[canned(inline)]
            small: Vec<u8>,
        }
    });
    compare("fields", written);
}

#[test]
fn missing_fields_come_from_the_default_of_the_struct() {
    let written = canned(quote! {
        #[canned(default)]
        struct Options<T>(u8, #[canned(skip)] T);
    });
    compare("struct_default", written);
}

#[test]
fn an_enum_has_a_record_for_each_variant() {
    let written = canned(quote! {
        enum Shape {
            Unit,
            Tuple(f64, f64),
            Named { width: f64, #[canned(skip)] cache: Cache },
            #[canned(skip)]
            Skipped(u8),
            #[canned(other)]
            Unknown,
        }
    });
    compare("variants", written);
}

#[test]
fn an_enum_without_variants_has_no_values() {
    compare(
        "no_variants",
        canned(quote!(
            enum Never {}
        )),
    );
}

#[test]
fn parameters_hand_their_markers_on() {
    let written = canned(quote! {
        struct Generic<'a, T: Clone, K = u8, const N: usize = 3>
        where
            K: Ord,
        {
            map: BTreeMap<K, [T; N]>,
            borrowed: Cow<'a, [T]>,
            items: T::Items,
            next: Option<Box<Generic<'a, T, K, N>>>,
            unit: PhantomData<fn() -> T>,
        }
    });
    compare("generics", written);
}

#[test]
fn bounds_are_replaced() {
    let written = canned(quote! {
        #[canned(bound(can = "T: Can<V>", uncan = "T: Uncan<'b, V> + Ord", via = "V"))]
        struct Sorted<T>(Vec<T>);
    });
    compare("bound", written);
}

#[test]
fn a_transparent_struct_is_its_field() {
    let written = canned(quote! {
        #[canned(transparent, crate = "crate::reexports")]
        struct Wrapper<T> {
            inner: Vec<T>,
            #[canned(skip)]
            cache: Cache,
        }
    });
    compare("transparent", written);
}

#[test]
fn a_plain_type_is_serdes() {
    let written = canned(quote! {
        #[canned(plain)]
        enum Plain<'a, T> {
            Borrowed(&'a str),
            Owned(T),
        }
    });
    compare("plain", written);
}

#[test]
fn an_element_has_a_structured_dtype() {
    let written = element(quote! {
        #[repr(C)]
        struct Particle {
            position: [f64; 3],
            #[canned(rename = "kind")]
            species: u32,
            alive: [bool; 4],
        }
    });
    compare("element", written);
}

#[test]
fn a_generic_element_is_checked_by_its_form() {
    let written = element(quote! {
        #[repr(C)]
        struct Pair<T, Unit>(T, T, PhantomData<Unit>);
    });
    compare("generic_element", written);
}

#[test]
fn a_transparent_element_is_its_field() {
    let written = element(quote! {
        #[repr(transparent)]
        struct Meters(f64);
    });
    compare("transparent_element", written);
}

#[test]
fn after_an_error_impls_stand_in() {
    let written = element(quote! {
        #[canned(renam = "x")]
        struct Wrong {
            field: u8,
        }
    });
    compare("fallback", written);
}

fn compare(case: &str, written: TokenStream) {
    let file = syn::parse2(written).unwrap();
    let written = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/tests/expected")
        .join(case)
        .with_extension("rs");
    if env::var_os("BLESS").is_some() {
        return fs::write(&path, written).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == expected,
        "{} differs from what is written now; bless it or mend it:\n{written}",
        path.display()
    );
}
