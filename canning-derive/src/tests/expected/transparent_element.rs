const _: () = {
    use ::canning_core::__private as __private;
    #[automatically_derived]
    unsafe impl __private::Element for Meters {
        const DTYPE: &'static __private::Dtype = { <f64 as __private::Element>::DTYPE };
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
    }
};
