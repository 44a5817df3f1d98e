//! What the compiler says to a user who made a mistake: `tests/ui/<topic>/<case>.rs`.
//!
//! The exact text is compared on the compiler that it was blessed with. `TRYBUILD=overwrite`
//! in the environment rewrites the `.stderr` files. On any other compiler each error must
//! stand at the same place, in its own words.

// Helpers of tests may panic.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The compiler that wrote the `.stderr` files.
const BLESSED: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained() {
    let version = Command::new(tool("RUSTC", "rustc")).arg("-V").output().unwrap().stdout;
    if String::from_utf8(version).unwrap().starts_with(BLESSED) {
        let cases = trybuild::TestCases::new();
        cases.compile_fail("tests/ui/*/*.rs");
    } else {
        errors_stand_at_the_same_places();
    }
}

/// A line and a column.
type Place = (u32, u32);

fn errors_stand_at_the_same_places() {
    let cases = cases();
    let found = check(&cases);
    for case in &cases {
        let stderr = fs::read_to_string(case.with_extension("stderr")).unwrap();
        let found = found.get(&name(case)).map_or(&[][..], Vec::as_slice);
        let expected = expected(&stderr);
        assert!(!expected.is_empty(), "{}: nothing is expected", case.display());
        for place in expected {
            assert!(
                found.contains(&place),
                "{}: no error at {place:?}, but at {found:?}",
                case.display()
            );
        }
    }
}

/// Every case.
fn cases() -> Vec<PathBuf> {
    let topics = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")).unwrap();
    let files = topics.flat_map(|topic| fs::read_dir(topic.unwrap().path()).unwrap());
    let mut cases: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    cases.sort();
    cases
}

/// The places of the errors in a `.stderr` file.
fn expected(stderr: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut is_error = false;
    for line in stderr.lines() {
        if let Some(place) = line.trim_start().strip_prefix("--> ") {
            if is_error {
                places.extend(place_of(place));
            }
            is_error = false;
        } else if line.starts_with("error") {
            is_error = true;
        }
    }
    places
}

/// Compiles all cases; gives the places of the errors of each.
fn check(cases: &[PathBuf]) -> BTreeMap<String, Vec<Place>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.parent().unwrap();
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    fs::create_dir_all(&project).unwrap();
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    let mut manifest = format!(
        "[workspace]\n[package]\nname = \"ui\"\nedition = \"2024\"\n[dependencies]\n\
         canning-core = {{ path = {:?}, features = [\"derive\", \"serde\"] }}\n\
         canning-tests-swapping = {{ path = {:?} }}\n\
         canning-wire = {{ path = {:?} }}\n\
         ndarray = \"*\"\n",
        root.join("canning-core"),
        root.join("canning-tests/swapping"),
        root.join("canning-wire")
    );
    for case in cases {
        let (name, path) = (name(case).replace('/', "_"), case);
        write!(manifest, "[[bin]]\nname = {name:?}\npath = {path:?}\n").unwrap();
    }
    fs::write(project.join("Cargo.toml"), manifest).unwrap();
    let output = Command::new(tool("CARGO", "cargo"))
        .args(["check", "--offline", "--keep-going", "--bins"])
        .arg("--message-format=short")
        .env("CARGO_TARGET_DIR", project.join("target"))
        .current_dir(&project)
        .output()
        .unwrap();
    let mut errors = BTreeMap::<String, Vec<Place>>::new();
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        if let Some((place, _)) = line.split_once(": error")
            && let Some((_, place)) = place.split_once("tests/ui/")
            && let Some((case, _)) = place.split_once(".rs:")
        {
            errors.entry(case.to_owned()).or_default().extend(place_of(place));
        }
    }
    errors
}

/// `topic/case`.
fn name(case: &Path) -> String {
    let path = case.with_extension("").display().to_string();
    path.rsplit_once("tests/ui/").unwrap().1.to_owned()
}

/// Reads `path:line:column`.
fn place_of(text: &str) -> Option<Place> {
    let (rest, column) = text.rsplit_once(':')?;
    let (_, line) = rest.rsplit_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

fn tool(variable: &str, name: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| name.into())
}
