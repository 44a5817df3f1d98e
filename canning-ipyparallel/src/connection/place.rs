//! Where IPython keeps the connection files of a profile.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The connection file of a profile, and of one of its clusters where it has an id.
pub(super) fn of_profile(ipython: &Path, profile: &str, cluster_id: &str) -> PathBuf {
    let name = match cluster_id {
        "" => "ipcontroller-client.json".to_owned(),
        id => format!("ipcontroller-{id}-client.json"),
    };
    ipython.join(format!("profile_{profile}")).join("security").join(name)
}

/// IPython's directory: `$IPYTHONDIR`, or `.ipython` in the home directory.
pub(super) fn ipython_directory() -> Option<PathBuf> {
    directory(env::var_os("IPYTHONDIR").map(PathBuf::from), env::home_dir())
}

fn directory(ipython: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let home = home.filter(|home| !home.as_os_str().is_empty());
    match ipython.filter(|path| !path.as_os_str().is_empty()) {
        // As IPython does.
        Some(path) => match (path.strip_prefix("~"), home) {
            (Ok(rest), Some(home)) => Some(home.join(rest)),
            _ => Some(path),
        },
        None => home.map(|home| home.join(".ipython")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_where_ipcontroller_puts_them() {
        let file = |profile, id| of_profile(Path::new("/i"), profile, id);
        assert_eq!(
            file("default", ""),
            Path::new("/i/profile_default/security/ipcontroller-client.json")
        );
        assert_eq!(
            file("gpu", "1732"),
            Path::new("/i/profile_gpu/security/ipcontroller-1732-client.json")
        );
    }

    #[test]
    fn the_variable_comes_before_the_home_directory() {
        let home = || Some(PathBuf::from("/home/a"));
        assert_eq!(directory(Some("/i".into()), home()).unwrap(), Path::new("/i"));
        assert_eq!(directory(Some("~/i".into()), home()).unwrap(), Path::new("/home/a/i"));
        assert_eq!(directory(Some("".into()), home()).unwrap(), Path::new("/home/a/.ipython"));
        assert_eq!(directory(None, home()).unwrap(), Path::new("/home/a/.ipython"));
        assert!(directory(None, Some("".into())).is_none());
    }
}
