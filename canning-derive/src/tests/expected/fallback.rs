::core::compile_error! {
    "there is no attribute `renam`: did you mean `rename`?"
}
::core::compile_error! {
    "the layout of `Wrong` is the compiler's choice: write `#[repr(C)]` above it, or `#[repr(transparent)]` for a struct of one field"
}
const _: () = {
    use ::canning_core::__private as __private;
    #[automatically_derived]
    unsafe impl __private::Element for Wrong {
        const DTYPE: &'static __private::Dtype = &__private::Dtype::Scalar(
            __private::Scalar::U8,
        );
    }
    #[automatically_derived]
    impl __private::Can<__private::Own> for Wrong {
        fn can<'__a, __C: __private::Canner<'__a>>(
            &'__a self,
            _: &mut __C,
        ) -> __private::Result<()> {
            __private::unreachable!()
        }
    }
    #[automatically_derived]
    impl<'__b> __private::Uncan<'__b, __private::Own> for Wrong {
        fn uncan<__U: __private::Uncanner<'__b>>(
            _: &mut __U,
        ) -> __private::Result<Self> {
            __private::unreachable!()
        }
    }
};
