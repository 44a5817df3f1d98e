//! Collects errors, so that the user sees all of them at once.

use std::{cell::RefCell, fmt, thread};

use quote::ToTokens;

/// The errors of one derive.
///
/// It must be asked for them: dropping it unasked is a bug of this crate, and panics.
#[derive(Debug)]
pub(crate) struct Ctxt {
    /// `None` once [`check`](Self::check) has taken them.
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Ctxt {
    /// Makes one without errors.
    pub(crate) fn new() -> Self {
        Self { errors: RefCell::new(Some(Vec::new())) }
    }

    /// Adds an error that points at `tokens` and says what to write instead.
    pub(crate) fn error(&self, tokens: impl ToTokens, message: impl fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds an error of the parser's.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    /// Gives all errors as one, if there are any.
    pub(crate) fn check(self) -> syn::Result<()> {
        let errors = self.errors.take().unwrap_or_default();
        let all = errors.into_iter().reduce(|mut all, error| {
            all.combine(error);
            all
        });
        all.map_or(Ok(()), Err)
    }
}

impl Drop for Ctxt {
    fn drop(&mut self) {
        if !thread::panicking() && self.errors.borrow().is_some() {
            panic!("the errors of a derive were not asked for");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_come_at_once() {
        let ctxt = Ctxt::new();
        ctxt.error(quote::quote!(a), "one");
        ctxt.error(quote::quote!(b), "two");
        let all = ctxt.check().unwrap_err();
        let texts: Vec<String> = all.into_iter().map(|error| error.to_string()).collect();
        assert_eq!(texts, ["one", "two"]);
    }

    #[test]
    #[should_panic(expected = "not asked for")]
    fn unasked_errors_panic() {
        drop(Ctxt::new());
    }
}
