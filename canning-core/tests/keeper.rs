//! Canning from an `Arc` hands every call on, also those that a canner need not know.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use canning_core::{
    Can, ElementType, Record, RecordFields, RecordName, Result, SharedBytes,
    buffer::{RawArray, can_arc},
    visitor::Canner,
};

static RECORD: Record = Record {
    name: "R",
    variant: None,
    variant_aliases: &[],
    fields: RecordFields::Positional(0),
    ignores_unknown: true,
};

/// Calls everything that a canner has.
struct Everything {
    text: String,
    bytes: SharedBytes,
}

impl Can for Everything {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.unit()?;
        canner.bool(true)?;
        canner.u64(1)?;
        canner.i64(1)?;
        canner.u128(1)?;
        canner.i128(1)?;
        canner.f32(1.0)?;
        canner.f64(1.0)?;
        canner.str("")?;
        canner.bytes(&[])?;
        assert!(canner.sends_out_of_band(1) && !canner.sends_out_of_band(0));
        canner.text_array(RawArray::of_text(&self.text))?;
        canner.none()?;
        canner.begin_some()?;
        canner.end_some()?;
        canner.begin_list(0)?;
        canner.expect_more(0);
        canner.end_list()?;
        canner.begin_set(0)?;
        canner.end_set()?;
        canner.begin_tuple(0)?;
        canner.end_tuple()?;
        canner.begin_map(0)?;
        canner.end_map()?;
        canner.begin_record(&RECORD)?;
        canner.field(0)?;
        canner.end_record()?;
        canner.begin_any_record(&Arc::new(RecordName::of(&RECORD)))?;
        canner.begin_object_array(&[])?;
        canner.end_object_array()?;
        canner.array(RawArray::of_bytes(&self.bytes))?;
        let element = const { <u8 as Can>::ELEMENT }.unwrap().element();
        assert!(canner.in_band(element, &self.bytes)?);
        canner.begin_inline()?;
        canner.end_inline()
    }
}

/// Notes what is called.
#[derive(Default)]
struct Calls(Vec<&'static str>);

macro_rules! note {
    ($($name:ident($($argument:ty),*))*) => {$(
        fn $name(&mut self, $(_: $argument),*) -> Result<()> {
            self.0.push(stringify!($name));
            Ok(())
        }
    )*};
}

#[deny(clippy::missing_trait_methods)]
impl<'a> Canner<'a> for Calls {
    note! {
        unit() bool(bool) u64(u64) i64(i64) u128(u128) i128(i128) f32(f32) f64(f64)
        str(&str) bytes(&[u8]) text_array(RawArray<'a>) none() begin_some() end_some()
        begin_list(usize) end_list() begin_set(usize) end_set() begin_tuple(usize) end_tuple() begin_map(usize) end_map()
        begin_record(&'static Record) field(usize) end_record() begin_any_record(&Arc<RecordName>)
        begin_object_array(&[usize]) end_object_array() array(RawArray<'a>)
        begin_inline() end_inline()
    }

    fn sends_out_of_band(&self, len: usize) -> bool {
        len > 0
    }

    fn expect_more(&mut self, _more: usize) {
        self.0.push("expect_more");
    }

    fn in_band(&mut self, _element: &'static ElementType, _bytes: &[u8]) -> Result<bool> {
        self.0.push("in_band");
        Ok(true)
    }
}

#[test]
fn an_arc_hands_every_call_on() {
    let everything =
        Arc::new(Everything { text: "text".into(), bytes: SharedBytes::from_vec(vec![1_u8]) });
    let (mut plain, mut kept) = (Calls::default(), Calls::default());
    everything.can(&mut plain).unwrap();
    can_arc(&everything, &mut kept).unwrap();
    assert_eq!(kept.0, plain.0);
    assert_eq!(kept.0.len(), 33, "{:?}", kept.0);
}
