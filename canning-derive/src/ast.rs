//! What the user wrote: the type's parts, each with its attributes read.

use syn::{Data, DataUnion, DeriveInput, Generics, Ident, Member, Type, punctuated::Punctuated};

use crate::{
    attr::{self, ContainerAttrs, FieldAttrs, VariantAttrs},
    ctxt::Ctxt,
};

/// A struct or an enum as it was written.
pub(crate) struct Input<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) generics: &'i Generics,
    pub(crate) attrs: ContainerAttrs,
    pub(crate) body: Body<'i>,
    /// All of it, for what is looked at rarely.
    pub(crate) whole: &'i DeriveInput,
}

/// What stands in a struct or an enum.
pub(crate) enum Body<'i> {
    Struct(Fields<'i>),
    Enum(Vec<Variant<'i>>),
}

/// A variant as it was written.
pub(crate) struct Variant<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) attrs: VariantAttrs,
    pub(crate) fields: Fields<'i>,
}

/// The fields of a struct or of a variant.
pub(crate) struct Fields<'i> {
    pub(crate) style: Style,
    pub(crate) list: Vec<Field<'i>>,
}

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `{ a: A, b: B }`
    Named,
    /// `(A, B)`
    Tuple,
    /// Nothing.
    Unit,
}

/// A field as it was written.
pub(crate) struct Field<'i> {
    pub(crate) member: Member,
    pub(crate) ty: &'i Type,
    pub(crate) attrs: FieldAttrs,
    /// All of it, to point at.
    pub(crate) whole: &'i syn::Field,
}

impl<'i> Input<'i> {
    /// Reads the type; `None` for a union.
    pub(crate) fn parse(ctxt: &Ctxt, input: &'i DeriveInput) -> Option<Self> {
        let attrs = ContainerAttrs::parse(ctxt, &input.attrs);
        for param in &input.generics.params {
            let attrs = match param {
                syn::GenericParam::Lifetime(param) => &param.attrs,
                syn::GenericParam::Type(param) => &param.attrs,
                syn::GenericParam::Const(param) => &param.attrs,
            };
            let instead = "a parameter has no such attributes: write `#[canned(bound = \"…\")]` \
                           on the type";
            attr::refuse(ctxt, attrs, instead);
        }
        let body = match &input.data {
            Data::Struct(data) => Body::Struct(Fields::parse(ctxt, &data.fields)),
            Data::Enum(data) => Body::Enum(Variant::parse_all(ctxt, &data.variants)),
            Data::Union(DataUnion { union_token, .. }) => {
                ctxt.error(
                    union_token,
                    "nobody knows which field of a union is valid: write a struct or an enum",
                );
                return None;
            }
        };
        Some(Self { ident: &input.ident, generics: &input.generics, attrs, body, whole: input })
    }

    /// The fields of the struct, or of all variants.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field<'i>> {
        let (fields, variants) = match &self.body {
            Body::Struct(fields) => (Some(fields), &[][..]),
            Body::Enum(variants) => (None, variants.as_slice()),
        };
        let of_variants = variants.iter().map(|variant| &variant.fields);
        fields.into_iter().chain(of_variants).flat_map(|fields| &fields.list)
    }
}

impl<'i> Variant<'i> {
    fn parse_all<P>(ctxt: &Ctxt, variants: &'i Punctuated<syn::Variant, P>) -> Vec<Self> {
        let parse = |variant: &'i syn::Variant| Self {
            ident: &variant.ident,
            attrs: VariantAttrs::parse(ctxt, &variant.attrs),
            fields: Fields::parse(ctxt, &variant.fields),
        };
        variants.iter().map(parse).collect()
    }
}

impl<'i> Fields<'i> {
    fn parse(ctxt: &Ctxt, fields: &'i syn::Fields) -> Self {
        let style = match fields {
            syn::Fields::Named(_) => Style::Named,
            syn::Fields::Unnamed(_) => Style::Tuple,
            syn::Fields::Unit => Style::Unit,
        };
        let parse = |(member, field): (Member, &'i syn::Field)| Field {
            member,
            ty: &field.ty,
            attrs: FieldAttrs::parse(ctxt, &field.attrs),
            whole: field,
        };
        let list = fields.members().zip(fields).map(parse).collect();
        Self { style, list }
    }

    /// The fields that are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Field<'i>> {
        self.list.iter().filter(|field| field.attrs.skip.is_none())
    }
}
