//! What each attribute of `#[derive(Canned)]` does.

use canning_core::{Can, Canned, ErrorKind, FieldNames};
use canning_tests::events::{Event, can, positional, record, round_trip, uncan, variant};

/// A field's number, as the derive announces it.
fn field(index: usize) -> Event {
    Event::Field(index)
}

fn text(text: &str) -> Event {
    Event::Text(text.into())
}

fn int(value: i128) -> Event {
    Event::Integer(value)
}

fn seven() -> u8 {
    7
}

mod renamed {
    use super::*;

    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename = "Other", rename_all = "camelCase")]
    struct Names {
        first_field: u8,
        #[canned(rename = "2nd", alias = "second", alias = "zwei")]
        second_field: u8,
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename_all = "SCREAMING-KEBAB-CASE")]
    enum Variants {
        #[canned(rename_all = "UPPERCASE", alias = "old")]
        TwoWords { a_field: u8 },
        #[canned(rename = "one")]
        Other(u8),
    }

    #[test]
    fn names_are_written_as_renamed() {
        let names = Names { first_field: 1, second_field: 2 };
        assert_eq!(can(&names).unwrap()[0], record("Other", &["firstField", "2nd"]));
        let two = Variants::TwoWords { a_field: 1 };
        assert_eq!(can(&two).unwrap()[0], variant("Variants", "TWO-WORDS", &["A_FIELD"]));
        assert_eq!(can(&Variants::Other(1)).unwrap()[0], positional("Variants", Some("one"), 1));
        assert_eq!(round_trip(&two).unwrap(), two);
        assert_eq!(round_trip(&names).unwrap(), names);
    }

    #[test]
    fn aliases_are_taken() {
        for alias in ["second", "zwei", "2nd"] {
            let events = [record("Other", &[alias, "firstField"]), int(2), int(1), Event::End];
            let names: Names = uncan(&events).unwrap();
            assert_eq!(names, Names { first_field: 1, second_field: 2 });
        }
        let events = [variant("Variants", "old", &["A_FIELD"]), int(1), Event::End];
        assert_eq!(uncan::<Variants, _>(&events).unwrap(), Variants::TwoWords { a_field: 1 });
    }

    #[test]
    fn a_name_and_its_alias_are_the_same_field() {
        let events =
            [record("Other", &["firstField", "2nd", "zwei"]), int(1), int(2), int(2), Event::End];
        let refused = uncan::<Names, _>(&events).unwrap_err();
        assert_eq!(refused.to_string(), "duplicate field `2nd`");
    }
}

mod missing {
    use super::*;

    #[derive(Canned, Debug, PartialEq)]
    struct Defaults {
        must: u8,
        #[canned(default)]
        zero: u8,
        #[canned(default = "seven")]
        seven: u8,
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(default)]
    struct AtOnce {
        a: u8,
        #[canned(default = "seven")]
        b: u8,
        #[canned(skip)]
        c: u8,
    }

    impl Default for AtOnce {
        fn default() -> Self {
            Self { a: 1, b: 2, c: 3 }
        }
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(default = "Self::two")]
    struct ByFunction(u8, u8);

    impl ByFunction {
        fn two() -> Self {
            Self(8, 9)
        }
    }

    #[derive(Canned, Debug, PartialEq)]
    struct Last(u8, #[canned(default)] u8);

    #[derive(Canned, Debug, PartialEq)]
    enum InVariant {
        Named {
            a: u8,
            #[canned(default)]
            b: u8,
        },
    }

    #[test]
    fn missing_fields_come_from_their_default() {
        let events = [record("Defaults", &["must"]), int(1), Event::End];
        let found: Defaults = uncan(&events).unwrap();
        assert_eq!(found, Defaults { must: 1, zero: 0, seven: 7 });
        let events = [variant("InVariant", "Named", &["a"]), int(1), Event::End];
        let found: InVariant = uncan(&events).unwrap();
        assert_eq!(found, InVariant::Named { a: 1, b: 0 });
    }

    #[test]
    fn missing_fields_come_from_the_default_of_the_struct() {
        let events = [record("AtOnce", &[]), Event::End];
        assert_eq!(uncan::<AtOnce, _>(&events).unwrap(), AtOnce { a: 1, b: 7, c: 3 });
        let events = [record("AtOnce", &["b", "a"]), int(5), int(6), Event::End];
        assert_eq!(uncan::<AtOnce, _>(&events).unwrap(), AtOnce { a: 6, b: 5, c: 3 });
        let whole = AtOnce { a: 4, b: 5, c: 3 };
        assert_eq!(round_trip(&whole).unwrap(), whole);
    }

    #[test]
    fn fields_without_names_are_missing_from_the_end() {
        let events = [positional("Last", None, 1), int(1), Event::End];
        assert_eq!(uncan::<Last, _>(&events).unwrap(), Last(1, 0));
        let events = [positional("ByFunction", None, 1), int(1), Event::End];
        assert_eq!(uncan::<ByFunction, _>(&events).unwrap(), ByFunction(1, 9));
        let events = [positional("Last", None, 0), Event::End];
        let refused = uncan::<Last, _>(&events).unwrap_err();
        assert_eq!(refused.to_string(), "expected length 2, found 0");
    }

    #[test]
    fn what_has_no_default_must_be_there() {
        let events = [record("Defaults", &["zero"]), int(1), Event::End];
        let refused = uncan::<Defaults, _>(&events).unwrap_err();
        assert_eq!(refused.to_string(), "missing field `must`");
    }
}

mod unknown {
    use super::*;

