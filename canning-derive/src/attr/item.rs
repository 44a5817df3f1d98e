//! Reads one attribute after the other, and says what is wrong with each by itself.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Token, WherePredicate,
    parse::{Parse, Parser},
    punctuated::Punctuated,
};

use super::{Bound, DefaultFrom, Given};
use crate::{
    case::Case,
    ctxt::Ctxt,
    nearest::nearest,
    symbol::{
        ALIAS, BOUND, CANNED, CRATE, DEFAULT, DENY_UNKNOWN_FIELDS, INLINE, OTHER, PLAIN, RENAME,
        RENAME_ALL, SKIP, Symbol, TRANSPARENT, WITH,
    },
};

/// One `name`, `name = "value"` or `name(…)`.
pub(super) struct Item {
    name: Ident,
    meta: Meta,
}

impl Item {
    fn given<T>(&self, value: T) -> Option<Given<T>> {
        Some(Given { name: self.name.clone(), value })
    }

    pub(super) fn flag(&self, ctxt: &Ctxt) -> Option<Given<()>> {
        if !matches!(self.meta, Meta::Path(_)) {
            let name = &self.name;
            ctxt.error(&self.meta, format_args!("`{name}` takes no value: write `{name}`"));
        }
        self.given(())
    }

    pub(super) fn text(&self, ctxt: &Ctxt) -> Option<Given<LitStr>> {
        let text = self.string(ctxt, "name")?;
        if text.value().is_empty() {
            ctxt.error(&text, "a name is not empty: write at least one letter");
        }
        self.given(text)
    }

    pub(super) fn parsed<T: Parse>(
        &self,
        ctxt: &Ctxt,
        what: &str,
        example: &str,
    ) -> Option<Given<T>> {
        let text = self.string(ctxt, example)?;
        match text.parse() {
            Ok(value) => self.given(value),
            Err(_) => {
                let name = &self.name;
                let message = format!("this is not {what}: write as in `{name} = \"{example}\"`");
                ctxt.error(&text, message);
                None
            }
        }
    }

    pub(super) fn default(&self, ctxt: &Ctxt) -> Option<Given<DefaultFrom>> {
        if let Meta::Path(_) = self.meta {
            return self.given(DefaultFrom::Trait);
        }
        let Given { name, value } = self.parsed(ctxt, "a function's path", "my_function")?;
        let value = DefaultFrom::Function(value);
        Some(Given { name, value })
    }

    pub(super) fn case(&self, ctxt: &Ctxt) -> Option<Given<Case>> {
        let text = self.string(ctxt, "camelCase")?;
        let written = text.value();
        let Some(case) = Case::of(&written) else {
            let names = Case::ALL.iter().map(|(name, _)| *name);
            let message = match nearest(&written, names.clone()) {
                Some(meant) => format!("there is no such rule: did you mean `\"{meant}\"`?"),
                None => format!("there is no such rule: write one of {}", list(names)),
            };
            ctxt.error(&text, message);
            return None;
        };
        self.given(case)
    }

    /// `bound = "T: Foo"` or `bound(can = "…", uncan = "…", via = "V, W")`.
    pub(super) fn bound(&self, ctxt: &Ctxt) -> Option<Given<Bound>> {
        let mut bound = Bound::default();
        let Meta::List(parts) = &self.meta else {
            bound.can = predicates(ctxt, &self.string(ctxt, "T: MyTrait")?);
            bound.uncan.clone_from(&bound.can);
            return self.given(bound);
        };
        for part in metas(ctxt, parts.tokens.clone()) {
            match part.require_name_value() {
                Ok(pair) if pair.path.is_ident("can") => {
                    bound.can = predicates(ctxt, &literal(ctxt, &pair.value, "T: Can<V>")?);
                }
                Ok(pair) if pair.path.is_ident("uncan") => {
                    bound.uncan = predicates(ctxt, &literal(ctxt, &pair.value, "T: Uncan<'b, V>")?);
                }
                Ok(pair) if pair.path.is_ident("via") => {
                    let text = literal(ctxt, &pair.value, "V, W")?;
                    let idents = Punctuated::<Ident, Token![,]>::parse_terminated;
                    match text.parse_with(idents) {
                        Ok(idents) => bound.via = idents.into_iter().collect(),
                        Err(_) => ctxt.error(
                            &text,
                            "these are not names of markers: write as in `via = \"V, W\"`",
                        ),
                    }
                }
                _ => ctxt.error(
                    part,
                    "write `bound(can = \"…\", uncan = \"…\", via = \"…\")`, any of the three",
                ),
            }
        }
        self.given(bound)
    }

    fn string(&self, ctxt: &Ctxt, example: &str) -> Option<LitStr> {
        if let Meta::NameValue(pair) = &self.meta {
            return literal(ctxt, &pair.value, example);
        }
        let message = format!("`{0}` needs a string: write as in `{0} = \"{example}\"`", self.name);
        ctxt.error(&self.meta, message);
        None
    }
}

