//! What `#[derive(Element)]` writes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Data;

use crate::{
    bound::{Header, unique},
    expand::{
        can,
        place::{at, at_field},
        uncan,
    },
    header::{ImplHeader, Target},
    model::{Field, Form, Model, Record},
};

/// Writes `unsafe impl Element`, `impl Can` and `impl Uncan`.
pub(crate) fn element(model: &Model<'_>) -> TokenStream {
    let (Form::Element(record) | Form::Transparent(record)) = &model.form else {
        return TokenStream::new();
    };
    let header = Header::of(model);
    let no_padding = match model.form {
        Form::Element(_) => no_padding(model, record),
        _ => None,
    };
    let element = implementation(model, record);
    let can = can::expand(model, &header);
    let uncan = uncan::expand(model, &header);
    model.target.within(&quote! {
        #no_padding
        #element
        #can
        #uncan
    })
}

/// The impl. What it promises, in the order of the promises of `Element`:
///
/// 0. No padding: the sizes of the fields add up to that of the struct, which `no_padding` and
///    `StructDtype::of_static` assert, and the fields are elements, which have none.
///    `PhantomData` takes no memory.
/// 1. Not empty: `of_static` asserts it, or the only field is an element, which is not.
/// 2. `repr(C)` puts the fields one after the other in their order, which is that of the
///    dtype; `repr(transparent)` gives the layout of the only field.
/// 3. A struct is valid where its fields are, and each is checked where it lies: behind those
///    before it, as there is no padding.
fn implementation(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let Target {
        private, generics, ..
    } = &model.target;
    let mut clauses = Vec::new();
    if !generics.params.is_empty() {
        clauses.push(quote!(Self: #private::Copy + #private::Send + #private::Sync + 'static));
        clauses.extend(record.written().map(|field| {
            let ty = field.ty;
            quote!(#ty: #private::Element)
        }));
        unique(&mut clauses);
    }
    let ImplHeader {
        generics,
        ty,
        clauses,
        ..
    } = ImplHeader::new(&model.target, None, &[], clauses);
    let constants = match &model.form {
        Form::Transparent(_) => of_only_field(model, record),
        _ => of_fields(model, record),
    };
    let element = at(model.target.ident.span(), quote!(#private::Element));
    quote! {
        #[automatically_derived]
        unsafe impl #generics #element for #ty #clauses {
            #constants
        }
    }
}

fn of_only_field(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let private = &model.target.private;
    let nothing = nothing(model, record);
    let constants = record.written().map(|field| {
        let element = element_type(model, field);
        quote! {
            const DTYPE: &'static #private::Dtype = { #nothing #element::DTYPE };
            const INNER: #private::InnerShape = #element::INNER;
            const VALIDATE: #private::Option<#private::Validate> = #element::VALIDATE;
        }
    });
    quote!(#(#constants)*)
}

fn of_fields(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let private = &model.target.private;
    let nothing = nothing(model, record);
    let fields = record.written().map(|field| {
        let (name, ty) = (&field.name, field.ty);
        at_field(field, quote!(#private::element_field::<#ty>(#name)))
    });
    let has_check = record.written().map(|field| {
        let element = element_type(model, field);
        quote!(#private::Option::is_some(&#element::VALIDATE))
    });
    let checks = record.written().map(|field| {
        let ty = field.ty;
        at_field(field, quote!(#private::Check::of::<#ty>()))
    });
    quote! {
        const DTYPE: &'static #private::Dtype = {
            #nothing
            &#private::Dtype::Struct(#private::StructDtype::of_static(
                const { &[#(#fields),*] },
                #private::size_of::<Self>(),
            ))
        };
        const VALIDATE: #private::Option<#private::Validate> = if #(#has_check)||* {
            #private::Some(|bytes| {
                #private::check(bytes, #private::size_of::<Self>(), const { &[#(#checks),*] })
            })
        } else {
            #private::None
        };
    }
}

/// Asserts the sizes, whether the type is used or not. Those of a generic type follow from the
/// types of its fields (`check::element`), and are asserted again where it is used.
fn no_padding(model: &Model<'_>, record: &Record<'_>) -> Option<TokenStream> {
    let Target {
        private,
        ident,
        generics,
        ..
    } = &model.target;
    let sizes = record.written().map(|field| {
        let ty = field.ty;
        quote!(#private::size_of::<#ty>())
    });
    let message = format!(
        "`{ident}` has padding, of which nobody knows what it holds: reorder its fields, or \
         write the padding as fields",
    );
    generics.params.is_empty().then(|| {
        let assertion = quote! {
            const _: () = #private::assert!(
                #(#sizes)+* == #private::size_of::<#ident>(),
                #message
            );
        };
        at(ident.span(), assertion)
    })
}

/// Checks that what does not travel holds nothing: statements for a constant.
fn nothing(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let fields = record.fields.iter().filter(|field| !field.is_written());
    let checks = fields.map(|field| {
        let (private, ty) = (&model.target.private, field.ty);
        at_field(field, quote!(#private::nothing::<#ty>();))
    });
    quote!(#(#checks)*)
}

fn element_type(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let (private, ty) = (&model.target.private, field.ty);
    at_field(field, quote!(<#ty as #private::Element>))
}

/// What stands in for `Element` after an error; nothing runs it.
pub(crate) fn stand_in(target: &Target<'_>, data: &Data) -> TokenStream {
    let Target {
        private,
        ident,
        generics,
        ..
    } = target;
    if !generics.params.is_empty() || !matches!(data, Data::Struct(_)) {
        return TokenStream::new();
    }
    quote! {
        #[automatically_derived]
        unsafe impl #private::Element for #ident {
            const DTYPE: &'static #private::Dtype =
                &#private::Dtype::Scalar(#private::Scalar::U8);
        }
    }
}
