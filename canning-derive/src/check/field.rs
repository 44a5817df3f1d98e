//! The rules between the attributes of fields: one function each.

use super::refuse;
use crate::{
    ast::{Field, Fields, Style},
    attr::name,
    ctxt::Ctxt,
};

/// Checks the fields of a struct or of a variant, which may have a default as a whole.
pub(super) fn rules(ctxt: &Ctxt, fields: &Fields<'_>, has_default: bool) {
    for field in &fields.list {
        skipped_field(ctxt, field);
        one_way(ctxt, field);
        if fields.style == Style::Tuple {
            nameless_field(ctxt, field);
        }
    }
    if fields.style == Style::Tuple && !has_default {
        defaults_come_last(ctxt, fields);
    }
}

/// A skipped field has no name and goes no way.
fn skipped_field(ctxt: &Ctxt, field: &Field<'_>) {
    if field.attrs.skip.is_some() {
        let names = field.attrs.names();
        let names = names.filter(|name| *name != "skip" && *name != "default");
        refuse(ctxt, names, "a field that is skipped");
    }
}

/// A field goes one way.
fn one_way(ctxt: &Ctxt, field: &Field<'_>) {
    let attrs = &field.attrs;
    let ways = [name(&attrs.plain), name(&attrs.with), name(&attrs.inline)];
    let mut ways = ways.into_iter().flatten();
    let (Some(first), None) = (ways.next(), &attrs.skip) else {
        return;
    };
    for way in ways {
        let message =
            format_args!("`{first}` and `{way}` are two ways for one field: write one of them");
        ctxt.error(way, message);
    }
}

/// The fields of a tuple struct are matched by position.
fn nameless_field(ctxt: &Ctxt, field: &Field<'_>) {
    let aliases = field.attrs.aliases.iter().map(|alias| &alias.name);
    for name in name(&field.attrs.rename).into_iter().chain(aliases) {
        let message = format_args!(
            "this field has no name, it is matched by position: remove `{name}`, or write named \
             fields"
        );
        ctxt.error(name, message);
    }
}

/// Fields without names are missing from the end.
fn defaults_come_last(ctxt: &Ctxt, fields: &Fields<'_>) {
    let is_required = |field: &Field<'_>| field.attrs.default.is_none();
    let written: Vec<_> = fields.written().collect();
    let optional = written.iter().rev().skip_while(|field| !is_required(field));
    for default in optional.filter_map(|field| field.attrs.default.as_ref()) {
        let message = "a field after this one has no default, and fields without names can only \
                       be missing from the end: write `default` on those after it, too";
        ctxt.error(&default.name, message);
    }
}
