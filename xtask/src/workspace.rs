//! The workspace: where it is, and what is in it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The crates that are published, each after those it depends on.
pub(crate) const PUBLISHED: [&str; 6] = [
    "canning-derive",
    "canning-core",
    "canning-ndarray",
    "canning-wire",
    "canning-python",
    "canning-ipyparallel",
];

/// The benchmarks.
pub(crate) const BENCH: &str = "canning-bench";

/// Selects every crate but the benchmarks, whose peers take long to build.
pub(crate) const ALL_BUT_BENCH: [&str; 3] = ["--workspace", "--exclude", BENCH];

/// Makes the workspace's root the working directory.
///
/// # Errors
///
/// If the root is not there, or not ours to enter.
pub(crate) fn enter_root() -> Result<(), Error> {
    let root = root();
    env::set_current_dir(&root).map_err(|source| Error::Io { path: root, source })
}

/// The names of the targets that stand in `directory`, sorted: Rust files, and directories with
/// a `main.rs`, as cargo finds them; none if it is not there.
///
/// # Errors
///
/// If the directory cannot be read.
pub(crate) fn targets_in(directory: &Path) -> Result<Vec<String>, Error> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |source| Error::Io { path: directory.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().join("main.rs").is_file() {
            names.push(name);
        } else {
            names.extend(name.strip_suffix(".rs").map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

/// The directory above this crate's: as cargo says now, so that a workspace may be moved, and
/// otherwise as it was when this was built.
fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned());
    here.parent().map_or_else(|| here.clone(), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_every_published_crate() {
        for name in PUBLISHED {
            assert!(root().join(name).join("Cargo.toml").is_file(), "{name}");
        }
    }

    #[test]
    fn targets_are_the_rust_files_of_one_directory() {
        assert!(targets_in(Path::new("no/such/directory")).unwrap().is_empty());
        let names = targets_in(&root().join("xtask/src")).unwrap();
        assert!(names.is_sorted());
        assert!(names.contains(&"workspace".to_owned()), "{names:?}");
        assert!(
            !names.contains(&"commands".to_owned()),
            "a directory without a main.rs is not a target"
        );
        let tests = targets_in(&root().join("canning-tests/tests")).unwrap();
        assert!(tests.contains(&"ndarray".to_owned()), "{tests:?}");
    }
}
