//! Writes `impl Uncan`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    attr::DefaultFrom,
    bound::Header,
    expand::{
        can::element,
        place::at_field,
        record::{local, written},
        recycle,
    },
    header::ImplHeader,
    model::{Field, Form, Missing, Model, Record, Variant, Way},
};

/// Writes the impl.
pub(super) fn expand(model: &Model<'_>, header: &Header<'_, '_>) -> TokenStream {
    let (private, names) = (&model.target.private, &model.names);
    let ImplHeader { generics, arguments, ty, clauses } = header.uncan();
    let (b, u) = (header.lifetime(), &names.uncanner);
    let writer = Writer { model, header };
    let body = match &model.form {
        Form::Element(_) => quote!(#private::uncan_element(__uncanner)),
        Form::Plain => quote!(#private::uncan_plain(__uncanner)),
        Form::Transparent(record) => writer.transparent(record),
        Form::Struct(record) => writer.structure(record),
        Form::Enum(variants) => writer.enumeration(variants),
    };
    let element = element(model);
    let recycle = recycle::expand(model, header);
    quote! {
        #[automatically_derived]
        impl #generics #private::Uncan #arguments for #ty #clauses {
            #element

            #[inline]
            fn uncan<#u: #private::Uncanner<#b>>(
                __uncanner: &mut #u,
            ) -> #private::Result<Self> {
                #body
            }

            #recycle
        }
    }
}

struct Writer<'w, 'm, 'i> {
    model: &'w Model<'i>,
    header: &'w Header<'m, 'i>,
}

