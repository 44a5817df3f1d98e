//! What a receiver does with a frame, owned or not: it adds its numbers up.

/// The arrays of a frame, wherever they lie.
#[derive(Clone, Copy)]
pub(crate) struct Views<'a> {
    pub(crate) pos: &'a [f64],
    pub(crate) vel: &'a [f64],
    pub(crate) ids: &'a [u32],
}

impl<'a> Views<'a> {
    /// Of arrays that lie one behind the other, each with as many items.
    pub(crate) fn of_block(block: &'a [u8]) -> Self {
        let count = block.len() / (2 * size_of::<f64>() + size_of::<u32>());
        let (pos, rest) = block.split_at(count * size_of::<f64>());
        let (vel, ids) = rest.split_at(pos.len());
        let (pos, vel) = (bytemuck::cast_slice(pos), bytemuck::cast_slice(vel));
        Self { pos, vel, ids: bytemuck::cast_slice(ids) }
    }

    /// The bytes of the arrays, in their order.
    pub(crate) fn bytes(self) -> [&'a [u8]; 3] {
        let (pos, vel) = (bytemuck::cast_slice(self.pos), bytemuck::cast_slice(self.vel));
        [pos, vel, bytemuck::cast_slice(self.ids)]
    }

    /// The arrays one behind the other.
    pub(crate) fn to_block(self) -> Vec<u8> {
        self.bytes().concat()
    }

    /// What is looked at to see that all arrays are there, and nothing else.
    pub(crate) fn firsts(self) -> f64 {
        self.pos[0] + self.vel[0] + f64::from(self.ids[0])
    }

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
