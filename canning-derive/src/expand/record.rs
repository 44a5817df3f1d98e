//! Writes the static descriptions that formats refer to.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    ast::Style,
    model::{Model, Record, Variant, VariantKind},
};

/// `static __RECORD: Record`.
pub(super) fn of_struct(model: &Model<'_>, body: &Record<'_>) -> TokenStream {
    let (private, names, name) = (&model.target.private, &model.names, &model.name);
    let record = record(model, name, None, &[], body);
    let statik = &names.record;
    quote! {
        static #statik: #private::Record = #record;
    }
}

/// `static __RECORD: Enum`, and the records of its variants.
pub(super) fn of_enum(model: &Model<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let (private, names, name) = (&model.target.private, &model.names, &model.name);
    let records = written(variants)
        .map(|variant| record(model, name, Some(&variant.name), &variant.aliases, &variant.record));
    let other = match written(variants).position(|variant| variant.kind == VariantKind::Other) {
        Some(number) => quote!(#private::Some(#number)),
        None => quote!(#private::None),
    };
    let (statik, of_variants) = (&names.record, &names.variants);
    let count = written(variants).count();
    quote! {
        static #of_variants: [#private::Record; #count] = [#(#records),*];
        static #statik: #private::Enum = #private::Enum {
            name: #name,
            variants: &#of_variants,
            other: #other,
        };
    }
}

/// The variants that are written, in the order of their numbers.
pub(super) fn written<'v, 'i>(
    variants: &'v [Variant<'i>],
) -> impl Iterator<Item = &'v Variant<'i>> {
    variants.iter().filter(|variant| variant.kind != VariantKind::Skipped)
}

/// The local name of a field.
pub(super) fn local(number: usize) -> Ident {
    quote::format_ident!("__field{number}")
}

fn record(
    model: &Model<'_>,
    name: &str,
    variant: Option<&str>,
    aliases: &[String],
    body: &Record<'_>,
) -> TokenStream {
    let private = &model.target.private;
    let variant = match variant {
        Some(variant) => quote!(#private::Some(#variant)),
        None => quote!(#private::None),
    };
    let fields = match body.style {
        Style::Named => {
            let fields = body.written().map(|field| {
                let (name, aliases) = (&field.name, &field.aliases);
                quote!(#private::RecordField { name: #name, aliases: &[#(#aliases),*] })
            });
            quote!(Named(&[#(#fields),*]))
        }
        Style::Tuple | Style::Unit => {
            let count = body.written().count();
            quote!(Positional(#count))
        }
    };
    let ignores_unknown = body.ignores_unknown;
    quote! {
        #private::Record {
            name: #name,
            variant: #variant,
            variant_aliases: &[#(#aliases),*],
            fields: #private::RecordFields::#fields,
            ignores_unknown: #ignores_unknown,
        }
    }
}
