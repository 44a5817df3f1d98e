const _: () = {
    use ::canning_core::__private as __private;
    const _: () = {
        __private::assert!(
            __private::size_of:: < f64 > () == __private::size_of:: < Meters > (),
            "`Meters` has padding, of which nobody knows what it holds: reorder its fields, or write the padding as fields"
        );
        __private::assert!(
            __private::in_order(& [[__private::offset_of!(Meters, 0),
            __private::size_of:: < f64 > ()]]),
            "the fields of `Meters` lie in another order than `#[derive(Element)]` saw: write attributes that change the struct above the derive"
        );
    };
    #[automatically_derived]
    unsafe impl __private::Element for Meters {
        const DTYPE: &'static __private::Dtype = {
            let _: fn(&Self) = |__item| {
                let Self { 0: _ } = *__item;
            };
            let _: fn(&Self) -> *const f64 = |__item| &raw const __item.0;
            <f64 as __private::Element>::DTYPE
        };
        const INNER: __private::InnerShape = <f64 as __private::Element>::INNER;
        const VALIDATE: __private::Option<__private::Validate> = <f64 as __private::Element>::VALIDATE;
    }
    #[automatically_derived]
    impl __private::Can<__private::Own> for Meters {
        const ELEMENT: __private::Option<__private::Elem<Self>> = __private::Some(
            __private::Elem::of(),
        );
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::Can::can(&self.0, __canner)
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Meters {
        const ELEMENT: __private::Option<__private::Elem<Self>> = __private::Some(
            __private::Elem::of(),
        );
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            __private::Ok(Self {
                0: __private::Uncan::uncan(__uncanner)?,
            })
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            __private::Uncan::recycle(&mut self.0, __pool);
        }
    }
};
