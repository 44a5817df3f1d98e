//! How Python prints objects that hold others.

use canning_core::{ErrorKind, Result};
use canning_python::view::{BigInt, Entries, Item, Items, ObjectArrayView, View};

use super::{other, repr, value::Description};

/// Prints an object.
pub(crate) fn repr<'o>(description: &mut Description<'o>, item: Item<'o>) -> Result<String> {
    let printed = print(description, item)?;
    // Counted at each level again: what is nested is written as often.
    description.spend(printed.len().saturating_mul(64))?;
    Ok(printed)
}

fn print<'o>(description: &mut Description<'o>, item: Item<'o>) -> Result<String> {
    let is_recursive = description.above.iter().any(|above| above.same_as(item));
    Ok(match item.view()? {
        View::None => "None".into(),
        View::Bool(value) => if value { "True" } else { "False" }.into(),
        View::Int(value) => value.to_string(),
        View::BigInt(value) => big_int(value)?,
        View::Float(value) => repr::float(value),
        View::Complex(real, imaginary) => repr::complex(real, imaginary),
        View::Str(text) => repr::text(text.as_bytes()),
        View::Surrogates(text) => repr::text(text),
        View::Bytes(memory) => repr::bytes(&memory.to_bytes()?),
        View::ByteArray(memory) => format!("bytearray({})", repr::bytes(&memory.to_bytes()?)),
        View::MemoryView(_) => "<memory>".into(),
        View::List(_) if is_recursive => "[...]".into(),
        View::Tuple(_) if is_recursive => "(...)".into(),
        View::Set(_) if is_recursive => "set(...)".into(),
        View::FrozenSet(_) if is_recursive => "frozenset(...)".into(),
        View::Dict(_) if is_recursive => "{...}".into(),
        _ if is_recursive => "...".into(),
        View::List(items) => format!("[{}]", list(description, item, items)?),
        View::Tuple(items) => match items.len() {
            1 => format!("({},)", list(description, item, items)?),
            _ => format!("({})", list(description, item, items)?),
        },
        View::Set(items) if items.is_empty() => "set()".into(),
        View::Set(items) => format!("{{{}}}", list(description, item, items)?),
        View::FrozenSet(items) if items.is_empty() => "frozenset()".into(),
        View::FrozenSet(items) => format!("frozenset({{{}}})", list(description, item, items)?),
        View::Dict(entries) => format!("{{{}}}", pairs(description, item, entries, ": ")?),
        View::OrderedDict(entries) if entries.is_empty() => "OrderedDict()".into(),
        View::OrderedDict(entries) => {
            format!("OrderedDict([({})])", pairs(description, item, entries, ", ")?)
        }
        View::Range(start, end, step) => {
            let start = repr(description, start)?;
            let end = repr(description, end)?;
            match repr(description, step)?.as_str() {
                "1" => format!("range({start}, {end})"),
                step => format!("range({start}, {end}, {step})"),
            }
        }
        View::Global(class) => other::global_repr(class),
        View::Opaque(opaque) => match other::repr(description, &opaque)? {
            Some((_, repr)) => repr,
            None => match opaque.class()? {
                Some(class) => format!("<{class} object>"),
                None => "<object>".into(),
            },
        },
        // What NumPy prints here depends on its settings.
        View::Array(array) => format!("<array of {}>", array.dtype()),
        View::ObjectArray(array) => format!("<array of {}>", array.dtype()),
        View::Scalar(scalar) => format!("<{}>", scalar.dtype()),
        View::Dtype(dtype) => format!("<dtype {dtype}>"),
        _ => "<object>".into(),
    })
}

fn list<'o>(
    description: &mut Description<'o>,
    container: Item<'o>,
    items: Items<'o>,
) -> Result<String> {
    let printed: Vec<_> = description.within(container, |description| {
        items.iter().map(|item| repr(description, item)).collect::<Result<_>>()
    })?;
    Ok(printed.join(", "))
}

fn pairs<'o>(
    description: &mut Description<'o>,
    container: Item<'o>,
    entries: Entries<'o>,
    between: &str,
) -> Result<String> {
    let print = |description: &mut Description<'o>| {
        let pair =
            |(key, value)| Ok(repr(description, key)? + between + &repr(description, value)?);
        entries.iter().map(pair).collect::<Result<Vec<_>>>()
    };
    let printed = description.within(container, print)?;
    Ok(printed.join(if between == ", " { "), (" } else { ", " }))
}

/// Prints the lists in lists that `tolist` makes of an array.
pub(crate) fn to_list<'o>(
    description: &mut Description<'o>,
    array: &ObjectArrayView<'o>,
) -> Result<String> {
    let items = array.items().iter().map(|item| repr(description, item));
    let mut parts = items.collect::<Result<Vec<_>>>()?;
    for (axis, &len) in array.shape().iter().enumerate().rev() {
        let lists: usize = array.shape().iter().take(axis).product();
        description.spend(lists.saturating_mul(4096))?;
        parts = if len == 0 {
            vec!["[]".into(); lists]
        } else {
            parts.chunks(len).map(|list| format!("[{}]", list.join(", "))).collect()
        };
    }
    Ok(parts.concat())
}

/// Prints an integer, in as many digits as Python does at most.
fn big_int(value: BigInt<'_>) -> Result<String> {
    const MOST_DIGITS: usize = 4300;
    let negative = value.is_negative();
    let bytes = value.as_bytes();
    if bytes.len() > MOST_DIGITS / 2 {
        let (limit, found) = (MOST_DIGITS as u64, 2 * bytes.len() as u64);
        return Err(
            ErrorKind::Limit { what: "number of digits of an integer", limit, found }.into()
        );
    }
    // The highest byte first, without the sign.
    let mut carry = negative;
    let mut magnitude: Vec<u8> = bytes
        .iter()
        .map(|&byte| {
            let flipped = if negative { !byte } else { byte };
            let (byte, over) = flipped.overflowing_add(carry.into());
            carry = over;
            byte
        })
        .collect();
    magnitude.reverse();
    let mut digits = Vec::new();
    while magnitude.iter().any(|&byte| byte != 0) {
        let mut rest = 0;
        for byte in &mut magnitude {
            let value = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or_default();
            rest = value % 10;
        }
        digits.extend(char::from_digit(rest, 10));
    }
    let sign = negative.then_some('-');
    Ok(sign.into_iter().chain(digits.into_iter().rev()).collect())
}
