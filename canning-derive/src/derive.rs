//! From the tokens of a type to those of its impls: parse, check, expand.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::{ast::Input, check, ctxt::Ctxt, expand, fallback, model::Model, repr::Repr};

/// `#[derive(Canned)]`.
pub(crate) fn canned(input: TokenStream) -> TokenStream {
    derive(
        input,
        check::canned,
        |input| expand::canned(&Model::of(input)),
        |input| fallback::expand(input, |_, _| TokenStream::new()),
    )
}

/// `#[derive(Element)]`.
pub(crate) fn element(input: TokenStream) -> TokenStream {
    derive(
        input,
        check::element,
        |input| expand::element(&Model::of_element(input, &Repr::of(input.whole))),
        |input| fallback::expand(input, expand::stand_in),
    )
}

fn derive(
    input: TokenStream,
    check: fn(&Ctxt, &Input<'_>),
    expand: fn(&Input<'_>) -> TokenStream,
    fallback: fn(&DeriveInput) -> TokenStream,
) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let ctxt = Ctxt::new();
    let parsed = Input::parse(&ctxt, &input);
    if let Some(parsed) = &parsed {
        check(&ctxt, parsed);
    }
    match (ctxt.check(), parsed) {
        (Ok(()), Some(parsed)) => expand(&parsed),
        (Ok(()), None) => TokenStream::new(),
        (Err(error), _) => {
            let mut tokens = error.into_compile_error();
            tokens.extend(fallback(&input));
            tokens
        }
    }
}
