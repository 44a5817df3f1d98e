//! One large allocation after the other is refused.

use std::{error::Error, iter};

use crate::support::refusing::refuse;

/// Refuses one large allocation after the other until none is left; says how many were missed.
///
/// `see` makes of what came out what is compared.
#[track_caller]
pub(crate) fn refuse_each<T, U: PartialEq, E: Error>(
    what: &str,
    mut run: impl FnMut() -> Result<T, E>,
    see: impl Fn(T) -> U,
) -> usize {
    refuse_each_of(what, || (), |()| run(), see)
}

/// As [`refuse_each`], with something that is made anew for each run, and may have all it needs.
#[track_caller]
pub(crate) fn refuse_each_of<P, T, U: PartialEq, E: Error>(
    what: &str,
    mut prepare: impl FnMut() -> P,
    mut run: impl FnMut(P) -> Result<T, E>,
    see: impl Fn(T) -> U,
) -> usize {
    let expected = see(run(prepare()).unwrap());
    let mut errors = 0;
    for number in 0..10_000 {
        let prepared = prepare();
        match refuse(number, || run(prepared)) {
            (Ok(value), was_refused) => {
                assert!(see(value) == expected, "{what}: another value, without {number}");
                // What is only kept to be used again may be missing.
                if !was_refused {
                    return errors;
                }
            }
            (Err(error), true) => {
                assert!(is_out_of_memory(&error), "{what}: {number}: {error}");
                errors += 1;
            }
            (Err(error), false) => panic!("{what}: {error}"),
        }
        let next = run(prepare());
        assert!(next.is_ok_and(|next| see(next) == expected), "{what}: the next, after {number}");
    }
    panic!("{what}: there is no end");
}

/// Whether an error says so, or its source does.
pub(crate) fn is_out_of_memory(error: &dyn Error) -> bool {
    let mut causes = iter::successors(Some(error), |error| (*error).source());
    causes.any(|error| error.to_string().contains("out of memory"))
}
