//! What stands in the place of the impls after an error, so that the user sees no second wave.

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// Writes impls that do nothing.
pub(crate) fn expand(_input: &DeriveInput) -> TokenStream {
    TokenStream::new()
}
