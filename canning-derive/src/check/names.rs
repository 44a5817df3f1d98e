//! Names differ, also after they are renamed.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::LitStr;

use crate::{
    ast::{Body, Fields, Input, Style},
    attr::Given,
    ctxt::Ctxt,
    model::{Form, Model, Record},
};

/// Checks the names and aliases of variants and of fields.
pub(super) fn distinct(ctxt: &Ctxt, input: &Input<'_>) {
    match (&input.body, &Model::of(input).form) {
        (Body::Struct(fields), Form::Struct(record)) => of_named(ctxt, fields, record),
        (Body::Enum(written), Form::Enum(settled)) => {
            let mut names = Names::of(ctxt, "variants");
            for (written, settled) in written.iter().zip(settled) {
                if written.attrs.skip.is_some() {
                    continue;
                }
                of_named(ctxt, &written.fields, &settled.record);
                let (rename, aliases) = (&written.attrs.rename, &written.attrs.aliases);
                names.take(&settled.name, rename, aliases, written.ident);
            }
        }
        _ => {}
    }
}

fn of_named(ctxt: &Ctxt, fields: &Fields<'_>, record: &Record<'_>) {
    // Others are matched by position.
    if fields.style == Style::Named {
        of_fields(ctxt, fields, record);
    }
}

/// Checks the names and aliases of fields.
pub(super) fn of_fields(ctxt: &Ctxt, fields: &Fields<'_>, record: &Record<'_>) {
    let mut names = Names::of(ctxt, "fields");
    for (written, settled) in fields.list.iter().zip(&record.fields) {
        if written.attrs.skip.is_none() {
            let (rename, aliases) = (&written.attrs.rename, &written.attrs.aliases);
            names.take(&settled.name, rename, aliases, &written.member);
        }
    }
}

struct Names<'c> {
    ctxt: &'c Ctxt,
    what: &'static str,
    taken: Vec<String>,
}

impl<'c> Names<'c> {
    fn of(ctxt: &'c Ctxt, what: &'static str) -> Self {
        Self { ctxt, what, taken: Vec::new() }
    }

    fn take(
        &mut self,
        name: &str,
        rename: &Option<Given<LitStr>>,
        aliases: &[Given<LitStr>],
        ident: &impl ToTokens,
    ) {
        let place = match rename {
            Some(rename) => rename.value.to_token_stream(),
            None => ident.to_token_stream(),
        };
        self.one(name, place);
        for (number, alias) in aliases.iter().enumerate() {
            let text = alias.value.value();
            let earlier = aliases.iter().take(number);
            if text == name || earlier.map(|alias| alias.value.value()).any(|other| other == text) {
                let message = format_args!("it goes by the name `{text}` already: remove this");
                self.ctxt.error(&alias.value, message);
            } else {
                self.one(&text, alias.value.to_token_stream());
            }
        }
    }

    fn one(&mut self, name: &str, place: TokenStream) {
        if self.taken.iter().any(|taken| taken == name) {
            let message = format!("two {} go by the name `{name}`: rename one", self.what);
            self.ctxt.error(place, message);
        }
        self.taken.push(name.to_owned());
    }
}
