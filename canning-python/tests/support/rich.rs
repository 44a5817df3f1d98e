//! A type with a bit of everything, and random values of it.

use std::collections::{BTreeMap, BTreeSet};

use canning_core::{Canned, Element};
use canning_python::numpy::{Bytes, Datetime, DatetimeUs, Text};
use proptest::{collection::vec, prelude::*};

#[derive(Canned, Clone, Debug, PartialEq)]
pub(crate) struct Rich {
    signed: i64,
    wide: i128,
    float: f32,
    text: String,
    letter: char,
    options: Vec<Option<Option<Option<u8>>>>,
    arrays: BTreeMap<String, Vec<f64>>,
    atoms: Vec<Atom>,
    names: Vec<Bytes<4>>,
    labels: Vec<Text<3>>,
    pub(crate) dates: Vec<DatetimeUs>,
    pub(crate) wides: Vec<u128>,
    keys: BTreeMap<(i8, String), Unit>,
    set: BTreeSet<Key>,
    tree: Tree,
    results: Vec<Result<Pair, Newtype>>,
}

#[derive(Canned, Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Leaf,
    Value(Option<Box<Tree>>),
    Node(Box<Tree>, Box<Tree>),
    Named { left: Box<Tree>, items: Vec<u16> },
}

#[derive(Canned, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Nothing,
    Empty {},
}

#[derive(Canned, Clone, Debug, PartialEq)]
pub(crate) struct Unit;

#[derive(Canned, Clone, Debug, PartialEq)]
pub(crate) struct Pair(u8, Option<()>);

#[derive(Canned, Clone, Debug, PartialEq)]
pub(crate) struct Newtype(Option<Option<bool>>);

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
pub(crate) struct Atom {
    position: [f32; 3],
    spin: [u16; 2],
    kind: Bytes<3>,
    charged: bool,
}

fn tree() -> impl Strategy<Value = Tree> {
    Just(Tree::Leaf).prop_recursive(4, 16, 2, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            proptest::option::of(boxed()).prop_map(Tree::Value),
            (boxed(), boxed()).prop_map(|(a, b)| Tree::Node(a, b)),
            (boxed(), vec(any::<u16>(), 0..3))
                .prop_map(|(left, items)| Tree::Named { left, items }),
        ]
    })
}

fn atom() -> impl Strategy<Value = Atom> {
    let floats = proptest::array::uniform3(-1e6_f32..1e6);
    (floats, any::<[u16; 2]>(), any::<[u8; 3]>(), any::<bool>()).prop_map(
        |(position, spin, kind, charged)| Atom { position, spin, kind: kind.into(), charged },
    )
}

pub(crate) fn rich() -> impl Strategy<Value = Rich> {
    let plain = (any::<i64>(), any::<i128>(), -1e30_f32..1e30, ".{0,20}", any::<char>());
    let arrays = (
        vec(any::<Option<Option<Option<u8>>>>(), 0..5),
        proptest::collection::btree_map("[a-z]{0,3}", vec(-1e9..1e9, 0..300), 0..4),
        vec(atom(), 0..80),
        vec(any::<[u8; 4]>().prop_map(Bytes::from), 0..4),
        vec("[a-zä]{0,3}".prop_map(|text| Text::try_from(text.as_str()).unwrap()), 0..4),
        vec(any::<i64>().prop_map(DatetimeUs::from_count), 0..300),
        vec(any::<u128>(), 0..100),
    );
    let key = prop_oneof![Just(Key::Nothing), Just(Key::Empty {})];
    let result = prop_oneof![
        (any::<u8>(), any::<Option<()>>()).prop_map(|(a, b)| Ok(Pair(a, b))),
        any::<Option<Option<bool>>>().prop_map(|value| Err(Newtype(value))),
    ];
    let nested = (
        proptest::collection::btree_map((any::<i8>(), "[a-z]{0,2}"), Just(Unit), 0..4),
        proptest::collection::btree_set(key, 0..3),
        tree(),
        vec(result, 0..4),
    );
    (plain, arrays, nested).prop_map(|(plain, arrays, nested)| {
        let (signed, wide, float, text, letter) = plain;
        let (options, arrays, atoms, names, labels, dates, wides) = arrays;
        let (keys, set, tree, results) = nested;
        Rich {
            signed,
            wide,
            float,
            text,
            letter,
            options,
            arrays,
            atoms,
            names,
            labels,
            dates,
            wides,
            keys,
            set,
            tree,
            results,
        }
    })
}
