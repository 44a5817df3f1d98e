//! The headers of the impls: parameters, markers and where-clauses.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Ident, Type, WherePredicate};

use crate::{
    attr::{Bound, DefaultFrom},
    header::{ImplHeader, Lifetime, Target, rename_lifetime},
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
            (None, Form::Plain) if !model.target.generics.params.is_empty() => {
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

    /// The marker that a field's type is bound by, if it is bound as a whole. Written out, it
    /// is found where several bounds might fit.
    pub(crate) fn marker_of(&self, ty: &Type) -> Option<&Ident> {
        let ty = ty.to_token_stream().to_string();
        let mut subjects = self.subjects.iter();
        let found = subjects.find(|(subject, _)| subject.to_string() == ty);
        found.map(|(_, marker)| marker)
    }

    /// `impl Can`.
    pub(crate) fn can(&self) -> ImplHeader {
        let private = &self.model.target.private;
        let subjects = self.subjects.iter();
        let inferred = subjects
            .map(|(ty, marker)| quote!(#ty: #private::Can<#marker>))
            .chain(self.plain.iter().map(|ty| quote!(#ty: #private::Serialize)));
        let given = |bound: &Bound| bound.can.iter().map(ToTokens::to_token_stream).collect();
        let clauses = self.clauses(inferred.collect(), given);
        ImplHeader::new(&self.model.target, None, &self.markers, clauses)
    }

    /// `impl Uncan`.
    pub(crate) fn uncan(&self) -> ImplHeader {
        let private = &self.model.target.private;
        let b = self.lifetime();
        let subjects = self.subjects.iter();
        let inferred = subjects
            .map(|(ty, marker)| quote!(#ty: #private::Uncan<#b, #marker>))
            .chain(self.plain.iter().map(|ty| quote!(#ty: #private::Deserialize<#b>)))
            .chain(self.default.iter().map(|ty| quote!(#ty: #private::Default)));
        let own = || self.model.target.generics.lifetimes();
        let has_own_b = own().any(|param| param.lifetime.ident == "b");
        let given = |bound: &Bound| {
            let rename = |predicate: &WherePredicate| match has_own_b {
                true => predicate.to_token_stream(),
                false => rename_lifetime(predicate.to_token_stream(), &b),
            };
            bound.uncan.iter().map(rename).collect()
        };
        let outlived = own().map(|param| &param.lifetime);
        let param = (!self.is_static).then(|| quote!(#b: #(#outlived)+*));
        let clauses = self.clauses(inferred.collect(), given);
        let lifetime = Lifetime { argument: b, param };
        ImplHeader::new(&self.model.target, Some(lifetime), &self.markers, clauses)
    }

    /// The lifetime of what was received.
    pub(crate) fn lifetime(&self) -> TokenStream {
        match self.is_static {
            true => quote!('static),
            false => self.model.names.b.to_token_stream(),
        }
    }

    fn clauses(
        &self,
        inferred: Vec<TokenStream>,
        given: impl FnOnce(&Bound) -> Vec<TokenStream>,
    ) -> Vec<TokenStream> {
        let Target { private, generics, .. } = &self.model.target;
        let mut clauses = self.model.bound.as_ref().map_or(inferred, given);
        if self.model.is_element && !generics.params.is_empty() {
            clauses.push(quote!(Self: #private::Element));
        }
        clauses
    }

    /// Bounds what the fields use.
    fn infer(&mut self) {
        let model = self.model;
        let params: Vec<&Ident> =
            model.target.generics.type_params().map(|param| &param.ident).collect();
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
            && !model.target.generics.params.is_empty()
        {
            default.push(quote!(Self));
        }
        unique(&mut plain);
        unique(&mut default);
        (self.plain, self.default) = (plain, default);
    }

    /// Whether the type of a field mentions the type itself: a bound on it would have no end.
    fn is_recursive(&self, ty: &Type) -> bool {
        mentions(ty.to_token_stream(), &[&self.model.target.ident, &quote::format_ident!("Self")])
    }
}

/// Every field, and what takes its place where it is missing.
fn fields<'m, 'i>(model: &'m Model<'i>) -> impl Iterator<Item = (&'m Field<'i>, &'m Missing)> {
    let of_record = |record: &'m crate::model::Record<'i>| {
        record.fields.iter().map(move |field| (field, record.missing(field)))
    };
    model.records().flat_map(of_record)
}

/// Keeps the first of those that are written alike.
pub(crate) fn unique(types: &mut Vec<TokenStream>) {
    let mut seen = Vec::new();
    types.retain(|ty| {
        let ty = ty.to_string();
        let is_new = !seen.contains(&ty);
        seen.push(ty);
        is_new
    });
}
