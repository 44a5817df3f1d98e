//! The axis: from the smallest ratio to the largest, in powers of ten or finer.

use std::ops::Range;

use crate::harness::Measured;

/// Holds all intervals, and 1, and has room for a number beside the last bar.
pub(super) fn range(results: &[Measured]) -> Range<f64> {
    let ratios = results.iter().map(|measured| measured.in_group);
    let (low, high) = ratios.fold((1.0_f64, 1.0_f64), |(low, high), ratio| {
        (low.min(ratio.low).min(ratio.median), high.max(ratio.high).max(ratio.median))
    });
    let room = (high / low).powf(0.1).max(1.05);
    let low = if low < 1.0 { low / room } else { low / room.powf(0.1) };
    low..high * room
}

/// Where lines with numbers stand.
pub(super) fn ticks(range: &Range<f64>) -> Vec<f64> {
    let decades = (range.end / range.start).log10();
    let steps: &[f64] = match decades {
        3.5.. => &[1.0],
        2.2.. => &[1.0, 3.0],
        0.6.. => &[1.0, 2.0, 5.0],
        0.2.. => &[1.0, 1.2, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
        _ => &[1.0, 1.02, 1.05, 1.1, 1.2, 1.3, 1.5, 9.0, 9.2, 9.4, 9.6, 9.8],
    };
    let powers = (-12..12).map(|power| 10_f64.powi(power));
    let all = powers.flat_map(|power| steps.iter().map(move |step| step * power));
    all.filter(|tick| range.contains(tick)).collect()
}

/// A tick's number.
pub(super) fn label(tick: f64) -> String {
    let tick = format!("{tick:.7}");
    format!("{} ×", tick.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_and_hold_one() {
        for (start, end) in [(1e-6, 30.0), (0.3, 9.0), (0.95, 1.05), (0.8, 2.0), (1.0, 40.0)] {
            let ticks = ticks(&(start..end));
            assert!((2..12).contains(&ticks.len()), "{start}..{end}: {ticks:?}");
            assert!(ticks.iter().any(|tick| (tick - 1.0).abs() < 1e-9), "{ticks:?}");
        }
    }

    #[test]
    fn labels_are_short() {
        let labels = [1e-6, 0.5, 1.0, 20.0].map(label);
        assert_eq!(labels, ["0.000001 ×", "0.5 ×", "1 ×", "20 ×"]);
    }
}
