//! Nesting never hides an array: wherever it stands, it is sent from its own memory, and taken
//! over where it arrives.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Read},
    rc::Rc,
    sync::Arc,
};

use canning_core::{Canned, CannedObject, Element};
use canning_ndarray as _;
use canning_wire::{Limits, Message, read_message, write_message};
use ndarray::{Array2, Array3};

#[derive(Canned, Debug, PartialEq)]
struct Everything {
    list: Vec<Vec<f64>>,
    option: Option<Option<Vec<f32>>>,
    map: BTreeMap<String, Vec<i64>>,
    hashed: HashMap<u8, Array2<u16>>,
    tuple: (u8, (Vec<u8>, [Vec<i16>; 2])),
    boxed: Box<Inner<Array3<f32>>>,
    counted: Rc<Vec<u64>>,
    shared: Arc<Inner<Vec<[f64; 3]>>>,
    variants: Vec<Variant>,
    result: Result<Vec<i8>, String>,
    recursive: Tree,
    elements: Vec<Particle>,
}

#[derive(Canned, Debug, PartialEq)]
struct Inner<T> {
    generic: T,
}

#[derive(Canned, Debug, PartialEq)]
enum Variant {
    Unit,
    Newtype(Vec<u32>),
    Tuple(bool, Vec<bool>),
    Struct { text: String, chars: Vec<char> },
}

#[derive(Canned, Debug, PartialEq)]
struct Tree {
    leaf: Vec<i32>,
    children: Vec<Tree>,
}

#[derive(Element, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Particle {
    position: [f32; 3],
    id: u32,
}

/// More than stays in the header.
const LONG: usize = 3000;

fn everything() -> Everything {
    let tree = |children| Tree { leaf: vec![5; LONG], children };
    Everything {
        list: vec![vec![0.5; LONG], vec![], vec![1.5; LONG]],
        option: Some(Some(vec![2.5; LONG])),
        map: BTreeMap::from([("a".into(), vec![-1; LONG]), ("b".into(), vec![-2; LONG])]),
        hashed: HashMap::from([(7, Array2::from_elem((30, 100), 9))]),
        tuple: (1, (vec![2; LONG], [vec![3; LONG], vec![4; LONG]])),
        boxed: Box::new(Inner { generic: Array3::from_elem((10, 10, 30), 0.25) }),
        counted: Rc::new(vec![u64::MAX; LONG]),
        shared: Arc::new(Inner { generic: vec![[1.0, 2.0, 3.0]; LONG] }),
        variants: vec![
            Variant::Unit,
            Variant::Newtype(vec![11; LONG]),
            Variant::Tuple(true, vec![true; LONG]),
            Variant::Struct { text: "x".repeat(LONG), chars: vec!['ß'; LONG] },
        ],
        result: Ok(vec![-3; LONG]),
        recursive: tree(vec![tree(vec![]), tree(vec![tree(vec![])])]),
        elements: vec![Particle { position: [1.0, 2.0, 3.0], id: 4 }; LONG],
    }
}

/// The addresses of all large arrays of the value, in the order of its fields.
fn addresses(value: &Everything) -> Vec<usize> {
    fn tree(node: &Tree, into: &mut Vec<usize>) {
        into.push(node.leaf.as_ptr().addr());
        node.children.iter().for_each(|child| tree(child, into));
    }
    let mut all = vec![value.list[0].as_ptr().addr(), value.list[2].as_ptr().addr()];
    all.push(value.option.as_ref().unwrap().as_ref().unwrap().as_ptr().addr());
    all.extend(value.map.values().map(|array| array.as_ptr().addr()));
    all.extend(value.hashed.values().map(|array| array.as_ptr().addr()));
    let (_, (first, second)) = &value.tuple;
    all.push(first.as_ptr().addr());
    all.extend(second.iter().map(|array| array.as_ptr().addr()));
    all.push(value.boxed.generic.as_ptr().addr());
    all.push(value.counted.as_ptr().addr());
    all.push(value.shared.generic.as_ptr().addr());
    for variant in &value.variants {
        match variant {
            Variant::Unit => {}
            Variant::Newtype(array) => all.push(array.as_ptr().addr()),
            Variant::Tuple(_, array) => all.push(array.as_ptr().addr()),
            Variant::Struct { text, chars } => {
                all.extend([text.as_ptr().addr(), chars.as_ptr().addr()]);
            }
        }
    }
    all.push(value.result.as_ref().unwrap().as_ptr().addr());
    tree(&value.recursive, &mut all);
    all.push(value.elements.as_ptr().addr());
    all
}

/// Notes where large reads go.
struct Watched<R> {
    reader: R,
    targets: Vec<usize>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if bytes.len() >= LONG {
            self.targets.push(bytes.as_ptr().addr());
        }
        self.reader.read(bytes)
    }
}

#[test]
fn every_array_leaves_from_its_memory_and_stays_where_it_was_read() {
    let value = everything();
    let mut message = Message::new();
    message.add(&value).unwrap();
    let canned = &message.objects()[0];
    let sent: Vec<usize> =
        canned.buffers().iter().map(|buffer| buffer.as_slice().unwrap().as_ptr().addr()).collect();
    assert_eq!(sent, addresses(&value));
    assert!(canned.header().len() < 2000, "{}", canned.diagnose());

    let mut stream = Vec::new();
    write_message(&mut stream, &message).unwrap();
    let mut reader = Watched { reader: stream.as_slice(), targets: Vec::new() };
    let received = read_message(&mut reader, &Limits::default()).unwrap().unwrap();
    let mut object = received.into_objects().remove(0);
    let back: Everything = object.take().unwrap();
    assert_eq!(back, value);
    // In band are the short keys of the maps: text of the header, which `String` copies.
    assert_eq!(object.copied().out_of_band, 0);
    // Of the large reads, those of buffers are where the arrays are now, in their order.
    let received = addresses(&back);
    reader.targets.retain(|target| received.contains(target));
    reader.targets.dedup();
    assert_eq!(reader.targets, received);
}
