//! Names that the code of the derive macros uses; not public API.

pub use std::{
    assert,
    default::Default,
    marker::{Copy, Send, Sync},
    mem::{offset_of, size_of},
    option::Option::{self, None, Some},
    result::Result::{Err, Ok},
    unreachable,
};

#[cfg(feature = "serde")]
pub use serde_core::{Deserialize, Serialize};

#[cfg(feature = "serde")]
pub use crate::plain::{Plain, can_plain, uncan_plain};
pub use crate::{
    array::{can_element, uncan_element},
    buffer::Pool,
    derived::{
        Check, can_field, can_field_inline, can_field_with, check, cold, element_field, in_order,
        no_field, no_variant, nothing, required, set_field, set_field_with, uncan_field,
        uncan_field_with, unsupported,
    },
    dtype::{Dtype, Field, Scalar, StructDtype},
    element::{Elem, Element, InnerShape, Validate},
    error::{Error, Result},
    object::{Can, Own, Uncan},
    record::{Enum, Fields, Record, RecordField, RecordFields},
    visitor::{Canner, Uncanner},
};
