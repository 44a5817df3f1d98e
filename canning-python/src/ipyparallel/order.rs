//! The order in which Python sorts the keys of a dict.

use std::cmp::Ordering;

use crate::object::graph::{Graph, Id, Node, Sources, Span};

/// How deep tuples nest that are compared.
const DEPTH: usize = 16;

/// Compares two keys as Python's `<` does; `None` where it cannot.
pub(crate) fn compare(
    graph: &Graph,
    sources: Sources<'_, '_>,
    one: Id,
    other: Id,
) -> Option<Ordering> {
    Order { graph, sources }.compare(one, other, DEPTH)
}

#[derive(Clone, Copy)]
struct Order<'g, 's, 'a> {
    graph: &'g Graph,
    sources: Sources<'s, 'a>,
}

/// A number, without rounding.
#[derive(Clone, Copy)]
enum Number<'b> {
    Int(i64),
    Big(&'b [u8]),
    Float(f64),
}

impl Order<'_, '_, '_> {
    fn compare(self, one: Id, other: Id, depth: usize) -> Option<Ordering> {
        let depth = depth.checked_sub(1)?;
        match (self.graph.get(one), self.graph.get(other)) {
            // Code points sort as their bytes in UTF-8 do, surrogates too.
            (&Node::Str(one), &Node::Str(other))
            | (
                &(Node::Bytes(one) | Node::ByteArray(one)),
                &(Node::Bytes(other) | Node::ByteArray(other)),
            ) => Some(self.bytes(one)?.cmp(self.bytes(other)?)),
            (Node::Tuple(ones), Node::Tuple(others)) => {
                for (&one, &other) in ones.iter().zip(others) {
                    match self.compare(one, other, depth)? {
                        Ordering::Equal => {}
                        unequal => return Some(unequal),
                    }
                }
                Some(ones.len().cmp(&others.len()))
            }
            // Equal items of tuples are not asked for their order.
            (Node::None, Node::None) if depth + 1 < DEPTH => Some(Ordering::Equal),
            (one, other) => match (self.number(one)?, self.number(other)?) {
                (Number::Int(one), Number::Int(other)) => Some(one.cmp(&other)),
                (Number::Big(one), Number::Big(other)) => Some(compare_big(one, other)),
                (Number::Int(_), Number::Big(big)) => Some(sign(big).reverse()),
                (Number::Big(big), Number::Int(_)) => Some(sign(big)),
                (Number::Float(one), Number::Float(other)) => one.partial_cmp(&other),
                (Number::Int(int), Number::Float(float)) => compare_float(int, float),
                (Number::Float(float), Number::Int(int)) => {
                    compare_float(int, float).map(Ordering::reverse)
                }
                (Number::Big(_), Number::Float(_)) | (Number::Float(_), Number::Big(_)) => None,
            },
        }
    }

    fn number<'b>(&'b self, node: &Node) -> Option<Number<'b>> {
        match *node {
            Node::Bool(bool) => Some(Number::Int(bool.into())),
            Node::Int(int) => Some(Number::Int(int)),
            Node::BigInt(span) => Some(Number::Big(self.bytes(span)?)),
            Node::Float(float) => Some(Number::Float(float)),
            _ => None,
        }
    }

    fn bytes(&self, span: Span) -> Option<&[u8]> {
        self.graph.bytes(span, self.sources)
    }
}

/// Whether a big integer is above or below all that are not.
fn sign(big: &[u8]) -> Ordering {
    if big.last().is_some_and(|last| last & 0x80 != 0) { Ordering::Less } else { Ordering::Greater }
}

/// Compares big integers, which have no more bytes than they need.
fn compare_big(one: &[u8], other: &[u8]) -> Ordering {
    let longer = |ordering: Ordering| match ordering {
        Ordering::Less => one.len().cmp(&other.len()).reverse(),
        _ => one.len().cmp(&other.len()),
    };
    match (sign(one), sign(other)) {
        (this, that) if this != that => this,
        (sign, _) => longer(sign).then_with(|| one.iter().rev().cmp(other.iter().rev())),
    }
}

/// Compares exactly: an integer beyond 2^53 is not rounded.
fn compare_float(int: i64, float: f64) -> Option<Ordering> {
    const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= TOO_LARGE {
        return Some(Ordering::Less);
    }
    if float < -TOO_LARGE {
        return Some(Ordering::Greater);
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above; the fraction comes next")]
    let whole = float.trunc() as i64;
    let fraction = 0.0.partial_cmp(&float.fract())?;
    Some(int.cmp(&whole).then(fraction))
}
