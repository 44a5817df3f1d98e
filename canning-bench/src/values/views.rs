//! What a receiver does with a frame, owned or not: it adds its numbers up.

/// The arrays of a frame, wherever they lie.
#[derive(Clone, Copy)]
pub(crate) struct Views<'a> {
    pub(crate) pos: &'a [f64],
    pub(crate) vel: &'a [f64],
    pub(crate) ids: &'a [u32],
}

impl Views<'_> {
    /// The sum of all numbers.
    pub(crate) fn sum(self) -> f64 {
        let ids: u64 = self.ids.iter().map(|id| u64::from(*id)).sum();
        sum(self.pos) + sum(self.vel) + ids as f64
    }
}

/// In lanes, as one sum after the other would take longer than the transport.
pub(crate) fn sum(numbers: &[f64]) -> f64 {
    let (lanes, rest) = numbers.as_chunks::<16>();
    let mut sums = [0.0; 16];
    for lane in lanes {
        for (sum, number) in sums.iter_mut().zip(lane) {
            *sum += number;
        }
    }
    sums.iter().chain(rest).sum()
}
