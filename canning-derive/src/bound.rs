//! The headers of the impls: parameters, markers and where-clauses.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Ident, Type, WherePredicate};

use crate::{
    attr::{Bound, DefaultFrom},
    model::{Field, Form, Missing, Model, Way},
    usage::{Usage, mentions},
};

/// What the headers of the two impls have in common.
///
/// Types are bound by parameter, because a where-clause on the type of each field would have
/// no end in recursive generics. A field's own type is bound only where it holds a lifetime
/// *and* a parameter, as `&'a [T]` does: such types ask more of `T` than that it is cannable.
pub(crate) struct Header<'m, 'i> {
    model: &'m Model<'i>,
    /// The types that are bound, each with a marker of its own.
    subjects: Vec<(TokenStream, Ident)>,
    /// The markers: those of the subjects, or those that the user names.
    markers: Vec<Ident>,
    /// Types that serde knows.
    plain: Vec<TokenStream>,
    /// Types that have a default.
    default: Vec<TokenStream>,
    /// Whether a field borrows for `'static`, so that only `'static` input will do.
    is_static: bool,
}

/// The pieces of `impl<…> … for Type<…> where …`.
pub(crate) struct ImplHeader {
    pub(crate) generics: TokenStream,
    /// The trait's arguments.
    pub(crate) arguments: TokenStream,
    pub(crate) ty: TokenStream,
    pub(crate) clauses: TokenStream,
}

impl<'m, 'i> Header<'m, 'i> {
    pub(crate) fn of(model: &'m Model<'i>) -> Self {
        let mut header = Self {
            model,
            subjects: Vec::new(),
            markers: Vec::new(),
            plain: Vec::new(),
            default: Vec::new(),
            is_static: false,
        };
        match (&model.bound, &model.form) {
            (Some(bound), _) => header.markers.clone_from(&bound.via),
            (None, Form::Plain) if !model.generics.params.is_empty() => {
                header.plain.push(quote!(Self));
            }
            (None, Form::Element(_)) => {}
            (None, _) => header.infer(),
        }
        header.is_static = fields(model).any(|(field, _)| {
            matches!(field.way, Way::Own | Way::Inline) && Usage::of(field.ty, &[]).has_static
        });
        header
    }

    /// The marker that a field's type is bound by, if it is bound as a whole.
    pub(crate) fn marker_of(&self, ty: &Type) -> TokenStream {
        let ty = ty.to_token_stream().to_string();
        let found = self
            .subjects
            .iter()
            .find(|(subject, _)| subject.to_string() == ty);
        found.map_or_else(|| quote!(_), |(_, marker)| marker.to_token_stream())
    }

