//! The order in which Python sorts the keys of a dict.

use std::{cell::Cell, cmp::Ordering};

use crate::object::graph::{Graph, Id, Node, Sources, Span};

/// How deep tuples nest that are compared.
const DEPTH: usize = 16;

/// How much is looked at before the keys are given up: parts of keys, and 64 bytes of text each.
const STEPS: usize = 1 << 20;

/// The places of fewer than 64 keys once Python has sorted them; `None` where it cannot.
///
/// Only Python knows the order of objects of a class, as dates. But it has sorted the keys before
/// it wrote them, so that their order is the one in which they come.
pub(crate) fn ranks(graph: &Graph, sources: Sources<'_, '_>, keys: &[Id]) -> Option<Vec<usize>> {
    let order = Order { graph, sources, steps: &Cell::new(STEPS) };
    let mut ranks = vec![0; keys.len()];
    // Each pair: a sort would not notice all that have no order, and may panic.
    for (index, one) in keys.iter().enumerate() {
        for (before, other) in keys.iter().enumerate().take(index) {
            match order.compare(*one, *other, DEPTH) {
                Ok(Ordering::Less) => *ranks.get_mut(before)? += 1,
                Ok(_) => *ranks.get_mut(index)? += 1,
                Err(Unordered::Unknown) => return Some((0..keys.len()).collect()),
                Err(Unordered::Never) => return None,
            }
        }
    }
    Some(ranks)
}

#[derive(Clone, Copy)]
struct Order<'g, 's, 'a> {
    graph: &'g Graph,
    sources: Sources<'s, 'a>,
    /// What is left of them. A tuple may hold another many times, and that one another.
    steps: &'g Cell<usize>,
}

/// Why two keys were not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unordered {
    /// Python cannot either, or it takes too long.
    Never,
    /// Only Python can.
    Unknown,
}

/// A number, without rounding.
#[derive(Clone, Copy)]
enum Number<'b> {
    Int(i64),
    Big(&'b [u8]),
    Float(f64),
}

impl Order<'_, '_, '_> {
    /// Compares two keys as Python's `<` does.
    fn compare(self, one: Id, other: Id, depth: usize) -> Result<Ordering, Unordered> {
        let depth = depth.checked_sub(1).ok_or(Unordered::Never)?;
        self.step(1)?;
        match (self.graph.get(one), self.graph.get(other)) {
            (Node::Instance(_), _) | (_, Node::Instance(_)) => Err(Unordered::Unknown),
            // Code points sort as their bytes in UTF-8 do, surrogates too.
            (&Node::Str(one), &Node::Str(other))
            | (
                &(Node::Bytes(one) | Node::ByteArray(one)),
                &(Node::Bytes(other) | Node::ByteArray(other)),
            ) => {
                let (one, other) =
                    self.bytes(one).zip(self.bytes(other)).ok_or(Unordered::Never)?;
                self.step(one.len().min(other.len()) / 64)?;
                Ok(one.cmp(other))
            }
            (Node::Tuple(ones), Node::Tuple(others)) => {
                for (&one, &other) in ones.iter().zip(others) {
                    match self.compare(one, other, depth)? {
                        Ordering::Equal => {}
                        unequal => return Ok(unequal),
                    }
                }
                Ok(ones.len().cmp(&others.len()))
            }
            // Equal items of tuples are not asked for their order.
            (Node::None, Node::None) if depth + 1 < DEPTH => Ok(Ordering::Equal),
            (one, other) => self.compare_numbers(one, other).ok_or(Unordered::Never),
        }
    }

    fn compare_numbers(self, one: &Node, other: &Node) -> Option<Ordering> {
        match (self.number(one)?, self.number(other)?) {
            (Number::Int(one), Number::Int(other)) => Some(one.cmp(&other)),
            (Number::Big(one), Number::Big(other)) => {
                self.step(one.len().min(other.len()) / 64).ok()?;
                Some(compare_big(one, other))
            }
            (Number::Int(_), Number::Big(big)) => Some(sign(big).reverse()),
            (Number::Big(big), Number::Int(_)) => Some(sign(big)),
            (Number::Float(one), Number::Float(other)) => one.partial_cmp(&other),
            (Number::Int(int), Number::Float(float)) => compare_float(int, float),
            (Number::Float(float), Number::Int(int)) => {
                compare_float(int, float).map(Ordering::reverse)
            }
            (Number::Big(big), Number::Float(float)) => compare_big_float(big, float),
            (Number::Float(float), Number::Big(big)) => {
                compare_big_float(big, float).map(Ordering::reverse)
            }
        }
    }

    fn step(self, steps: usize) -> Result<(), Unordered> {
        let left = self.steps.get().checked_sub(steps).ok_or(Unordered::Never)?;
        self.steps.set(left);
        Ok(())
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
    if is_negative(big) { Ordering::Less } else { Ordering::Greater }
}

