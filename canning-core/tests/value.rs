//! Typed values read out of a tree, by name; and trees canned again.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "helper functions of tests")]

use std::sync::Arc;

use canning_core::{
    Can, Enum, Error, FieldNames, Fields, Record, RecordField, RecordFields, RecordName,
    RecordValue, SharedBytes, Uncan, Value,
    buffer::{RawArray, can_arc},
    visitor::{Canner, Uncanner},
};

static POINT: Record = Record {
    name: "Point",
    variant: None,
    variant_aliases: &[],
    fields: RecordFields::Named(&[
        RecordField { name: "x", aliases: &["left"] },
        RecordField { name: "y", aliases: &[] },
    ]),
    ignores_unknown: true,
};

/// What was read, and whether the fields came in order.
#[derive(Debug, PartialEq)]
struct Point {
    fields: [Option<u8>; 2],
    in_order: bool,
}

impl<'b> Uncan<'b> for Point {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self, Error> {
        let mut fields = [None; 2];
        let in_order = uncanner.begin_record(&POINT)? == Fields::InOrder;
        if in_order {
            fields = [Some(u8::uncan(uncanner)?), Some(u8::uncan(uncanner)?)];
        } else {
            while let Some(index) = uncanner.next_field()? {
                fields[index] = Some(u8::uncan(uncanner)?);
            }
        }
        uncanner.end_record()?;
        Ok(Self { fields, in_order })
    }
}

fn point(fields: &[(&str, u8)]) -> Value {
    let names = fields.iter().map(|(name, _)| (*name).into()).collect();
    let name = RecordName { name: "Point".into(), variant: None, fields: FieldNames::Named(names) };
    let values = fields.iter().map(|(_, value)| (*value).into()).collect();
    RecordValue::new(name, values).unwrap().into()
}

#[test]
fn fields_are_matched_by_name_and_alias() {
    for (sent, fields, in_order) in [
        (&[("x", 1), ("y", 2)][..], [Some(1), Some(2)], true),
        (&[("y", 2), ("x", 1)], [Some(1), Some(2)], false),
        (&[("y", 2), ("left", 1)], [Some(1), Some(2)], false),
        (&[("z", 3), ("y", 2), ("w", 4)], [None, Some(2)], false),
        (&[], [None, None], false),
    ] {
        let read: Point = point(sent).read().unwrap();
        assert_eq!(read, Point { fields, in_order }, "{sent:?}");
    }
    let twice = point(&[("x", 1), ("left", 2)]).read::<Point, _>();
    assert_eq!(twice.unwrap_err().to_string(), "duplicate field `left`");
}

#[test]
fn unknown_variant_may_stand_for_all_others() {
    static EVENT: Enum = Enum {
        name: "Result",
        variants: &[Record {
            name: "Result",
            variant: Some("Unknown"),
            variant_aliases: &[],
            fields: RecordFields::Positional(0),
            ignores_unknown: false,
        }],
        other: Some(0),
    };
    struct Unknown;
    impl<'b> Uncan<'b> for Unknown {
        fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self, Error> {
            assert_eq!(uncanner.begin_variant(&EVENT)?.0, 0);
            uncanner.end_record()?;
            Ok(Self)
        }
    }
    let sent = Value::of(&(Ok::<_, ()>(vec![1.5]), 7)).unwrap();
    let (Unknown, seven): (_, u8) = sent.read().unwrap();
    assert_eq!(seven, 7);
}

#[test]
fn value_that_is_canned_again_is_the_same() {
    let sent = (
        Some(None::<u8>),
        vec![Ok("a".to_owned()), Err(u128::MAX)],
        (1_u8..2, [1.5_f32, 2.5], -7_i128, i128::MIN, 'x', ()),
    );
    let tree = Value::of(&sent).unwrap();
    assert_eq!(Value::of(&tree).unwrap(), tree);
    assert_eq!(tree.read::<Value, _>().unwrap(), tree);
    let list = Value::Map(vec![(Value::Bytes(vec![1]), 2.5.into())]);
    assert_eq!(Value::of(&list).unwrap(), list);
}

#[test]
fn records_of_one_type_share_their_names() {
    let tree = Value::of(&vec![1..2, 3..4]).unwrap();
    let list = tree.as_list().unwrap();
    let name = |index: usize| std::ptr::from_ref(list[index].as_record().unwrap().name());
    assert_eq!(name(0), name(1));
}

#[test]
fn record_with_too_few_fields_is_refused() {
    let name =
        RecordName { name: "Point".into(), variant: None, fields: FieldNames::Positional(2) };
    let refused = RecordValue::new(name, vec![Value::Unit]).unwrap_err();
    assert_eq!(refused.to_string(), "expected length 2, found 1");
}

