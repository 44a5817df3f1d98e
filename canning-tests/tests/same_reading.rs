//! A tree in memory and a header are read alike: what one refuses, the other refuses, in the
//! same words.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fmt::Debug;

use canning_core::{Can, Canned, CannedObject, Uncan, Value};
use canning_wire::can;

/// Types of one name, as programs of several versions have them.
macro_rules! versions {
    ($($version:ident { $($item:item)* })*) => {$(
        mod $version {
            use super::Canned;
            $(#[derive(Canned, Debug, Default, PartialEq)] $item)*
        }
    )*};
}

versions! {
    unit { pub(super) struct P; }
    one { pub(super) struct P(pub(super) i32, #[canned(default)] pub(super) i32); }
    single { pub(super) struct P(pub(super) i32); }
    two { pub(super) struct P(pub(super) i32, pub(super) i32); }
    empty { pub(super) struct P {} }
    strict { #[canned(deny_unknown_fields)] pub(super) struct P {} }
    named { pub(super) struct P { pub(super) a: i32, pub(super) b: i32 } }
    turned { pub(super) struct P { pub(super) b: i32, pub(super) a: i32 } }
    aliased { pub(super) struct P { #[canned(alias = "a", alias = "b")] pub(super) c: i32 } }
    fewer { #[canned(deny_unknown_fields)] pub(super) struct P { pub(super) a: i32 } }
}

#[test]
fn every_version_reads_every_other_alike() {
    reads_alike(&unit::P);
    reads_alike(&one::P(1, 2));
    reads_alike(&single::P(1));
    reads_alike(&two::P(1, 2));
    reads_alike(&empty::P {});
    reads_alike(&strict::P {});
    reads_alike(&named::P { a: 1, b: 2 });
    reads_alike(&turned::P { a: 1, b: 2 });
    reads_alike(&aliased::P { c: 1 });
    reads_alike(&fewer::P { a: 1 });
    reads_alike(&Some(two::P(1, 2)));
    reads_alike(&5);
}

#[test]
fn fields_without_names_are_never_dropped() {
    let sent = Value::of(&two::P(1, 2)).unwrap();
    let refused = sent.read::<single::P, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected length 1, found 2");
    let refused = sent.read::<named::P, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected record, found tuple");
}

fn reads_alike<T: Can>(sent: &T) {
    reads_alike_as::<_, unit::P>(sent);
    reads_alike_as::<_, one::P>(sent);
    reads_alike_as::<_, single::P>(sent);
    reads_alike_as::<_, two::P>(sent);
    reads_alike_as::<_, empty::P>(sent);
    reads_alike_as::<_, strict::P>(sent);
    reads_alike_as::<_, named::P>(sent);
    reads_alike_as::<_, turned::P>(sent);
    reads_alike_as::<_, aliased::P>(sent);
    reads_alike_as::<_, fewer::P>(sent);
    reads_alike_as::<_, Option<two::P>>(sent);
    reads_alike_as::<_, Value>(sent);
}

fn reads_alike_as<S: Can, T: for<'b> Uncan<'b> + Debug + PartialEq>(sent: &S) {
    let from_tree = Value::of(sent).unwrap().read::<T, _>();
    let from_header = can(sent).unwrap().get_object::<T, _>();
    let (from_tree, from_header) = (
        from_tree.map_err(|error| error.to_string()),
        from_header.map_err(|error| error.to_string()),
    );
    assert_eq!(from_tree, from_header, "of {}", Value::of(sent).unwrap());
}
