//! The harness: all cases of a group are measured in turns, and compared round by round.
//!
//! Usual harnesses measure one case after the other, so that a machine which slows down for a
//! minute spoils the comparison. Here a *round* takes each case of a group in turn, each round
//! starting with another one:
//!
//! 1. The case is warmed: it runs at least once, for a millisecond. What the case before it did
//!    to caches and to the heap is undone.
//! 2. It runs for a few milliseconds, in samples. The median sample is its time in this round.
//!
//! Before the first round each case runs once, and its result is checked.
//!
//! A ratio is the median of the rounds' ratios, each of two times of the same round; its 95 %
//! interval is that of order statistics, which assumes no distribution.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    progress::Progress,
    statistics::{Ratio, median},
};

/// Measures groups of cases, and keeps the results.
pub(crate) struct Bench {
    effort: Effort,
    progress: Progress,
    results: Vec<Measured>,
}

impl Bench {
    pub(crate) fn new(is_quick: bool, progress: Progress) -> Self {
        Self { effort: Effort::of(is_quick), progress, results: Vec::new() }
    }

    /// Measures the cases of a group in turns. They are compared with that of the
    /// implementation `ratio_to`, or with the one that they name themselves.
    ///
    /// # Panics
    ///
    /// When no case is named so, or a case does not give the result that it should.
    pub(crate) fn group(&mut self, id: &str, ratio_to: &'static str, mut cases: Vec<Case<'_>>) {
        let position = |name: &str| {
            let position = cases.iter().position(|case| case.implementation == name);
            position.unwrap_or_else(|| panic!("{id} has no case {name}"))
        };
        let in_group = position(ratio_to);
        let references: Vec<usize> =
            cases.iter().map(|case| position(case.next_to.unwrap_or(ratio_to))).collect();
        let times = self.rounds(&mut cases);
        for ((case, rounds), reference) in cases.into_iter().zip(&times).zip(references) {
            let measured = Measured {
                case: id.to_owned(),
                bytes: case.bytes,
                median_ns: median(rounds.clone()),
                ratio: Ratio::of_rounds(rounds, &times[reference]),
                ratio_to: case.next_to.unwrap_or(ratio_to).to_owned(),
                in_group: Ratio::of_rounds(rounds, &times[in_group]),
                group_ratio_to: ratio_to.to_owned(),
                implementation: case.implementation,
            };
            self.progress.print(&measured.to_string());
            self.results.push(measured);
        }
    }

    /// The times of each case in each round.
    fn rounds(&self, cases: &mut [Case<'_>]) -> Vec<Vec<f64>> {
        let effort = &self.effort;
        for case in &mut *cases {
            case.calibrate();
        }
        let mut times = vec![Vec::new(); cases.len()];
        let start = Instant::now();
        for round in 0..effort.most_rounds {
            if round >= effort.least_rounds && start.elapsed() > effort.budget {
                break;
            }
            for turn in 0..cases.len() {
                let at = (round + turn) % cases.len();
                times[at].push(cases[at].round(effort.slice));
                let done = (round * cases.len() + turn + 1) as u64;
                let least = (effort.least_rounds * cases.len()) as u64;
                self.progress.spent((start.elapsed(), effort.budget), (done, least));
            }
        }
        times
    }

    pub(crate) fn into_results(self) -> Vec<Measured> {
        self.results
    }
}

/// What came out for one implementation of a case.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Measured {
    /// The group: `subject/case`.
    pub(crate) case: String,
    pub(crate) implementation: String,
    /// Bytes of the value's arrays and text, however they are encoded.
    pub(crate) bytes: u64,
    pub(crate) median_ns: f64,
    pub(crate) ratio: Ratio,
    pub(crate) ratio_to: String,
    /// The ratio to the implementation that most of the group are compared with.
    pub(crate) in_group: Ratio,
    pub(crate) group_ratio_to: String,
}

/// One implementation of what a group measures.
pub(crate) struct Case<'a> {
    implementation: String,
    bytes: u64,
    /// Which implementation it is compared with, if not with that of the group.
    next_to: Option<&'static str>,
    run: Box<dyn FnMut(&mut Stopwatch) + 'a>,
    /// How often it runs in one sample.
    batch: u32,
}

