//! The binaries of the targets: how they are built and run.
//!
//! They are what `cargo fuzz` builds, with the same flags, but it need not be installed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::commands::fuzz::outcome::Outcome;
use crate::commands::fuzz::request::Request;
use crate::error::Error;
use crate::nightly::Nightly;
use crate::process::Process;

/// What builds the targets.
#[derive(Debug)]
pub(super) struct Fuzzer {
    nightly: Nightly,
}

impl Fuzzer {
    /// Looks for the tools, or says what is missing.
    pub(super) fn find() -> Result<Self, String> {
        let nightly = Nightly::find()?;
        if Process::new("c++").arg("--version").probe().is_none() {
            return Err("no C++ compiler `c++`, which libFuzzer is built with".to_owned());
        }
        Ok(Self { nightly })
    }

    /// Builds the targets, and writes the inputs that they start from.
    pub(super) fn build(&self, targets: &[String]) -> Result<(), Error> {
        let build = self.nightly.cargo().args(["build", "--manifest-path", "fuzz/Cargo.toml"]);
        // With a named target, the flags apply to what runs, not to build scripts and macros.
        let build = build.args(["--release", "--target", self.nightly.host(), "--bin", "seeds"]);
        let targets = targets.iter().flat_map(|target| ["--bin", target]);
        build.args(targets).env("RUSTFLAGS", &FLAGS.join(" ")).run()?;
        remove(Path::new(SEEDS))?;
        Process::new(&self.binary("seeds")).arg(SEEDS).run()
    }

    /// Runs a target as long as is asked for, or until it finds something.
    pub(super) fn fuzz(&self, target: &str, request: &Request) -> Result<Outcome, Error> {
        let corpus = folder("fuzz/corpus", target)?;
        let artifacts = folder("fuzz/artifacts", target)?;
        let before = files(&artifacts)?;
        let mut fuzz = Process::new(&self.binary(target))
            .args([&corpus, &Path::new(SEEDS).join(target)])
            .arg(format!("-max_total_time={}", request.seconds))
            .arg(format!("-seed={}", request.seed.unwrap_or(0)))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            // A machine that has other things to do may need a while for an input.
            .args(["-timeout=60", "-rss_limit_mb=2048"])
            // The linker folds functions that are the same, and so what ASan takes for two.
            .env("ASAN_OPTIONS", "detect_odr_violation=0");
        let dictionary = Path::new("fuzz/dictionaries").join(target).with_extension("dict");
        if dictionary.is_file() {
            fuzz = fuzz.arg(format!("-dict={}", dictionary.display()));
        }
        let mut outcome = Outcome::new(target);
        let ended = fuzz.watch(|line| {
            outcome.see(line);
            // Each new input has a line of its own, of which there are thousands, and so have the
            // functions that it reaches, and the words that it would put into a dictionary.
            if !line.starts_with(['#', '"', '\t'])
                || line.contains("pulse")
                || line.contains("DONE")
            {
                eprintln!("{target}: {line}");
            }
        })?;
        outcome.findings = files(&artifacts)?;
        outcome.findings.retain(|file| !before.contains(file));
        for finding in &outcome.findings {
            let finding = finding.display();
            eprintln!("found: {finding}");
            eprintln!("  once it is understood, and named for what it was, this has it replayed:");
            eprintln!("  mkdir -p fuzz/regressions/{target}");
            eprintln!("  cp {finding} fuzz/regressions/{target}/WHAT_IT_WAS.bin");
        }
        // Whoever fails without a finding did not even start.
        if outcome.findings.is_empty() {
            fuzz.ended(ended)?;
        }
        Ok(outcome)
    }

    fn binary(&self, name: &str) -> String {
        format!("fuzz/target/{}/release/{name}", self.nightly.host())
    }
}

/// A folder for a target in this one, which is there afterwards.
fn folder(parent: &str, target: &str) -> Result<PathBuf, Error> {
    let path = Path::new(parent).join(target);
    fs::create_dir_all(&path).map_err(|source| Error::Io { path: path.clone(), source })?;
    Ok(path)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Io { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(Error::Io { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Where the inputs are that the targets start from.
const SEEDS: &str = "fuzz/seeds";

/// Coverage for libFuzzer, of edges and of what is compared, and AddressSanitizer.
const FLAGS: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Zsanitizer=address",
    "--cfg=fuzzing",
];
