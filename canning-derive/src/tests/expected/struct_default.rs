const _: () = {
    use ::canning_core::__private as __private;
    static __RECORD: __private::Record = __private::Record {
        name: "Options",
        variant: __private::None,
        variant_aliases: &[],
        fields: __private::RecordFields::Positional(1usize),
        ignores_unknown: true,
    };
    #[automatically_derived]
    impl<T> __private::Can<__private::Own> for Options<T> {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::Canner::begin_record(__canner, &__RECORD)?;
            __private::can_field(&self.0, __canner, 0usize, &__RECORD)?;
            __private::Canner::end_record(__canner)
        }
    }
    #[automatically_derived]
    impl<'__b, T> __private::Uncan<'__b, __private::Own> for Options<T>
    where
        Self: __private::Default,
    {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            match __private::Uncanner::begin_record(__uncanner, &__RECORD)? {
                __private::Fields::InOrder => {
                    let __default: Self = __private::Default::default();
                    let __value = Self {
                        0: __private::uncan_field(__uncanner, 0usize, &__RECORD)?,
                        1: __default.1,
                    };
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                __private::Fields::ByName => {
                    __private::cold(|| -> __private::Result<Self> {
                        let mut __field0 = __private::None;
                        while let __private::Some(__index) = __private::Uncanner::next_field(
                            __uncanner,
                        )? {
                            match __index {
                                0usize => {
                                    __private::set_field(
                                        &mut __field0,
                                        __uncanner,
                                        0usize,
                                        &__RECORD,
                                    )?
                                }
                                _ => return __private::Err(__private::no_field(__index)),
                            }
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        let __default: Self = __private::Default::default();
                        __private::Ok(Self {
                            0: match __field0 {
                                __private::Some(__value) => __value,
                                __private::None => __default.0,
                            },
                            1: __default.1,
                        })
                    })
                }
            }
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            __private::Uncan::recycle(&mut self.0, __pool);
        }
    }
};
