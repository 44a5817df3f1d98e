//! Headers for people: CBOR's diagnostic notation.

use canning_core::Buffer;

/// Prints a header, or says where it stops being CBOR.
pub(crate) fn header(header: &Buffer<'_>) -> String {
    let bytes: Vec<u8> = header.segments().flatten().copied().collect();
    minicbor::display(&bytes).to_string()
}
