//! Memory that values give back to a pool, whatever container holds it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BinaryHeap, HashMap, LinkedList, VecDeque},
    num::Wrapping,
};

use canning_core::{Uncan, UncanOwned, buffer::Pool};

/// Bytes that the pool holds when it got this value back.
fn given_back<T: UncanOwned<V>, V>(value: T) -> usize {
    let pool = Pool::new(1 << 20);
    pool.recycle(value);
    pool.held_bytes()
}

fn numbers() -> Vec<u64> {
    vec![7; 100]
}

#[test]
fn containers_of_elements_give_their_memory_back() {
    assert_eq!(given_back(numbers()), 800);
    assert_eq!(given_back(numbers().into_boxed_slice()), 800);
    assert_eq!(given_back(VecDeque::from(numbers())), 800);
    assert_eq!(given_back(BinaryHeap::from(numbers())), 800);
    assert_eq!(given_back("x".repeat(100)), 100);
}

#[test]
fn other_containers_give_that_of_their_items_back() {
    assert_eq!(given_back(vec![numbers(), numbers()]), 1600);
    assert_eq!(given_back([numbers(), numbers()]), 1600);
    assert_eq!(given_back((numbers(), 5, numbers())), 1600);
    assert_eq!(given_back(Box::new(numbers())), 800);
    assert_eq!(given_back(Some(numbers())), 800);
    assert_eq!(given_back(Ok::<_, u8>(numbers())), 800);
    assert_eq!(given_back(Err::<u8, _>(numbers())), 800);
    assert_eq!(given_back(Wrapping(numbers())), 800);
    assert_eq!(given_back(VecDeque::from([numbers(), numbers()])), 1600);
    assert_eq!(given_back(LinkedList::from([numbers(), numbers()])), 1600);
    assert_eq!(given_back(HashMap::from([(1, numbers()), (2, numbers())])), 1600);
    assert_eq!(given_back(BTreeMap::from([(1, numbers()), (2, numbers())])), 1600);
}

#[test]
fn what_has_no_memory_of_its_own_gives_nothing_back() {
    assert_eq!(given_back([7_u64; 100]), 0);
    assert_eq!(given_back(Vec::<u64>::new()), 0);
    assert_eq!(given_back(None::<Vec<u64>>), 0);
}

#[test]
fn what_is_borrowed_is_not_given_away() {
    let (numbers, pool) = (numbers(), Pool::new(1 << 20));
    let mut cow: Cow<'_, [u64]> = Cow::Borrowed(&numbers);
    cow.recycle(&pool);
    assert_eq!((pool.held_bytes(), cow.len()), (0, 100));
    cow.to_mut();
    cow.recycle(&pool);
    assert_eq!(pool.held_bytes(), 800);
}
