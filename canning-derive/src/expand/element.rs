//! What `#[derive(Element)]` writes.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
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
    let layout = layout_in_any_case(model, record);
    let element = implementation(model, record);
    let can = can::expand(model, &header);
    let uncan = uncan::expand(model, &header);
    model.target.within(&quote! {
        #layout
        #element
        #can
        #uncan
    })
}

/// The impl. What it promises, in the order of the promises of `Element`:
///
/// 0. No padding: the sizes of the fields add up to that of the struct, which `layout`
///    asserts, and the fields are elements, which have none. `PhantomData` takes no memory.
/// 1. Not empty: `of_static` asserts it, or the only field is an element, which is not.
/// 2. `layout` asserts that the fields lie one behind the other in their order, which is that of
///    the dtype; the only field of a transparent struct lies where the struct does.
/// 3. A struct is valid where its fields are, and each is checked where it lies: behind those
///    before it.
///
/// `#[repr(…)]` and the fields that the derive sees prove none of this: an attribute macro below
/// the derive may change both afterwards. So `fields` pins which there are and their types, and
/// `layout` their offsets, in the struct that is compiled.
fn implementation(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let Target { private, generics, .. } = &model.target;
    let mut clauses = Vec::new();
    if !generics.params.is_empty() {
        clauses.push(quote!(Self: #private::Copy + #private::Send + #private::Sync + 'static));
        clauses.extend(record.written().map(|field| {
            let ty = field.ty;
            quote!(#ty: #private::Element)
        }));
        unique(&mut clauses);
    }
    let ImplHeader { generics, ty, clauses, .. } =
        ImplHeader::new(&model.target, None, &[], clauses);
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
    let proof = proof(model, record);
    let constants = record.written().map(|field| {
        let element = element_type(model, field);
        quote! {
            const DTYPE: &'static #private::Dtype = { #proof #element::DTYPE };
            const INNER: #private::InnerShape = #element::INNER;
            const VALIDATE: #private::Option<#private::Validate> = #element::VALIDATE;
        }
    });
    quote!(#(#constants)*)
}

fn of_fields(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let private = &model.target.private;
    let proof = proof(model, record);
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
            #proof
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

/// Asserts the layout of a type without parameters, whether it is used or not. That of a generic
/// type follows from the types of its fields (`check::element`), unless an attribute macro
/// changed it: `proof` asserts it where the type is used.
fn layout_in_any_case(model: &Model<'_>, record: &Record<'_>) -> Option<TokenStream> {
    let Target { ident, generics, .. } = &model.target;
    let layout = layout(model, record, &ident.to_token_stream());
    generics.params.is_empty().then(|| {
        let quiet = quiet(record);
        at(ident.span(), quote!(#quiet const _: () = #layout;))
    })
}

/// What must hold for the impl to be sound: statements for a constant of the impl.
fn proof(model: &Model<'_>, record: &Record<'_>) -> TokenStream {
    let Target { ident, generics, .. } = &model.target;
    let nothing = nothing(model, record);
    let fields = fields(record);
    let layout = (!generics.params.is_empty()).then(|| {
        let (quiet, layout) = (quiet(record), layout(model, record, &quote!(Self)));
        at(ident.span(), quote!(#quiet #layout))
    });
    quote!(#fields #nothing #layout)
}

/// Asserts that the fields that travel lie one behind the other and fill the struct: a block for
/// a constant.
fn layout(model: &Model<'_>, record: &Record<'_>, of: &TokenStream) -> TokenStream {
    let Target { private, ident, .. } = &model.target;
    let size = |field: &Field<'_>| {
        let ty = field.ty;
        quote!(#private::size_of::<#ty>())
    };
    let sizes = record.written().map(size);
    let places = record.written().map(|field| {
        let (member, size) = (&field.member, size(field));
        quote!([#private::offset_of!(#of, #member), #size])
    });
    let padding = format!(
        "`{ident}` has padding, of which nobody knows what it holds: reorder its fields, or \
         write the padding as fields",
    );
    let order = format!(
        "the fields of `{ident}` lie in another order than `#[derive(Element)]` saw: write \
         attributes that change the struct above the derive",
    );
    quote! {{
        #private::assert!(#(#sizes)+* == #private::size_of::<#of>(), #padding);
        #private::assert!(#private::in_order(&[#(#places),*]), #order);
    }}
}

/// The attribute of what [`layout`] writes, if there are deprecated fields: the compiler does not
/// see that a derive wrote their `offset_of!`. Not always, because a user may forbid it.
fn quiet(record: &Record<'_>) -> Option<TokenStream> {
    let mut fields = record.fields.iter();
    let is_deprecated = fields.any(|field| field.is_deprecated);
    is_deprecated.then(|| quote!(#[allow(deprecated, reason = "a derive wrote it")]))
}

/// Checks that the struct has these fields, of these types, and no others: statements for a
/// constant. Nothing runs them; without references to fields, that a packed struct does not
/// allow.
fn fields(record: &Record<'_>) -> TokenStream {
    let members = record.fields.iter().map(|field| &field.member);
    let types = record.fields.iter().map(|field| {
        let (member, ty) = (&field.member, field.ty);
        at_field(
            field,
            quote!(let _: fn(&Self) -> *const #ty = |__item| &raw const __item.#member;),
        )
    });
    quote! {
        let _: fn(&Self) = |__item| {
            let Self { #(#members: _),* } = *__item;
        };
        #(#types)*
    }
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
    let Target { private, ident, generics, .. } = target;
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
