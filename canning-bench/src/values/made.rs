//! Structs with derived implementations, and their data.

use std::fmt::Debug;

use canning_core::Canned;

use crate::values::{
    as_bytes,
    views::{Views, sum},
};

/// A simulation's frame: three large arrays between small fields.
#[derive(
    Canned,
    Clone,
    Debug,
    PartialEq,
    bincode::Decode,
    bincode::Encode,
    bitcode::Decode,
    bitcode::Encode,
    borsh::BorshDeserialize,
    borsh::BorshSerialize,
    rkyv::Archive,
    rkyv::Deserialize,
    rkyv::Serialize,
    serde::Deserialize,
    serde::Serialize,
    wincode::SchemaRead,
    wincode::SchemaWrite,
)]
pub(crate) struct Frame {
    pub(crate) step: u64,
    pub(crate) name: String,
    #[serde(with = "as_bytes")]
    pub(crate) pos: Vec<f64>,
    #[serde(with = "as_bytes")]
    pub(crate) vel: Vec<f64>,
    #[serde(with = "as_bytes")]
    pub(crate) ids: Vec<u32>,
}

impl Frame {
    /// With arrays of almost `bytes` together, so that with what formats put around them it is
    /// not more.
    pub(crate) fn of_bytes(bytes: usize) -> Self {
        let count = (bytes - bytes / 64) / (size_of::<f64>() + size_of::<f64>() + size_of::<u32>());
        let mut random = Random::new();
        Self {
            step: 123_456,
            name: "particles".to_owned(),
            pos: (0..count).map(|_| random.float()).collect(),
            vel: (0..count).map(|_| random.float()).collect(),
            ids: (0..count).map(|_| random.bits()).collect(),
        }
    }

    /// The arrays.
    pub(crate) fn views(&self) -> Views<'_> {
        Views { pos: &self.pos, vel: &self.vel, ids: &self.ids }
    }
}

impl Value for Frame {
    fn bytes(&self) -> u64 {
        let floats = size_of_val(self.pos.as_slice()) + size_of_val(self.vel.as_slice());
        (floats + size_of_val(self.ids.as_slice())) as u64
    }

    fn sum(&self) -> f64 {
        self.views().sum()
    }
}

/// One of many small objects.
#[derive(
    Canned,
    Clone,
    Debug,
    PartialEq,
    bincode::Decode,
    bincode::Encode,
    bitcode::Decode,
    bitcode::Encode,
    borsh::BorshDeserialize,
    borsh::BorshSerialize,
    rkyv::Archive,
    rkyv::Deserialize,
    rkyv::Serialize,
    serde::Deserialize,
    serde::Serialize,
    wincode::SchemaRead,
    wincode::SchemaWrite,
)]
pub(crate) struct Small {
    #[serde(with = "as_bytes")]
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
}

impl Value for Small {
    fn bytes(&self) -> u64 {
        (size_of_val(self.numbers.as_slice()) + self.name.len()) as u64
    }

    fn sum(&self) -> f64 {
        sum(&self.numbers) + self.name.len() as f64
    }
}

impl Value for Vec<Small> {
    fn bytes(&self) -> u64 {
        self.iter().map(Small::bytes).sum()
    }

    fn sum(&self) -> f64 {
        self.iter().fold(0.0, |sum, small| sum + small.sum())
    }
}

/// What all of them have.
pub(crate) trait Value: Debug + PartialEq + 'static {
    /// The bytes of arrays and text, however they are encoded.
    fn bytes(&self) -> u64;

    /// The sum of all numbers: what a receiver sends back.
    fn sum(&self) -> f64;
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
