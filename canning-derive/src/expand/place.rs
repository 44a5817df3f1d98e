//! Where generated code claims to stand: the compiler's messages about it point there.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;

use crate::model::{Field, Way};

/// Moves the code for a field to the field's type, or to the module that knows it.
pub(super) fn at_field(field: &Field<'_>, code: TokenStream) -> TokenStream {
    match &field.way {
        Way::With(module) => at(module.span(), code),
        _ => at(field.ty.span(), code),
    }
}

/// Moves code. What its names mean does not change.
pub(super) fn at(place: Span, code: TokenStream) -> TokenStream {
    let moved = code.into_iter().map(|token| {
        let span = token.span().located_at(place);
        let mut token = match token {
            TokenTree::Group(group) => {
                let stream = at(place, group.stream());
                TokenTree::Group(Group::new(group.delimiter(), stream))
            }
            other => other,
        };
        token.set_span(span);
        token
    });
    moved.collect()
}