/// The items of all `#[canned(…)]`: known here, each but `alias` once.
pub(super) fn items(ctxt: &Ctxt, attrs: &[Attribute], place: Place) -> Vec<(Symbol, Item)> {
    let mut found: Vec<(Symbol, Item)> = Vec::new();
    for attr in attrs.iter().filter(|attr| is_canned(attr)) {
        let Meta::List(list) = &attr.meta else {
            ctxt.error(&attr.meta, "write the attributes in parentheses: `#[canned(…)]`");
            continue;
        };
        for meta in metas(ctxt, list.tokens.clone()) {
            let Some(name) = meta.path().get_ident().cloned() else {
                ctxt.error(meta.path(), place.unknown(&meta.path().to_token_stream()));
                continue;
            };
            let Some(symbol) = place.names.iter().copied().find(|known| name == known.0) else {
                ctxt.error(&name, place.unknown(&name.to_token_stream()));
                continue;
            };
            if symbol != ALIAS && found.iter().any(|(earlier, _)| *earlier == symbol) {
                ctxt.error(&name, format_args!("`{name}` stands twice: write it once"));
                continue;
            }
            found.push((symbol, Item { name, meta }));
        }
    }
    found
}

/// A kind of item that attributes stand on.
#[derive(Clone, Copy)]
pub(super) struct Place {
    kinds: &'static [&'static str],
    names: &'static [Symbol],
}

impl Place {
    fn unknown(self, written: &TokenStream) -> String {
        let written = written.to_string().replace(' ', "");
        let is_known = |place: &&Place| place.names.iter().any(|name| name.0 == written);
        let elsewhere: Vec<_> =
            PLACES.iter().filter(is_known).flat_map(|place| place.kinds).copied().collect();
        if !elsewhere.is_empty() {
            let places = either(&elsewhere);
            return format!(
                "`{written}` stands on {places}, not on {}: move it there",
                either(self.kinds)
            );
        }
        let names = || self.names.iter().map(|name| name.0);
        match nearest(&written, names()) {
            Some(meant) => format!("there is no attribute `{written}`: did you mean `{meant}`?"),
            None => format!(
                "there is no attribute `{written}`: on {} write one of {}",
                either(self.kinds),
                list(names())
            ),
        }
    }
}

fn is_canned(attr: &Attribute) -> bool {
    attr.path().is_ident(CANNED.0)
}

fn metas(ctxt: &Ctxt, tokens: TokenStream) -> Vec<Meta> {
    match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens) {
        Ok(metas) => metas.into_iter().collect(),
        Err(error) => {
            let instead = "write as in `#[canned(skip, rename = \"name\")]`";
            ctxt.push(syn::Error::new(error.span(), format_args!("{error}: {instead}")));
            Vec::new()
        }
    }
}

fn predicates(ctxt: &Ctxt, text: &LitStr) -> Vec<WherePredicate> {
    match text.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated) {
        Ok(predicates) => predicates.into_iter().collect(),
        Err(_) => {
            ctxt.error(
                text,
                "this is not a where-clause: write as in `\"T: MyTrait, U: Clone\"`, or `\"\"` for none",
            );
            Vec::new()
        }
    }
}

fn literal(ctxt: &Ctxt, value: &Expr, example: &str) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.suffix().is_empty() => {
            Some(text.clone())
        }
        _ => {
            ctxt.error(value, format_args!("write a string here, as in `\"{example}\"`"));
            None
        }
    }
}

fn either(kinds: &[&str]) -> String {
    match kinds {
        [first @ .., other, last] if !first.is_empty() => {
            format!("{}, {other} or {last}", first.join(", "))
        }
        kinds => kinds.join(" or "),
    }
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Refuses every `#[canned(…)]` here.
pub(crate) fn refuse(ctxt: &Ctxt, attrs: &[Attribute], instead: &str) {
    for attr in attrs.iter().filter(|attr| is_canned(attr)) {
        ctxt.error(attr, instead);
    }
}

/// A struct or an enum.
pub(super) const CONTAINER: Place = Place {
    kinds: &["a struct", "an enum"],
    names: &[BOUND, CRATE, DEFAULT, DENY_UNKNOWN_FIELDS, PLAIN, RENAME, RENAME_ALL, TRANSPARENT],
};

/// A variant.
pub(super) const VARIANT: Place =
    Place { kinds: &["a variant"], names: &[ALIAS, OTHER, RENAME, RENAME_ALL, SKIP] };

/// A field.
pub(super) const FIELD: Place =
    Place { kinds: &["a field"], names: &[ALIAS, DEFAULT, INLINE, PLAIN, RENAME, SKIP, WITH] };

const PLACES: &[Place] = &[CONTAINER, VARIANT, FIELD];
