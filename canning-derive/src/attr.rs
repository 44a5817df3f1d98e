//! Reads `#[canned(…)]`: each attribute once, whatever may be wrong with it by itself.

use syn::{Attribute, ExprPath, Ident, LitStr, Path, WherePredicate};

pub(crate) use self::item::refuse;
use self::item::{CONTAINER, FIELD, VARIANT, items};
use crate::{
    case::Case,
    ctxt::Ctxt,
    symbol::{ALIAS, BOUND, CRATE, DEFAULT, PLAIN, RENAME, RENAME_ALL, SKIP, TRANSPARENT, WITH},
};

mod item;

/// What the user wrote on a struct or an enum.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    pub(crate) krate: Option<Given<Path>>,
    pub(crate) bound: Option<Given<Bound>>,
    pub(crate) plain: Option<Given<()>>,
    pub(crate) transparent: Option<Given<()>>,
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) rename_all: Option<Given<Case>>,
    pub(crate) default: Option<Given<DefaultFrom>>,
    pub(crate) deny_unknown_fields: Option<Given<()>>,
}

/// What the user wrote on a variant.
#[derive(Default)]
pub(crate) struct VariantAttrs {
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) aliases: Vec<Given<LitStr>>,
    pub(crate) rename_all: Option<Given<Case>>,
    pub(crate) skip: Option<Given<()>>,
    pub(crate) other: Option<Given<()>>,
}

/// What the user wrote on a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) aliases: Vec<Given<LitStr>>,
    pub(crate) skip: Option<Given<()>>,
    pub(crate) default: Option<Given<DefaultFrom>>,
    pub(crate) plain: Option<Given<()>>,
    pub(crate) with: Option<Given<ExprPath>>,
    pub(crate) inline: Option<Given<()>>,
}

/// The value of an attribute, and where its name stands.
#[derive(Clone)]
pub(crate) struct Given<T> {
    pub(crate) name: Ident,
    pub(crate) value: T,
}

/// Where a missing value comes from.
#[derive(Clone)]
pub(crate) enum DefaultFrom {
    /// `Default::default()`.
    Trait,
    /// A function without arguments.
    Function(ExprPath),
}

/// The where-clauses that stand in the place of the inferred ones.
#[derive(Clone, Default)]
pub(crate) struct Bound {
    pub(crate) can: Vec<WherePredicate>,
    pub(crate) uncan: Vec<WherePredicate>,
    /// The markers that they name.
    pub(crate) via: Vec<Ident>,
}

impl ContainerAttrs {
    pub(crate) fn parse(ctxt: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut found = Self::default();
        for (symbol, item) in items(ctxt, attrs, CONTAINER) {
            match symbol {
                CRATE => found.krate = item.parsed(ctxt, "a path", "::my_reexports::canning_core"),
                BOUND => found.bound = item.bound(ctxt),
                PLAIN => found.plain = item.flag(ctxt),
                TRANSPARENT => found.transparent = item.flag(ctxt),
                RENAME => found.rename = item.text(ctxt),
                RENAME_ALL => found.rename_all = item.case(ctxt),
                DEFAULT => found.default = item.default(ctxt),
                _ => found.deny_unknown_fields = item.flag(ctxt),
            }
        }
        found
    }

    /// The attributes that there are.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        let names = [
            name(&self.krate),
            name(&self.bound),
            name(&self.plain),
            name(&self.transparent),
            name(&self.rename),
            name(&self.rename_all),
            name(&self.default),
            name(&self.deny_unknown_fields),
        ];
        names.into_iter().flatten()
    }
}

impl VariantAttrs {
    pub(crate) fn parse(ctxt: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut found = Self::default();
        for (symbol, item) in items(ctxt, attrs, VARIANT) {
            match symbol {
                RENAME => found.rename = item.text(ctxt),
                ALIAS => found.aliases.extend(item.text(ctxt)),
                RENAME_ALL => found.rename_all = item.case(ctxt),
                SKIP => found.skip = item.flag(ctxt),
                _ => found.other = item.flag(ctxt),
            }
        }
        found
    }

    /// The attributes that there are.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        let names =
            [name(&self.rename), name(&self.rename_all), name(&self.skip), name(&self.other)];
        let aliases = self.aliases.iter().map(|alias| &alias.name);
        names.into_iter().flatten().chain(aliases)
    }
}

impl FieldAttrs {
    pub(crate) fn parse(ctxt: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut found = Self::default();
        for (symbol, item) in items(ctxt, attrs, FIELD) {
            match symbol {
                RENAME => found.rename = item.text(ctxt),
                ALIAS => found.aliases.extend(item.text(ctxt)),
                SKIP => found.skip = item.flag(ctxt),
                DEFAULT => found.default = item.default(ctxt),
                PLAIN => found.plain = item.flag(ctxt),
                WITH => found.with = item.parsed(ctxt, "a module", "my_module"),
                _ => found.inline = item.flag(ctxt),
            }
        }
        found
    }

    /// The attributes that there are.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        let names = [
            name(&self.rename),
            name(&self.skip),
            name(&self.default),
            name(&self.plain),
            name(&self.with),
            name(&self.inline),
        ];
        let aliases = self.aliases.iter().map(|alias| &alias.name);
        names.into_iter().flatten().chain(aliases)
    }
}

/// The name of an attribute, if it is there.
pub(crate) fn name<T>(given: &Option<Given<T>>) -> Option<&Ident> {
    given.as_ref().map(|given| &given.name)
}
