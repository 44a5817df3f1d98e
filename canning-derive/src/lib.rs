//! The derive macros of canning-core.

use proc_macro::TokenStream;

/// Writes `Can` and `Uncan`.
#[proc_macro_derive(Canned, attributes(canned))]
pub fn canned(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Writes `Element`, `Can` and `Uncan`.
#[proc_macro_derive(Element, attributes(canned))]
pub fn element(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
