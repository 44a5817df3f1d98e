//! The rules between attributes: one function each.

use crate::{
    ast::{Body, Fields, Input, Style, Variant},
    attr::{Given, name},
    ctxt::Ctxt,
    repr::Repr,
};

pub(crate) use self::element::element;

mod element;
mod field;
mod names;

/// Checks what `#[derive(Canned)]` is given.
pub(crate) fn canned(ctxt: &Ctxt, input: &Input<'_>) {
    packed(ctxt, input);
    plain(ctxt, input);
    transparent(ctxt, input);
    match &input.body {
        Body::Struct(fields) => {
            rename_all_has_names(ctxt, input.attrs.rename_all.as_ref(), fields);
            field::rules(ctxt, fields, input.attrs.default.is_some());
        }
        Body::Enum(variants) => {
            default_of_enum(ctxt, input);
            one_other(ctxt, variants);
            for variant in variants {
                skipped_variant(ctxt, variant);
                other_is_unit(ctxt, variant);
                rename_all_has_names(ctxt, variant.attrs.rename_all.as_ref(), &variant.fields);
                field::rules(ctxt, &variant.fields, false);
            }
        }
    }
    names::distinct(ctxt, input);
}

/// Whoever borrows a field of a packed struct gets an error of the compiler's.
fn packed(ctxt: &Ctxt, input: &Input<'_>) {
    if let Some(packed) = Repr::of(input.whole).packed {
        let message = "the fields of a packed struct cannot be borrowed, as `Can` does: remove \
                       `packed`, or write `#[derive(Element)]`";
        ctxt.error(packed.path, message);
    }
}

/// A plain value is serde's: nothing else here has a say.
fn plain(ctxt: &Ctxt, input: &Input<'_>) {
    if input.attrs.plain.is_none() {
        return;
    }
    let attrs = &input.attrs;
    let names = [
        name(&attrs.transparent),
        name(&attrs.rename),
        name(&attrs.rename_all),
        name(&attrs.default),
        name(&attrs.deny_unknown_fields),
    ];
    let of_variants = match &input.body {
        Body::Struct(_) => &[][..],
        Body::Enum(variants) => variants.as_slice(),
    };
    let names = names.into_iter().flatten();
    let names = names.chain(of_variants.iter().flat_map(|variant| variant.attrs.names()));
    let names = names.chain(input.fields().flat_map(|field| field.attrs.names()));
    for name in names {
        let message = format_args!(
            "`{name}` has no effect on a plain type, which is serde's: write `#[serde(…)]`"
        );
        ctxt.error(name, message);
    }
}

/// A transparent type is its only field.
fn transparent(ctxt: &Ctxt, input: &Input<'_>) {
    let (Some(transparent), None) = (&input.attrs.transparent, &input.attrs.plain) else {
        return;
    };
    let Body::Struct(fields) = &input.body else {
        let message = "an enum cannot be transparent: write it on a struct of one field";
        return ctxt.error(&transparent.name, message);
    };
    if fields.written().next().is_none() {
        let message = "a transparent type is its only field: write one that is not skipped";
        ctxt.error(&transparent.name, message);
    }
    for field in fields.written().skip(1) {
        let message = "a transparent type has one field: write `#[canned(skip)]` on the others, \
                       or remove `transparent`";
        ctxt.error(field.whole, message);
    }
    let attrs = &input.attrs;
    let names = [
        name(&attrs.rename),
        name(&attrs.rename_all),
        name(&attrs.default),
        name(&attrs.deny_unknown_fields),
    ];
    let of_fields = fields.written().flat_map(|field| {
        let aliases = field.attrs.aliases.iter().map(|alias| &alias.name);
        let names = [name(&field.attrs.rename), name(&field.attrs.default)];
        names.into_iter().flatten().chain(aliases)
    });
    for name in names.into_iter().flatten().chain(of_fields) {
        let message = format_args!(
            "`{name}` has no effect on a transparent type, which has no record: remove it"
        );
        ctxt.error(name, message);
    }
}

/// `rename_all` renames fields that have names.
fn rename_all_has_names<T>(ctxt: &Ctxt, rename_all: Option<&Given<T>>, fields: &Fields<'_>) {
    if let Some(rename_all) = rename_all
        && fields.style != Style::Named
    {
        ctxt.error(&rename_all.name, "there are no named fields here: remove `rename_all`");
    }
}

/// An enum has no fields to take from a default.
fn default_of_enum(ctxt: &Ctxt, input: &Input<'_>) {
    if let Some(default) = &input.attrs.default {
        let message = "`default` gives the missing fields of a struct: write it on the fields of \
                       the variants";
        ctxt.error(&default.name, message);
    }
}

/// Only one variant stands for the unknown ones.
fn one_other(ctxt: &Ctxt, variants: &[Variant<'_>]) {
    for other in variants.iter().filter_map(|variant| variant.attrs.other.as_ref()).skip(1) {
        let message = "one variant stands for all that are not known: write `other` once";
        ctxt.error(&other.name, message);
    }
}

/// What is not known has no fields.
fn other_is_unit(ctxt: &Ctxt, variant: &Variant<'_>) {
    if variant.attrs.other.is_some() && variant.fields.style != Style::Unit {
        let ident = variant.ident;
        let message = format_args!(
            "the fields of a variant that is not known are not known either: write `{ident}` \
             without fields"
        );
        ctxt.error(ident, message);
    }
}

/// A skipped variant has no name.
fn skipped_variant(ctxt: &Ctxt, variant: &Variant<'_>) {
    if variant.attrs.skip.is_some() {
        let names = variant.attrs.names();
        refuse(ctxt, names.filter(|name| *name != "skip"), "a variant that is skipped");
    }
}

fn refuse<'n>(ctxt: &Ctxt, names: impl Iterator<Item = &'n syn::Ident>, of: &str) {
    for name in names {
        ctxt.error(name, format_args!("`{name}` has no effect on {of}: remove one of the two"));
    }
}
