//! Plain values through a tree and back.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt,
    hash::Hash,
    net::IpAddr,
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq, Serializer},
};

use super::Plain;
use crate::value::Value;

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) -> String {
    let plain = Plain(value);
    let tree = Value::of(&plain).unwrap();
    assert_eq!(tree.read::<Plain<T>, _>().unwrap(), plain);
    tree.to_string()
}

fn refusal<T: Serialize, U: DeserializeOwned + std::fmt::Debug>(sent: T) -> String {
    let tree = Value::of(&Plain(sent)).unwrap();
    tree.read::<Plain<U>, _>().unwrap_err().to_string()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Box(u8, u8),
    Polygon { sides: u32 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Outer {
    shapes: Vec<Shape>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Nothing;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(u8);

#[test]
fn every_part_of_the_data_model_round_trips() {
    assert_eq!(round_trip((1_u8, -2_i64, true, 1.5_f32, 'x')), "(1, -2, true, 1.5, \"x\")");
    assert_eq!(round_trip((-1_i8, -2_i16, 3_u16, 4_u32)), "(-1, -2, 3, 4)");
    assert_eq!(round_trip((Nothing, Wrapped(5))), "((), 5)");
    assert_eq!(round_trip(ByteKey(vec![1, 2])), "bytes(2)");
    assert_eq!(round_trip(u128::MAX), u128::MAX.to_string());
    assert_eq!(round_trip(i128::MIN), i128::MIN.to_string());
    assert_eq!(round_trip(Some(None::<Option<u8>>)), "some(none)");
    assert_eq!(round_trip(Some(Some(()))), "()");
    assert_eq!(round_trip(vec!["a".to_owned()]), "[\"a\"]");
    assert_eq!(round_trip(BTreeMap::from([(1, 'a'), (2, 'b')])), "{1: \"a\", 2: \"b\"}");
    assert_eq!(round_trip(Shape::Point), "\"Point\"");
    assert_eq!(round_trip(Shape::Circle(0.5)), "{\"Circle\": 0.5}");
    assert_eq!(round_trip(Shape::Box(1, 2)), "{\"Box\": (1, 2)}");
    assert_eq!(round_trip(Shape::Polygon { sides: 3 }), "{\"Polygon\": {\"sides\": 3}}");
    assert_eq!(round_trip(IpAddr::from([127, 0, 0, 1])), "\"127.0.0.1\"");
}

#[test]
fn struct_with_a_flattened_one_is_a_map() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Whole {
        id: u64,
        #[serde(flatten)]
        rest: BTreeMap<String, Shape>,
    }
    let rest = BTreeMap::from([("a".to_owned(), Shape::Circle(1.0))]);
    assert_eq!(round_trip(Whole { id: 1, rest }), "{\"id\": 1, \"a\": {\"Circle\": 1.0}}");
}

#[test]
fn tagged_and_untagged_enums_are_read_by_what_they_are() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        A { x: i32 },
    }
    assert_eq!(round_trip(Tagged::A { x: -1 }), "{\"kind\": \"A\", \"x\": -1}");
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Number(u64),
        Negative(i64),
        List(Vec<Option<f32>>),
    }
    round_trip(Untagged::Number(7));
    round_trip(Untagged::Number(u64::MAX));
    round_trip(Untagged::Negative(i64::MIN));
    round_trip(Untagged::List(vec![None, Some(0.5)]));
}

#[test]
fn text_and_bytes_are_borrowed() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Borrowing<'b> {
        text: &'b str,
        #[serde(borrow)]
        cow: Cow<'b, str>,
    }
    let sent = Plain(Borrowing { text: "abc", cow: "d".into() });
    let tree = Value::of(&sent).unwrap();
    let read: Plain<Borrowing<'_>> = tree.read().unwrap();
    assert_eq!(read, sent);
    assert_eq!(read.0.text.as_ptr(), tree.get("text").unwrap().as_str().unwrap().as_ptr());
    assert!(matches!(read.0.cow, Cow::Borrowed(_)));
    let bytes = Value::Bytes(vec![1, 2]);
    assert_eq!(bytes.read::<Plain<&[u8]>, _>().unwrap().0, [1, 2]);
}

