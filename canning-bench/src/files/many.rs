//! Many arrays in a file, by name.

use std::path::Path;

use crate::{
    files::Scratch,
    harness::Case,
    values::{Random, sum},
};

/// Arrays with names.
pub(crate) struct Many(Vec<(String, Vec<f64>)>);

impl Many {
    /// So many, of so many bytes each.
    pub(crate) fn new(count: usize, bytes: usize) -> Self {
        let mut random = Random::new();
        let mut array = || (0..bytes / size_of::<f64>()).map(|_| random.float()).collect();
        Self((0..count).map(|number| (format!("layer {number:04}"), array())).collect())
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.0.iter().map(|(name, array)| (name.as_str(), array.as_slice()))
    }

    /// Arrays in no order, some of them twice, and the sum of all their numbers.
    fn picks(&self) -> (Vec<Pick<'_>>, f64) {
        let mut random = Random::new();
        let mut pick = || random.bits() as usize % self.0.len();
        let picks = (0..PICKS).map(|_| pick()).map(|number| (self.0[number].0.as_str(), number));
        let picks: Vec<Pick<'_>> = picks.collect();
        let expected = picks.iter().map(|(_, number)| sum(&self.0[*number].1)).sum();
        (picks, expected)
    }

    fn bytes(&self) -> u64 {
        self.iter().map(|(_, array)| size_of_val(array) as u64).sum()
    }
}

/// The name of an array, and its number, for those who have no names.
pub(crate) type Pick<'a> = (&'a str, usize);

/// A file of many arrays.
pub(crate) trait Shelf {
    const NAME: &'static str;

    /// Writes the arrays into a directory.
    fn write(arrays: &Many, directory: &Path);

    fn open(directory: &Path) -> Self;

    /// The sum of an array's numbers.
    fn sum(&mut self, pick: Pick<'_>) -> f64;
}

/// Opens the file, adds the numbers of one array up, and closes it.
pub(crate) fn opening_many<S: Shelf>(arrays: &Many) -> Case<'_> {
    let scratch = written::<S>(arrays);
    let (picks, _) = arrays.picks();
    let pick = picks[0];
    let expected = sum(&arrays.0[pick.1].1);
    let work = move || assert_eq!(S::open(scratch.path()).sum(pick), expected);
    Case::new(S::NAME, arrays.bytes() / arrays.0.len() as u64, work, |()| ())
}

/// Adds the numbers of some arrays up, of a file that is open already.
pub(crate) fn picking<S: Shelf + 'static>(arrays: &Many) -> Case<'_> {
    let scratch = written::<S>(arrays);
    let mut shelf = S::open(scratch.path());
    let (picks, expected) = arrays.picks();
    let bytes = arrays.bytes() / arrays.0.len() as u64 * PICKS;
    let work = move || {
        let _stays = &scratch;
        let found: f64 = picks.iter().map(|pick| shelf.sum(*pick)).sum();
        assert_eq!(found, expected);
    };
    Case::new(S::NAME, bytes, work, |()| ())
}

fn written<S: Shelf>(arrays: &Many) -> Scratch {
    let scratch = Scratch::new();
    S::write(arrays, scratch.path());
    scratch
}

/// So many arrays are looked at.
const PICKS: u64 = 100;
