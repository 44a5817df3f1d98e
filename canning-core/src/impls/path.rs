//! Paths: as text, where they are UTF-8.

use std::path::{Path, PathBuf};

use crate::{
    error::{ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

/// As text; [`ErrorKind::PathNotUtf8`] where it is none.
impl Can for Path {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.to_str().ok_or(ErrorKind::PathNotUtf8)?.can(canner)
    }
}

impl<'b: 'a, 'a> Uncan<'b> for &'a Path {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        <&str>::uncan(uncanner).map(Path::new)
    }
}

/// As [`Path`].
impl Can for PathBuf {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.as_path().can(canner)
    }
}

impl<'b> Uncan<'b> for PathBuf {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.string().map(Self::from)
    }
}

impl<'b> Uncan<'b> for Box<Path> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        PathBuf::uncan(uncanner).map(PathBuf::into_boxed_path)
    }
}
