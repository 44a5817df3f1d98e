//! `#[derive(Element)]`.

use std::{borrow::Cow, marker::PhantomData};

use canning_core::{Buffer, Canned, CannedObject, Elem, Element, ErrorKind, buffer::Allocation};
use canning_tests::events::{Event, can, round_trip, uncan};
use canning_wire::{CanOptions, Object};

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
struct Particle {
    position: [f64; 3],
    #[canned(rename = "kind")]
    species: u32,
    alive: [bool; 4],
}

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(transparent)]
struct Meters<Of: Copy + Send + Sync + 'static>(f64, PhantomData<Of>);

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
struct Pair<T>(T, [T; 2]);

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
struct Nested {
    pair: [Pair<u16>; 2],
    letter: char,
}

#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
struct Point<T> {
    class: u8,
    at: T,
}

/// Aligned more than its numbers are.
#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C, align(16))]
struct Wide([f64; 2]);

/// One that is packed and has no parameters, whose phantom stands in the middle.
#[derive(Clone, Copy, Element)]
#[repr(C, packed(2))]
struct Header(u8, PhantomData<fn() -> Self>, u8, u64);

/// A unit that is only a name: nothing is asked of it.
#[derive(Element)]
#[repr(C)]
struct Unit<Of>(f32, PhantomData<fn() -> Of>);

impl<Of> Clone for Unit<Of> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Of> Copy for Unit<Of> {}

#[derive(Canned, Debug, PartialEq)]
struct Frame {
    particles: Vec<Particle>,
    one: Particle,
    lengths: Vec<Meters<()>>,
    length: Meters<()>,
}

const PARTICLE: Particle =
    Particle { position: [1.0, 2.0, 3.0], species: 7, alive: [true, false, true, true] };

fn dtype<T: Element>() -> String {
    Elem::<T>::of().element().dtype().to_string()
}

#[test]
fn dtypes_are_structured_in_memory_order() {
    assert_eq!(
        dtype::<Particle>(),
        "[('position', '<f8', (3,)), ('kind', '<u4'), ('alive', '|b1', (4,))]"
    );
    assert_eq!(dtype::<Meters<u8>>(), "<f8");
    assert_eq!(dtype::<Pair<u16>>(), "[('f0', '<u2'), ('f1', '<u2', (2,))]");
    assert_eq!(
        dtype::<Nested>(),
        "[('pair', [('f0', '<u2'), ('f1', '<u2', (2,))], (2,)), ('letter', '<U1')]"
    );
    assert_eq!(dtype::<Point<f64>>(), "[('class', '|u1'), ('at', '<f8')]");
    assert_eq!(dtype::<Header>(), "[('f0', '|u1'), ('f2', '|u1'), ('f3', '<u8')]");
}

#[test]
fn elements_travel_as_memory() {
    let frame = Frame {
        particles: vec![PARTICLE; 3],
        one: PARTICLE,
        lengths: vec![Meters(1.5, PhantomData)],
        length: Meters(2.5, PhantomData),
    };
    let events = can(&frame).unwrap();
    let arrays: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Array(array) => Some((array.layout.shape().to_vec(), array.bytes().len())),
            _ => None,
        })
        .collect();
    assert_eq!(arrays, [(vec![3], 96), (vec![], 32), (vec![1], 8)]);
    assert!(events.contains(&Event::F64(2.5)), "a single wrapped number is a number");
    assert_eq!(round_trip(&frame).unwrap(), frame);
}

#[test]
fn invalid_bits_of_any_field_are_refused() {
    let mut events = can(&vec![PARTICLE; 3]).unwrap();
    let [Event::Array(array)] = events.as_mut_slice() else {
        panic!("an array");
    };
    let mut bytes = array.bytes().to_vec();
    bytes[2 * 32 + 31] = 2;
    array.buffer = bytes.into();
    let refused = uncan::<Vec<Particle>, _>(&events).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::InvalidBits { index: 2, .. }));
}

#[test]
fn what_takes_any_bits_is_not_checked() {
    let accepts = |element: &canning_core::ElementType| element.accepts_any_bits();
    assert!(accepts(Elem::<Pair<u16>>::of().element()));
    assert!(!accepts(Elem::<Pair<bool>>::of().element()));
    assert!(!accepts(Elem::<Nested>::of().element()));
    assert!(accepts(Elem::<Meters<()>>::of().element()));
}

#[test]
fn parameters_of_phantoms_are_not_bound() {
    struct Kilo;
    assert_eq!(dtype::<Unit<Kilo>>(), "[('f0', '<f4')]");
    assert_eq!(round_trip(&vec![Unit::<Kilo>(1.5, PhantomData)]).unwrap()[0].0, 1.5);
}

#[test]
fn packed_elements_come_back() {
    let points = vec![Point { class: 1, at: 1.5_f64 }, Point { class: 2, at: 2.5 }];
    let back = round_trip(&points).unwrap();
    assert_eq!({ back[1].at }, 2.5);
    assert_eq!(back[1].class, 2);
}

/// Cans `items` out of band; gives the header and the bytes.
#[expect(clippy::unwrap_used, reason = "a helper function of tests")]
fn parts<T: Element + canning_core::Can>(items: &[T]) -> (Buffer<'_>, Buffer<'_>) {
    let object = CanOptions::new().inline_threshold(0).can(items).unwrap();
    let (header, mut buffers) = object.into_parts();
    (header, buffers.remove(0))
}

#[test]
fn a_vec_of_elements_aligned_otherwise_is_copied_and_counted() {
    let wide = [Wide([1.0, 2.0]), Wide([3.0, 4.0])];
    let (header, bytes) = parts(&wide);
    let received = Buffer::from(bytes.to_allocation(align_of::<f64>()).unwrap());
    let mut object = Object::restore(header, vec![received]).unwrap();
    assert_eq!(object.take::<Vec<Wide>, _>().unwrap(), wide);
    assert_eq!(object.copied().out_of_band, 32);

    let points = [Point { class: 1, at: 1.5 }; 2];
    let (header, bytes) = parts(&points);
    let received = Buffer::from(bytes.to_allocation(align_of::<f64>()).unwrap());
    let mut object = Object::restore(header, vec![received]).unwrap();
    assert_eq!({ object.take::<Vec<Point<f64>>, _>().unwrap()[1].at }, 1.5);
    assert_eq!(object.copied().out_of_band, 18);
}

#[test]
fn elements_aligned_more_are_borrowed_only_where_the_memory_happens_to_be() {
    let wide = [Wide([1.0, 2.0]), Wide([3.0, 4.0])];
    let (header, bytes) = parts(&wide);
    let mut memory = Allocation::zeroed(40, 16).unwrap();
    memory.as_mut_slice()[8..].copy_from_slice(bytes.as_slice().unwrap());
    let received = Buffer::borrowed(&memory.as_slice()[8..]);
    let object = Object::restore(header, vec![received]).unwrap();
    let refused = object.get::<&[Wide], _>().unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Misaligned { align: 16 }));
    assert_eq!(object.get::<Cow<'_, [Wide]>, _>().unwrap(), &wide[..]);
    assert_eq!(object.copied().out_of_band, 32);
}