#[test]
fn sequence_without_a_length_is_collected_and_a_wrong_one_refused() {
    struct Lengthless(Option<usize>);
    impl Serialize for Lengthless {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut seq = serializer.serialize_seq(self.0)?;
            for item in ["a", "b"] {
                seq.serialize_element(item)?;
            }
            seq.end()
        }
    }
    let can = |len| Value::of(&Plain(vec![Lengthless(len)]));
    assert_eq!(can(None).unwrap().to_string(), "[[\"a\", \"b\"]]");
    let text = |len| can(Some(len)).unwrap_err().to_string();
    assert_eq!(text(1), "[0][1]: expected length 1, found 2");
    assert_eq!(text(3), "[0]: expected length 3, found 2");
}

#[test]
fn errors_name_the_path() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        a: u8,
    }
    fn shapes<T>(shapes: T) -> BTreeMap<&'static str, T> {
        BTreeMap::from([("shapes", shapes)])
    }
    assert_eq!(
        refusal::<_, Outer>(shapes(BTreeMap::from([("Box", 1)]))),
        "shapes: expected list, found map"
    );
    assert_eq!(
        refusal::<_, Outer>(shapes(vec![BTreeMap::from([("Box", (1, 300))])])),
        "shapes[0].Box[1]: integer 300 does not fit u8"
    );
    assert_eq!(
        refusal::<_, Outer>(shapes(vec!["Star"])),
        "shapes[0]: enum `Shape` has no variant `Star`"
    );
    assert_eq!(refusal::<_, Outer>(BTreeMap::<u8, u8>::new()), "missing field `shapes`");
    assert_eq!(refusal::<_, Strict>(BTreeMap::from([("b", 1)])), "unknown field `b`");
    assert_eq!(refusal::<_, (u8, u8)>((1, 2, 3)), "expected length 2, found 3");
    assert_eq!(refusal::<_, IpAddr>("here"), "invalid IP address syntax");
}

#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
struct Newtype<T>(T);

#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
enum Key {
    Unit,
    Newtype(char),
}

/// A float that can be a key.
#[derive(Debug, Deserialize)]
struct Bits<T>(T);

impl<T: ToString> PartialEq for Bits<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

impl<T: ToString> Eq for Bits<T> {}

impl<T: ToString> Hash for Bits<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_string().hash(state);
    }
}

/// Bytes, which serde takes for a list unless it is told.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ByteKey(Vec<u8>);

