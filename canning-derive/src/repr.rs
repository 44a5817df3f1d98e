//! What `#[repr(…)]` promises of a type's layout.

use syn::{DeriveInput, LitInt, Meta, Path, Token, parse::Parser, punctuated::Punctuated};

use crate::symbol::REPR;

/// The parts of `#[repr(…)]` that matter here.
#[derive(Default)]
pub(crate) struct Repr {
    /// Fields lie in their order.
    pub(crate) c: bool,
    /// As the only field.
    pub(crate) transparent: bool,
    pub(crate) packed: Option<Packed>,
    /// More than the fields need.
    pub(crate) align: Option<Path>,
}

/// `packed` or `packed(2)`.
pub(crate) struct Packed {
    pub(crate) path: Path,
    /// The most that a field is aligned to.
    pub(crate) most: usize,
}

impl Repr {
    /// Reads it. Whatever is wrong with it, the compiler says.
    pub(crate) fn of(input: &DeriveInput) -> Self {
        let mut repr = Self::default();
        let attrs = input.attrs.iter().filter(|attr| attr.path().is_ident(REPR.0));
        let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
        let metas = attrs.filter_map(|attr| attr.parse_args_with(parser).ok());
        for meta in metas.flatten() {
            let path = meta.path().clone();
            if path.is_ident("C") {
                repr.c = true;
            } else if path.is_ident("transparent") {
                repr.transparent = true;
            } else if path.is_ident("packed") {
                let most = number(&meta).unwrap_or(1);
                repr.packed = Some(Packed { path, most });
            } else if path.is_ident("align") {
                repr.align = Some(path);
            }
        }
        repr
    }
}

fn number(meta: &Meta) -> Option<usize> {
    let Meta::List(list) = meta else { return None };
    let parse = |input: syn::parse::ParseStream<'_>| input.parse::<LitInt>();
    parse.parse2(list.tokens.clone()).ok()?.base10_parse().ok()
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn all_parts_are_read_from_all_attributes() {
        let repr = Repr::of(&parse_quote! {
            #[repr(C, packed(2))]
            #[doc = "in between"]
            #[repr(align(8))]
            struct S;
        });
        assert!(repr.c && !repr.transparent && repr.align.is_some());
        assert_eq!(repr.packed.map(|packed| packed.most), Some(2));
        let repr = Repr::of(&parse_quote! { #[repr(transparent, packed)] struct S(u8); });
        assert!(repr.transparent && !repr.c);
        assert_eq!(repr.packed.map(|packed| packed.most), Some(1));
    }
}
