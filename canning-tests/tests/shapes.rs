//! `#[derive(Canned)]` on every shape of type.

use canning_core::Canned;
use canning_tests::events::{Event, can, positional, record, round_trip, variant};

#[derive(Canned, Clone, Debug, PartialEq)]
struct Named {
    a: u8,
    r#type: String,
    list: Vec<f64>,
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct Tuple(u8, Vec<Named>);

#[derive(Canned, Clone, Debug, PartialEq)]
struct Unit;

#[derive(Canned, Clone, Debug, PartialEq)]
enum Shape {
    Empty,
    Point(f64, f64),
    Box { width: f64, height: f64 },
    Group(Vec<Shape>),
}

#[derive(Canned, Clone, Debug, PartialEq)]
enum Never {}

fn named() -> Named {
    Named { a: 1, r#type: "t".into(), list: vec![1.0, 2.0] }
}

#[test]
fn structs_come_back() {
    assert_eq!(round_trip(&named()).unwrap(), named());
    let tuple = Tuple(3, vec![named(), named()]);
    assert_eq!(round_trip(&tuple).unwrap(), tuple);
    assert_eq!(round_trip(&Unit).unwrap(), Unit);
}

#[test]
fn variants_come_back() {
    let shapes = vec![
        Shape::Empty,
        Shape::Point(1.0, 2.0),
        Shape::Box { width: 1.0, height: 2.0 },
        Shape::Group(vec![Shape::Empty]),
    ];
    let group = Shape::Group(shapes);
    assert_eq!(round_trip(&group).unwrap(), group);
}

#[test]
fn names_are_those_of_the_code_without_raw_marks() {
    let events = can(&named()).unwrap();
    assert_eq!(events[0], record("Named", &["a", "type", "list"]));
    assert_eq!(events[1..3], [Event::Field(0), Event::Integer(1)]);
    assert_eq!(can(&Unit).unwrap(), [positional("Unit", None, 0), Event::End]);
    let boxed = Shape::Box { width: 1.0, height: 2.0 };
    assert_eq!(can(&boxed).unwrap()[0], variant("Shape", "Box", &["width", "height"]));
    let point = Shape::Point(1.0, 2.0);
    assert_eq!(can(&point).unwrap()[0], positional("Shape", Some("Point"), 2));
}

#[test]
fn an_enum_without_variants_takes_nothing() {
    let events = [positional("Never", Some("Ever"), 0), Event::End];
    let refused = canning_tests::events::uncan::<Never, _>(&events).unwrap_err();
    assert_eq!(refused.to_string(), "enum `Never` has no variant `Ever`");
}
