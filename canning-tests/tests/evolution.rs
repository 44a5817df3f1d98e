//! Types that changed since the bytes were written: fields that came, went or moved, and what
//! is refused, in exactly which words.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use canning_core::{Canned, CannedObject, ErrorKind};
use canning_ndarray as _;
use canning_wire::can;
use ndarray::{Array1, Array2};

#[derive(Canned, Clone)]
struct Frame {
    step: u64,
    name: String,
    positions: Vec<f64>,
}

fn frame() -> Frame {
    Frame { step: 7, name: "argon".into(), positions: vec![0.5; 500] }
}

mod changed {
    use super::Canned;

    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename = "Frame")]
    pub(super) struct Gained {
        pub(super) step: u64,
        pub(super) name: String,
        #[canned(default)]
        pub(super) charge: Option<i32>,
        pub(super) positions: Vec<f64>,
        #[canned(default = "one")]
        pub(super) scale: f64,
    }

    fn one() -> f64 {
        1.0
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename = "Frame")]
    pub(super) struct Lost {
        pub(super) step: u64,
    }

    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename = "Frame")]
    pub(super) struct Reordered {
        pub(super) positions: Vec<f64>,
        #[canned(alias = "name")]
        pub(super) title: String,
        pub(super) step: u64,
    }

    #[derive(Canned, Debug)]
    #[canned(rename = "Frame", deny_unknown_fields)]
    pub(super) struct Strict {
        step: u64,
    }

    #[derive(Canned, Debug)]
    #[canned(rename = "Frame")]
    pub(super) struct Needs {
        charge: i32,
    }
}

macro_rules! refused {
    ($value:expr, $into:ty) => {
        can(&$value).unwrap().get_object::<$into, _>().map(drop).unwrap_err().to_string()
    };
}

#[test]
fn a_gained_field_takes_its_default() {
    let gained: changed::Gained = can(&frame()).unwrap().get_object().unwrap();
    let Frame { step, name, positions } = frame();
    assert_eq!(gained, changed::Gained { step, name, charge: None, positions, scale: 1.0 });
}

#[test]
fn lost_and_reordered_fields_read_too() {
    let lost: changed::Lost = can(&frame()).unwrap().get_object().unwrap();
    assert_eq!(lost, changed::Lost { step: 7 });
    let reordered: changed::Reordered = can(&frame()).unwrap().get_object().unwrap();
    assert_eq!((reordered.step, reordered.title.as_str()), (7, "argon"));
    assert_eq!(reordered.positions, frame().positions);
}

#[test]
fn missing_and_unknown_fields_are_named() {
    assert_eq!(refused!(frame(), changed::Needs), "missing field `charge`");
    assert_eq!(refused!(vec![frame()], Vec<changed::Needs>), "[0]: missing field `charge`");
    assert_eq!(refused!(frame(), changed::Strict), "unknown field `name`");
    assert_eq!(refused!(3, Frame), "expected record, found integer");
    assert_eq!(
        refused!(changed::Lost { step: 1 }, Other),
        "expected record `Other`, found `Frame`"
    );
}

#[derive(Canned, Debug)]
struct Other {}

#[derive(Canned)]
struct Run {
    frames: Vec<Inner64>,
}

#[derive(Canned)]
#[canned(rename = "Inner")]
struct Inner64 {
    positions: Array2<f64>,
    counts: (u8, Vec<i16>),
}

#[derive(Canned, Debug)]
#[canned(rename = "Run")]
struct Run32 {
    frames: Vec<Inner32>,
}

#[derive(Canned, Debug)]
#[canned(rename = "Inner")]
struct Inner32 {
    positions: Array2<f32>,
    counts: (u8, Vec<i16>),
}

#[derive(Canned, Debug)]
#[canned(rename = "Run")]
struct RunFlat {
    frames: Vec<InnerFlat>,
}

#[derive(Canned, Debug)]
#[canned(rename = "Inner")]
struct InnerFlat {
    positions: Array1<f64>,
}

#[derive(Canned, Debug)]
#[canned(rename = "Run")]
struct RunWide {
    frames: Vec<InnerWide>,
}

#[derive(Canned, Debug)]
#[canned(rename = "Inner")]
struct InnerWide {
    counts: (i8, Vec<u16>),
}

#[test]
fn a_wrong_dtype_or_shape_is_named_with_its_path() {
    let inner = |value| Inner64 { positions: Array2::zeros((2, 3)), counts: (value, vec![1]) };
    let run = Run { frames: (0..4).map(inner).collect() };
    assert_eq!(refused!(run, Run32), "frames[0].positions: expected <f4, found <f8");
    assert_eq!(refused!(run, RunFlat), "frames[0].positions: expected 1 axis, found 2");
    let run = Run { frames: vec![inner(3), inner(200)] };
    assert_eq!(refused!(run, RunWide), "frames[0].counts[1]: expected <u2, found <i2");
    let error = can(&run).unwrap().get_object::<Run32, _>().unwrap_err();
    assert_eq!(error.path().to_string(), "frames[0].positions");
    assert!(matches!(error.kind(), ErrorKind::Dtype { .. }));
}

#[derive(Canned, Debug, PartialEq)]
enum Event {
    Started,
    Moved { to: Vec<f64> },
    Stopped(u8),
}

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "Event")]
enum OldEvent {
    Started,
    #[canned(other)]
    Unknown,
}

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "Event")]
enum StrictEvent {
    Started,
}

#[test]
fn unknown_variants_are_skipped_where_there_is_one_for_them() {
    let events = vec![
        Event::Started,
        Event::Moved { to: vec![0.5; 2000] },
        Event::Stopped(3),
        Event::Moved { to: vec![] },
        Event::Started,
    ];
    let old: Vec<OldEvent> = can(&events).unwrap().get_object().unwrap();
    let unknown = || OldEvent::Unknown;
    assert_eq!(old, [OldEvent::Started, unknown(), unknown(), unknown(), OldEvent::Started]);
    assert_eq!(refused!(events, Vec<StrictEvent>), "[1]: enum `Event` has no variant `Moved`");
}
