//! The tour runs, and prints what the README shows.

#[test]
fn tour_prints_what_the_readme_shows() {
    let mut out = Vec::new();
    canning_demo::tour::run(&mut out).expect("the tour runs");
    let printed = String::from_utf8(out).expect("the tour prints text");
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&printed), "the README shows another tour than this:\n{printed}");
}
