//! `#[derive(Canned)]` on generic types, and the markers of adapters that pass through them.

use std::{borrow::Cow, collections::BTreeMap, marker::PhantomData, sync::OnceLock};

use canning_core::{
    Can, Canned, Result, Uncan,
    array::{can_slice, uncan_vec},
    visitor::{Canner, Uncanner},
};
use canning_tests::events::{Event, can, round_trip, uncan};

/// A container of another crate, without `Can`.
#[derive(Clone, Debug, PartialEq)]
struct Foreign<T>(Vec<T>);

/// The marker of its adapter.
enum Adapter<V> {
    _Never(PhantomData<V>),
}

impl<T: Can<V>, V> Can<Adapter<V>> for Foreign<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice(&self.0, canner)
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, Adapter<V>> for Foreign<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_vec(uncanner).map(Self)
    }
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct One<T> {
    own: T,
    list: Vec<T>,
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct Two<A, B: Clone>(A, Foreign<B>)
where
    A: Clone;

#[derive(Canned, Clone, Debug, PartialEq)]
enum Tree<T> {
    Leaf(T),
    Node { children: Vec<Tree<T>>, boxed: Option<Box<Self>> },
}

#[derive(Canned, Clone, Debug, PartialEq)]
struct Tagged<T, Unit, const N: usize = 2> {
    items: [T; N],
    unit: PhantomData<Unit>,
}

/// Nobody cans it.
#[derive(Clone, Debug, PartialEq)]
struct Kilo;

#[derive(Canned, Debug, PartialEq)]
struct Borrowed<'a> {
    name: &'a str,
    list: Cow<'a, [f64]>,
    slice: &'a [u32],
}

#[derive(Canned, Debug, PartialEq)]
struct BorrowedGeneric<'a, 'c: 'a, T: Clone, K: Ord> {
    slice: &'a [T],
    maybe: Option<&'c [T]>,
    again: &'a [T],
    map: BTreeMap<K, Foreign<K>>,
    children: Vec<BorrowedGeneric<'a, 'c, T, K>>,
}

#[derive(Canned)]
struct Projected<I: Iterator>
where
    I::Item: Clone,
{
    first: I::Item,
    rest: Vec<I::Item>,
}

#[derive(Canned, Debug, PartialEq)]
struct Unsized<T: ?Sized> {
    len: u8,
    tail: T,
}

/// Borrows for ever.
#[derive(Canned, Debug, PartialEq)]
struct Named<T: 'static> {
    name: &'static str,
    items: &'static [T],
    unit: PhantomData<&'static T>,
}

/// Has a default as a whole, if its parameter has one.
#[derive(Canned, Debug, Default, PartialEq)]
#[canned(default)]
struct Whole<T> {
    a: T,
    b: u8,
}

/// Names that the derive likes, too.
#[derive(Canned, Debug, PartialEq)]
struct Clash<'__a, '__b, __C, __U, __V0, const __RECORD: usize> {
    a: &'__a str,
    b: &'__b str,
    c: __C,
    u: __U,
    v: __V0,
    n: [u8; __RECORD],
}

#[test]
fn adapters_are_found_inside_of_parameters() {
    let one = One { own: Foreign(vec![1_u8]), list: vec![Foreign(vec![2]), Foreign(vec![])] };
    assert_eq!(round_trip(&one).unwrap(), one);
    let two = Two(Some(one.clone()), Foreign(vec![one]));
    assert_eq!(round_trip(&two).unwrap(), two);
    let deep = One { own: two.clone(), list: vec![two] };
    assert_eq!(round_trip(&deep).unwrap(), deep);
}

#[test]
fn one_parameter_hands_its_marker_on_and_several_make_a_tuple() {
    fn marked<T: Can<V> + Uncan<'static, V>, V>() {}
    use canning_core::Own;
    marked::<One<Foreign<u8>>, Adapter<Own>>();
    marked::<Two<u8, Foreign<u8>>, (Own, Adapter<Own>)>();
    marked::<Tagged<Foreign<u8>, Kilo>, Adapter<Own>>();
    marked::<BorrowedGeneric<'static, 'static, f64, u8>, (Own, Own, Own, Own)>();
    marked::<Projected<std::vec::IntoIter<Foreign<u8>>>, Adapter<Own>>();
}

#[test]
fn recursive_types_end() {
    let leaf = Tree::Leaf(Foreign(vec![1_u8]));
    let tree =
        Tree::Node { children: vec![leaf.clone(), leaf.clone()], boxed: Some(Box::new(leaf)) };
    assert_eq!(round_trip(&tree).unwrap(), tree);
}

#[test]
fn phantom_parameters_are_not_bound() {
    let tagged: Tagged<_, Kilo, 3> = Tagged { items: [1, 2, 3_u8], unit: PhantomData };
    assert_eq!(round_trip(&tagged).unwrap(), tagged);
}

#[test]
fn borrowed_fields_point_into_what_was_received() {
    let sent = Borrowed { name: "n", list: Cow::Owned(vec![1.0]), slice: &[1, 2] };
    let events = can(&sent).unwrap();
    let back: Borrowed<'_> = uncan(&events).unwrap();
    assert_eq!(back, sent);
    assert!(matches!(back.list, Cow::Borrowed(_)));
}

#[test]
fn static_fields_are_canned_and_received_from_static_objects() {
    let sent = Named { name: "n", items: &[1_u8], unit: PhantomData };
    static EVENTS: OnceLock<Vec<Event>> = OnceLock::new();
    let events = EVENTS.get_or_init(|| can(&sent).unwrap());
    assert_eq!(uncan::<Named<u8>, _>(events).unwrap(), sent);
}

#[test]
fn defaults_are_asked_for_only_on_receipt() {
    struct NoDefault;
    impl Can for NoDefault {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
            canner.unit()
        }
    }
    assert!(can(&Whole { a: NoDefault, b: 1 }).is_ok());
    let events = [canning_tests::events::record("Whole", &[]), canning_tests::events::Event::End];
    assert_eq!(uncan::<Whole<u8>, _>(&events).unwrap(), Whole { a: 0, b: 0 });
}

#[test]
fn borrowed_generic_fields_come_back() {
    let sent = BorrowedGeneric {
        slice: &[1_u8, 2],
        maybe: Some(&[3]),
        again: &[],
        map: BTreeMap::from([(1_u8, Foreign(vec![1]))]),
        children: vec![],
    };
    let events = can(&sent).unwrap();
    assert_eq!(uncan::<BorrowedGeneric<'_, '_, _, _>, _>(&events).unwrap(), sent);
}

#[test]
fn projections_are_bound_as_they_are() {
    let sent = Projected::<std::vec::IntoIter<u8>> { first: 1, rest: vec![2] };
    let back = round_trip(&sent).unwrap();
    assert_eq!((back.first, back.rest), (1, vec![2]));
}

#[test]
fn values_without_a_size_are_canned() {
    let sent: &Unsized<[u8]> = &Unsized { len: 1, tail: [1, 2] };
    let back: Unsized<Vec<u8>> = uncan(&can(sent).unwrap()).unwrap();
    assert_eq!(back, Unsized { len: 1, tail: vec![1, 2] });
}

#[test]
fn names_of_the_user_and_of_the_derive_do_not_meet() {
    let sent = Clash { a: "a", b: "b", c: 1_u8, u: 2_u8, v: 3_u8, n: [4; 2] };
    let events = can(&sent).unwrap();
    assert_eq!(uncan::<Clash<'_, '_, _, _, _, 2>, _>(&events).unwrap(), sent);
}