    /// `impl Can`.
    pub(crate) fn can(&self) -> ImplHeader {
        let private = &self.model.private;
        let subjects = self.subjects.iter();
        let inferred = subjects
            .map(|(ty, marker)| quote!(#ty: #private::Can<#marker>))
            .chain(self.plain.iter().map(|ty| quote!(#ty: #private::Serialize)));
        let given = |bound: &Bound| bound.can.iter().map(ToTokens::to_token_stream).collect();
        self.header(None, inferred.collect(), given)
    }

    /// `impl Uncan`.
    pub(crate) fn uncan(&self) -> ImplHeader {
        let Model { private, names, .. } = self.model;
        let b = self.lifetime();
        let subjects = self.subjects.iter();
        let inferred = subjects
            .map(|(ty, marker)| quote!(#ty: #private::Uncan<#b, #marker>))
            .chain(
                self.plain
                    .iter()
                    .map(|ty| quote!(#ty: #private::Deserialize<#b>)),
            )
            .chain(self.default.iter().map(|ty| quote!(#ty: #private::Default)));
        let own = || self.model.generics.lifetimes();
        let has_own_b = own().any(|param| param.lifetime.ident == "b");
        let given = |bound: &Bound| {
            let rename = |predicate: &WherePredicate| match has_own_b {
                true => predicate.to_token_stream(),
                false => rename_b(predicate.to_token_stream(), &b),
            };
            bound.uncan.iter().map(rename).collect()
        };
        let outlived = own().map(|param| &param.lifetime);
        let b_param = (!self.is_static).then(|| {
            let b = &names.b;
            quote!(#b: #(#outlived)+*)
        });
        self.header(Some((b.clone(), b_param)), inferred.collect(), given)
    }

    /// The lifetime of what was received.
    pub(crate) fn lifetime(&self) -> TokenStream {
        match self.is_static {
            true => quote!('static),
            false => self.model.names.b.to_token_stream(),
        }
    }

    fn header(
        &self,
        b: Option<(TokenStream, Option<TokenStream>)>,
        inferred: Vec<TokenStream>,
        given: impl FnOnce(&Bound) -> Vec<TokenStream>,
    ) -> ImplHeader {
        let Model {
            bound,
            private,
            generics,
            ..
        } = self.model;
        let mut clauses = bound.as_ref().map_or(inferred, given);
        if self.model.is_element && !generics.params.is_empty() {
            clauses.push(quote!(Self: #private::Element));
        }
        ImplHeader::new(self.model, b, &self.markers, clauses)
    }

    /// Bounds what the fields use.
    fn infer(&mut self) {
        let model = self.model;
        let params: Vec<&Ident> = model
            .generics
            .type_params()
            .map(|param| &param.ident)
            .collect();
        let (mut used, mut others, mut plain, mut default) = (vec![], vec![], vec![], vec![]);
        for (field, missing) in fields(model) {
            let usage = Usage::of(field.ty, &params);
            if !usage.has_param() {
                continue;
            }
            if let Missing::Default(DefaultFrom::Trait) = missing {
                default.extend(usage.types());
            }
            let is_bound_whole = usage.has_lifetime && !self.is_recursive(field.ty);
            match field.way {
                Way::Skip | Way::With(_) => {}
                Way::Plain if usage.has_lifetime => plain.push(field.ty.to_token_stream()),
                Way::Plain => plain.extend(usage.types()),
                Way::Own | Way::Inline if is_bound_whole => {
                    others.push(field.ty.to_token_stream());
                }
                Way::Own | Way::Inline => {
                    others.extend(usage.projections.iter().map(ToTokens::to_token_stream));
                    used.extend(usage.used);
                }
            }
        }
        // Parameters first, in the order in which they are declared.
        let params = params.into_iter().filter(|param| used.contains(param));
        let mut subjects: Vec<_> = params.map(ToTokens::to_token_stream).collect();
        subjects.append(&mut others);
        unique(&mut subjects);
        for (number, subject) in subjects.into_iter().enumerate() {
            let marker = model.names.marker(number);
            self.markers.push(marker.clone());
            self.subjects.push((subject, marker));
        }
        if let Form::Struct(record) | Form::Transparent(record) = &model.form
            && let Some(DefaultFrom::Trait) = record.default
            && !model.generics.params.is_empty()
        {
            default.push(quote!(Self));
        }
        unique(&mut plain);
        unique(&mut default);
        (self.plain, self.default) = (plain, default);
    }

    /// Whether the type of a field mentions the type itself: a bound on it would have no end.
    fn is_recursive(&self, ty: &Type) -> bool {
        mentions(
            ty.to_token_stream(),
            &[self.model.ident, &quote::format_ident!("Self")],
        )
    }
}

impl ImplHeader {
    /// Puts a header together; `b` is the lifetime argument and, if it is one, the parameter.
    pub(crate) fn new(
        model: &Model<'_>,
        b: Option<(TokenStream, Option<TokenStream>)>,
        markers: &[Ident],
        clauses: Vec<TokenStream>,
    ) -> Self {
        let Model {
            ident,
            generics,
            private,
            ..
        } = model;
        let (b, b_param) = b.map_or((None, None), |(b, param)| (Some(b), param));
        let lifetimes = generics.lifetimes().map(|param| {
            let (lifetime, bounds) = (&param.lifetime, &param.bounds);
            quote!(#lifetime: #bounds)
        });
        let params = generics.params.iter().filter_map(|param| match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(param) => {
                let (ident, bounds) = (&param.ident, &param.bounds);
                Some(quote!(#ident: #bounds))
            }
            GenericParam::Const(param) => {
                let (ident, ty) = (&param.ident, &param.ty);
                Some(quote!(const #ident: #ty))
            }
        });
        let params = b_param
            .into_iter()
            .chain(lifetimes)
            .chain(params)
            .chain(markers.iter().map(ToTokens::to_token_stream));
        let via = match markers {
            [] => quote!(#private::Own),
            [marker] => quote!(#marker),
            markers => quote!((#(#markers),*)),
        };
        let own = generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        let clauses: Vec<_> = own.map(ToTokens::to_token_stream).chain(clauses).collect();
        let (_, arguments, _) = generics.split_for_impl();
        Self {
            generics: quote!(<#(#params),*>),
            arguments: match b {
                Some(b) => quote!(<#b, #via>),
                None => quote!(<#via>),
            },
            ty: quote!(#ident #arguments),
            clauses: match clauses.is_empty() {
                true => TokenStream::new(),
                false => quote!(where #(#clauses),*),
            },
        }
    }
}

/// Every field, and what takes its place where it is missing.
fn fields<'m, 'i>(model: &'m Model<'i>) -> impl Iterator<Item = (&'m Field<'i>, &'m Missing)> {
    let of_record = |record: &'m crate::model::Record<'i>| {
        record
            .fields
            .iter()
            .map(move |field| (field, record.missing(field)))
    };
    model.records().flat_map(of_record)
}

fn unique(types: &mut Vec<TokenStream>) {
    let mut seen = Vec::new();
    types.retain(|ty| {
        let ty = ty.to_string();
        let is_new = !seen.contains(&ty);
        seen.push(ty);
        is_new
    });
}

/// Writes the lifetime that the user knows as `'b` under the name that it has here.
fn rename_b(tokens: TokenStream, b: &TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut renamed = TokenStream::new();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(quote), Some(TokenTree::Ident(name)))
                if quote.as_char() == '\'' && name == "b" =>
            {
                tokens.next();
                renamed.extend(b.clone());
            }
            (TokenTree::Group(group), _) => {
                let inner = rename_b(group.stream(), b);
                let group = proc_macro2::Group::new(group.delimiter(), inner);
                renamed.extend([TokenTree::Group(group)]);
            }
            _ => renamed.extend([token]),
        }
    }
    renamed
}
