//! Plain values of serde's through Python's formats.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::collections::BTreeMap;

use canning_core::{Canned, CannedObject};
use canning_python::{CanOptions, Dialect};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Plain {
    name: String,
    options: Vec<Option<Option<u8>>>,
    kinds: Vec<Kind>,
    map: BTreeMap<String, f64>,
    unit: (),
    pair: (i8, char),
    nested: Option<Box<Self>>,
    wide: i128,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Kind {
    Unit,
    Newtype(Option<u8>),
    Tuple(u8, String),
    Struct { a: u8, b: Option<()> },
}

#[derive(Canned, Debug, PartialEq)]
struct Holder {
    #[canned(plain)]
    plain: Plain,
    #[canned(plain)]
    kind: Kind,
    array: Vec<f64>,
}

#[test]
fn plain_values_come_back() {
    let plain = Plain {
        name: "a".into(),
        options: vec![None, Some(None), Some(Some(1))],
        kinds: vec![
            Kind::Unit,
            Kind::Newtype(None),
            Kind::Newtype(Some(1)),
            Kind::Tuple(1, "b".into()),
            Kind::Struct { a: 1, b: Some(()) },
            Kind::Struct { a: 1, b: None },
        ],
        map: [("x".to_owned(), 0.5)].into(),
        unit: (),
        pair: (-1, 'ä'),
        nested: None,
        wide: i128::MIN,
    };
    let nested = Plain { nested: Some(Box::new(plain.clone())), ..plain };
    let holder = Holder { plain: nested, kind: Kind::Unit, array: vec![1.0; 500] };
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        let mut object = CanOptions::new(dialect).can(&holder).unwrap();
        assert_eq!(object.get::<Holder, _>().unwrap(), holder);
        assert_eq!(object.take::<Holder, _>().unwrap(), holder);
    }
}
