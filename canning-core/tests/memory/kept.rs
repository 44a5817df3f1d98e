//! What was canned from an `Arc` keeps it.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    ptr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use canning_core::{
    Can, Dtype, Record, RecordName, Result, Scalar,
    buffer::{ArrayLayout, Buffer, RawArray, can_arc},
    visitor::Canner,
};

use crate::checked::balanced;

/// Keeps the arrays and texts, and panics at the one of that number.
struct Keeps {
    arrays: Vec<RawArray<'static>>,
    panics_at: usize,
}

impl Keeps {
    fn until(panics_at: usize) -> Self {
        Self { arrays: Vec::new(), panics_at }
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        let bytes = |buffer: &Buffer<'_>| buffer.segments().flatten().copied().collect();
        self.arrays.iter().map(|array| bytes(array.buffer())).collect()
    }
}

macro_rules! ignore {
    ($($name:ident($($argument:ty),*))*) => {$(
        fn $name(&mut self, $(_: $argument),*) -> Result<()> {
            Ok(())
        }
    )*};
}

impl Canner<'static> for Keeps {
    ignore! {
        unit() bool(bool) u64(u64) i64(i64) u128(u128) i128(i128) f32(f32) f64(f64)
        str(&str) bytes(&[u8]) none() begin_some() end_some()
        begin_list(usize) end_list() begin_tuple(usize) end_tuple() begin_map(usize) end_map()
        begin_record(&'static Record) end_record() begin_any_record(&Arc<RecordName>)
        begin_object_array(&[usize]) end_object_array()
    }

    fn sends_out_of_band(&self, _len: usize) -> bool {
        true
    }

    fn text_array(&mut self, text: RawArray<'static>) -> Result<()> {
        self.array(text)
    }

    fn array(&mut self, array: RawArray<'static>) -> Result<()> {
        if self.arrays.len() == self.panics_at {
            // Without a word: that were allocated, too.
            resume_unwind(Box::new(()));
        }
        self.arrays.push(array);
        Ok(())
    }
}

/// An array whose dtype is borrowed from the value, too.
struct OfAnyDtype(Dtype, Vec<u8>);

impl Can for OfAnyDtype {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let (layout, buffer) = (ArrayLayout::one_axis(self.1.len()), Buffer::borrowed(&self.1));
        canner.array(RawArray::from_parts(Cow::Borrowed(&self.0), layout, buffer)?)
    }
}

#[test]
fn a_dtype_that_is_borrowed_from_the_value_is_copied() {
    balanced(|| {
        let value = Arc::new(OfAnyDtype(Dtype::Scalar(Scalar::U8), vec![3; 50]));
        let mut keeps = Keeps::until(1);
        can_arc(&value, &mut keeps).unwrap();
        let dtype = keeps.arrays[0].dtype();
        assert!(!ptr::eq(dtype, &value.0));
        drop(value);
        assert_eq!(dtype.to_string(), "|u1");
        assert_eq!(keeps.bytes(), [[3; 50]]);
    });
}

type Inside = (Vec<u16>, (String, Box<[u8]>));

fn inside() -> Arc<Inside> {
    Arc::new((vec![1; 40], ("t".repeat(50), [2; 60].into())))
}

fn expected() -> Vec<Vec<u8>> {
    vec![[1_u16; 40].map(u16::to_ne_bytes).as_flattened().into(), vec![b't'; 50], vec![2; 60]]
}

#[test]
fn every_array_and_text_keeps_the_arc() {
    balanced(|| {
        let value = inside();
        let mut keeps = Keeps::until(3);
        can_arc(&value, &mut keeps).unwrap();
        assert_eq!(Arc::strong_count(&value), 4);
        drop(value);
        assert_eq!(keeps.bytes(), expected());
        for at in 0..3 {
            let last = keeps.arrays.remove(2 - at);
            assert_eq!(keeps.bytes(), expected()[..2 - at]);
            assert_eq!(last.buffer().as_slice().unwrap(), expected()[2 - at]);
        }
    });
}

#[test]
fn a_part_keeps_the_arc_and_nobody_has_it_alone() {
    balanced(|| {
        let mut value = inside();
        let mut keeps = Keeps::until(3);
        can_arc(&value, &mut keeps).unwrap();
        let part = keeps.arrays[2].buffer().part(58..60).unwrap();
        drop(keeps);
        assert!(Arc::get_mut(&mut value).is_none());
        drop(value);
        assert_eq!(part.as_slice().unwrap(), [2, 2]);
    });
}

#[test]
fn a_panic_in_the_middle_keeps_what_was_handed_over() {
    balanced(|| {
        for panics_at in 0..3 {
            let value = inside();
            let mut keeps = Keeps::until(panics_at);
            let panicked = catch_unwind(AssertUnwindSafe(|| can_arc(&value, &mut keeps)));
            assert!(panicked.is_err());
            assert_eq!(Arc::strong_count(&value), 1 + panics_at);
            drop(value);
            assert_eq!(keeps.bytes(), expected()[..panics_at]);
        }
    });
}

/// Cans another of its kind, and itself again, while it is canned.
struct Nests(Vec<u32>, AtomicUsize);

impl Can for Nests {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        if self.1.fetch_add(1, Ordering::Relaxed) < 2 {
            let mut inner = Keeps::until(1);
            can_arc(&Arc::new(Self(vec![9; 30], AtomicUsize::new(2))), &mut inner)?;
            assert_eq!(inner.arrays[0].buffer().as_slice(), Some(&[9, 0, 0, 0].repeat(30)[..]));
            self.can(canner)?;
        }
        self.0.can(canner)
    }
}

#[test]
fn a_value_may_can_others_and_itself_meanwhile() {
    balanced(|| {
        let value = Arc::new(Nests(vec![5; 30], AtomicUsize::new(0)));
        let mut keeps = Keeps::until(3);
        can_arc(&value, &mut keeps).unwrap();
        assert_eq!(Arc::strong_count(&value), 4);
        drop(value);
        assert_eq!(keeps.bytes(), vec![[5, 0, 0, 0].repeat(30); 3]);
    });
}
