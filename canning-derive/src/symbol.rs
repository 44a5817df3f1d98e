//! The names of attributes.

use std::fmt;

/// The name of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol(pub(crate) &'static str);

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! symbols {
    ($($constant:ident $name:literal)*) => {
        $(pub(crate) const $constant: Symbol = Symbol($name);)*
    };
}

symbols! {
    ALIAS "alias"
    BOUND "bound"
    CANNED "canned"
    CRATE "crate"
    DEFAULT "default"
    DENY_UNKNOWN_FIELDS "deny_unknown_fields"
    INLINE "inline"
    OTHER "other"
    PLAIN "plain"
    RENAME "rename"
    RENAME_ALL "rename_all"
    REPR "repr"
    SKIP "skip"
    TRANSPARENT "transparent"
    WITH "with"
}
