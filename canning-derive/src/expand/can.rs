//! Writes `impl Can`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    bound::Header,
    expand::{
        place::at_field,
        record::{local, written},
    },
    header::ImplHeader,
    model::{Field, Form, Model, Record, Variant, VariantKind, Way},
};

/// Writes the impl.
pub(super) fn expand(model: &Model<'_>, header: &Header<'_, '_>) -> TokenStream {
    let (private, names) = (&model.target.private, &model.names);
    let ImplHeader { generics, arguments, ty, clauses } = header.can();
    let (a, c) = (&names.a, &names.canner);
    let body = match &model.form {
        Form::Element(_) => quote!(#private::can_element(self, __canner)),
        Form::Plain => quote!(#private::can_plain(self, __canner)),
        Form::Transparent(record) => transparent(model, header, record),
        Form::Struct(record) => structure(model, header, record),
        Form::Enum(variants) => enumeration(model, header, variants),
    };
    let element = element(model);
    quote! {
        #[automatically_derived]
        impl #generics #private::Can #arguments for #ty #clauses {
            #element

            #[inline]
            fn can<#a, #c: #private::Canner<#a>>(
                &#a self,
                __canner: &mut #c,
            ) -> #private::Result<()> {
                #body
            }
        }
    }
}

/// The witness of an element.
pub(super) fn element(model: &Model<'_>) -> Option<TokenStream> {
    let private = &model.target.private;
    model.is_element.then(|| {
        quote! {
            const ELEMENT: #private::Option<#private::Elem<Self>> =
                #private::Some(#private::Elem::of());
        }
    })
}

fn transparent(model: &Model<'_>, header: &Header<'_, '_>, record: &Record<'_>) -> TokenStream {
    let private = &model.target.private;
    let only = record.written().map(|field| {
        let member = &field.member;
        let via = header.marker_of(field.ty).map(|marker| quote!(::<#marker>));
        let can = quote!(#private::Can #via::can(&self.#member, __canner));
        let can = match &field.way {
            Way::Plain => quote!(#private::can_plain(&self.#member, __canner)),
            Way::With(module) => quote!(#module::can(&self.#member, __canner)),
            Way::Inline => quote! {{
                #private::Canner::begin_inline(__canner)?;
                #can?;
                #private::Canner::end_inline(__canner)
            }},
            Way::Own | Way::Skip => can,
        };
        at_field(field, can)
    });
    quote!(#(#only)*)
}

fn structure(model: &Model<'_>, header: &Header<'_, '_>, record: &Record<'_>) -> TokenStream {
    let statik = &model.names.record;
    let of_field = |field: &Field<'_>| {
        let member = &field.member;
        quote!(&self.#member)
    };
    fields(model, header, record, &quote!(&#statik), of_field)
}

fn enumeration(
    model: &Model<'_>,
    header: &Header<'_, '_>,
    variants: &[Variant<'_>],
) -> TokenStream {
    let (private, names) = (&model.target.private, &model.names);
    if variants.is_empty() {
        return quote!(match *self {});
    }
    let of_variants = &names.variants;
    let skipped = variants.iter().filter(|variant| variant.kind == VariantKind::Skipped);
    let skipped = skipped.map(|variant| {
        let ident = variant.ident;
        let what = format!("the variant `{}::{}`, which is skipped", model.name, variant.name);
        quote! {
            Self::#ident { .. } => #private::Err(#private::unsupported(#what)),
        }
    });
    let arms = written(variants).enumerate().map(|(number, variant)| {
        let ident = variant.ident;
        let record = quote!(&#of_variants[#number]);
        let members = variant.record.written().map(|field| &field.member);
        let locals = (0..).map(local);
        let rest = match variant.record.fields.iter().all(Field::is_written) {
            true => TokenStream::new(),
            false => quote!(..),
        };
        let mut number = 0;
        let of_field = |_: &Field<'_>| {
            let local = local(number);
            number += 1;
            quote!(#local)
        };
        let body = fields(model, header, &variant.record, &record, of_field);
        quote! {
            Self::#ident { #(#members: #locals,)* #rest } => { #body }
        }
    });
    quote! {
        match self {
            #(#arms)*
            #(#skipped)*
        }
    }
}

/// Writes a record; `of_field` gives a field's reference.
fn fields(
    model: &Model<'_>,
    header: &Header<'_, '_>,
    record: &Record<'_>,
    statik: &TokenStream,
    mut of_field: impl FnMut(&Field<'_>) -> TokenStream,
) -> TokenStream {
    let private = &model.target.private;
    let fields = record.written().enumerate().map(|(number, field)| {
        let value = of_field(field);
        let marker = header.marker_of(field.ty);
        let via = marker.map(|marker| quote!(::<_, #marker, _>));
        let can = match &field.way {
            Way::Plain => quote! {
                #private::can_field_with(__canner, #number, #statik, |__canner| {
                    #private::can_plain(#value, __canner)
                })?;
            },
            Way::With(module) => quote! {
                #private::can_field_with(__canner, #number, #statik, |__canner| {
                    #module::can(#value, __canner)
                })?;
            },
            Way::Inline => quote! {
                #private::can_field_inline #via(#value, __canner, #number, #statik)?;
            },
            Way::Own | Way::Skip => quote! {
                #private::can_field #via(#value, __canner, #number, #statik)?;
            },
        };
        at_field(field, can)
    });
    quote! {
        #private::Canner::begin_record(__canner, #statik)?;
        #(#fields)*
        #private::Canner::end_record(__canner)
    }
}
