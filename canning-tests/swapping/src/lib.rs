//! An attribute macro that changes what stands below it.

use proc_macro::TokenStream;

/// Puts what stands in the brackets in the place of the item: `#[swapping::by(struct Other;)]`.
///
/// A derive that stands above it has seen the item, not what takes its place.
#[proc_macro_attribute]
pub fn by(attr: TokenStream, _item: TokenStream) -> TokenStream {
    attr
}