fn is_negative(big: &[u8]) -> bool {
    big.last().is_some_and(|last| last & 0x80 != 0)
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

/// 2^63: no `i64` is as large.
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

/// Compares exactly: an integer beyond 2^53 is not rounded.
fn compare_float(int: i64, float: f64) -> Option<Ordering> {
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

/// Compares exactly: a float this large is an integer, too.
fn compare_big_float(big: &[u8], float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite()
        || float.abs() < TOO_LARGE
        || float.is_sign_negative() != is_negative(big)
    {
        let of_float = 0.0.partial_cmp(&float)?;
        return Some(if float.is_infinite() { of_float } else { sign(big) });
    }
    let bits = float.abs().to_bits();
    let exponent = usize::try_from((bits >> 52) - 1075).ok()?;
    let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
    let mut int = vec![0; exponent / 8];
    int.extend((mantissa << (exponent % 8)).to_le_bytes());
    int.push(0);
    if float < 0.0 {
        let mut carry = true;
        for byte in &mut int {
            (*byte, carry) = (!*byte).overflowing_add(carry.into());
        }
    }
    let spare = if float < 0.0 { 0xff } else { 0 };
    while let [.., next, last] = int.as_slice()
        && *last == spare
        && (next ^ last) & 0x80 == 0
    {
        int.pop();
    }
    Some(compare_big(big, &int))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fewest bytes in two's complement.
    fn big(int: i128) -> Vec<u8> {
        let mut bytes = int.to_le_bytes().to_vec();
        while let [.., next, last] = bytes.as_slice()
            && (*last == 0 && next & 0x80 == 0 || *last == 0xff && next & 0x80 != 0)
        {
            bytes.pop();
        }
        bytes
    }

    #[test]
    fn big_integers_and_floats_compare_without_rounding() {
        let ints = [1 << 63, (1 << 63) + 1, -(1 << 63) - 1, 1 << 64, (1 << 64) - 1, 3 << 100];
        for one in ints {
            for other in ints {
                assert_eq!(compare_big(&big(one), &big(other)), one.cmp(&other), "{one} {other}");
            }
            for float in
                [0.0, -1.0, 2_f64.powi(63), -2_f64.powi(63), -2_f64.powi(64), 2_f64.powi(64)]
            {
                #[expect(clippy::cast_possible_truncation, reason = "all of these are integers")]
                let exact = one.cmp(&(float as i128));
                assert_eq!(compare_big_float(&big(one), float), Some(exact), "{one} {float}");
            }
            assert_eq!(compare_big_float(&big(one), f64::INFINITY), Some(Ordering::Less));
            assert_eq!(compare_big_float(&big(one), -f64::INFINITY), Some(Ordering::Greater));
            assert_eq!(compare_big_float(&big(one), f64::NAN), None);
        }
        assert_eq!(compare_big_float(&big(3 << 100), 3.0 * 2_f64.powi(100)), Some(Ordering::Equal));
        assert_eq!(compare_big_float(&big(-3 << 99), -3.0 * 2_f64.powi(99)), Some(Ordering::Equal));
        assert_eq!(
            compare_big_float(&big((3 << 100) + 1), 3.0 * 2_f64.powi(100)),
            Some(Ordering::Greater)
        );
    }

    #[test]
    fn integers_and_floats_compare_without_rounding() {
        let large = (1 << 53) + 1;
        assert_eq!(compare_float(large, 2_f64.powi(53)), Some(Ordering::Greater));
        assert_eq!(compare_float(1, 1.5), Some(Ordering::Less));
        assert_eq!(compare_float(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(compare_float(i64::MAX, 2_f64.powi(63)), Some(Ordering::Less));
        assert_eq!(compare_float(i64::MIN, -2_f64.powi(63)), Some(Ordering::Equal));
        assert_eq!(compare_float(0, f64::NAN), None);
    }
}
