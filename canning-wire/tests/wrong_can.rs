//! A `can` of a user's that is wrong: it announces other parts than it writes.

use std::panic::catch_unwind;

use canning_core::{Can, ErrorKind, Result, visitor::Canner};
use canning_wire::can;

/// Writes what its number says.
struct Wrong(u8);

impl Can for Wrong {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        match self.0 {
            0 => Ok(()),
            1 => canner.u64(1).and_then(|()| canner.u64(2)),
            2 => canner.begin_list(3).and_then(|()| canner.u64(1)),
            3 => canner.begin_list(0).and_then(|()| canner.u64(1)),
            4 => canner.begin_map(1).and_then(|()| canner.u64(1)),
            5 => canner.begin_some().and_then(|()| canner.end_some()),
            6 => canner.begin_object_array(&[2, 2]).and_then(|()| canner.u64(1)),
            _ => canner.begin_object_array(&[usize::MAX, 2]),
        }
    }
}

#[test]
#[cfg(debug_assertions)]
fn what_is_no_value_is_a_bug_that_debug_builds_find() {
    for number in 0..=6 {
        let found = catch_unwind(|| can(&Wrong(number)).map(drop)).is_err();
        assert!(found, "{number}");
        let found = catch_unwind(|| can(&(1_u8, Wrong(number), "behind it")).map(drop)).is_err();
        // What stands behind it may be taken for its own, and is missing then.
        assert!(found, "{number} in a tuple");
    }
}

#[test]
fn a_shape_that_overflows_is_refused() {
    let refused = can(&Wrong(7)).map(drop).map_err(canning_core::Error::into_kind);
    assert!(matches!(refused, Err(ErrorKind::Layout("the shape overflows"))), "{refused:?}");
}
