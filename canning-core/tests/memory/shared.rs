//! Shared memory: the last one frees it.

use std::{borrow::Cow, sync::Arc, thread};

use canning_core::{
    Dtype, Elem, Scalar, SharedBytes, SharedSlice,
    buffer::{Allocation, ArrayLayout, Axis, Buffer, Pool, ReceivedArray},
};

use crate::checked::balanced;

#[test]
fn the_last_one_frees_the_memory() {
    balanced(|| {
        let whole = SharedBytes::from_vec(vec![1_u16, 2, 3, 4]);
        let part = whole.get(2..6).unwrap();
        let rest = whole.clone().into_rest(4);
        drop(whole);
        assert_eq!(*SharedSlice::from_bytes(part, Elem::<u16>::of()).unwrap(), [2, 3]);
        let items = SharedSlice::from_bytes(rest, Elem::<u16>::of()).unwrap();
        let buffer = Buffer::from(items.clone().into_bytes());
        drop(items);
        let inner = buffer.part(2..4).unwrap();
        drop(buffer);
        assert_eq!(inner.as_slice().unwrap(), 4_u16.to_ne_bytes());
    });
}

#[test]
fn an_owner_of_any_kind_lives_as_long_as_its_bytes() {
    balanced(|| {
        let text: Arc<str> = "text".into();
        let shared = SharedBytes::from_owner(Arc::<[u8]>::from(&b"bytes"[..]));
        let text = SharedBytes::from_owner(String::from(&*text).into_bytes());
        let pieces: Buffer<'static> = Buffer::shared_pieces(shared, text);
        let whole = pieces.clone().into_owned(8).unwrap();
        let copied = pieces.to_allocation(1).unwrap();
        assert_eq!(copied.as_slice(), b"bytestext");
        assert_eq!(whole.segments().collect::<Vec<_>>(), [&b"bytes"[..], b"text"]);
    });
}

#[test]
fn an_allocation_comes_out_once() {
    balanced(|| {
        let pool = Pool::new(1 << 20);
        for _ in 0..3 {
            let mut lent = pool.allocate(1000, 8).unwrap();
            lent.grow(80).unwrap();
            let buffer: Buffer<'static> = lent.into();
            let other = buffer.clone();
            let buffer = buffer.try_into_allocation().unwrap_err();
            drop(other);
            let items = buffer.try_into_allocation().unwrap();
            pool.recycle(items.try_into_vec(Elem::<f64>::of()).unwrap());
        }
        assert_eq!(pool.held_bytes(), 1000);
    });
}

#[test]
fn broadcast_items_are_repeated_from_memory_that_is_there() {
    balanced(|| {
        let axes = [Axis { index: 1, reversed: false }];
        let layout = ArrayLayout::new(&[2, 40], Some(&axes)).unwrap();
        let (first, second) = (vec![1; 30], vec![2; 10]);
        let pieces = Buffer::borrowed_pieces(&first, &second);
        let array = ReceivedArray::moved(Cow::Owned(Dtype::Scalar(Scalar::U8)), layout, pieces);
        let (array, copied) = array.unwrap().expand_broadcast().unwrap();
        assert_eq!(copied.out_of_band, 40 + 80, "gathered, and repeated");
        let (array, _) = array.into_owned(Elem::<u8>::of()).unwrap();
        assert_eq!(array.items, [first.clone(), second.clone(), first, second].concat());

        // Items of four bytes; the last axis is stored as the slowest, the one before it reversed.
        let axes = [Axis { index: 2, reversed: false }, Axis { index: 1, reversed: true }];
        let layout = ArrayLayout::new(&[2, 3, 4], Some(&axes)).unwrap();
        let stored: Vec<u32> = (0..12).map(|item| item * 0x0101_0101).collect();
        let bytes: Vec<u8> = stored.iter().flat_map(|item| item.to_ne_bytes()).collect();
        let pieces = Buffer::borrowed_pieces(&bytes[..18], &bytes[18..]);
        let array = ReceivedArray::moved(Cow::Owned(Dtype::Scalar(Scalar::U32)), layout, pieces);
        let (array, copied) = array.unwrap().expand_broadcast().unwrap();
        assert_eq!(copied.out_of_band, 48 + 96);
        let (array, _) = array.into_owned(Elem::<u32>::of()).unwrap();
        let axes = [0, 1, 2].map(|index| Axis { index, reversed: index == 1 });
        assert_eq!(array.layout, ArrayLayout::new(&[2, 3, 4], Some(&axes)).unwrap());
        let once = (0..3).flat_map(|row| (0..4).map(move |column| (column, row)));
        let once: Vec<u32> = once.map(|(column, row)| stored[column * 3 + row]).collect();
        assert_eq!(array.items, once.repeat(2));
    });
}

#[test]
fn other_threads_may_be_the_last() {
    let pool = Pool::new(1 << 20);
    let mut allocation = pool.allocate(4096, 8).unwrap();
    allocation.extend_from_slice(&[7; 4096]).unwrap();
    let bytes = SharedBytes::from_allocation(allocation);
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (bytes, pool) = (bytes.clone(), pool.clone());
            thread::spawn(move || {
                let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
                let came_out = bytes.try_into_allocation();
                let is_last = came_out.is_ok();
                if let Ok(mut allocation) = came_out {
                    allocation.as_mut_slice().fill(8);
                    pool.put(allocation);
                }
                (sum, is_last)
            })
        })
        .collect();
    drop(bytes);
    let ended: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    assert!(ended.iter().all(|(sum, _)| *sum == 7 * 4096));
    assert!(ended.iter().filter(|(_, is_last)| *is_last).count() <= 1);
    assert_eq!(pool.held_bytes(), 4096, "the last gave it back, however it ended");
}

#[test]
fn forgotten_memory_is_leaked_and_no_more() {
    let pool = Pool::new(1 << 20);
    let mut lent = pool.allocate(1000, 1).unwrap();
    lent.extend_from_slice(b"kept").unwrap();
    let shared = SharedBytes::from_allocation(lent);
    std::mem::forget(shared.clone());
    let shared = shared.try_into_allocation().unwrap_err();
    assert_eq!(*shared, *b"kept");
    drop(shared);
    assert_eq!(pool.held_bytes(), 0, "somebody may look at it still");
    std::mem::forget(Allocation::from_vec(vec![1_u8; 100]));
    drop(pool);
}

#[test]
fn all_memory_may_go_to_other_threads() {
    fn is_shareable<T: Send + Sync>() {}
    is_shareable::<Pool>();
    is_shareable::<Arc<dyn std::any::Any + Send + Sync>>();
    is_shareable::<Allocation>();
    is_shareable::<SharedBytes>();
    is_shareable::<SharedSlice<f64>>();
    is_shareable::<Buffer<'_>>();
    is_shareable::<canning_core::buffer::Segments<'_>>();
    is_shareable::<canning_core::buffer::Gather<'_>>();
}
