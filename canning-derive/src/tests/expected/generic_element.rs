const _: () = {
    use ::canning_core::__private as __private;
    #[automatically_derived]
    unsafe impl<T, Unit> __private::Element for Pair<T, Unit>
    where
        Self: __private::Copy + __private::Send + __private::Sync + 'static,
        T: __private::Element,
    {
        const DTYPE: &'static __private::Dtype = {
            let _: fn(&Self) = |__item| {
                let Self { 0: _, 1: _, 2: _ } = *__item;
            };
            let _: fn(&Self) -> *const T = |__item| &raw const __item.0;
            let _: fn(&Self) -> *const T = |__item| &raw const __item.1;
            let _: fn(&Self) -> *const PhantomData<Unit> = |__item| &raw const __item.2;
            __private::nothing::<PhantomData<Unit>>();
            {
                __private::assert!(
                    __private::size_of:: < T > () + __private::size_of:: < T > () ==
                    __private::size_of:: < Self > (),
                    "`Pair` has padding, of which nobody knows what it holds: reorder its fields, or write the padding as fields"
                );
                __private::assert!(
                    __private::in_order(& [[__private::offset_of!(Self, 0),
                    __private::size_of:: < T > ()], [__private::offset_of!(Self, 1),
                    __private::size_of:: < T > ()]]),
                    "the fields of `Pair` lie in another order than `#[derive(Element)]` saw: write attributes that change the struct above the derive"
                );
            }
            &__private::Dtype::Struct(
                __private::StructDtype::of_static(
                    const {
                        &[
                            __private::element_field::<T>("f0"),
                            __private::element_field::<T>("f1"),
                        ]
                    },
                    __private::size_of::<Self>(),
                ),
            )
        };
        const VALIDATE: __private::Option<__private::Validate> = if __private::Option::is_some(
            &<T as __private::Element>::VALIDATE,
        ) || __private::Option::is_some(&<T as __private::Element>::VALIDATE)
        {
            __private::Some(|bytes| {
                __private::check(
                    bytes,
                    __private::size_of::<Self>(),
                    const { &[__private::Check::of::<T>(), __private::Check::of::<T>()] },
                )
            })
        } else {
            __private::None
        };
    }
    #[automatically_derived]
    impl<T, Unit> __private::Can<__private::Own> for Pair<T, Unit>
    where
        Self: __private::Element,
    {
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
    impl<'__b, T, Unit> __private::Uncan<'__b, __private::Own> for Pair<T, Unit>
    where
        Self: __private::Element,
    {
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