impl<'a> Case<'a> {
    /// Measures `work`, and dropping what it gives. `check` sees what it gives first.
    pub(crate) fn new<T>(
        implementation: impl Into<String>,
        bytes: u64,
        mut work: impl FnMut() -> T + 'a,
        check: impl Fn(&T) + 'a,
    ) -> Self {
        Self::batched(implementation, bytes, move |watch| {
            if watch.is_checked {
                check(&work());
            }
            let times = watch.times;
            watch.time(|| {
                for _ in 0..times {
                    black_box(work());
                }
            });
        })
    }

    /// Measures only what `run` hands to the [`Stopwatch`], once in each call: what comes
    /// before and after, as building the input and dropping the result, does not count.
    pub(crate) fn staged(
        implementation: impl Into<String>,
        bytes: u64,
        mut run: impl FnMut(&mut Stopwatch) + 'a,
    ) -> Self {
        Self::batched(implementation, bytes, move |watch| {
            for _ in 0..watch.times {
                run(watch);
            }
        })
    }

    /// As [`staged`](Self::staged), but each call works [as often](Stopwatch::times) as the
    /// stopwatch says.
    pub(crate) fn batched(
        implementation: impl Into<String>,
        bytes: u64,
        run: impl FnMut(&mut Stopwatch) + 'a,
    ) -> Self {
        let (implementation, run) = (implementation.into(), Box::new(run));
        Self { implementation, bytes, next_to: None, run, batch: 1 }
    }

    /// Compares it with another implementation than the rest of the group.
    pub(crate) fn next_to(self, implementation: &'static str) -> Self {
        Self { next_to: Some(implementation), ..self }
    }

    /// Checks its result, and chooses how often it runs in a sample: long enough for the clock.
    pub(crate) fn calibrate(&mut self) {
        const SAMPLE: Duration = Duration::from_micros(100);
        self.sample(true, 1);
        let once = self.sample(false, 1).max(1.0);
        let sample = Duration::as_nanos(&SAMPLE) as f64;
        self.batch =
            (1..=10_000).find(|batch| f64::from(*batch) * once >= sample).unwrap_or(10_000);
    }

    /// Warms it, and gives the median time of a run in nanoseconds.
    fn round(&mut self, slice: Duration) -> f64 {
        const WARM: Duration = Duration::from_millis(1);
        let start = Instant::now();
        self.sample(false, self.batch);
        while start.elapsed() < WARM {
            self.sample(false, self.batch);
        }
        let start = Instant::now();
        let mut samples = vec![self.sample(false, self.batch)];
        while start.elapsed() < slice {
            samples.push(self.sample(false, self.batch));
        }
        median(samples)
    }

    /// Gives the time of a run in nanoseconds.
    fn sample(&mut self, is_checked: bool, times: u32) -> f64 {
        let mut watch = Stopwatch { is_checked, times, elapsed: Duration::ZERO };
        (self.run)(&mut watch);
        watch.elapsed.as_nanos() as f64 / f64::from(times)
    }
}

/// Measures the part of a run that counts.
pub(crate) struct Stopwatch {
    is_checked: bool,
    times: u32,
    elapsed: Duration,
}

impl Stopwatch {
    /// Whether the result of this run is to be checked: that of the first.
    pub(crate) fn is_checked(&self) -> bool {
        self.is_checked
    }

    /// How often a batch is to run.
    pub(crate) fn times(&self) -> u32 {
        self.times
    }

    /// Runs what is to be measured.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = black_box(work());
        self.count(start.elapsed());
        result
    }

    /// Counts what somebody else has measured.
    pub(crate) fn count(&mut self, elapsed: Duration) {
        self.elapsed += elapsed;
    }
}

/// How long to measure.
struct Effort {
    /// Each case in each round.
    slice: Duration,
    /// A group, unless its least number of rounds takes longer.
    budget: Duration,
    least_rounds: usize,
    most_rounds: usize,
}

impl Effort {
    fn of(is_quick: bool) -> Self {
        let (slice, budget, least_rounds) = if is_quick { (2, 1500, 7) } else { (5, 6000, 25) };
        Self {
            slice: Duration::from_millis(slice),
            budget: Duration::from_millis(budget),
            least_rounds,
            most_rounds: 401,
        }
    }
}