impl Serialize for ByteKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for ByteKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = ByteKey;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<ByteKey, E> {
                Ok(ByteKey(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

fn read_pair<K: DeserializeOwned + Eq + Hash>(one: Value, other: Value) -> crate::Result<usize> {
    let map = Value::Map(vec![(one, 1.into()), (other, 2.into())]);
    map.read::<Plain<HashMap<K, u8>>, _>().map(|map| map.0.len())
}

#[track_caller]
fn check_keys<K: DeserializeOwned + Eq + Hash>(one: impl Into<Value>, other: impl Into<Value>) {
    let (one, other) = (one.into(), other.into());
    assert_eq!(read_pair::<K>(one.clone(), other.clone()).unwrap(), 2);
    let refused = read_pair::<K>(one.clone(), one).unwrap_err();
    assert_eq!(refused.to_string(), "{1}: duplicate key");
    assert_eq!(read_pair::<K>(other.clone(), other).unwrap_err().to_string(), refused.to_string());
}

#[test]
fn equal_keys_are_refused_whatever_they_are() {
    let map = |entries: &[(Value, Value)]| Value::Map(entries.to_vec());
    check_keys::<String>("a", "b");
    check_keys::<char>("a", "b");
    check_keys::<Newtype<String>>("", "a");
    check_keys::<Option<u8>>(Value::None, 1);
    check_keys::<Option<Option<bool>>>(Value::Some(Value::None.into()), Value::None);
    check_keys::<i8>(-1, 1);
    check_keys::<u128>(Value::BigInteger(u128::MAX), 1);
    check_keys::<i128>(i128::MIN, i128::MAX);
    check_keys::<Bits<f32>>(0.5_f32, -0.5_f32);
    check_keys::<Bits<f64>>(0.5, f64::NAN);
    check_keys::<ByteKey>(Value::Bytes(vec![1]), Value::Bytes(vec![1, 2]));
    check_keys::<(u8, bool)>(
        Value::Tuple(vec![1.into(), true.into()]),
        Value::Tuple(vec![1.into(), false.into()]),
    );
    check_keys::<Vec<String>>(
        Value::List(vec!["a".into(), "bc".into()]),
        Value::List(vec!["ab".into(), "c".into()]),
    );
    check_keys::<Key>("Unit", map(&[("Newtype".into(), "x".into())]));
    check_keys::<BTreeMap<u8, ()>>(map(&[]), map(&[(1.into(), Value::Unit)]));
    let nested = map(&[(1.into(), Value::Unit), (1.into(), Value::Unit)]);
    let refused = read_pair::<BTreeMap<u8, ()>>(nested, map(&[])).unwrap_err();
    assert_eq!(refused.to_string(), "{0}{1}: duplicate key");
}

#[test]
fn equal_keys_are_refused_whoever_reads_them() {
    #[derive(Debug, Deserialize)]
    struct Struct {}
    #[derive(Debug, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        _rest: HashMap<String, u8>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        #[expect(dead_code, reason = "only read")]
        Map(HashMap<String, u8>),
    }
    let entry = || ("a".into(), 1.into());
    let twice = Value::Map(vec![entry(), entry()]);
    let once = Value::Map(vec![entry()]);
    fn read<T: DeserializeOwned>(tree: &Value) -> Result<(), String> {
        tree.read::<Plain<T>, _>().map(drop).map_err(|error| error.to_string())
    }
    let reads = [read::<Struct>, read::<Flat>, read::<Untagged>, read::<CountedKeys>];
    for read in reads {
        assert_eq!(read(&once), Ok(()));
        assert_eq!(read(&twice), Err("{1}: duplicate key".to_owned()));
    }
}

/// A map that wants to know no key.
struct CountedKeys;

impl<'de> Deserialize<'de> for CountedKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = CountedKeys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CountedKeys, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(CountedKeys)
            }
        }
        deserializer.deserialize_map(Count)
    }
}

#[test]
fn array_is_not_plain() {
    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    enum Any {
        Unit,
    }
    let array = Value::of(&vec![1_u8]).unwrap();
    let refused = array.read::<Plain<Any>, _>().map(|Plain(Any::Unit)| ());
    let refused = refused.unwrap_err();
    assert_eq!(refused.to_string(), "expected a plain value, found array");
}

/// The hints that a visitor is given, before each item and after the last.
#[derive(Debug, PartialEq)]
struct Hints(Vec<Option<usize>>);

impl<'de> Deserialize<'de> for Hints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ask;
        impl<'de> Visitor<'de> for Ask {
            type Value = Hints;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list or a map")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Hints, A::Error> {
                let mut hints = vec![items.size_hint()];
                while items.next_element::<IgnoredAny>()?.is_some() {
                    hints.push(items.size_hint());
                }
                Ok(Hints(hints))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Hints, A::Error> {
                let mut hints = vec![entries.size_hint()];
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    hints.push(entries.size_hint());
                }
                Ok(Hints(hints))
            }
        }
        deserializer.deserialize_any(Ask)
    }
}

/// The same of a struct.
#[derive(Debug, PartialEq)]
struct StructHints(Hints);

