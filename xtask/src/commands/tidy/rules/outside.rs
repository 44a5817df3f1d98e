//! The project stands by itself: nothing in it refers to the machine it was written on.

use crate::commands::tidy::files::File;
use crate::commands::tidy::violation::Violation;

/// Finds paths that lead out of the project, in any file, binary ones included.
pub(in crate::commands::tidy) fn check(file: &File) -> Vec<Violation> {
    let lines = file.text.lines().zip(1..);
    lines
        .flat_map(|(text, line)| {
            PATHS.iter().filter(|path| text.contains(**path)).map(move |path| {
                Violation::new(&file.path, line, format!("`{path}` is outside of the project"))
            })
        })
        .collect()
}

/// In two parts each, because this file is checked, too.
const PATHS: &[&str] = &[concat!("../sha", "red"), concat!("/wo", "rk/"), concat!(".lib", "rary")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_outside_of_the_project_are_refused() {
        for path in PATHS {
            let file = File::new("docs/wire-format.md", format!("a\nsee {path}x\n"));
            let found: Vec<String> = check(&file).iter().map(ToString::to_string).collect();
            let expected = format!("docs/wire-format.md:2: `{path}` is outside of the project");
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn paths_inside_of_it_pass() {
        let file = File::new("README.md", "see [the format](docs/wire-format.md), ../data\n");
        assert!(check(&file).is_empty());
    }
}
