//! What `#[derive(Element)]` takes: a struct whose memory is its fields and nothing else.

use quote::ToTokens;
use syn::{Data, GenericParam, Type};

use crate::{
    ast::{Body, Field, Fields, Input, Style},
    ctxt::Ctxt,
    model::Model,
    repr::Repr,
    usage::is_phantom,
};

/// Checks what `#[derive(Element)]` is given.
pub(crate) fn element(ctxt: &Ctxt, input: &Input<'_>) {
    attributes(ctxt, input);
    let Body::Struct(fields) = &input.body else {
        if let Data::Enum(data) = &input.whole.data {
            let message = "an enum is no element, because not all bits are one of its variants: \
                           write `#[derive(Canned)]`";
            ctxt.error(data.enum_token, message);
        }
        return;
    };
    let repr = Repr::of(input.whole);
    lifetimes(ctxt, input);
    representation(ctxt, input, &repr);
    some_field(ctxt, input, fields);
    if repr.transparent {
        one_field(ctxt, fields);
    } else {
        names(ctxt, input, fields);
        if is_generic(input) {
            padding_of_generic(ctxt, fields, &repr);
        }
    }
}

/// An element has no record: only the names of its dtype's fields can be chosen.
fn attributes(ctxt: &Ctxt, input: &Input<'_>) {
    let of_container = input.attrs.names();
    let of_container = of_container.filter(|name| *name != "crate" && *name != "rename_all");
    let of_fields = input.fields().flat_map(|field| field.attrs.names());
    let of_fields = of_fields.filter(|name| *name != "rename");
    let of_variants = match &input.body {
        Body::Struct(_) => &[][..],
        Body::Enum(variants) => variants.as_slice(),
    };
    let of_variants = of_variants.iter().flat_map(|variant| variant.attrs.names());
    for name in of_container.chain(of_fields).chain(of_variants) {
        let message = format_args!(
            "`{name}` has no effect on an element, which travels as it lies in memory: remove \
             it, or write `#[derive(Canned)]`"
        );
        ctxt.error(name, message);
    }
}

/// Memory that travels points nowhere.
fn lifetimes(ctxt: &Ctxt, input: &Input<'_>) {
    for param in input.generics.lifetimes() {
        let message = "an element borrows nothing, its memory goes elsewhere: write \
                       `#[derive(Canned)]`";
        ctxt.error(param, message);
    }
}

/// The compiler must not choose the layout.
fn representation(ctxt: &Ctxt, input: &Input<'_>, repr: &Repr) {
    if !repr.c && !repr.transparent {
        let ident = input.ident;
        let message = format_args!(
            "the layout of `{ident}` is the compiler's choice: write `#[repr(C)]` above it, or \
             `#[repr(transparent)]` for a struct of one field"
        );
        ctxt.error(ident, message);
    }
}

/// An element has at least one byte.
fn some_field(ctxt: &Ctxt, input: &Input<'_>, fields: &Fields<'_>) {
    if stored(fields).next().is_none() {
        let message = "an element has at least one byte: write a field, or `#[derive(Canned)]`";
        ctxt.error(input.ident, message);
    }
}

/// A transparent element is its only field.
fn one_field(ctxt: &Ctxt, fields: &Fields<'_>) {
    for field in stored(fields).skip(1) {
        let message = "a transparent element has one field, besides `PhantomData`: write \
                       `#[repr(C)]`";
        ctxt.error(field.whole, message);
    }
}

/// The fields of a dtype have names that differ.
fn names(ctxt: &Ctxt, input: &Input<'_>, fields: &Fields<'_>) {
    let model = Model::of(input);
    let (named, records) = (fields.style == Style::Named, model.records());
    if let (Some(rename_all), false) = (&input.attrs.rename_all, named) {
        ctxt.error(&rename_all.name, "there are no named fields here: remove `rename_all`");
    }
    for record in records {
        super::names::of_fields(ctxt, fields, record);
    }
}

/// The compiler cannot check the sizes of a type that is not known: its form must show that
/// there is no padding, whatever it is.
fn padding_of_generic(ctxt: &Ctxt, fields: &Fields<'_>, repr: &Repr) {
    if let Some(align) = &repr.align {
        let message = "`align` may add padding to a generic element: remove it, or write the \
                       types out";
        ctxt.error(align, message);
    }
    if repr.packed.as_ref().is_some_and(|packed| packed.most == 1) {
        return;
    }
    let mut fields = stored(fields);
    let Some(first) = fields.next().map(|field| item(field.ty)) else {
        return;
    };
    for field in fields.filter(|field| item(field.ty) != first) {
        let message = format_args!(
            "nobody knows whether there is padding before this field: the fields of a generic \
             element are all `{first}` or arrays of it; write so, or `#[repr(C, packed)]`, or \
             the types out"
        );
        ctxt.error(field.ty, message);
    }
}

fn is_generic(input: &Input<'_>) -> bool {
    let is_lifetime = |param: &GenericParam| matches!(param, GenericParam::Lifetime(_));
    !input.generics.params.iter().all(is_lifetime)
}

/// The fields that take memory.
fn stored<'f, 'i>(fields: &'f Fields<'i>) -> impl Iterator<Item = &'f Field<'i>> {
    fields.list.iter().filter(|field| !is_phantom(field.ty))
}

/// What an array is made of in the end.
fn item(ty: &Type) -> String {
    match ty {
        Type::Array(array) => item(&array.elem),
        Type::Group(group) => item(&group.elem),
        Type::Paren(paren) => item(&paren.elem),
        other => other.to_token_stream().to_string(),
    }
}
