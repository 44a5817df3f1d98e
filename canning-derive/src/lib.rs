//! The derive macros of canning-core.

#![forbid(unsafe_code)]

use proc_macro::TokenStream;

mod ast;
mod attr;
mod bound;
mod case;
mod check;
mod ctxt;
mod derive;
mod expand;
mod fallback;
mod header;
mod model;
mod names;
mod nearest;
mod repr;
mod symbol;
#[cfg(test)]
mod tests;
mod usage;

/// Writes `Can` and `Uncan`.
#[proc_macro_derive(Canned, attributes(canned))]
pub fn canned(input: TokenStream) -> TokenStream {
    derive::canned(input.into()).into()
}

/// Writes `Element`, `Can` and `Uncan`.
#[proc_macro_derive(Element, attributes(canned))]
pub fn element(input: TokenStream) -> TokenStream {
    derive::element(input.into()).into()
}
