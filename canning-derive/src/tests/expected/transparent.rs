const _: () = {
    use crate::reexports::__private as __private;
    #[automatically_derived]
    impl<T, __V0> __private::Can<__V0> for Wrapper<T>
    where
        T: __private::Can<__V0>,
    {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::Can::can(&self.inner, __canner)
        }
    }
    #[automatically_derived]
    impl<'__b, T, __V0> __private::Uncan<'__b, __V0> for Wrapper<T>
    where
        T: __private::Uncan<'__b, __V0>,
    {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            __private::Ok(Self {
                inner: __private::Uncan::uncan(__uncanner)?,
                cache: __private::Default::default(),
            })
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            __private::Uncan::recycle(&mut self.inner, __pool);
        }
    }
};
