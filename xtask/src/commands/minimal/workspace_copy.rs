//! The published crates as a workspace of their own, as their users see them.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::Error;
use crate::workspace::PUBLISHED;

/// Copies what builds the published crates to `directory`, instead of what was there.
///
/// # Errors
///
/// If something cannot be read or written.
pub(super) fn make(directory: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(directory) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            return Err(failed(directory, source));
        }
        _ => create(directory)?,
    }
    copy_manifest(Path::new(ROOT), &directory.join(ROOT), &as_root)?;
    for name in PUBLISHED {
        let (from, to) = (Path::new(name), directory.join(name));
        copy_files(from, &to)?;
        copy_manifest(&from.join(ROOT), &to.join(ROOT), &as_member)?;
    }
    Ok(())
}

const ROOT: &str = "Cargo.toml";

/// The root's manifest with the published crates as members. What members share stays.
fn as_root(manifest: &str) -> String {
    let mut lists = false;
    let kept = manifest.lines().filter(|line| {
        lists |= line.starts_with("members = [") || line.starts_with("default-members = [");
        let keep = !lists;
        lists &= !line.ends_with(']');
        keep
    });
    let members = format!("[workspace]\nmembers = {PUBLISHED:?}");
    let lines = kept.map(|line| if line == "[workspace]" { members.as_str() } else { line });
    lines.map(|line| format!("{line}\n")).collect()
}

/// A crate's manifest without what only its tests and examples need.
fn as_member(manifest: &str) -> String {
    let mut keep = true;
    let lines = manifest.lines().filter(|line| {
        if line.starts_with('[') {
            keep = !line.contains("dev-dependencies");
        }
        keep
    });
    lines.map(|line| format!("{line}\n")).collect()
}

fn copy_manifest(from: &Path, to: &Path, change: &dyn Fn(&str) -> String) -> Result<(), Error> {
    let manifest = fs::read_to_string(from).map_err(|source| failed(from, source))?;
    fs::write(to, change(&manifest)).map_err(|source| failed(to, source))
}

fn copy_files(from: &Path, to: &Path) -> Result<(), Error> {
    create(to)?;
    for entry in fs::read_dir(from).map_err(|source| failed(from, source))? {
        let from = entry.map_err(|source| failed(from, source))?.path();
        let Some(to) = from.file_name().map(|name| to.join(name)) else { continue };
        if from.is_dir() {
            copy_files(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(|source| failed(&from, source))?;
        }
    }
    Ok(())
}

fn create(directory: &Path) -> Result<(), Error> {
    fs::create_dir_all(directory).map_err(|source| failed(directory, source))
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_the_published_crates_as_members_and_no_others() {
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\n    \"canning-bench\",\n]\n\
                        default-members = [\"a\"]\n\n[workspace.package]\nversion = \"1.0.0\"\n";
        assert_eq!(
            as_root(manifest),
            format!(
                "[workspace]\nmembers = {PUBLISHED:?}\nresolver = \"3\"\n\n\
                 [workspace.package]\nversion = \"1.0.0\"\n"
            )
        );
    }

    #[test]
    fn a_member_has_what_its_users_build() {
        let manifest = "[package]\nname = \"a\"\n\
                        [dependencies]\nb = \"1\"\n\
                        [dev-dependencies]\nc = \"1\"\n\
                        [target.'cfg(unix)'.dependencies]\nd = \"1\"\n\
                        [target.'cfg(unix)'.dev-dependencies]\ne = \"1\"\n\
                        [package.metadata.docs.rs]\nall-features = true\n";
        assert_eq!(
            as_member(manifest),
            "[package]\nname = \"a\"\n\
             [dependencies]\nb = \"1\"\n\
             [target.'cfg(unix)'.dependencies]\nd = \"1\"\n\
             [package.metadata.docs.rs]\nall-features = true\n"
        );
    }
}
