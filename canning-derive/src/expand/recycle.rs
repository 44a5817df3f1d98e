//! Writes `Uncan::recycle`: the fields give their memory back.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    bound::Header,
    expand::{
        place::at_field,
        record::{local, written},
    },
    model::{Field, Form, Model, Record, Way},
};

/// Writes the method; nothing where no field can have memory to give back.
pub(super) fn expand(model: &Model<'_>, header: &Header<'_, '_>) -> Option<TokenStream> {
    let private = &model.target.private;
    let body = match &model.form {
        Form::Element(_) | Form::Plain => return None,
        Form::Transparent(record) | Form::Struct(record) => structure(model, header, record)?,
        Form::Enum(_) => enumeration(model, header)?,
    };
    Some(quote! {
        #[inline]
        fn recycle(&mut self, __pool: &#private::Pool) {
            #body
        }
    })
}

fn structure(
    model: &Model<'_>,
    header: &Header<'_, '_>,
    record: &Record<'_>,
) -> Option<TokenStream> {
    let mut fields = record.fields.iter().filter(|field| has_memory(field)).peekable();
    fields.peek()?;
    let fields = fields.map(|field| {
        let member = &field.member;
        recycle(model, header, field, &quote!(&mut self.#member))
    });
    Some(quote!(#(#fields)*))
}

fn enumeration(model: &Model<'_>, header: &Header<'_, '_>) -> Option<TokenStream> {
    let Form::Enum(variants) = &model.form else {
        return None;
    };
    let arms = written(variants).filter_map(|variant| {
        let fields = || variant.record.fields.iter().filter(|field| has_memory(field));
        fields().next()?;
        let ident = variant.ident;
        let members = fields().map(|field| &field.member);
        let locals = (0..).map(local);
        let recycle = fields()
            .zip((0..).map(local))
            .map(|(field, local)| recycle(model, header, field, &quote!(#local)));
        Some(quote! {
            Self::#ident { #(#members: #locals,)* .. } => { #(#recycle)* }
        })
    });
    let arms: Vec<_> = arms.collect();
    if arms.is_empty() {
        return None;
    }
    let others = (arms.len() < variants.len()).then(|| quote!(_ => {}));
    Some(quote! {
        match self {
            #(#arms)*
            #others
        }
    })
}

/// Whether a field is received in the way that its type says.
fn has_memory(field: &Field<'_>) -> bool {
    matches!(field.way, Way::Own | Way::Inline)
}

fn recycle(
    model: &Model<'_>,
    header: &Header<'_, '_>,
    field: &Field<'_>,
    value: &TokenStream,
) -> TokenStream {
    let private = &model.target.private;
    let via = header.marker_of(field.ty).map(|marker| quote!(::<#marker>));
    at_field(field, quote!(#private::Uncan #via::recycle(#value, __pool);))
}
