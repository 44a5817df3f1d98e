//! Names for generated parameters that the user's code does not use.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{DeriveInput, Ident, Lifetime};

/// The names of the generated code.
pub(crate) struct Names {
    /// The lifetime of a value that is canned.
    pub(crate) a: Lifetime,
    /// The lifetime of what was received.
    pub(crate) b: Lifetime,
    pub(crate) canner: Ident,
    pub(crate) uncanner: Ident,
    /// The module that everything comes from.
    pub(crate) private: Ident,
    /// The static description.
    pub(crate) record: Ident,
    /// Those of the variants.
    pub(crate) variants: Ident,
    /// What the names of markers start with.
    marker: String,
}

impl Names {
    /// Chooses names that stand nowhere in `input`.
    pub(crate) fn of(input: &DeriveInput) -> Self {
        let mut taken = BTreeSet::new();
        collect(input.to_token_stream(), &mut taken);
        let fresh = |wanted: &str| {
            let mut name = wanted.to_owned();
            while taken.iter().any(|taken| taken.starts_with(&name)) {
                name.push('_');
            }
            name
        };
        let ident = |wanted| Ident::new(&fresh(wanted), Span::call_site());
        let lifetime = |wanted| Lifetime::new(&format!("'{}", fresh(wanted)), Span::call_site());
        Self {
            a: lifetime("__a"),
            b: lifetime("__b"),
            canner: ident("__C"),
            uncanner: ident("__U"),
            private: ident("__private"),
            record: ident("__RECORD"),
            variants: ident("__VARIANTS"),
            marker: fresh("__V"),
        }
    }

    /// The name of a marker.
    pub(crate) fn marker(&self, number: usize) -> Ident {
        format_ident!("{}{number}", self.marker)
    }
}

fn collect(tokens: TokenStream, taken: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                taken.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), taken),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
