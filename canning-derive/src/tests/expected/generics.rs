const _: () = {
    use ::canning_core::__private as __private;
    static __RECORD: __private::Record = __private::Record {
        name: "Generic",
        variant: __private::None,
        variant_aliases: &[],
        fields: __private::RecordFields::Named(
            &[
                __private::RecordField {
                    name: "map",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "borrowed",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "items",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "next",
                    aliases: &[],
                },
                __private::RecordField {
                    name: "unit",
                    aliases: &[],
                },
            ],
        ),
        ignores_unknown: true,
    };
    #[automatically_derived]
    impl<
        'a,
        T: Clone,
        K,
        const N: usize,
        __V0,
        __V1,
        __V2,
        __V3,
    > __private::Can<(__V0, __V1, __V2, __V3)> for Generic<'a, T, K, N>
    where
        K: Ord,
        T: __private::Can<__V0>,
        K: __private::Can<__V1>,
        Cow<'a, [T]>: __private::Can<__V2>,
        T::Items: __private::Can<__V3>,
    {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            __private::Canner::begin_record(__canner, &__RECORD)?;
            __private::can_field(&self.map, __canner, 0usize, &__RECORD)?;
            __private::can_field::<
                _,
                __V2,
                _,
            >(&self.borrowed, __canner, 1usize, &__RECORD)?;
            __private::can_field::<
                _,
                __V3,
                _,
            >(&self.items, __canner, 2usize, &__RECORD)?;
            __private::can_field(&self.next, __canner, 3usize, &__RECORD)?;
            __private::can_field(&self.unit, __canner, 4usize, &__RECORD)?;
            __private::Canner::end_record(__canner)
        }
    }
    #[automatically_derived]
    impl<
        '__b: 'a,
        'a,
        T: Clone,
        K,
        const N: usize,
        __V0,
        __V1,
        __V2,
        __V3,
    > __private::Uncan<'__b, (__V0, __V1, __V2, __V3)> for Generic<'a, T, K, N>
    where
        K: Ord,
        T: __private::Uncan<'__b, __V0>,
        K: __private::Uncan<'__b, __V1>,
        Cow<'a, [T]>: __private::Uncan<'__b, __V2>,
        T::Items: __private::Uncan<'__b, __V3>,
    {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            match __private::Uncanner::begin_record(__uncanner, &__RECORD)? {
                __private::Fields::InOrder => {
                    let __value = Self {
                        map: __private::uncan_field(__uncanner, 0usize, &__RECORD)?,
                        borrowed: __private::uncan_field::<
                            _,
                            __V2,
                            _,
                        >(__uncanner, 1usize, &__RECORD)?,
                        items: __private::uncan_field::<
                            _,
                            __V3,
                            _,
                        >(__uncanner, 2usize, &__RECORD)?,
                        next: __private::uncan_field(__uncanner, 3usize, &__RECORD)?,
                        unit: __private::uncan_field(__uncanner, 4usize, &__RECORD)?,
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
                                    __private::set_field::<
                                        _,
                                        __V2,
                                        _,
                                    >(&mut __field1, __uncanner, 1usize, &__RECORD)?
                                }
                                2usize => {
                                    __private::set_field::<
                                        _,
                                        __V3,
                                        _,
                                    >(&mut __field2, __uncanner, 2usize, &__RECORD)?
                                }
                                3usize => {
                                    __private::set_field(
                                        &mut __field3,
                                        __uncanner,
                                        3usize,
                                        &__RECORD,
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
                            map: __private::required(__field0, 0usize, &__RECORD)?,
                            borrowed: __private::required(__field1, 1usize, &__RECORD)?,
                            items: __private::required(__field2, 2usize, &__RECORD)?,
                            next: __private::required(__field3, 3usize, &__RECORD)?,
                            unit: __private::required(__field4, 4usize, &__RECORD)?,
                        })
                    })
                }
            }
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            __private::Uncan::recycle(&mut self.map, __pool);
            __private::Uncan::<__V2>::recycle(&mut self.borrowed, __pool);
            __private::Uncan::<__V3>::recycle(&mut self.items, __pool);
            __private::Uncan::recycle(&mut self.next, __pool);
            __private::Uncan::recycle(&mut self.unit, __pool);
        }
    }
};
