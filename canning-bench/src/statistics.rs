//! Medians, and how sure they are.

use serde::{Deserialize, Serialize};

/// The median of paired ratios with its 95 % interval.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Ratio {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Ratio {
    /// Of two cases' times in the same rounds.
    pub(crate) fn of_rounds(times: &[f64], reference: &[f64]) -> Self {
        let mut ratios: Vec<f64> = times.iter().zip(reference).map(|(a, b)| a / b).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let (low, high) = interval(ratios.len());
        Self { median: median(ratios.clone()), low: ratios[low], high: ratios[high] }
    }
}

/// The median; the mean of the middle two of an even number.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    if numbers.len().is_multiple_of(2) {
        f64::midpoint(numbers[middle - 1], numbers[middle])
    } else {
        numbers[middle]
    }
}

/// The positions in sorted numbers between which the true median lies, at least 95 times in a
/// hundred: how many numbers lie below it is binomial, as tosses of a coin are. Fewer than six
/// numbers cannot be so sure; for them it is all of them.
fn interval(count: usize) -> (usize, usize) {
    let mut probability = 0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    let mut below = 0.0;
    for low in 0..count / 2 {
        below += probability;
        if below > 0.025 {
            let low = low.saturating_sub(1);
            return (low, count - 1 - low);
        }
        probability *= (count - low) as f64 / (low + 1) as f64;
    }
    let low = (count / 2).saturating_sub(1);
    (low, count - 1 - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_odd_and_even_numbers() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Ranks, counted from one, of Conover, Practical Nonparametric Statistics.
        for (count, low, high) in [(6, 1, 6), (10, 2, 9), (20, 6, 15), (25, 8, 18), (100, 40, 61)] {
            assert_eq!(interval(count), (low - 1, high - 1), "{count}");
        }
        assert_eq!(interval(3), (0, 2));
    }

    #[test]
    fn ratios_are_paired() {
        let ratio = Ratio::of_rounds(&[2.0, 4.0, 60.0], &[1.0, 2.0, 30.0]);
        assert_eq!((ratio.low, ratio.median, ratio.high), (2.0, 2.0, 2.0));
    }
}
