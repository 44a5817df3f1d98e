const _: () = {
    use ::canning_core::__private as __private;
    static __RECORD: __private::Record = __private::Record {
        name: "Frame",
        variant: __private::None,
        variant_aliases: &[],
        fields: __private::RecordFields::Named(
            &[
                __private::RecordField {
                    name: "index",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "positions",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "type",
                    aliases: &[],
                },
            ],
        ),
        ignores_unknown: true,
    };
    #[automatically_derived]
    impl __private::Can<__private::Own> for Frame {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::Canner::begin_record(__canner, &__RECORD)?;
            __private::can_field(&self.index, __canner, 0usize, &__RECORD)?;
            __private::can_field(&self.positions, __canner, 1usize, &__RECORD)?;
            __private::can_field(&self.r#type, __canner, 2usize, &__RECORD)?;
            __private::Canner::end_record(__canner)
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Frame {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            match __private::Uncanner::begin_record(__uncanner, &__RECORD)? {
                __private::Fields::InOrder => {
                    let __value = Self {
                        index: __private::uncan_field(__uncanner, 0usize, &__RECORD)?,
                        positions: __private::uncan_field(
                            __uncanner,
                            1usize,
                            &__RECORD,
                        )?,
                        r#type: __private::uncan_field(__uncanner, 2usize, &__RECORD)?,
                    };
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                __private::Fields::ByName => {
                    __private::cold(|| -> __private::Result<Self> {
                        let mut __field0 = __private::None;
                        let mut __field1 = __private::None;
                        let mut __field2 = __private::None;
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
                                    __private::set_field(
                                        &mut __field2,
                                        __uncanner,
                                        2usize,
                                        &__RECORD,
                                    )?
                                }
                                _ => return __private::Err(__private::no_field(__index)),
                            }
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        __private::Ok(Self {
                            index: __private::required(__field0, 0usize, &__RECORD)?,
                            positions: __private::required(__field1, 1usize, &__RECORD)?,
                            r#type: __private::required(__field2, 2usize, &__RECORD)?,
                        })
                    })
                }
            }
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            __private::Uncan::recycle(&mut self.index, __pool);
            __private::Uncan::recycle(&mut self.positions, __pool);
            __private::Uncan::recycle(&mut self.r#type, __pool);
        }
    }
};
