//! The harness: all cases of a group are measured in turns, and compared round by round.
//!
//! Usual harnesses measure one case after the other, so that a machine which slows down for a
//! minute spoils the comparison. Here a *round* takes each case of a group in turn, each round
//! starting with another one:
//!
//! 1. The case is warmed: it runs for a millisecond, and its results are checked. What the
//!    case before it did to caches and to the heap is undone.
//! 2. It runs for a few milliseconds, in samples. The median sample is its time in this round.
//!
//! A ratio is the median of the rounds' ratios, each of two times of the same round; its 95 %
//! interval is that of order statistics, which assumes no distribution.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{
    arguments::Arguments,
    progress::Progress,
    statistics::{Ratio, median},
};

/// Measures groups of cases, and keeps the results.
pub(crate) struct Bench {
    arguments: Arguments,
    progress: Progress,
    results: Vec<Measured>,
}

impl Bench {
    pub(crate) fn new(arguments: Arguments) -> Self {
        settle_heap();
        Self { arguments, progress: Progress::new(), results: Vec::new() }
    }

    /// Whether the group of this id is to be measured; asked before its data is built.
    pub(crate) fn wants(&self, id: &str) -> bool {
        let filter = self.arguments.filter.as_deref();
        filter.is_none_or(|filter| id.contains(filter))
    }

    /// Whether to measure briefly, and leave the largest data out.
    pub(crate) fn is_quick(&self) -> bool {
        self.arguments.quick
    }

    /// Measures the cases of a group in turns. All are compared with that of the
    /// implementation `ratio_to`.
    ///
    /// # Panics
    ///
    /// When no case is named so, or a case does not give the result that it should.
    pub(crate) fn group(&mut self, id: &str, ratio_to: &'static str, mut cases: Vec<Case<'_>>) {
        let reference = cases.iter().position(|case| case.implementation == ratio_to);
        let reference = reference.unwrap_or_else(|| panic!("{id} has no case {ratio_to}"));
        let effort = Effort::of(&self.arguments);
        self.progress.begin(id, effort.budget);
        for case in &mut cases {
            case.calibrate();
        }
        let mut times: Vec<Vec<f64>> = vec![Vec::new(); cases.len()];
        let start = Instant::now();
        for round in 0..effort.most_rounds {
            if round >= effort.least_rounds && start.elapsed() > effort.budget {
                break;
            }
            for turn in 0..cases.len() {
                let at = (round + turn) % cases.len();
                times[at].push(cases[at].round(effort.slice));
                self.progress.spent(start.elapsed());
            }
        }
        for (case, rounds) in cases.iter().zip(&times) {
            let measured = Measured {
                case: id.to_owned(),
                implementation: case.implementation,
                bytes: case.bytes,
                median_ns: median(rounds.clone()),
                ratio: Ratio::of_rounds(rounds, &times[reference]),
                ratio_to,
            };
            self.progress.print(&measured.to_string());
            self.results.push(measured);
        }
        self.progress.end();
    }

    pub(crate) fn into_results(self) -> Vec<Measured> {
        self.results
    }
}

/// What came out for one implementation of a case.
#[derive(Debug)]
pub(crate) struct Measured {
    /// The group: `subject/case`.
    pub(crate) case: String,
    pub(crate) implementation: &'static str,
    /// Bytes of the value's arrays and text, however they are encoded.
    pub(crate) bytes: u64,
    pub(crate) median_ns: f64,
    pub(crate) ratio: Ratio,
    pub(crate) ratio_to: &'static str,
}

/// One implementation of what a group measures.
pub(crate) struct Case<'a> {
    implementation: &'static str,
    bytes: u64,
    run: Box<dyn FnMut(&mut Stopwatch) + 'a>,
    /// How often `run` runs in one sample.
    batch: u32,
}

impl<'a> Case<'a> {
    /// Measures `work`, and dropping what it gives. `check` sees what it gives while it is
    /// warmed.
    pub(crate) fn new<T>(
        implementation: &'static str,
        bytes: u64,
        mut work: impl FnMut() -> T + 'a,
        check: impl Fn(&T) + 'a,
    ) -> Self {
        Self {
            implementation,
            bytes,
            run: Box::new(move |watch| {
                if watch.is_warming {
                    check(&work());
                }
                let times = watch.times;
                watch.time(|| {
                    for _ in 0..times {
                        black_box(work());
                    }
                });
            }),
            batch: 1,
        }
    }

    /// Measures only what `run` hands to the [`Stopwatch`], once in each call: what comes
    /// before and after, as building the input and dropping the result, does not count.
    pub(crate) fn staged(
        implementation: &'static str,
        bytes: u64,
        mut run: impl FnMut(&mut Stopwatch) + 'a,
    ) -> Self {
        Self {
            implementation,
            bytes,
            run: Box::new(move |watch| {
                for _ in 0..watch.times {
                    run(watch);
                }
            }),
            batch: 1,
        }
    }

    /// Chooses how often it runs in a sample: long enough for the clock.
    fn calibrate(&mut self) {
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
        self.sample(true, 1);
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
    fn sample(&mut self, is_warming: bool, times: u32) -> f64 {
        let mut watch = Stopwatch { is_warming, times, elapsed: Duration::ZERO };
        (self.run)(&mut watch);
        watch.elapsed.as_nanos() as f64 / f64::from(times)
    }
}

/// Measures the part of a run that counts.
pub(crate) struct Stopwatch {
    is_warming: bool,
    times: u32,
    elapsed: Duration,
}

impl Stopwatch {
    /// Whether this run is not measured: then it is to check its result.
    pub(crate) fn is_warming(&self) -> bool {
        self.is_warming
    }

    /// Runs what is to be measured.
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = black_box(work());
        self.elapsed += start.elapsed();
        result
    }
}

/// Frees a block of the size from which on glibc's allocator gives all blocks back to the system.
/// It learns from it to keep smaller ones, as it does in any program that has worked for a
/// while; before, the order of the groups decides which cases pay for page faults.
fn settle_heap() {
    drop(black_box(vec![1_u8; 31 << 20]));
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
    fn of(arguments: &Arguments) -> Self {
        let (slice, budget, least_rounds) =
            if arguments.quick { (2, 1500, 7) } else { (5, 8000, 25) };
        Self {
            slice: Duration::from_millis(slice),
            budget: Duration::from_millis(budget),
            least_rounds,
            most_rounds: 401,
        }
    }
}
