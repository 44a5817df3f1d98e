const _: () = {
    use ::canning_core::__private as __private;
    static __VARIANTS: [__private::Record; 4usize] = [
        __private::Record {
            name: "Shape",
            variant: __private::Some("Unit"),
            variant_aliases: &[],
            fields: __private::RecordFields::Positional(0usize),
            ignores_unknown: true,
        },
        __private::Record {
            name: "Shape",
            variant: __private::Some("Tuple"),
            variant_aliases: &[],
            fields: __private::RecordFields::Positional(2usize),
            ignores_unknown: true,
        },
        __private::Record {
            name: "Shape",
            variant: __private::Some("Named"),
            variant_aliases: &[],
            fields: __private::RecordFields::Named(
                &[
                    __private::RecordField {
                        name: "width",
                        aliases: &[],
                    },
                ],
            ),
            ignores_unknown: true,
        },
        __private::Record {
            name: "Shape",
            variant: __private::Some("Unknown"),
            variant_aliases: &[],
            fields: __private::RecordFields::Positional(0usize),
            ignores_unknown: true,
        },
    ];
    static __RECORD: __private::Enum = __private::Enum {
        name: "Shape",
        variants: &__VARIANTS,
        other: __private::Some(3usize),
    };
    #[automatically_derived]
    impl __private::Can<__private::Own> for Shape {
        #[inline]
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            __canner: &mut __C,
        ) -> __private::Result<()> {
            match self {
                Self::Unit {} => {
                    __private::Canner::begin_record(__canner, &__VARIANTS[0usize])?;
                    __private::Canner::end_record(__canner)
                }
                Self::Tuple { 0: __field0, 1: __field1 } => {
                    __private::Canner::begin_record(__canner, &__VARIANTS[1usize])?;
                    __private::can_field(
                        __field0,
                        __canner,
                        0usize,
                        &__VARIANTS[1usize],
                    )?;
                    __private::can_field(
                        __field1,
                        __canner,
                        1usize,
                        &__VARIANTS[1usize],
                    )?;
                    __private::Canner::end_record(__canner)
                }
                Self::Named { width: __field0, .. } => {
                    __private::Canner::begin_record(__canner, &__VARIANTS[2usize])?;
                    __private::can_field(
                        __field0,
                        __canner,
                        0usize,
                        &__VARIANTS[2usize],
                    )?;
                    __private::Canner::end_record(__canner)
                }
                Self::Unknown {} => {
                    __private::Canner::begin_record(__canner, &__VARIANTS[3usize])?;
                    __private::Canner::end_record(__canner)
                }
                Self::Skipped { .. } => {
                    __private::Err(
                        __private::unsupported(
                            "the variant `Shape::Skipped`, which is skipped",
                        ),
                    )
                }
            }
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Shape {
        #[inline]
        fn uncan<__U: __private::Uncanner<'__b>>(
            __uncanner: &mut __U,
        ) -> __private::Result<Self> {
            match __private::Uncanner::begin_variant(__uncanner, &__RECORD)? {
                (0usize, __private::Fields::InOrder) => {
                    let __value = Self::Unit {};
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                (0usize, __private::Fields::ByName) => {
                    __private::cold(|| -> __private::Result<Self> {
                        if let __private::Some(__index) = __private::Uncanner::next_field(
                            __uncanner,
                        )? {
                            return __private::Err(__private::no_field(__index));
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        __private::Ok(Self::Unit {})
                    })
                }
                (1usize, __private::Fields::InOrder) => {
                    let __value = Self::Tuple {
                        0: __private::uncan_field(
                            __uncanner,
                            0usize,
                            &__VARIANTS[1usize],
                        )?,
                        1: __private::uncan_field(
                            __uncanner,
                            1usize,
                            &__VARIANTS[1usize],
                        )?,
                    };
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                (1usize, __private::Fields::ByName) => {
                    __private::cold(|| -> __private::Result<Self> {
                        let mut __field0 = __private::None;
                        let mut __field1 = __private::None;
                        while let __private::Some(__index) = __private::Uncanner::next_field(
                            __uncanner,
                        )? {
                            match __index {
                                0usize => {
                                    __private::set_field(
                                        &mut __field0,
                                        __uncanner,
                                        0usize,
                                        &__VARIANTS[1usize],
                                    )?
                                }
                                1usize => {
                                    __private::set_field(
                                        &mut __field1,
                                        __uncanner,
                                        1usize,
                                        &__VARIANTS[1usize],
                                    )?
                                }
                                _ => return __private::Err(__private::no_field(__index)),
                            }
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        __private::Ok(Self::Tuple {
                            0: __private::required(
                                __field0,
                                0usize,
                                &__VARIANTS[1usize],
                            )?,
                            1: __private::required(
                                __field1,
                                1usize,
                                &__VARIANTS[1usize],
                            )?,
                        })
                    })
                }
                (2usize, __private::Fields::InOrder) => {
                    let __value = Self::Named {
                        width: __private::uncan_field(
                            __uncanner,
                            0usize,
                            &__VARIANTS[2usize],
                        )?,
                        cache: __private::Default::default(),
                    };
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                (2usize, __private::Fields::ByName) => {
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
                                        &__VARIANTS[2usize],
                                    )?
                                }
                                _ => return __private::Err(__private::no_field(__index)),
                            }
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        __private::Ok(Self::Named {
                            width: __private::required(
                                __field0,
                                0usize,
                                &__VARIANTS[2usize],
                            )?,
                            cache: __private::Default::default(),
                        })
                    })
                }
                (3usize, __private::Fields::InOrder) => {
                    let __value = Self::Unknown {};
                    __private::Uncanner::end_record(__uncanner)?;
                    __private::Ok(__value)
                }
                (3usize, __private::Fields::ByName) => {
                    __private::cold(|| -> __private::Result<Self> {
                        if let __private::Some(__index) = __private::Uncanner::next_field(
                            __uncanner,
                        )? {
                            return __private::Err(__private::no_field(__index));
                        }
                        __private::Uncanner::end_record(__uncanner)?;
                        __private::Ok(Self::Unknown {})
                    })
                }
                (__index, _) => __private::Err(__private::no_variant(&__RECORD, __index)),
            }
        }
        #[inline]
        fn recycle(&mut self, __pool: &__private::Pool) {
            match self {
                Self::Tuple { 0: __field0, 1: __field1, .. } => {
                    __private::Uncan::recycle(__field0, __pool);
                    __private::Uncan::recycle(__field1, __pool);
                }
                Self::Named { width: __field0, .. } => {
                    __private::Uncan::recycle(__field0, __pool);
                }
                _ => {}
            }
        }
    }
};
