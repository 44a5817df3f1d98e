//! What a fuzzer said, and the table of what all said.

use std::path::PathBuf;

/// What came of a target.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub(super) target: String,
    /// The latest numbers, as they were printed.
    runs: String,
    runs_per_second: String,
    edges: String,
    features: String,
    corpus: String,
    /// The inputs that fail.
    pub(super) findings: Vec<PathBuf>,
}

impl Outcome {
    pub(super) fn new(target: &str) -> Self {
        Self { target: target.to_owned(), ..Self::default() }
    }

    /// Reads a line of libFuzzer's, as
    /// `#4096 pulse  cov: 12 ft: 34 corp: 5/67b lim: 8 exec/s: 90 rss: 12Mb`.
    pub(super) fn see(&mut self, line: &str) {
        let Some((runs, rest)) = line.strip_prefix('#').and_then(|line| line.split_once('\t'))
        else {
            return;
        };
        runs.clone_into(&mut self.runs);
        let words: Vec<&str> = rest.split_whitespace().collect();
        for (name, value) in words.iter().zip(words.iter().skip(1)) {
            let number = match *name {
                "cov:" => &mut self.edges,
                "ft:" => &mut self.features,
                "exec/s:" => &mut self.runs_per_second,
                "corp:" => &mut self.corpus,
                _ => continue,
            };
            value.split('/').next().unwrap_or(value).clone_into(number);
        }
    }

    fn row(&self) -> String {
        let findings = self.findings.len().to_string();
        row(
            &self.target,
            [
                &self.runs,
                &self.runs_per_second,
                &self.edges,
                &self.features,
                &self.corpus,
                &findings,
            ],
        )
    }
}

/// A row for each outcome.
pub(super) fn table(outcomes: &[Outcome]) -> String {
    let head = row("target", ["runs", "runs/s", "cov", "ft", "corpus", "findings"]);
    [head].into_iter().chain(outcomes.iter().map(Outcome::row)).collect()
}

fn row(target: &str, [runs, per_second, edges, features, corpus, findings]: [&str; 6]) -> String {
    format!(
        "{target:20} {runs:>10} {per_second:>8} {edges:>7} {features:>7} {corpus:>7} {findings:>9}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_numbers_are_kept() {
        let mut outcome = Outcome::new("handshake");
        outcome.see("INFO: Seed: 1");
        outcome.see("#2\tINITED cov: 40 ft: 41 corp: 1/1b exec/s: 0 rss: 30Mb");
        outcome.see("#8192\tpulse  cov: 120 ft: 341 corp: 17/67b lim: 80 exec/s: 4096 rss: 32Mb");
        outcome.see("SUMMARY: libFuzzer: deadly signal");
        outcome.findings.push("crash".into());
        assert_eq!(
            table(&[outcome]),
            "target                     runs   runs/s     cov      ft  corpus  findings\n\
             handshake                  8192     4096     120     341      17         1\n"
        );
    }
}
