//! What stands in the place of the impls after an error, so that the user sees no second wave.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

use crate::{
    attr::ContainerAttrs,
    ctxt::Ctxt,
    header::{ImplHeader, Lifetime, Target},
    names::Names,
};

/// Writes impls of `Can` and `Uncan` that do nothing, and `more`.
pub(crate) fn expand(
    input: &DeriveInput,
    more: fn(&Target<'_>, &Data) -> TokenStream,
) -> TokenStream {
    let names = Names::of(input);
    let target = target(input, &names);
    let private = &target.private;
    let Names { a, b, canner, uncanner, .. } = &names;
    let lifetime = Lifetime { argument: quote!(#b), param: Some(quote!(#b)) };
    let can = ImplHeader::new(&target, None, &[], Vec::new());
    let uncan = ImplHeader::new(&target, Some(lifetime), &[], Vec::new());
    let (ty, clauses) = (&can.ty, &can.clauses);
    let (of_can, for_can) = (&can.generics, &can.arguments);
    let (of_uncan, for_uncan) = (&uncan.generics, &uncan.arguments);
    let more = more(&target, &input.data);
    target.within(&quote! {
        #more

        #[automatically_derived]
        impl #of_can #private::Can #for_can for #ty #clauses {
            fn can<#a, #canner: #private::Canner<#a>>(
                &#a self,
                _: &mut #canner,
            ) -> #private::Result<()> {
                #private::unreachable!()
            }
        }
        #[automatically_derived]
        impl #of_uncan #private::Uncan #for_uncan for #ty #clauses {
            fn uncan<#uncanner: #private::Uncanner<#b>>(_: &mut #uncanner) -> #private::Result<Self> {
                #private::unreachable!()
            }
        }
    })
}

/// The type; its attributes have been complained about.
fn target<'i>(input: &'i DeriveInput, names: &Names) -> Target<'i> {
    let ctxt = Ctxt::new();
    let attrs = ContainerAttrs::parse(&ctxt, &input.attrs);
    let _known = ctxt.check();
    Target::of(input, &attrs, names)
}
