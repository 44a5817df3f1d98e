//! Folders of cases, and the comparison with what Python says of them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// What is to be compared, of a folder of cases.
#[derive(Debug, Default)]
pub struct Tally {
    pub compared: usize,
    /// Python refused to write it.
    pub unwritten: Vec<String>,
    pub failed: Vec<String>,
}

/// A case: its blobs and what Python says of it.
pub struct Case {
    pub name: String,
    pub family: String,
    pub blobs: Vec<Vec<u8>>,
    meta: Value,
}

impl Tally {
    /// Compares all the cases of a family, a folder.
    pub fn family(&mut self, folder: &Path, compare: impl Fn(&Case) -> Result<(), String>) {
        for folder in folders(folder) {
            let case = Case::read(&folder);
            let name = format!("{}/{}", case.family, case.name);
            if case.meta.get("error").is_some() {
                assert!(case.blobs.is_empty(), "{name}");
                self.unwritten.push(name);
                continue;
            }
            self.compared += 1;
            if let Err(why) = compare(&case) {
                self.failed.push(format!("{name}: {why}"));
            }
        }
    }

    #[track_caller]
    pub fn check(&self) {
        assert!(self.failed.is_empty(), "{} fail:\n{}", self.failed.len(), self.failed.join("\n"));
    }
}

impl Case {
    pub fn read(folder: &Path) -> Self {
        let meta = fs::read(folder.join("meta.json")).unwrap();
        let meta: Value = serde_json::from_slice(&meta).unwrap();
        let text = |name: &str| meta[name].as_str().unwrap().to_owned();
        let files = ["header.pickle".into()].into_iter();
        let files = files.chain((0..).map(|index| format!("buf{index}.bin")));
        let blobs = files.map_while(|name| fs::read(folder.join(name)).ok()).collect();
        Self { name: text("case"), family: text("family"), blobs, meta }
    }
}

impl Case {
    /// What Python says that it is.
    pub fn expect(&self) -> &Value {
        &self.meta["expect"]
    }
}

/// The folders in a folder, by name.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Compares, as Python's `==` does: sets and dicts have no order.
pub fn compare(expected: &Value, found: &Value) -> Result<(), String> {
    let (expected, found) = (unordered(expected), unordered(found));
    if expected == found {
        return Ok(());
    }
    let short = |value: &Value| {
        let text = value.to_string();
        text.chars().take(600).collect::<String>()
    };
    Err(format!("\n  expected {}\n  found    {}", short(&expected), short(&found)))
}

fn unordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(unordered).collect(),
        Value::Object(entries) => {
            let mut entries: serde_json::Map<_, _> =
                entries.iter().map(|(key, value)| (key.clone(), unordered(value))).collect();
            let kind = entries.get("type").and_then(Value::as_str);
            if matches!(kind, Some("dict" | "set" | "frozenset"))
                && let Some(Value::Array(items)) = entries.get_mut("items")
            {
                items.sort_by_key(Value::to_string);
            }
            entries.into()
        }
        other => other.clone(),
    }
}
