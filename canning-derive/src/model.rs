//! What is to be written: names, numbers and ways settled, attributes forgotten.

use syn::{ExprPath, Ident, Member, Type, ext::IdentExt};

use crate::{
    ast::{self, Style},
    attr::{Bound, DefaultFrom, FieldAttrs},
    case::Case,
    header::Target,
    names::Names,
    repr::Repr,
    usage::is_phantom,
};

/// A type and how its values are canned.
pub(crate) struct Model<'i> {
    pub(crate) target: Target<'i>,
    pub(crate) names: Names,
    /// The where-clauses in the place of inferred ones.
    pub(crate) bound: Option<Bound>,
    /// The name that is written.
    pub(crate) name: String,
    /// Whether values travel as raw memory where they stand in an array.
    pub(crate) is_element: bool,
    pub(crate) form: Form<'i>,
}

/// The form that a type's values take.
pub(crate) enum Form<'i> {
    /// A plain value.
    Plain,
    /// That of its only field.
    Transparent(Record<'i>),
    /// A record.
    Struct(Record<'i>),
    /// A variant of several.
    Enum(Vec<Variant<'i>>),
    /// An array without axes, of one element.
    Element(Record<'i>),
}

/// A variant of an enum.
pub(crate) struct Variant<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) kind: VariantKind,
    pub(crate) record: Record<'i>,
}

/// What becomes of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariantKind {
    /// It is written.
    Written,
    /// It is written, and stands for variants that are not known.
    Other,
    /// It cannot be written.
    Skipped,
}

/// The fields of a struct or of a variant.
pub(crate) struct Record<'i> {
    pub(crate) style: Style,
    pub(crate) fields: Vec<Field<'i>>,
    pub(crate) ignores_unknown: bool,
    /// Where the values of missing fields come from, all at once.
    pub(crate) default: Option<DefaultFrom>,
}

/// A field.
pub(crate) struct Field<'i> {
    pub(crate) member: Member,
    pub(crate) ty: &'i Type,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) is_deprecated: bool,
    pub(crate) way: Way,
    pub(crate) missing: Missing,
}

/// The way that a field goes.
#[derive(Clone)]
pub(crate) enum Way {
    /// Taken apart.
    Own,
    /// Taken apart, and its arrays stay in the header.
    Inline,
    /// As a plain value.
    Plain,
    /// By the functions of a module.
    With(ExprPath),
    /// Not at all.
    Skip,
}

/// What takes the place of a field that is missing.
#[derive(Clone)]
pub(crate) enum Missing {
    /// An error.
    Error,
    /// A value of its own.
    Default(DefaultFrom),
    /// The same field of the struct's default.
    OfStruct,
}

impl<'i> Model<'i> {
    /// Settles what was written. Mistakes do not matter: they have been found, or will be.
    pub(crate) fn of(input: &ast::Input<'i>) -> Self {
        let attrs = &input.attrs;
        let name = attrs.rename.as_ref().map(|rename| rename.value.value());
        let names = Names::of(input.whole);
        Self {
            target: Target::of(input.whole, attrs, &names),
            names,
            bound: attrs.bound.as_ref().map(|bound| bound.value.clone()),
            name: name.unwrap_or_else(|| input.ident.unraw().to_string()),
            is_element: false,
            form: Form::of(input),
        }
    }

    /// Settles what was written, for an element: [as its only field](Form::Transparent) if the
    /// layout is that one's, else by itself.
    pub(crate) fn of_element(input: &ast::Input<'i>, repr: &Repr) -> Self {
        let model = Self::of(input);
        let form = match model.form {
            Form::Struct(mut record) => {
                for field in &mut record.fields {
                    if is_phantom(field.ty) {
                        field.way = Way::Skip;
                    }
                }
                match repr.transparent {
                    true => Form::Transparent(record),
                    false => Form::Element(record),
                }
            }
            other => other,
        };
        Self { is_element: true, form, ..model }
    }

    /// What holds fields: the struct, or each variant that is written.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record<'i>> {
        let (record, variants) = match &self.form {
            Form::Plain => (None, &[][..]),
            Form::Transparent(record) | Form::Struct(record) | Form::Element(record) => {
                (Some(record), &[][..])
            }
            Form::Enum(variants) => (None, variants.as_slice()),
        };
        let is_written = |variant: &&Variant<'i>| variant.kind != VariantKind::Skipped;
        let of_variants = variants.iter().filter(is_written);
        record.into_iter().chain(of_variants.map(|variant| &variant.record))
    }
}

