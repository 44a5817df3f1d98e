const _: () = {
    use ::canning_core::__private as __private;
    static __VARIANTS: [__private::Record; 0usize] = [];
    static __RECORD: __private::Enum = __private::Enum {
        name: "Never",
        variants: &__VARIANTS,
        other: __private::None,
    };
    #[automatically_derived]
    impl __private::Can<__private::Own> for Never {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            match *self {}
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Never {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            match __private::Uncanner::begin_variant(__uncanner, &__RECORD)? {
                (__index, _) => __private::Err(__private::no_variant(&__RECORD, __index)),
            }
        }
    }
};
