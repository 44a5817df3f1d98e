//! Maps and sets.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt::Debug,
    hash::{BuildHasherDefault, DefaultHasher},
    slice,
};

use canning_core::{
    Can, ErrorKind, Result, UncanOwned, Value,
    array::can_list,
    map::{can_map, can_set},
    visitor::Canner,
};

fn round_trip<T: Can<V> + UncanOwned<V> + PartialEq + Debug, V>(value: T) -> Value {
    let tree = Value::of(&value).unwrap();
    assert_eq!(tree.read::<T, V>().unwrap(), value);
    tree
}

#[test]
fn maps_and_sets_round_trip_with_any_hasher() {
    type Plain = BuildHasherDefault<DefaultHasher>;
    let entries = [("a".to_owned(), vec![1.5]), ("b".to_owned(), vec![])];
    round_trip(HashMap::from(entries.clone()));
    let map: HashMap<_, _, Plain> = entries.clone().into_iter().collect();
    round_trip(map);
    let tree = round_trip(BTreeMap::from(entries));
    assert_eq!(tree.as_map().map(<[_]>::len), Some(2));
    round_trip(HashSet::from([1_u8, 2, 3]));
    round_trip(HashSet::<u8, Plain>::from_iter([1_u8, 2, 3]));
    round_trip(BTreeSet::from([(1, 'a'), (2, 'b')]));
}

#[test]
fn duplicate_keys_and_items_are_refused_where_they_stand() {
    let map = Value::Map(vec![(1.into(), 2.into()), (1.into(), 3.into())]);
    for refused in [
        map.read::<HashMap<u8, u8>, _>().unwrap_err(),
        map.read::<BTreeMap<u8, u8>, _>().unwrap_err(),
    ] {
        assert_eq!(refused.to_string(), "{1}: duplicate key");
        assert!(matches!(refused.kind(), ErrorKind::DuplicateKey));
    }
    let list = Value::from(vec![Value::Unit, Value::Unit]);
    for refused in
        [list.read::<HashSet<()>, _>().unwrap_err(), list.read::<BTreeSet<()>, _>().unwrap_err()]
    {
        assert_eq!(refused.to_string(), "[1]: duplicate key");
    }
}

#[test]
fn error_in_an_entry_names_it() {
    let map = Value::of(&BTreeMap::from([("a", vec![1]), ("b", vec![2])])).unwrap();
    let refused = map.read::<BTreeMap<String, Vec<f32>>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "{0}: expected <f4, found <i4");
    let refused = map.read::<BTreeMap<u8, Vec<i32>>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "{0}: expected integer, found text");
    let refused = map.read::<HashSet<String>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected list, found map");
}

/// Iterates over items, and says that they are so many.
struct Wrong<'a>(slice::Iter<'a, u8>, usize);

impl<'a> Iterator for Wrong<'a> {
    type Item = &'a u8;

    fn next(&mut self) -> Option<&'a u8> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.1, Some(self.1))
    }
}

impl ExactSizeIterator for Wrong<'_> {}

/// A collection of two items that announces others.
struct Miscounted {
    announced: usize,
    kind: char,
}

impl Can for Miscounted {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let items = || Wrong([1, 2].iter(), self.announced);
        match self.kind {
            'l' => can_list(items(), canner),
            's' => can_set(items(), canner),
            _ => can_map(items().zip(items()), canner),
        }
    }
}

#[test]
fn other_items_than_announced_are_refused() {
    for kind in ['l', 's', 'm'] {
        assert!(Value::of(&Miscounted { announced: 2, kind }).is_ok());
        for announced in [0, 1, 3] {
            let refused = Value::of(&Miscounted { announced, kind }).unwrap_err();
            assert_eq!(refused.to_string(), format!("expected length {announced}, found 2"));
        }
    }
}
