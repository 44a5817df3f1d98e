//! Structs with derived implementations, and their data.

use canning_core::Canned;

/// A simulation's frame: three large arrays between small fields.
#[derive(Canned, Clone, Debug, PartialEq, bincode::Decode, bincode::Encode)]
pub(crate) struct Frame {
    pub(crate) step: u64,
    pub(crate) name: String,
    pub(crate) pos: Vec<f64>,
    pub(crate) vel: Vec<f64>,
    pub(crate) ids: Vec<u32>,
}

impl Frame {
    /// With arrays of about `bytes` together.
    pub(crate) fn of_bytes(bytes: usize) -> Self {
        let count = bytes / (size_of::<f64>() + size_of::<f64>() + size_of::<u32>());
        let mut random = Random::new();
        Self {
            step: 123_456,
            name: "particles".to_owned(),
            pos: (0..count).map(|_| random.float()).collect(),
            vel: (0..count).map(|_| random.float()).collect(),
            ids: (0..count).map(|_| random.bits()).collect(),
        }
    }

    /// The bytes of the arrays.
    pub(crate) fn bytes(&self) -> u64 {
        let floats = size_of_val(self.pos.as_slice()) + size_of_val(self.vel.as_slice());
        (floats + size_of_val(self.ids.as_slice())) as u64
    }
}

/// One of many small objects.
#[derive(
    Canned,
    Clone,
    Debug,
    PartialEq,
    bitcode::Decode,
    bitcode::Encode,
    wincode::SchemaRead,
    wincode::SchemaWrite,
)]
pub(crate) struct Small {
    pub(crate) numbers: Vec<f64>,
    pub(crate) name: String,
}

impl Small {
    /// So many, of ten numbers and a short name each.
    pub(crate) fn many(count: usize) -> Vec<Self> {
        let mut random = Random::new();
        let one = |index| Self {
            numbers: (0..10).map(|_| random.float()).collect(),
            name: format!("item {index}"),
        };
        (0..count).map(one).collect()
    }

    /// The bytes of numbers and name.
    pub(crate) fn bytes(&self) -> u64 {
        (size_of_val(self.numbers.as_slice()) + self.name.len()) as u64
    }
}

/// Numbers that look random, and are the same in every run: SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(0x5eed)
    }

    /// From 0 to 1.
    pub(crate) fn float(&mut self) -> f64 {
        f64::from(self.bits()) / f64::from(u32::MAX)
    }

    pub(crate) fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        let [a, b, c, d, ..] = mixed.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }
}