    #[derive(Canned, Debug, PartialEq)]
    struct Lenient {
        a: u8,
        b: u8,
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(deny_unknown_fields)]
    struct Strict {
        a: u8,
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(deny_unknown_fields)]
    enum Known {
        A {
            a: u8,
        },
        #[canned(other)]
        Unknown,
    }

    #[test]
    fn unknown_fields_are_skipped_or_refused() {
        let events = [
            record("Lenient", &["b", "x", "a"]),
            int(2),
            Event::List(2),
            Event::Some,
            text("x"),
            Event::End,
            Event::None,
            Event::End,
            int(1),
            Event::End,
        ];
        assert_eq!(uncan::<Lenient, _>(&events).unwrap(), Lenient { a: 1, b: 2 });
        let events = [record("Strict", &["a", "x"]), int(1), int(2), Event::End];
        let refused = uncan::<Strict, _>(&events).unwrap_err();
        assert_eq!(refused.to_string(), "unknown field `x`");
    }

    #[test]
    fn unknown_variants_have_one_that_stands_for_them() {
        let events = [variant("Known", "B", &["b"]), text("b"), Event::End];
        assert_eq!(uncan::<Known, _>(&events).unwrap(), Known::Unknown);
        assert_eq!(round_trip(&Known::Unknown).unwrap(), Known::Unknown);
        assert_eq!(round_trip(&Known::A { a: 1 }).unwrap(), Known::A { a: 1 });
    }
}

mod skipped {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct NotCannable(u8);

    #[derive(Canned, Clone, Debug, PartialEq)]
    struct Fields(#[canned(skip)] NotCannable, u8, #[canned(skip, default = "seven")] u8, u8);

    #[derive(Canned, Clone, Debug, PartialEq)]
    enum Variants {
        #[canned(skip)]
        Hidden(NotCannable),
        Shown {
            a: u8,
            #[canned(skip)]
            b: Option<NotCannable>,
        },
    }

    #[derive(Canned, Debug, PartialEq)]
    struct Generic<T, U> {
        #[canned(skip)]
        cache: Vec<T>,
        #[canned(skip, default = "Vec::new")]
        other: Vec<U>,
    }

    #[test]
    fn skipped_fields_are_not_sent() {
        let sent = Fields(NotCannable(1), 2, 3, 4);
        let events = can(&sent).unwrap();
        let expected =
            [positional("Fields", None, 2), field(0), int(2), field(1), int(4), Event::End];
        assert_eq!(events, expected);
        assert_eq!(uncan::<Fields, _>(&events).unwrap(), Fields(NotCannable(0), 2, 7, 4));
    }

    #[test]
    fn skipped_variants_are_refused() {
        let refused = can(&Variants::Hidden(NotCannable(1))).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Unsupported(_)));
        assert_eq!(
            refused.to_string(),
            "the format cannot express the variant `Variants::Hidden`, which is skipped"
        );
        let sent = Variants::Shown { a: 1, b: Some(NotCannable(1)) };
        assert_eq!(round_trip(&sent).unwrap(), Variants::Shown { a: 1, b: None });
    }

    #[test]
    fn skipped_parameters_need_not_be_cannable() {
        let sent = Generic { cache: vec![NotCannable(1)], other: vec![NotCannable(2)] };
        let back = round_trip(&sent).unwrap();
        assert!(back.cache.is_empty() && back.other.is_empty());
    }
}

mod ways {
    use super::*;

    #[derive(Canned, Debug, PartialEq)]
    #[canned(transparent)]
    struct Meters(f64);

    #[derive(Canned, Debug, PartialEq)]
    #[canned(transparent)]
    struct Wrapper<T> {
        #[canned(skip)]
        cache: Option<String>,
        #[canned(inline)]
        inner: Vec<T>,
    }

    #[derive(Canned, Debug, PartialEq)]
    struct Fields {
        #[canned(with = "hex")]
        hex: u64,
        #[canned(inline)]
        list: Vec<u8>,
    }

    #[derive(Canned, Debug, PartialEq)]
    enum Variant {
        Hex(#[canned(with = "hex")] u64, #[canned(inline)] Vec<u8>),
    }

