//! What a field's type uses: which parameters, and whether lifetimes.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    GenericArgument, Ident, Lifetime, Path, PathArguments, PathSegment, ReturnType, Type, TypePath,
};

/// What types use. Whatever stands in `PhantomData` does not count: no value of it is there.
pub(crate) struct Usage<'p> {
    /// The type parameters there are.
    params: &'p [&'p Ident],
    /// Those that are used, as types of their own.
    pub(crate) used: Vec<Ident>,
    /// The types `T::Assoc` and `<T as Trait>::Assoc`.
    pub(crate) projections: Vec<TypePath>,
    pub(crate) has_lifetime: bool,
    pub(crate) has_static: bool,
}

impl<'p> Usage<'p> {
    /// Looks for `params` in `ty`.
    pub(crate) fn of(ty: &Type, params: &'p [&'p Ident]) -> Self {
        let mut usage = Self {
            params,
            used: Vec::new(),
            projections: Vec::new(),
            has_lifetime: false,
            has_static: false,
        };
        usage.visit(ty);
        usage
    }

    /// Whether it uses a type parameter in any way.
    pub(crate) fn has_param(&self) -> bool {
        !self.used.is_empty() || !self.projections.is_empty()
    }

    /// The parameters and projections.
    pub(crate) fn types(&self) -> impl Iterator<Item = TokenStream> {
        let used = self.used.iter().map(ToTokens::to_token_stream);
        used.chain(self.projections.iter().map(ToTokens::to_token_stream))
    }

    fn visit(&mut self, ty: &Type) {
        match ty {
            Type::Array(array) => self.visit(&array.elem),
            Type::Group(group) => self.visit(&group.elem),
            Type::Paren(paren) => self.visit(&paren.elem),
            Type::Slice(slice) => self.visit(&slice.elem),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|item| self.visit(item)),
            Type::Reference(reference) => {
                self.lifetime(reference.lifetime.as_ref());
                self.visit(&reference.elem);
            }
            Type::Path(path) => self.path(path),
            other => self.tokens(other.to_token_stream()),
        }
    }

    fn path(&mut self, ty: &TypePath) {
        let Path { segments, .. } = &ty.path;
        if segments.last().is_some_and(|last| last.ident == "PhantomData") {
            return;
        }
        if ty.qself.is_some() && mentions(ty.to_token_stream(), self.params) {
            self.projections.push(ty.clone());
            return;
        }
        if let Some(first) = segments.first()
            && ty.path.leading_colon.is_none()
            && self.params.contains(&&first.ident)
        {
            match segments.len() {
                1 => self.param(&first.ident),
                _ => self.projections.push(ty.clone()),
            }
            return;
        }
        segments.iter().for_each(|segment| self.segment(segment));
    }

    fn segment(&mut self, segment: &PathSegment) {
        match &segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(arguments) => {
                for argument in &arguments.args {
                    match argument {
                        GenericArgument::Lifetime(lifetime) => self.lifetime(Some(lifetime)),
                        GenericArgument::Type(ty) => self.visit(ty),
                        other => self.tokens(other.to_token_stream()),
                    }
                }
            }
            PathArguments::Parenthesized(arguments) => {
                self.tokens(arguments.inputs.to_token_stream());
                if let ReturnType::Type(_, ty) = &arguments.output {
                    self.visit(ty);
                }
            }
        }
    }

    /// Types without a form of their own, as those that a macro makes: any word counts.
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if self.params.contains(&&ident) => self.param(&ident),
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }

    fn param(&mut self, ident: &Ident) {
        if !self.used.contains(ident) {
            self.used.push(ident.clone());
        }
    }

    fn lifetime(&mut self, lifetime: Option<&Lifetime>) {
        self.has_lifetime = true;
        self.has_static |= lifetime.is_some_and(|lifetime| lifetime.ident == "static");
    }
}

/// Whether a type is `PhantomData`, by its name.
pub(crate) fn is_phantom(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_phantom(&group.elem),
        Type::Paren(paren) => is_phantom(&paren.elem),
        Type::Path(path) => is_phantom_path(&path.path),
        _ => false,
    }
}

fn is_phantom_path(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "PhantomData")
}

/// Whether one of `names` stands anywhere in `tokens`.
pub(crate) fn mentions(tokens: TokenStream, names: &[&Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use quote::format_ident;
    use syn::parse_quote;

    use super::*;

    fn used(ty: &Type) -> (Vec<String>, Vec<String>, bool) {
        let (t, u) = (format_ident!("T"), format_ident!("U"));
        let params = [&t, &u];
        let usage = Usage::of(ty, &params);
        (
            usage.used.iter().map(ToString::to_string).collect(),
            usage.projections.iter().map(|path| path.to_token_stream().to_string()).collect(),
            usage.has_lifetime,
        )
    }

    #[test]
    fn parameters_are_found_wherever_they_stand() {
        let cases: [(Type, &[&str]); 7] = [
            (parse_quote!(T), &["T"]),
            (parse_quote!(HashMap<U, Vec<[(T, u8); 3]>>), &["U", "T"]),
            (parse_quote!(table!(T)), &["T"]),
            (parse_quote!(Box<dyn Fn(T) -> U>), &["T", "U"]),
            (parse_quote!(PhantomData<T>), &[]),
            (parse_quote!((T, std::marker::PhantomData<U>)), &["T"]),
            (parse_quote!(other::T), &[]),
        ];
        for (ty, expected) in cases {
            assert_eq!(used(&ty).0, expected, "{}", ty.to_token_stream());
        }
    }

    #[test]
    fn projections_are_types_of_their_own() {
        let (params, projections, _) = used(&parse_quote!(Vec<(T::Item, <U as Tr<T>>::Out)>));
        assert!(params.is_empty());
        assert_eq!(projections, ["T :: Item", "< U as Tr < T > > :: Out"]);
    }

    #[test]
    fn lifetimes_are_found() {
        assert!(used(&parse_quote!(Option<&'a [T]>)).2);
        assert!(used(&parse_quote!(Cow<'a, [T]>)).2);
        assert!(!used(&parse_quote!(Vec<T>)).2);
    }
}