impl Writer<'_, '_, '_> {
    fn transparent(&self, record: &Record<'_>) -> TokenStream {
        let private = &self.model.target.private;
        let fields = record.fields.iter().map(|field| {
            let member = &field.member;
            let value = match &field.way {
                Way::Skip => self.default(field, record.missing(field)),
                Way::Plain => quote!(#private::uncan_plain(__uncanner)?),
                Way::With(module) => quote!(#module::uncan(__uncanner)?),
                Way::Own | Way::Inline => {
                    let marker = self.header.marker_of(field.ty);
                    let via = marker.map(|marker| quote!(::<#marker>));
                    quote!(#private::Uncan #via::uncan(__uncanner)?)
                }
            };
            let value = at_field(field, value);
            quote!(#member: #value)
        });
        quote!(#private::Ok(Self { #(#fields),* }))
    }

    fn structure(&self, record: &Record<'_>) -> TokenStream {
        let (private, names) = (&self.model.target.private, &self.model.names);
        let statik = &names.record;
        let statik = quote!(&#statik);
        let in_order = self.in_order(record, &quote!(Self), &statik);
        let by_name = self.by_name(record, &quote!(Self), &statik);
        quote! {
            match #private::Uncanner::begin_record(__uncanner, #statik)? {
                #private::Fields::InOrder => { #in_order }
                #private::Fields::ByName => { #by_name }
            }
        }
    }

    fn enumeration(&self, variants: &[Variant<'_>]) -> TokenStream {
        let (private, names) = (&self.model.target.private, &self.model.names);
        let (statik, of_variants) = (&names.record, &names.variants);
        let arms = written(variants).enumerate().map(|(number, variant)| {
            let ident = variant.ident;
            let path = quote!(Self::#ident);
            let record = quote!(&#of_variants[#number]);
            let in_order = self.in_order(&variant.record, &path, &record);
            let by_name = self.by_name(&variant.record, &path, &record);
            quote! {
                (#number, #private::Fields::InOrder) => { #in_order }
                (#number, #private::Fields::ByName) => { #by_name }
            }
        });
        quote! {
            match #private::Uncanner::begin_variant(__uncanner, &#statik)? {
                #(#arms)*
                (__index, _) => #private::Err(#private::no_variant(&#statik, __index)),
            }
        }
    }

    /// All fields, one after the other.
    fn in_order(
        &self,
        record: &Record<'_>,
        path: &TokenStream,
        statik: &TokenStream,
    ) -> TokenStream {
        let private = &self.model.target.private;
        let default = self.struct_default(record, |field| !field.is_written());
        let mut numbers = 0_usize..;
        let fields = record.fields.iter().map(|field| {
            let member = &field.member;
            let value = match field.way {
                Way::Skip => self.default(field, record.missing(field)),
                _ => {
                    let number = numbers.next();
                    self.field(field, "uncan_field", &quote!(__uncanner, #number, #statik))
                }
            };
            quote!(#member: #value)
        });
        quote! {
            #default
            let __value = #path { #(#fields),* };
            #private::Uncanner::end_record(__uncanner)?;
            #private::Ok(__value)
        }
    }

    /// The fields that there are, in any order; out of the way of the usual case.
    fn by_name(
        &self,
        record: &Record<'_>,
        path: &TokenStream,
        statik: &TokenStream,
    ) -> TokenStream {
        let private = &self.model.target.private;
        let locals = (0..).map(local);
        let slots =
            record.written().zip(locals).map(|(_, local)| quote!(let mut #local = #private::None;));
        let arms = record.written().enumerate().map(|(number, field)| {
            let local = local(number);
            let arguments = quote!(&mut #local, __uncanner, #number, #statik);
            let set = self.field(field, "set_field", &arguments);
            quote!(#number => #set,)
        });
        let arms: Vec<_> = arms.collect();
        let next =
            quote!(let #private::Some(__index) = #private::Uncanner::next_field(__uncanner)?);
        let refuse = quote!(return #private::Err(#private::no_field(__index)));
        let receive = match arms.is_empty() {
            true => quote!(if #next { #refuse; }),
            false => quote! {
                while #next {
                    match __index {
                        #(#arms)*
                        _ => #refuse,
                    }
                }
            },
        };
        let default = self.struct_default(record, |_| true);
        let mut numbers = 0_usize..;
        let fields = record.fields.iter().map(|field| {
            let member = &field.member;
            let missing = record.missing(field);
            if !field.is_written() {
                let value = self.default(field, missing);
                return quote!(#member: #value);
            }
            let number = numbers.next().unwrap_or_default();
            let local = local(number);
            let value = match missing {
                Missing::Error => quote!(#private::required(#local, #number, #statik)?),
                missing => {
                    let default = self.default(field, missing);
                    quote! {
                        match #local {
                            #private::Some(__value) => __value,
                            #private::None => #default,
                        }
                    }
                }
            };
            quote!(#member: #value)
        });
        quote! {
            #private::cold(|| -> #private::Result<Self> {
                #(#slots)*
                #receive
                #private::Uncanner::end_record(__uncanner)?;
                #default
                #private::Ok(#path { #(#fields),* })
            })
        }
    }

    /// Calls `function`, or the one like it that takes a closure.
    fn field(&self, field: &Field<'_>, function: &str, arguments: &TokenStream) -> TokenStream {
        let private = &self.model.target.private;
        let with = quote::format_ident!("{function}_with");
        let function = quote::format_ident!("{function}");
        let receive = match &field.way {
            Way::Plain => quote! {
                #private::#with(#arguments, |__uncanner| #private::uncan_plain(__uncanner))?
            },
            Way::With(module) => quote! {
                #private::#with(#arguments, |__uncanner| #module::uncan(__uncanner))?
            },
            Way::Own | Way::Inline | Way::Skip => {
                let marker = self.header.marker_of(field.ty);
                let via = marker.map(|marker| quote!(::<_, #marker, _>));
                quote!(#private::#function #via(#arguments)?)
            }
        };
        at_field(field, receive)
    }

    /// The default of the whole struct, where a field may need it.
    fn struct_default(
        &self,
        record: &Record<'_>,
        may_miss: impl Fn(&Field<'_>) -> bool,
    ) -> Option<TokenStream> {
        let private = &self.model.target.private;
        let needs = |field: &&Field<'_>| {
            may_miss(field) && matches!(record.missing(field), Missing::OfStruct)
        };
        record.fields.iter().find(needs)?;
        let value = match record.default.as_ref()? {
            DefaultFrom::Trait => quote!(#private::Default::default()),
            DefaultFrom::Function(path) => quote!(#path()),
        };
        Some(quote!(let __default: Self = #value;))
    }

    /// The value of a field that is not there.
    fn default(&self, field: &Field<'_>, missing: &Missing) -> TokenStream {
        let private = &self.model.target.private;
        let member = &field.member;
        match missing {
            Missing::Default(DefaultFrom::Function(path)) => quote!(#path()),
            Missing::OfStruct => quote!(__default.#member),
            _ => at_field(field, quote!(#private::Default::default())),
        }
    }
}