    mod hex {
        use canning_core::{
            ErrorKind, Result,
            visitor::{Canner, Uncanner},
        };

        pub(super) fn can<'a, C: Canner<'a>>(value: &u64, canner: &mut C) -> Result<()> {
            canner.str(&format!("{value:x}"))
        }

        pub(super) fn uncan<'b, U: Uncanner<'b>>(uncanner: &mut U) -> Result<u64> {
            let refused = ErrorKind::InvalidText { expected: "hex" };
            u64::from_str_radix(&uncanner.text()?, 16).map_err(|_| refused.into())
        }
    }

    #[test]
    fn transparent_types_are_their_field() {
        assert_eq!(can(&Meters(1.5)).unwrap(), [Event::F64(1.5)]);
        assert_eq!(round_trip(&Meters(1.5)).unwrap(), Meters(1.5));
        let sent = Wrapper { cache: Some(String::new()), inner: vec![1_u8] };
        let events = can(&sent).unwrap();
        assert!(matches!(events.as_slice(), [Event::Inline, Event::Array(_), Event::EndInline]));
        assert_eq!(round_trip(&sent).unwrap(), Wrapper { cache: None, inner: vec![1] });
    }

    #[test]
    fn fields_go_by_the_functions_of_a_module() {
        let sent = Fields { hex: 255, list: vec![1] };
        let events = can(&sent).unwrap();
        assert_eq!(events[1..4], [field(0), text("ff"), field(1)]);
        assert_eq!(events[4], Event::Inline);
        assert_eq!(events[6], Event::EndInline);
        assert_eq!(round_trip(&sent).unwrap(), sent);
        let sent = Variant::Hex(16, vec![]);
        assert_eq!(round_trip(&sent).unwrap(), sent);
    }

    #[test]
    fn errors_of_such_functions_name_the_field() {
        let events = [record("Fields", &["list", "hex"]), Event::List(0), Event::End, text("x")];
        let refused = uncan::<Fields, _>(&events).unwrap_err();
        assert_eq!(refused.to_string(), "list: expected array, found list");
        let events = [record("Fields", &["hex"]), text("x")];
        let refused = uncan::<Fields, _>(&events).unwrap_err();
        assert_eq!(refused.to_string(), "hex: text is not hex");
    }
}

mod bounds {
    use std::{fmt::Display, str::FromStr};

    use canning_core::{
        Uncan,
        visitor::{Canner, Uncanner},
    };

    use super::*;

    #[derive(Canned, Debug, PartialEq)]
    #[canned(bound = "T: Display + FromStr")]
    struct AsText<T> {
        #[canned(with = "by_text")]
        value: T,
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(bound(can = "T: Can<V>", uncan = "T: Uncan<'b, V> + Ord", via = "V"))]
    struct Sorted<T>(Vec<T>);

    mod by_text {
        use super::*;

        pub(super) fn can<'a, T, C>(value: &T, canner: &mut C) -> canning_core::Result<()>
        where
            T: Display,
            C: Canner<'a>,
        {
            canner.str(&value.to_string())
        }

        pub(super) fn uncan<'b, T, U>(uncanner: &mut U) -> canning_core::Result<T>
        where
            T: FromStr,
            U: Uncanner<'b>,
        {
            let refused = ErrorKind::InvalidText { expected: "a value" };
            uncanner.text()?.parse().map_err(|_| refused.into())
        }
    }

    #[test]
    fn bounds_are_those_that_are_written() {
        let sent = AsText { value: std::net::Ipv4Addr::LOCALHOST };
        assert_eq!(can(&sent).unwrap()[2], text("127.0.0.1"));
        assert_eq!(round_trip(&sent).unwrap(), sent);
        let sent = Sorted(vec![Some(1_u8)]);
        assert_eq!(round_trip(&sent).unwrap(), sent);
    }
}

#[test]
fn errors_have_the_path_of_the_fields() {
    #[derive(Canned, Debug)]
    struct Outer {
        inner: Vec<Inner>,
    }

    #[derive(Canned, Debug)]
    struct Inner(u8, Option<u16>);

    let events = [
        record("Outer", &["inner"]),
        Event::List(1),
        positional("Inner", None, 2),
        int(1),
        Event::Some,
        text("x"),
    ];
    let refused = uncan::<Outer, _>(&events).unwrap_err();
    assert_eq!(refused.to_string(), "inner[0][1]: expected integer, found text");
}

#[test]
fn another_record_is_refused() {
    #[derive(Canned, Debug)]
    struct Unit;

    let events = [positional("Other", None, 0), Event::End];
    let refused = uncan::<Unit, _>(&events).unwrap_err();
    assert_eq!(refused.to_string(), "expected record `Unit`, found `Other`");
    assert_eq!(FieldNames::Positional(0).len(), 0);
}
