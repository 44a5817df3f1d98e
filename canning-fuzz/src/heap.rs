//! What a piece of code takes of memory, against what it may.

#[path = "../../canning-wire/tests/support/counting.rs"]
#[expect(unreachable_pub, reason = "shared with the tests")]
mod counting;

use self::counting::{Counting, count};

/// Counts for all that link this crate: the fuzzer's binaries, and the test.
#[global_allocator]
static COUNTING: Counting = Counting;

/// Runs a piece of code that may have `most` bytes in use at a time, beyond those at its start.
///
/// # Panics
///
/// Where it took more.
#[track_caller]
pub(crate) fn within<T>(what: &str, most: usize, run: impl FnOnce() -> T) -> T {
    let (value, count) = count(run);
    assert!(count.peak <= most, "{what} takes {count:?}, of {most} allowed");
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_passes() {
        assert_eq!(within("a list", 4096, || vec![7_u8; 4000].len()), 4000);
    }

    #[test]
    #[should_panic = "a list takes"]
    fn what_is_beyond_panics() {
        within("a list", 4096, || vec![7_u8; 5000].len());
    }
}
