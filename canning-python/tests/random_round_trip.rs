//! Random values, written and read back in both dialects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helper functions of tests")]

#[path = "support/rich.rs"]
mod rich;

use canning_core::{Buffer, CannedObject, Value};
use canning_python::{CanOptions, Dialect, Object};
use proptest::prelude::*;

use rich::{Rich, rich};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_values_come_back(value in rich(), threshold in 0..2000_usize, is_pickle: bool) {
        let dialect = if is_pickle { Dialect::Pickle } else { Dialect::Ipyparallel };
        let fresh = CanOptions::new(dialect).inline_threshold(threshold).can(&value).unwrap();
        prop_assert_eq!(&fresh.get::<Rich, _>().unwrap(), &value);
        let own = |blob: &Buffer<'_>| Buffer::from(blob.to_allocation(16).unwrap());
        let buffers = fresh.buffers().iter().map(own).collect();
        let mut object = Object::restore(dialect, own(fresh.header()), buffers).unwrap();
        let tree = object.get::<Value, _>().unwrap();
        prop_assert_eq!(&object.take::<Rich, _>().unwrap(), &value);
        // Without its type it is what Python has, and is read as the same.
        let again = CanOptions::new(dialect).can(&tree).unwrap();
        prop_assert_eq!(&again.get::<Value, _>().unwrap(), &tree);
        prop_assert_eq!(&again.get::<Rich, _>().unwrap(), &value);
        let owned = again.into_owned().unwrap();
        prop_assert_eq!(&owned.get::<Rich, _>().unwrap(), &value);
    }
}
