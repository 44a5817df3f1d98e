//! Numbers, `bool`, `char`, `Ordering`, `()` and wrappers, alone.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::{cmp::Ordering, cmp::Reverse, fmt::Debug, marker::PhantomData, num};

use canning_core::{Can, UncanOwned, Value, visitor::Kind};

fn round_trip<T: Can<V> + UncanOwned<V> + PartialEq + Debug, V>(value: T) -> Value {
    let tree = Value::of(&value).unwrap();
    assert_eq!(tree.read::<T, V>().unwrap(), value);
    tree
}

fn refusal<T: UncanOwned<V> + Debug, V>(sent: impl Into<Value>) -> String {
    sent.into().read::<T, V>().unwrap_err().to_string()
}

#[test]
fn integers_are_integers_of_any_width() {
    macro_rules! extremes {
        ($($integer:ident)*) => {$(
            for value in [$integer::MIN, 0, 1, $integer::MAX] {
                let tree = round_trip(value);
                assert_eq!(tree, Value::from(i128::try_from(value).unwrap()));
            }
        )*};
    }
    extremes! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 usize }
    assert_eq!(round_trip(u128::MAX), Value::BigInteger(u128::MAX));
    assert_eq!(round_trip(1_u128), Value::Integer(1));
    assert_eq!(Value::Integer(5).read::<u8, _>().unwrap(), 5);
}

#[test]
fn integer_that_does_not_fit_is_refused_with_its_value() {
    assert_eq!(refusal::<u8, _>(256), "integer 256 does not fit u8");
    assert_eq!(refusal::<i8, _>(-129), "integer -129 does not fit i8");
    assert_eq!(refusal::<u16, _>(-1), "integer -1 does not fit u64");
    assert_eq!(refusal::<i64, _>(u64::MAX), format!("integer {} does not fit i64", u64::MAX));
    assert_eq!(refusal::<usize, _>(-1), "integer -1 does not fit u64");
    assert_eq!(refusal::<i128, _>(u128::MAX), format!("integer {} does not fit i128", i128::MAX));
}

#[test]
fn non_zero_refuses_zero() {
    round_trip(num::NonZeroU8::MIN);
    round_trip(num::NonZeroI64::MIN);
    round_trip(num::NonZeroU128::MAX);
    round_trip(num::NonZeroIsize::MIN);
    assert_eq!(refusal::<num::NonZeroU8, _>(0), "integer 0 does not fit NonZeroU8");
    assert_eq!(refusal::<num::NonZeroI128, _>(0), "integer 0 does not fit NonZeroI128");
    assert_eq!(refusal::<num::NonZeroUsize, _>(0), "integer 0 does not fit NonZeroUsize");
    assert_eq!(refusal::<num::NonZeroU8, _>(256), "integer 256 does not fit u8");
    let zeros = Value::of(&vec![1_u16, 0]).unwrap();
    let refused = zeros.read::<Vec<num::NonZeroU16>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "element 1 is not a valid <u2");
}

#[test]
fn floats_keep_their_width_and_bits() {
    round_trip(f32::MIN_POSITIVE);
    round_trip(f64::INFINITY);
    let nan = f64::from_bits(0x7ff8_0000_dead_beef);
    let back: f64 = Value::of(&nan).unwrap().read().unwrap();
    assert_eq!(back.to_bits(), nan.to_bits());
    assert_eq!(refusal::<f64, _>(1.5_f32), "expected f64, found f32");
    assert_eq!(refusal::<f64, _>(1), "expected f64, found integer");
}

#[test]
fn character_is_text_of_one() {
    assert_eq!(round_trip('ß'), Value::Text("ß".to_owned()));
    assert_eq!(refusal::<char, _>("ab"), "text is not one character");
    assert_eq!(refusal::<char, _>(""), "text is not one character");
    let text = vec!['a', '\u{10ffff}'];
    assert_eq!(round_trip(text).kind(), Kind::Array);
}

#[test]
fn ordering_is_a_sign() {
    for ordering in [Ordering::Less, Ordering::Equal, Ordering::Greater] {
        assert_eq!(round_trip(ordering), Value::from(ordering as i8));
    }
    assert_eq!(refusal::<Ordering, _>(2), "integer 2 does not fit Ordering");
}

#[test]
fn wrappers_and_units() {
    assert_eq!(round_trip(()), Value::Unit);
    assert_eq!(round_trip(PhantomData::<str>), Value::Unit);
    assert!(Value::from(1).read::<PhantomData<str>, _>().is_err());
    assert_eq!(round_trip(true), Value::Bool(true));
    assert_eq!(round_trip(Reverse(1_u8)), Value::Integer(1));
    assert_eq!(round_trip(num::Wrapping(-1_i8)), Value::Integer(-1));
    assert_eq!(round_trip(vec![num::Wrapping(1_u32)]).kind(), Kind::Array);
    assert_eq!(round_trip(vec![num::Saturating(1_u32)]).kind(), Kind::Array);
    assert_eq!(refusal::<(), _>(false), "expected unit, found bool");
    assert_eq!(refusal::<bool, _>(()), "expected bool, found unit");
}

#[test]
fn options_and_results_nest() {
    assert_eq!(round_trip(None::<Option<u8>>), Value::None);
    assert_eq!(round_trip(Some(None::<u8>)), Value::Some(Value::None.into()));
    round_trip(Some(Some(())));
    round_trip(Ok::<u8, String>(1));
    round_trip(Err::<u8, _>(Some("no".to_owned())));
    let refused = Value::of(&Ok::<_, ()>(300)).unwrap().read::<Result<u8, ()>, _>();
    assert_eq!(refused.unwrap_err().to_string(), "[0]: integer 300 does not fit u8");
}

#[test]
fn tuples_keep_their_length() {
    round_trip((1, 'a'));
    round_trip((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "12".to_owned()));
    let pair = Value::of(&(1, "b")).unwrap();
    let text = |error: canning_core::Error| error.to_string();
    assert_eq!(
        pair.read::<(u8, u8, u8), _>().map_err(text),
        Err("expected length 3, found 2".to_owned())
    );
    assert_eq!(
        pair.read::<(u8, u8), _>().map_err(text),
        Err("[1]: expected integer, found text".to_owned())
    );
    assert_eq!(
        pair.read::<Vec<String>, _>().map_err(text),
        Err("expected list, found tuple".to_owned())
    );
}
