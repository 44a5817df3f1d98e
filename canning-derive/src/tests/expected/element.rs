const _: () = {
    use ::canning_core::__private as __private;
    const _: () = {
        __private::assert!(
            __private::size_of:: < [f64; 3] > () + __private::size_of:: < u32 > () +
            __private::size_of:: < [bool; 4] > () == __private::size_of:: < Particle >
            (),
            "`Particle` has padding, of which nobody knows what it holds: reorder its fields, or write the padding as fields"
        );
        __private::assert!(
            __private::in_order(& [[__private::offset_of!(Particle, position),
            __private::size_of:: < [f64; 3] > ()], [__private::offset_of!(Particle,
            species), __private::size_of:: < u32 > ()], [__private::offset_of!(Particle,
            alive), __private::size_of:: < [bool; 4] > ()]]),
            "the fields of `Particle` lie in another order than `#[derive(Element)]` saw: write attributes that change the struct above the derive"
        );
    };
    #[automatically_derived]
    unsafe impl __private::Element for Particle {
        const DTYPE: &'static __private::Dtype = {
            let _: fn(&Self) = |__item| {
                let Self { position: _, species: _, alive: _ } = *__item;
            };
            let _: fn(&Self) -> *const [f64; 3] = |__item| &raw const __item.position;
            let _: fn(&Self) -> *const u32 = |__item| &raw const __item.species;
            let _: fn(&Self) -> *const [bool; 4] = |__item| &raw const __item.alive;
            &__private::Dtype::Struct(
                __private::StructDtype::of_static(
                    const {
                        &[
                            __private::element_field::<[f64; 3]>("position"),
                            __private::element_field::<u32>("kind"),
                            __private::element_field::<[bool; 4]>("alive"),
                        ]
                    },
                    __private::size_of::<Self>(),
                ),
            )
        };
        const VALIDATE: __private::Option<__private::Validate> = if __private::Option::is_some(
            &<[f64; 3] as __private::Element>::VALIDATE,
        ) || __private::Option::is_some(&<u32 as __private::Element>::VALIDATE)
            || __private::Option::is_some(&<[bool; 4] as __private::Element>::VALIDATE)
        {
            __private::Some(|bytes| {
                __private::check(
                    bytes,
                    __private::size_of::<Self>(),
                    const {
                        &[
                            __private::Check::of::<[f64; 3]>(),
                            __private::Check::of::<u32>(),
                            __private::Check::of::<[bool; 4]>(),
                        ]
                    },
                )
            })
        } else {
            __private::None
        };
    }
    #[automatically_derived]
    impl __private::Can<__private::Own> for Particle {
        const ELEMENT: __private::Option<__private::Elem<Self>> = __private::Some(
            __private::Elem::of(),
        );
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::can_element(self, __canner)
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Particle {
        const ELEMENT: __private::Option<__private::Elem<Self>> = __private::Some(
            __private::Elem::of(),
        );
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            __private::uncan_element(__uncanner)
        }
    }
};
