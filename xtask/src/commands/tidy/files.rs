//! The workspace's files.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::Error;

/// A file.
#[derive(Debug)]
pub(super) struct File {
    /// From the workspace's root, with `/` between the parts on every system.
    pub(super) path: String,
    /// With `\u{fffd}` for what is not UTF-8: what is ASCII in a binary file is found in it, too.
    pub(super) text: String,
}

impl File {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// Reads every file below `root` that was not made by a tool.
pub(super) fn all(root: &Path) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    collect(root, "", &mut files)
        .map_err(|(path, source)| Error::Io { path: root.join(path), source })?;
    Ok(files)
}

/// Failures come with the path, from the root, at which they happened.
fn collect(root: &Path, inside: &str, files: &mut Vec<File>) -> Result<(), (String, io::Error)> {
    let at = |source| (inside.to_owned(), source);
    for entry in fs::read_dir(root.join(inside)).map_err(at)? {
        let entry = entry.map_err(at)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        let kind = entry.file_type().map_err(at)?;
        if kind.is_dir() && !is_made_by_a_tool(&name) {
            collect(root, &path, files)?;
        } else if kind.is_file() && name != ".git" {
            let bytes = fs::read(entry.path()).map_err(|source| (path.clone(), source))?;
            files.push(File::new(path, String::from_utf8_lossy(&bytes)));
        }
    }
    Ok(())
}

fn is_made_by_a_tool(directory: &str) -> bool {
    let made = ["target", "corpus", "artifacts", "coverage", "node_modules", "__pycache__"];
    let ours = [".cargo", ".ci", ".github"];
    made.contains(&directory) || directory.starts_with('.') && !ours.contains(&directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_directories_are_left_out_and_our_hidden_ones_are_not() {
        for name in ["target", ".git", ".venv", "__pycache__"] {
            assert!(is_made_by_a_tool(name), "{name}");
        }
        for name in ["src", ".cargo", ".ci"] {
            assert!(!is_made_by_a_tool(name), "{name}");
        }
    }

    #[test]
    fn files_are_found_at_any_depth() {
        let files = all(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        for path in ["Cargo.toml", "src/main.rs", "src/commands/tidy/files.rs"] {
            assert!(paths.contains(&path), "{path}");
        }
    }

    #[test]
    fn what_is_ascii_in_a_binary_file_is_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../canning-python/tests/vectors");
        let files = all(&root).unwrap();
        let binary = "ipp-p5-numpy2/function_plain/header.pickle";
        let file = files.iter().find(|file| file.path == binary).unwrap();
        assert!(file.text.contains('\u{fffd}') && file.text.contains("make_vectors.py"));
    }

    #[test]
    fn a_missing_root_is_an_error_with_its_path() {
        let error = all(Path::new("no-such-directory")).unwrap_err();
        assert!(error.to_string().starts_with("no-such-directory"), "{error}");
    }
}