impl<'i> Form<'i> {
    fn of(input: &ast::Input<'i>) -> Self {
        let attrs = &input.attrs;
        let rename_all = attrs.rename_all.as_ref().map(|rule| rule.value);
        let ignores_unknown = attrs.deny_unknown_fields.is_none();
        match &input.body {
            _ if attrs.plain.is_some() => Self::Plain,
            ast::Body::Struct(fields) => {
                let record = Record {
                    default: attrs.default.as_ref().map(|default| default.value.clone()),
                    ..Record::of(fields, rename_all, ignores_unknown)
                };
                match attrs.transparent {
                    Some(_) => Self::Transparent(record),
                    None => Self::Struct(record),
                }
            }
            ast::Body::Enum(variants) => Self::Enum(
                variants
                    .iter()
                    .map(|variant| Variant::of(variant, rename_all, ignores_unknown))
                    .collect(),
            ),
        }
    }
}

impl<'i> Variant<'i> {
    fn of(variant: &ast::Variant<'i>, rename_all: Option<Case>, ignores_unknown: bool) -> Self {
        let attrs = &variant.attrs;
        let ident = variant.ident.unraw().to_string();
        let of_fields = attrs.rename_all.as_ref().map(|rule| rule.value);
        let kind = match (&attrs.skip, &attrs.other) {
            (Some(_), _) => VariantKind::Skipped,
            (None, Some(_)) => VariantKind::Other,
            (None, None) => VariantKind::Written,
        };
        // What is not known of an unknown variant are its fields, too.
        let ignores_unknown = ignores_unknown || kind == VariantKind::Other;
        Self {
            ident: variant.ident,
            name: match (&attrs.rename, rename_all) {
                (Some(rename), _) => rename.value.value(),
                (None, Some(case)) => case.of_variant(&ident),
                (None, None) => ident,
            },
            aliases: attrs.aliases.iter().map(|alias| alias.value.value()).collect(),
            kind,
            record: Record::of(&variant.fields, of_fields, ignores_unknown),
        }
    }
}

impl<'i> Record<'i> {
    fn of(fields: &ast::Fields<'i>, rename_all: Option<Case>, ignores_unknown: bool) -> Self {
        let field = |field| Field::of(field, rename_all);
        Self {
            style: fields.style,
            fields: fields.list.iter().map(field).collect(),
            ignores_unknown,
            default: None,
        }
    }

    /// The fields that are written, in the order of their numbers.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Field<'i>> {
        self.fields.iter().filter(|field| field.is_written())
    }

    /// Where the value of a field comes from that was not received.
    pub(crate) fn missing<'s>(&'s self, field: &'s Field<'i>) -> &'s Missing {
        match (&field.missing, &self.default) {
            (Missing::Error, Some(_)) => &Missing::OfStruct,
            (Missing::Error, None) if !field.is_written() => &Missing::Default(DefaultFrom::Trait),
            (own, _) => own,
        }
    }
}

impl<'i> Field<'i> {
    fn of(field: &ast::Field<'i>, rename_all: Option<Case>) -> Self {
        let attrs = &field.attrs;
        Self {
            member: field.member.clone(),
            ty: field.ty,
            name: match (&attrs.rename, &field.member, rename_all) {
                (Some(rename), _, _) => rename.value.value(),
                (None, Member::Named(ident), Some(case)) => {
                    case.of_field(&ident.unraw().to_string())
                }
                (None, Member::Named(ident), None) => ident.unraw().to_string(),
                // As NumPy names fields without a name.
                (None, Member::Unnamed(index), _) => format!("f{}", index.index),
            },
            aliases: attrs.aliases.iter().map(|alias| alias.value.value()).collect(),
            is_deprecated: {
                let mut attrs = field.whole.attrs.iter();
                attrs.any(|attr| attr.path().is_ident("deprecated"))
            },
            way: Way::of(attrs),
            missing: match &attrs.default {
                Some(default) => Missing::Default(default.value.clone()),
                None => Missing::Error,
            },
        }
    }

    /// Whether it is written.
    pub(crate) fn is_written(&self) -> bool {
        !matches!(self.way, Way::Skip)
    }
}

impl Way {
    fn of(attrs: &FieldAttrs) -> Self {
        match attrs {
            FieldAttrs { skip: Some(_), .. } => Self::Skip,
            FieldAttrs { plain: Some(_), .. } => Self::Plain,
            FieldAttrs { with: Some(module), .. } => Self::With(module.value.clone()),
            FieldAttrs { inline: Some(_), .. } => Self::Inline,
            _ => Self::Own,
        }
    }
}
