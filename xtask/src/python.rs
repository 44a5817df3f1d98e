//! Python, and virtual environments with what the tests need.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::process::Process;

/// An interpreter.
#[derive(Debug)]
pub(crate) struct Python {
    program: String,
    /// What it says of itself: an environment is for one version.
    version: String,
}

impl Python {
    /// Looks for `python3` with what makes environments. Where that can be installed without
    /// asking anybody, as in the containers of a CI, it is.
    ///
    /// # Errors
    ///
    /// If there is none; says what to install.
    pub(crate) fn find() -> Result<Self, Error> {
        if !is_whole() && is_root() && Process::new("apt-get").arg("--version").probe().is_some() {
            eprintln!("python3 with the modules venv and ensurepip is missing; installing it");
            Process::new("apt-get").arg("update").run()?;
            Process::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends", "python3", "python3-venv"])
                .env("DEBIAN_FRONTEND", "noninteractive")
                .run()?;
        }
        if is_whole() { Self::at("python3".to_owned()) } else { Err(missing()) }
    }

    fn at(program: String) -> Result<Self, Error> {
        let version = Process::new(&program).args(["-c", "import sys; print(sys.version)"]).probe();
        Ok(Self { program, version: version.ok_or_else(missing)? })
    }

    /// What to start it by.
    pub(crate) fn program(&self) -> &str {
        &self.program
    }

    /// Makes an environment with the packages that `xtask/python/<name>.txt` lists, unless it is
    /// there and nothing of it has changed.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub(crate) fn environment(&self, name: &str) -> Result<Self, Error> {
        let directory = Path::new("target/python").join(name);
        let list = Path::new("xtask/python").join(name).with_extension("txt");
        let wanted = format!(
            "{}{}{}",
            self.version,
            read(&list)?,
            read(Path::new("xtask/python/common.txt"))?
        );
        let program = std::path::absolute(directory.join(BINARY))
            .map_err(|source| Error::Io { path: directory.clone(), source })?;
        let program = program.to_string_lossy().into_owned();
        // Written last, so that what was stopped half-way is made anew.
        let stamp = directory.join("made-of.txt");
        if fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == wanted) {
            eprintln!("{}: as it was", directory.display());
            return Self::at(program);
        }
        Process::new(&self.program).args(["-m", "venv", "--clear"]).arg(&directory).run()?;
        Process::new(&program)
            .args(["-m", "pip", "install", "--disable-pip-version-check"])
            .args(["--progress-bar", "off", "--requirement"])
            .arg(&list)
            .run()?;
        fs::write(&stamp, wanted).map_err(|source| Error::Io { path: stamp, source })?;
        Self::at(program)
    }
}

fn is_whole() -> bool {
    // Debian has the module `venv` without what it needs to make anything.
    Process::new("python3").args(["-c", "import venv, ensurepip"]).probe().is_some()
}

fn is_root() -> bool {
    Process::new("id").arg("-u").probe().is_some_and(|id| id.trim() == "0")
}

fn missing() -> Error {
    let what = "python3 with the modules venv and ensurepip";
    Error::Missing { what, remedy: "on Debian: apt-get install python3-venv" }
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Io { path: PathBuf::from(path), source })
}

#[cfg(windows)]
const BINARY: &str = "Scripts/python.exe";
#[cfg(not(windows))]
const BINARY: &str = "bin/python";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_one_version() {
        let lists = ["common.txt", "numpy-1.txt", "numpy-2.txt"];
        for name in lists {
            let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(name);
            for line in read(&list).unwrap().lines() {
                let listed =
                    line.starts_with('#') || line == "-r common.txt" || line.contains("==");
                assert!(listed, "{name}: {line}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_said_with_its_remedy() {
        assert_eq!(
            missing().to_string(),
            "python3 with the modules venv and ensurepip is missing; \
             on Debian: apt-get install python3-venv"
        );
    }
}
