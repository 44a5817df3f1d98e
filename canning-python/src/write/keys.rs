//! The order in which Python sorts the keys of a dict.

use std::cmp::Ordering;

use canning_core::{Error, ErrorKind, Result};

/// A key of a dict, as far as Python's order needs to know it.
#[derive(Clone, Debug)]
pub(super) enum Key {
    None,
    /// An integer or a truth value.
    Int(i128),
    /// An integer above `i128::MAX`.
    Big(u128),
    Float(f64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Tuple(Vec<Self>),
    /// What has an order that only Python knows, if any.
    Other,
}

impl Key {
    pub(super) fn of_u128(value: u128) -> Self {
        i128::try_from(value).map_or(Self::Big(value), Self::Int)
    }

    /// As Python compares; `None` where it would refuse, or it cannot be known here.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::None, Self::None) => Some(Ordering::Equal),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Big(a), Self::Big(b)) => Some(a.cmp(b)),
            (Self::Int(_), Self::Big(_)) => Some(Ordering::Less),
            (Self::Big(_), Self::Int(_)) => Some(Ordering::Greater),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Float(b)) => int_to_float(*a, *b),
            (Self::Float(a), Self::Int(b)) => int_to_float(*b, *a).map(Ordering::reverse),
            (Self::Big(a), Self::Float(b)) => big_to_float(*a, *b),
            (Self::Float(a), Self::Big(b)) => big_to_float(*b, *a).map(Ordering::reverse),
            (Self::Tuple(a), Self::Tuple(b)) => {
                for (a, b) in a.iter().zip(b) {
                    match a.compare(b)? {
                        Ordering::Equal => {}
                        unequal => return Some(unequal),
                    }
                }
                Some(a.len().cmp(&b.len()))
            }
            _ => None,
        }
    }
}

/// The places of the keys once Python has sorted them.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] where Python cannot, as text and numbers mixed;
/// [`ErrorKind::DuplicateKey`]; each with the entry.
pub(super) fn ranks(keys: &[Key]) -> Result<Vec<usize>> {
    // They are fewer than 64. A sort alone would not notice each pair that has no order.
    for (index, key) in keys.iter().enumerate() {
        for before in keys.iter().take(index) {
            let kind = match before.compare(key) {
                None => ErrorKind::Unsupported(UNSORTABLE),
                Some(Ordering::Equal) => ErrorKind::DuplicateKey,
                Some(_) => continue,
            };
            return Err(Error::new(kind).in_entry(index));
        }
    }
    Ok(ranks_by(keys, |a, b| a.compare(b).unwrap_or(Ordering::Equal)))
}

/// The place of each item once all are sorted.
pub(super) fn ranks_by<T>(items: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<(usize, &T)> = items.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| compare(a, b));
    let mut ranks = vec![0; items.len()];
    for (rank, (index, _)) in sorted.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(index) {
            *place = rank;
        }
    }
    ranks
}

const UNSORTABLE: &str = "a dict at the top of an ipyparallel message whose keys Python cannot \
                          sort, or in an order not known here";

/// Exactly, as Python compares them.
fn int_to_float(int: i128, float: f64) -> Option<Ordering> {
    const LIMIT: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
    if float.is_nan() {
        return None;
    }
    if float >= LIMIT {
        return Some(Ordering::Less);
    }
    if float < -LIMIT {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within the limits")]
    let as_int = whole as i128;
    Some(
        int.cmp(&as_int).then_with(|| 0.0.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal)),
    )
}

/// The same above `i128::MAX`, where floats are whole numbers.
fn big_to_float(big: u128, float: f64) -> Option<Ordering> {
    const LIMIT: f64 = 340_282_366_920_938_463_463_374_607_431_768_211_456.0;
    if float.is_nan() {
        return None;
    }
    if float >= LIMIT {
        return Some(Ordering::Less);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below the limit; saturates at zero"
    )]
    let as_big = float as u128;
    Some(big.cmp(&as_big))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Key {
        Key::Text(text.into())
    }

    #[test]
    fn keys_are_sorted_as_python_sorts() {
        assert_eq!(ranks(&[text("b"), text("a"), text("ä"), text("Z")]).unwrap(), [2, 1, 3, 0]);
        let numbers = [Key::Int(2), Key::Float(1.5), Key::Big(u128::MAX), Key::Float(-1e300)];
        assert_eq!(ranks(&numbers).unwrap(), [2, 1, 3, 0]);
        let tuple = |items: Vec<Key>| Key::Tuple(items);
        let tuples = [
            tuple(vec![Key::Int(1), text("b")]),
            tuple(vec![Key::Int(1)]),
            tuple(vec![Key::Int(0), Key::None]),
            tuple(vec![Key::Int(1), text("a")]),
        ];
        assert_eq!(ranks(&tuples).unwrap(), [3, 1, 0, 2]);
        assert_eq!(ranks(&[Key::None]).unwrap(), [0]);
        assert_eq!(ranks(&[Key::Other]).unwrap(), [0]);
    }

    #[test]
    fn keys_without_an_order_are_refused() {
        for keys in [
            vec![text("a"), Key::Int(1)],
            vec![Key::None, Key::Int(1)],
            vec![Key::Bytes(b"a"[..].into()), text("a")],
            vec![Key::Float(f64::NAN), Key::Int(1)],
            vec![Key::Tuple(vec![Key::Int(1)]), Key::Tuple(vec![text("a")])],
            vec![Key::Other, Key::Other],
        ] {
            let refused = ranks(&keys).unwrap_err();
            assert!(matches!(refused.kind(), ErrorKind::Unsupported(_)), "{keys:?}");
            assert!(refused.to_string().starts_with("{1}: "), "{refused}");
        }
        for keys in [[Key::Int(1), Key::Float(1.0)], [text("a"), text("a")], [Key::None, Key::None]]
        {
            let refused = ranks(&keys).unwrap_err();
            assert!(matches!(refused.kind(), ErrorKind::DuplicateKey), "{keys:?}");
        }
    }

    #[test]
    fn integers_and_floats_compare_exactly() {
        let above = (1_i128 << 53) + 1;
        assert_eq!(int_to_float(above, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(int_to_float(-1, -0.5), Some(Ordering::Less));
        assert_eq!(int_to_float(0, -0.5), Some(Ordering::Greater));
        assert_eq!(int_to_float(0, -0.0), Some(Ordering::Equal));
        assert_eq!(int_to_float(i128::MAX, f64::INFINITY), Some(Ordering::Less));
        assert_eq!(int_to_float(i128::MIN, -(2.0_f64.powi(127))), Some(Ordering::Equal));
        assert_eq!(big_to_float(1 << 127, 2.0_f64.powi(127)), Some(Ordering::Equal));
        assert_eq!(big_to_float(u128::MAX, 2.0_f64.powi(128)), Some(Ordering::Less));
        assert_eq!(big_to_float(u128::MAX, -1.0), Some(Ordering::Greater));
    }
}