impl<'de> Deserialize<'de> for StructHints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ask;
        impl<'de> Visitor<'de> for Ask {
            type Value = StructHints;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a struct")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<StructHints, A::Error> {
                let mut hints = vec![fields.size_hint()];
                while fields.next_entry::<String, IgnoredAny>()?.is_some() {
                    hints.push(fields.size_hint());
                }
                Ok(StructHints(Hints(hints)))
            }
        }
        deserializer.deserialize_struct("S", &["a", "b"], Ask)
    }
}

#[test]
fn hints_say_what_is_left_and_never_too_much() {
    let left = || Hints(vec![Some(2), Some(1), Some(0)]);
    let list = Value::List(vec![1.into(), 2.into()]);
    assert_eq!(list.read::<Plain<Hints>, _>().unwrap().0, left());
    let map = Value::Map(vec![("a".into(), 1.into()), ("b".into(), 2.into())]);
    assert_eq!(map.read::<Plain<Hints>, _>().unwrap().0, left());
    assert_eq!(map.read::<Plain<StructHints>, _>().unwrap().0, StructHints(left()));
    let long = Value::List(vec![Value::Unit; 5000]);
    let Plain(Hints(hints)) = long.read().unwrap();
    assert_eq!((hints[0], hints[1000], hints[5000]), (Some(4096), Some(4000), Some(0)));
}

#[test]
fn what_stops_early_is_refused() {
    #[derive(Debug)]
    struct First;
    impl<'de> Deserialize<'de> for First {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct One;
            impl<'de> Visitor<'de> for One {
                type Value = First;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a list or a map")
                }
                fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<First, A::Error> {
                    items.next_element::<IgnoredAny>().map(|_first| First)
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<First, A::Error> {
                    map.next_entry::<IgnoredAny, IgnoredAny>().map(|_first| First)
                }
            }
            deserializer.deserialize_any(One)
        }
    }
    let entry = |key: &str| (key.into(), 1.into());
    for (whole, more) in [
        (Value::List(vec![1.into()]), Value::List(vec![1.into(), 2.into()])),
        (Value::Tuple(vec![1.into()]), Value::Tuple(vec![1.into(), 2.into()])),
        (Value::Map(vec![entry("a")]), Value::Map(vec![entry("a"), entry("b")])),
    ] {
        whole.read::<Plain<First>, _>().unwrap();
        let refused = more.read::<Plain<First>, _>().unwrap_err();
        assert_eq!(refused.to_string(), "expected length 1, found 2");
    }
}

#[test]
fn a_variant_without_content_may_come_as_a_map_of_nothing() {
    let map = |content: Value| Value::Map(vec![("Point".into(), content)]);
    assert_eq!(map(Value::Unit).read::<Plain<Shape>, _>().unwrap().0, Shape::Point);
    let refused = map(1.into()).read::<Plain<Shape>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "Point: expected unit, found integer");
}

/// A map that writes keys and values in an order of its own: `k` and `v`.
struct OutOfTurn {
    announced: Option<usize>,
    order: &'static str,
}

impl Serialize for OutOfTurn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(self.announced)?;
        for (index, part) in self.order.char_indices() {
            match part {
                'k' => map.serialize_key(&index)?,
                _ => map.serialize_value(&index)?,
            }
        }
        map.end()
    }
}

#[test]
fn keys_and_values_take_turns() {
    for announced in [Some(2), None] {
        let can = |order| Value::of(&Plain(OutOfTurn { announced, order }));
        assert_eq!(can("kvkv").unwrap().to_string(), "{0: 1, 2: 3}");
        for (order, text) in [
            ("kk", "{1}: expected length 1, found 0"),
            ("kkvv", "{1}: expected length 1, found 0"),
            ("kvvkv", "{0}: expected length 1, found 2"),
            ("vkkv", "{0}: expected length 0, found 1"),
            ("kvk", "expected length 2, found 1"),
        ] {
            assert_eq!(can(order).unwrap_err().to_string(), text, "{order}");
        }
    }
}
