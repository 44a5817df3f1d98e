//! What `#[derive(Canned)]` writes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    bound::Header,
    expand::{can, record, uncan},
    model::{Form, Model},
};

/// Writes the static description and the two impls.
pub(crate) fn canned(model: &Model<'_>) -> TokenStream {
    let header = Header::of(model);
    let description = match &model.form {
        Form::Plain | Form::Transparent(_) | Form::Element(_) => TokenStream::new(),
        Form::Struct(body) => record::of_struct(model, body),
        Form::Enum(variants) => record::of_enum(model, variants),
    };
    let can = can::expand(model, &header);
    let uncan = uncan::expand(model, &header);
    model.target.within(&quote! {
        #description
        #can
        #uncan
    })
}
