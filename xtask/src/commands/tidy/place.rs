//! What a file is, by its path alone.

/// Whether the file is a test's input: compiled to fail, or compared with, never read as code.
pub(super) fn is_fixture(path: &str) -> bool {
    has_directory(path, &["ui", "expected", "fixtures", "vectors"])
}

/// Whether the whole file is test code.
pub(super) fn is_test(path: &str) -> bool {
    path.starts_with("canning-tests/")
        || path.ends_with("/tests.rs")
        || has_directory(path, &["tests"])
}

/// Whether the file belongs to a library or program itself.
pub(super) fn is_src(path: &str) -> bool {
    has_directory(path, &["src"])
}

/// The file's name without `.rs`. A `mod.rs` has the name of its directory.
pub(super) fn module(path: &str) -> &str {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}

fn has_directory(path: &str, names: &[&str]) -> bool {
    let directories = path.rsplit_once('/').map_or("", |(directories, _)| directories);
    directories.split('/').any(|directory| names.contains(&directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixtures_are_told_by_their_directory() {
        assert!(is_fixture("canning-tests/tests/ui/element/padding.rs"));
        assert!(is_fixture("canning-derive/src/tests/expected/record.rs"));
        assert!(!is_fixture("canning-tests/tests/ui.rs"));
        assert!(!is_fixture("canning-wire/tests/vectors.rs"));
    }

    #[test]
    fn test_files_are_told_by_their_path() {
        for path in [
            "canning-wire/tests/hostile.rs",
            "canning-core/src/buffer/tests.rs",
            "canning-derive/src/tests/mod.rs",
            "canning-tests/src/lib.rs",
        ] {
            assert!(is_test(path), "{path}");
        }
        assert!(!is_test("xtask/src/commands/test.rs"));
        assert!(!is_test("canning-core/src/object.rs"));
    }

    #[test]
    fn src_is_a_directory() {
        assert!(is_src("xtask/src/main.rs"));
        assert!(!is_src("canning-demo/examples/tour.rs"));
    }

    #[test]
    fn a_module_is_named_for_its_file_or_directory() {
        assert_eq!(module("canning-core/src/error.rs"), "error");
        assert_eq!(module("canning-core/src/impls/mod.rs"), "impls");
        assert_eq!(module("build.rs"), "build");
    }
}
