//! Types that have something of everything, which `arbitrary` makes values of.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{Arbitrary, Unstructured};
use canning_core::{Canned, Element};

/// A struct with fields of every kind.
#[derive(Arbitrary, Canned, Clone, Debug, PartialEq)]
pub(crate) struct Everything {
    truth: bool,
    small: i8,
    wide: i128,
    widest: u128,
    single: f32,
    double: f64,
    letter: char,
    text: String,
    bytes: Vec<u8>,
    rows: Vec<Vec<f64>>,
    truths: Vec<bool>,
    letters: Vec<char>,
    wides: Vec<u128>,
    marks: Vec<Option<Option<Option<u8>>>>,
    matrix: [[i16; 2]; 3],
    matrices: Vec<[[i16; 2]; 3]>,
    tuple: (u8, String, ()),
    names: BTreeMap<String, Vec<u16>>,
    keys: BTreeMap<(i8, Option<char>), Unit>,
    set: BTreeSet<Key>,
    results: Vec<Result<Pair, Newtype>>,
    atoms: Vec<Atom>,
    tree: Tree,
}

/// An enum of every kind of variant, which nests.
#[derive(Canned, Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Leaf,
    Value(Option<Box<Tree>>),
    Node(Box<Tree>, Box<Tree>),
    Named { left: Box<Tree>, items: Vec<u16> },
    Many(Vec<Tree>),
}

/// A struct that another version wrote, perhaps.
#[derive(Canned, Clone, Debug, Default, PartialEq)]
#[canned(default)]
pub(crate) struct Lenient {
    x: i32,
    #[canned(alias = "small")]
    y: Option<Vec<f64>>,
    rest: BTreeMap<String, Vec<Option<Option<u8>>>>,
}

#[derive(Arbitrary, Canned, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Nothing,
    Empty {},
}

#[derive(Arbitrary, Canned, Clone, Debug, PartialEq)]
pub(crate) struct Unit;

#[derive(Arbitrary, Canned, Clone, Debug, PartialEq)]
pub(crate) struct Pair(u8, Option<()>);

#[derive(Arbitrary, Canned, Clone, Debug, PartialEq)]
pub(crate) struct Newtype(Option<Option<bool>>);

/// An element of every kind of field that may be an element's.
#[derive(Arbitrary, Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
pub(crate) struct Atom {
    pub(crate) position: [f32; 3],
    pub(crate) letter: char,
    pub(crate) count: std::num::NonZeroU16,
    pub(crate) charged: bool,
    pub(crate) spin: Spin,
}

#[derive(Arbitrary, Clone, Copy, Debug, Element, PartialEq)]
#[repr(transparent)]
pub(crate) struct Spin(pub(crate) i8);

impl<'a> Arbitrary<'a> for Tree {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        tree(u, DEPTH)
    }
}

fn tree(u: &mut Unstructured<'_>, depth: usize) -> arbitrary::Result<Tree> {
    let Some(depth) = depth.checked_sub(1) else { return Ok(Tree::Leaf) };
    let inner = |u: &mut _| tree(u, depth).map(Box::new);
    Ok(match u.int_in_range(0..=5)? {
        0 => Tree::Value(None),
        1 => Tree::Value(Some(inner(u)?)),
        2 => Tree::Node(inner(u)?, inner(u)?),
        3 => Tree::Named { left: inner(u)?, items: u.arbitrary()? },
        4 => {
            let len = u.int_in_range(0..=4)?;
            Tree::Many((0..len).map(|_| tree(u, depth)).collect::<arbitrary::Result<_>>()?)
        }
        _ => Tree::Leaf,
    })
}

/// Writers should stay below 128 levels: each of these is up to three.
const DEPTH: usize = 24;
