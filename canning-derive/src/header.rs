//! Prints the headers of impls.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericParam, Generics, Ident, Path, parse_quote};

use crate::{
    attr::{ContainerAttrs, Given},
    names::Names,
};

/// The type that gets the impls.
pub(crate) struct Target<'i> {
    /// Its name, as one of the derive's words: it does not warn that the type is deprecated.
    pub(crate) ident: Ident,
    pub(crate) generics: &'i Generics,
    /// The module of the names that the derive may use.
    pub(crate) private: Ident,
    /// The core crate, under its own name or the one that the user gives.
    core: Path,
}

impl<'i> Target<'i> {
    pub(crate) fn of(input: &'i DeriveInput, attrs: &ContainerAttrs, names: &Names) -> Self {
        Self {
            ident: respanned(&input.ident),
            generics: &input.generics,
            private: names.private.clone(),
            core: match &attrs.krate {
                Some(Given { value: core, .. }) => core.clone(),
                None => parse_quote!(::canning_core),
            },
        }
    }

    /// Puts impls where their names mean nothing to others, and where only one line knows the
    /// core crate: if that is wrong, the user is told once.
    pub(crate) fn within(&self, impls: &TokenStream) -> TokenStream {
        let (private, core) = (&self.private, &self.core);
        quote! {
            const _: () = {
                use #core::__private as #private;
                #impls
            };
        }
    }
}

/// The pieces of `impl<…> … for Type<…> where …`.
pub(crate) struct ImplHeader {
    pub(crate) generics: TokenStream,
    /// The trait's arguments.
    pub(crate) arguments: TokenStream,
    pub(crate) ty: TokenStream,
    pub(crate) clauses: TokenStream,
}

/// The lifetime of `Uncan`.
pub(crate) struct Lifetime {
    pub(crate) argument: TokenStream,
    /// Its declaration, unless it is `'static`.
    pub(crate) param: Option<TokenStream>,
}

impl ImplHeader {
    /// Puts a header together.
    pub(crate) fn new(
        target: &Target<'_>,
        lifetime: Option<Lifetime>,
        markers: &[Ident],
        clauses: Vec<TokenStream>,
    ) -> Self {
        let Target { ident, generics, private, .. } = target;
        let (b, b_param) = match lifetime {
            Some(Lifetime { argument, param }) => (Some(argument), param),
            None => (None, None),
        };
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
        let own = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
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

fn respanned(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(Span::call_site().located_at(ident.span()));
    ident
}

/// Writes the lifetime that the user knows as `'b` under another name.
pub(crate) fn rename_lifetime(tokens: TokenStream, b: &TokenStream) -> TokenStream {
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
                let inner = rename_lifetime(group.stream(), b);
                let group = Group::new(group.delimiter(), inner);
                renamed.extend([TokenTree::Group(group)]);
            }
            _ => renamed.extend([token]),
        }
    }
    renamed
}
