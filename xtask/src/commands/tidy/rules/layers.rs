//! Who may know whom.

use crate::commands::tidy::attribute::after_word;
use crate::commands::tidy::files::File;
use crate::commands::tidy::violation::Violation;

/// Finds dependencies, of any kind, that a published crate must not have. What several of our
/// crates do together is tested where all of them are known, in `canning-tests`.
pub(in crate::commands::tidy) fn check(file: &File) -> Vec<Violation> {
    let Some(name) = file.path.strip_suffix("/Cargo.toml") else {
        return Vec::new();
    };
    if !name.starts_with("canning-") || is_unpublished(&file.text) {
        return Vec::new();
    }
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
        let message = format!("`{name}` has no place in the layers yet: give it one in `tidy`");
        return vec![Violation::new(&file.path, 1, message)];
    };
    dependencies(&file.text)
        .filter(|(_, dependency)| !layer.may_know(dependency))
        .map(|(line, dependency)| {
            let message = format!("`{name}` must not know `{dependency}`");
            Violation::new(&file.path, line, message)
        })
        .collect()
}

/// A published crate's place.
struct Layer {
    name: &'static str,
    /// Those of our crates that it may know.
    ours: &'static [&'static str],
    /// Crates of others that it must not know.
    not: &'static [&'static str],
}

impl Layer {
    fn may_know(&self, dependency: &str) -> bool {
        let is_ours = dependency.starts_with("canning-");
        (!is_ours || self.ours.contains(&dependency)) && !self.not.contains(&dependency)
    }
}

/// The names of the packages that a manifest depends on, with their lines. The options of a
/// dependency that has a table of its own are among them: no crate is named like one.
fn dependencies(manifest: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_dependencies = false;
    manifest.lines().zip(1..).filter_map(move |(text, line)| {
        if let Some(header) = text.trim_start().strip_prefix('[') {
            let header = header.split_once(']').map_or(header, |(header, _)| header);
            let (table, name) = header.split_once("dependencies").unwrap_or(("no", ""));
            in_dependencies = is_dependency_table(table);
            let name = name.trim_start_matches('.').trim_matches('"');
            return (in_dependencies && !name.is_empty()).then_some((line, name));
        }
        let (key, _) = text.split_once('=').filter(|_| in_dependencies)?;
        let key = key.split('.').next().unwrap_or(key).trim().trim_matches('"');
        // `other = { package = "name" }`, and the line `package = "name"` in a table of its own.
        let renamed = after_word(text, "package").find_map(assigned_string);

        Some((line, renamed.unwrap_or(key)))
    })
}

/// Whether a table whose name goes on with `dependencies` lists dependencies of this package.
fn is_dependency_table(before: &str) -> bool {
    matches!(before, "" | "dev-" | "build-")
        || before.starts_with("target.") && before.ends_with(['.', '-'])
}

/// The string of `= "string"`.
fn assigned_string(text: &str) -> Option<&str> {
    let string = text.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    string.split('"').next()
}

fn is_unpublished(manifest: &str) -> bool {
    manifest.lines().any(|line| line.split_whitespace().eq(["publish", "=", "false"]))
}

const LAYERS: &[Layer] = &[
    Layer { name: "canning-core", ours: &["canning-derive"], not: &["ndarray"] },
    Layer {
        name: "canning-derive",
        // In its examples only: Cargo itself refuses any other dependency, which would be a cycle.
        ours: &["canning-core"],
        not: &[],
    },
    Layer { name: "canning-ndarray", ours: &["canning-core"], not: &[] },
    Layer { name: "canning-wire", ours: &["canning-core"], not: &["ndarray"] },
    Layer { name: "canning-python", ours: &["canning-core"], not: &["ndarray"] },
    Layer {
        name: "canning-ipyparallel",
        ours: &["canning-core", "canning-python"],
        not: &["ndarray"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::PUBLISHED;

    #[test]
    fn every_published_crate_has_a_place() {
        for name in PUBLISHED {
            assert!(LAYERS.iter().any(|layer| layer.name == name), "{name}");
        }
    }

    fn messages(name: &str, manifest: &str) -> Vec<String> {
        let file = File::new(format!("{name}/Cargo.toml"), manifest);
        check(&file).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_crate_that_knows_too_much_is_refused() {
        assert_eq!(
            messages("canning-core", "[package]\n[dependencies]\nndarray.workspace = true\n"),
            ["canning-core/Cargo.toml:3: `canning-core` must not know `ndarray`"]
        );
        for (name, manifest) in [
            ("canning-core", "[dev-dependencies]\ncanning-wire = { workspace = true }"),
            ("canning-wire", "[dependencies]\ncanning-ndarray = \"0.1\""),
            ("canning-wire", "[target.'cfg(unix)'.dependencies]\ncanning-ndarray = \"0.1\""),
            ("canning-wire", "[target.'cfg(unix)'.dev-dependencies]\nndarray = \"0.1\""),
            ("canning-ndarray", "[dependencies.canning-wire]\nversion = \"0.1\""),
            ("canning-ndarray", "[dependencies]\nw = { package = \"canning-wire\" }"),
            ("canning-ndarray", "[dependencies.w]\npackage = \"canning-wire\""),
            ("canning-derive", "[build-dependencies]\n\"canning-wire\" = \"0.1\""),
        ] {
            assert!(!messages(name, manifest).is_empty(), "{name}: {manifest}");
        }
    }

    #[test]
    fn what_a_layer_allows_passes() {
        let manifest = "[package]\nname = \"canning-ndarray\"\n[features]\nndarray = []\n\
                        [dependencies]\ncanning-core.workspace = true\nndarray = \"0.17\"\n\
                        [package.metadata.docs.rs]\ncanning-wire = true\n";
        assert!(messages("canning-ndarray", manifest).is_empty());
        assert!(messages("canning-core", "[dependencies]\ncanning-derive = \"0.1\"").is_empty());
    }

    #[test]
    fn an_unpublished_crate_may_know_all_others_and_a_new_one_needs_a_place() {
        let manifest = "[package]\npublish = false\n[dependencies]\ncanning-wire = \"0.1\"\n";
        assert!(messages("canning-demo", manifest).is_empty());
        assert_eq!(messages("canning-new", "[package]\n").len(), 1);
    }
}
