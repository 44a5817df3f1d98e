//! A file is named for what it defines.

use crate::commands::tidy::place;
use crate::commands::tidy::source::Source;
use crate::commands::tidy::violation::Violation;

/// Refuses names that say nothing.
pub(in crate::commands::tidy) fn check(source: &Source<'_>) -> Vec<Violation> {
    let module = place::module(source.path);
    if NAMES.contains(&module) {
        let message = format!("`{module}` says nothing: name the file for what it defines");
        vec![source.violation(1, message)]
    } else {
        Vec::new()
    }
}

const NAMES: &[&str] = &["types", "util", "utils"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tidy::files::File;

    #[test]
    fn names_that_say_nothing_are_refused() {
        for path in ["canning-core/src/utils.rs", "a/src/types/mod.rs", "a/tests/util.rs"] {
            assert_eq!(check(&Source::new(&File::new(path, ""))).len(), 1, "{path}");
        }
        let file = File::new("canning-core/src/dtype.rs", "");
        assert!(check(&Source::new(&file)).is_empty());
    }
}