#[test]
fn a_map_that_is_ended_in_the_middle_is_refused() {
    /// Takes so many keys and values.
    #[derive(Debug)]
    struct Taken<const PARTS: usize>;
    impl<'b, const PARTS: usize> Uncan<'b> for Taken<PARTS> {
        fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self, Error> {
            uncanner.begin_map()?;
            for _ in 0..PARTS {
                uncanner.skip()?;
            }
            uncanner.end_map().map(|()| Self)
        }
    }
    let map = Value::Map(vec![(1.into(), 2.into()), (3.into(), 4.into())]);
    map.read::<Taken<4>, _>().unwrap();
    assert_eq!(
        map.read::<Taken<3>, _>().unwrap_err().to_string(),
        "expected length 0, found 1",
        "a value"
    );
    assert_eq!(map.read::<Taken<2>, _>().unwrap_err().to_string(), "expected length 0, found 1");
    assert_eq!(map.read::<Taken<1>, _>().unwrap_err().to_string(), "expected length 0, found 2");
}

#[test]
fn one_value_is_canned_and_no_other() {
    struct Many(usize);
    impl Can for Many {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<(), Error> {
            (0..self.0).try_for_each(|_| canner.unit())
        }
    }
    assert_eq!(Value::of(&Many(1)).unwrap(), Value::Unit);
    assert!(Value::of(&Many(0)).is_err());
    assert!(Value::of(&Many(2)).is_err());
}

#[test]
fn text_that_comes_as_an_array_is_text() {
    struct Text(SharedBytes);
    impl Can for Text {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<(), Error> {
            canner.text_array(RawArray::of_bytes(&self.0))
        }
    }
    let text = |bytes: &[u8]| Value::of(&Text(SharedBytes::from_vec(bytes.to_vec())));
    assert_eq!(text("äb".as_bytes()).unwrap(), Value::from("äb"));
    assert_eq!(text(&[0xff]).unwrap_err().to_string(), "text is not UTF-8");
}

#[test]
fn arrays_expand_to_a_gigabyte_and_no_further() {
    #[derive(Debug)]
    struct Expand<const MORE: usize>;
    impl<'b, const MORE: usize> Uncan<'b> for Expand<MORE> {
        fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self, Error> {
            uncanner.unit()?;
            uncanner.allow_expansion((1 << 30) - 1)?;
            uncanner.allow_expansion(MORE).map(|()| Self)
        }
    }
    Value::Unit.read::<Expand<1>, _>().unwrap();
    assert!(Value::Unit.read::<Expand<2>, _>().is_err());
    assert!(Value::Unit.read::<Expand<{ usize::MAX }>, _>().is_err());
}

/// Keeps the arrays that it is handed, for as long as a canner may.
#[derive(Default)]
struct Arrays<'a>(Vec<canning_core::buffer::RawArray<'a>>);

macro_rules! ignored {
    ($($name:ident($($type:ty)?);)*) => {$(
        fn $name(&mut self $(, _: $type)?) -> Result<(), Error> {
            Ok(())
        }
    )*};
}

impl<'a> Canner<'a> for Arrays<'a> {
    ignored! {
        unit(); bool(bool); u64(u64); i64(i64); u128(u128); i128(i128); f32(f32); f64(f64);
        str(&str); bytes(&[u8]); none(); begin_some(); end_some(); begin_list(usize);
        end_list(); begin_tuple(usize); end_tuple(); begin_map(usize); end_map();
        begin_record(&'static Record); end_record(); begin_any_record(&std::sync::Arc<RecordName>);
        begin_object_array(&[usize]); end_object_array();
    }

    fn text_array(&mut self, text: canning_core::buffer::RawArray<'a>) -> Result<(), Error> {
        self.array(text)
    }

    fn array(&mut self, array: canning_core::buffer::RawArray<'a>) -> Result<(), Error> {
        self.0.push(array);
        Ok(())
    }
}

#[test]
fn arrays_canned_from_an_arc_outlive_every_other_owner() {
    let value = Arc::new((vec![1.5_f64; 1000], std::collections::VecDeque::from([1_u8, 2])));
    let address = value.0.as_ptr();
    let mut arrays = Arrays::default();
    can_arc(&value, &mut arrays).unwrap();
    drop(value);
    let sent = arrays.0[0].buffer().as_slice().unwrap();
    assert_eq!((sent.as_ptr(), sent.len()), (address.cast(), 8000));
    assert_eq!(sent[..8], 1.5_f64.to_le_bytes());
}

#[test]
fn ring_buffer_is_sent_in_its_two_pieces() {
    let mut ring = std::collections::VecDeque::with_capacity(4);
    ring.extend([1_u16, 2, 3]);
    ring.pop_front();
    ring.extend([4, 5]);
    let (first, second) = ring.as_slices();
    let mut arrays = Arrays::default();
    ring.can(&mut arrays).unwrap();
    let segments: Vec<_> = arrays.0[0].buffer().segments().map(<[u8]>::as_ptr).collect();
    assert!(!second.is_empty());
    assert_eq!(segments, [first.as_ptr().cast(), second.as_ptr().cast()]);
}
