const _: () = {
    use ::canning_core::__private as __private;
    #[automatically_derived]
    impl<'a, T> __private::Can<__private::Own> for Plain<'a, T>
    where
        Self: __private::Serialize,
    {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::can_plain(self, __canner)
        }
    }
    #[automatically_derived]
    impl<'__b: 'a, 'a, T> __private::Uncan<'__b, __private::Own> for Plain<'a, T>
    where
        Self: __private::Deserialize<'__b>,
    {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            __private::uncan_plain(__uncanner)
        }
    }
};
