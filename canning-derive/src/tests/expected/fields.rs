const _: () = {
    use ::canning_core::__private as __private;
    static __RECORD: __private::Record = __private::Record {
        name: "F",
        variant: __private::None,
        variant_aliases: &[],
        fields: __private::RecordFields::Named(
            &[
                __private::RecordField {
                    name: "firstField",
                    aliases: &["a", "b"],
                },
                __private::RecordField {
                    name: "second",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "plain",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "hex",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "small",
                    aliases: &[],
                },
            ],
        ),
        ignores_unknown: false,
    };
    #[automatically_derived]
    impl __private::Can<__private::Own> for Fields {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::Canner::begin_record(__canner, &__RECORD)?;
            __private::can_field(&self.first_field, __canner, 0usize, &__RECORD)?;
            __private::can_field(&self.second, __canner, 1usize, &__RECORD)?;
            __private::can_field_with(
                __canner,
                2usize,
                &__RECORD,
                |__canner| { __private::can_plain(&self.plain, __canner) },
            )?;
            __private::can_field_with(
                __canner,
                3usize,
                &__RECORD,
                |__canner| { crate::hex::can(&self.hex, __canner) },
            )?;
            __private::can_field_inline(&self.small, __canner, 4usize, &__RECORD)?;
            __private::Canner::end_record(__canner)
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Fields {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            match __private::Uncanner::begin_record(__uncanner, &__RECORD)? {
                __private::Fields::InOrder => {
                    let __value = Self {
                        first_field: __private::uncan_field(
                            __uncanner,
                            0usize,
                            &__RECORD,
                        )?,
                        second: __private::uncan_field(__uncanner, 1usize, &__RECORD)?,
                        cache: __private::Default::default(),
                        plain: __private::uncan_field_with(
                            __uncanner,
                            2usize,
                            &__RECORD,
                            |__uncanner| __private::uncan_plain(__uncanner),
                        )?,
                        hex: __private::uncan_field_with(
                            __uncanner,
                            3usize,
                            &__RECORD,
                            |__uncanner| crate::hex::uncan(__uncanner),
                        )?,
                        small: __private::uncan_field(__uncanner, 4usize, &__RECORD)?,
                    };
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                __private::Fields::ByName => {
                    __private::cold(|| -> __private::Result<Self> {
                        let mut __field0 = __private::None;
                        let mut __field1 = __private::None;
                        let mut __field2 = __private::None;
                        let mut __field3 = __private::None;
                        let mut __field4 = __private::None;
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
                                1usize => {
                                    __private::set_field(
                                        &mut __field1,
                                        __uncanner,
                                        1usize,
                                        &__RECORD,
                                    )?
                                }
                                2usize => {
                                    __private::set_field_with(
                                        &mut __field2,
                                        __uncanner,
                                        2usize,
                                        &__RECORD,
                                        |__uncanner| __private::uncan_plain(__uncanner),
                                    )?
                                }
                                3usize => {
                                    __private::set_field_with(
                                        &mut __field3,
                                        __uncanner,
                                        3usize,
                                        &__RECORD,
                                        |__uncanner| crate::hex::uncan(__uncanner),
                                    )?
                                }
                                4usize => {
                                    __private::set_field(
                                        &mut __field4,
                                        __uncanner,
                                        4usize,
                                        &__RECORD,
                                    )?
                                }
                                _ => return __private::Err(__private::no_field(__index)),
                            }
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        __private::Ok(Self {
                            first_field: match __field0 {
                                __private::Some(__value) => __value,
                                __private::None => __private::Default::default(),
                            },
                            second: match __field1 {
                                __private::Some(__value) => __value,
                                __private::None => make::second(),
                            },
                            cache: __private::Default::default(),
                            plain: __private::required(__field2, 2usize, &__RECORD)?,
                            hex: __private::required(__field3, 3usize, &__RECORD)?,
                            small: __private::required(__field4, 4usize, &__RECORD)?,
                        })
                    })
                }
            }
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            __private::Uncan::recycle(&mut self.first_field, __pool);
            __private::Uncan::recycle(&mut self.second, __pool);
            __private::Uncan::recycle(&mut self.small, __pool);
        }
    }
};
