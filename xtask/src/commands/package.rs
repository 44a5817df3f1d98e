//! `package`: what would be published, built as a user would get it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::process::Process;
use crate::workspace::PUBLISHED;

/// Packages the published crates together, so that each finds those it depends on before any
/// of them is published. Uncommitted changes are packaged too.
///
/// Cargo takes a crate of the same name and version for the same crate. So what an earlier run
/// unpacked and built of ours, which may be of older sources, is removed first.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    remove(Path::new(TARGET))?;
    forget_unpacked()?;
    let packages = PUBLISHED.iter().flat_map(|name| ["--package", name]);
    Process::cargo()
        .args(["package", "--allow-dirty", "--target-dir", TARGET])
        .args(packages)
        .args(args)
        .run()?;
    forget_unpacked()
}

/// Apart from where everything else is built.
const TARGET: &str = "target/packages";

/// Removes our crates from where cargo unpacks those of registries without a name: a temporary
/// one is made for packages that depend on each other, under the same name each time.
fn forget_unpacked() -> Result<(), Error> {
    let Some(home) = cargo_home() else { return Ok(()) };
    let sources = home.join("registry/src");
    if !sources.is_dir() {
        return Ok(());
    }
    for registry in entries(&sources)? {
        if !has_prefix(&registry, "-") {
            continue;
        }
        let unpacked = entries(&registry)?;
        let (ours, others) = unpacked.iter().partition::<Vec<_>, _>(|path| is_ours(path));
        for path in &ours {
            remove(path)?;
        }
        if others.is_empty() {
            remove(&registry)?;
        }
    }
    Ok(())
}

fn is_ours(unpacked: &Path) -> bool {
    PUBLISHED.iter().any(|name| has_prefix(unpacked, &format!("{name}-{VERSION}")))
}

/// Every crate of the workspace has it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn has_prefix(path: &Path, prefix: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
}

fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    set.or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Io { path: directory.to_owned(), source };
    let entries = fs::read_dir(directory).map_err(failed)?;
    entries.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}

/// Removes a directory that may not be there.
fn remove(directory: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(directory) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(Error::Io { path: directory.to_owned(), source })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_unpacked_of_this_version_is_ours() {
        let ours = format!("registry/src/-0123456789abcdef/canning-core-{VERSION}");
        assert!(is_ours(Path::new(&ours)));
        assert!(!is_ours(Path::new("registry/src/-0123456789abcdef/canning-core-99.0.0")));
        assert!(!is_ours(Path::new("registry/src/-0123456789abcdef/serde-1.0.0")));
    }
}
