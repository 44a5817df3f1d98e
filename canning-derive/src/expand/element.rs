//! What `#[derive(Element)]` writes.

use proc_macro2::TokenStream;

use crate::model::Model;

/// Writes the impls.
pub(crate) fn element(_model: &Model<'_>) -> TokenStream {
    TokenStream::new()
}
