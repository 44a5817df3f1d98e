//! The rules between attributes: one function each.

use crate::{ast::Input, ctxt::Ctxt};

/// Checks what `#[derive(Canned)]` is given.
pub(crate) fn canned(ctxt: &Ctxt, input: &Input<'_>) {
    let _ = (ctxt, input);
}

/// Checks what `#[derive(Element)]` is given.
pub(crate) fn element(ctxt: &Ctxt, input: &Input<'_>) {
    let _ = (ctxt, input);
}
