//! Values in short, for people.

use std::fmt;

use super::{
    array::ArrayValue, object_array::ObjectArray, record::RecordValue, scalar, tree::Value,
};
use crate::{
    dtype::{Dtype, Scalar},
    error::{Name, ShortDtype},
    record::FieldNames,
};

/// In short: long text, lists, maps and arrays are cut, and say how much they hold.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Some(value) => write!(f, "some({value})"),
            Self::Unit => f.write_str("()"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::BigInteger(value) => value.fmt(f),
            Self::F32(value) => write!(f, "{value:?}"),
            Self::F64(value) => write!(f, "{value:?}"),
            Self::Text(text) => match text.char_indices().nth(MOST_CHARS) {
                None => write!(f, "{text:?}"),
                Some((end, _)) => {
                    let start = text.get(..end).unwrap_or(text);
                    write!(f, "{start:?}… ({} bytes)", text.len())
                }
            },
            Self::Bytes(bytes) => write!(f, "bytes({})", bytes.len()),
            Self::List(items) => {
                f.write_str("[")?;
                write_items(f, items, items.len())?;
                f.write_str("]")
            }
            Self::Tuple(items) => {
                f.write_str("(")?;
                write_items(f, items, items.len())?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                let entries = entries.iter().map(|(key, value)| Pair(key, ": ", value));
                let len = entries.len();
                write_items(f, entries, len)?;
                f.write_str("}")
            }
            Self::Record(record) => record.fmt(f),
            Self::Array(array) => array.fmt(f),
            Self::ObjectArray(array) => array.fmt(f),
        }
    }
}

impl fmt::Display for RecordValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        Name(&name.name).fmt(f)?;
        if let Some(variant) = &name.variant {
            write!(f, "::{}", Name(variant))?;
        }
        match &name.fields {
            fields if fields.is_empty() => Ok(()),
            FieldNames::Named(names) => {
                f.write_str(" { ")?;
                let fields = names.iter().zip(self.fields());
                for (index, (name, value)) in fields.enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{}: {value}", Name(name))?;
                }
                f.write_str(" }")
            }
            FieldNames::Positional(_) => {
                for (index, value) in self.fields().iter().enumerate() {
                    write!(f, "{}{value}", if index > 0 { ", " } else { "(" })?;
                }
                f.write_str(")")
            }
        }
    }
}

/// The dtype and shape, and the first items: `array(<f8, [2048]) [0.0, 0.5, 1.0, 1.5, …]`.
impl fmt::Display for ArrayValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dtype = ShortDtype(self.dtype());
        write!(f, "array({dtype}, {:?})", self.shape())?;
        let size = self.dtype().item_size();
        let Some(element) = Shown::of(self.dtype()) else {
            return Ok(());
        };
        f.write_str(" [")?;
        for (index, position) in self.layout().positions().take(MOST_ELEMENTS).enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            let start = position.saturating_mul(size);
            let item = self.bytes().get(start..start.saturating_add(size));
            element.write(item.as_deref().unwrap_or_default(), f)?;
        }
        if self.layout().count() > MOST_ELEMENTS {
            f.write_str(", …")?;
        }
        f.write_str("]")
    }
}

/// How an element is shown.
enum Shown {
    Scalar(Scalar),
    /// NumPy's bytes of a fixed length, filled up with NULs.
    Bytes,
    /// NumPy's text of a fixed length.
    Text,
}

impl Shown {
    /// Scalars, and the structs of one field that stand for NumPy's own dtypes, as `S10`.
    fn of(dtype: &Dtype) -> Option<Self> {
        let field = match dtype {
            Dtype::Scalar(scalar) => return Some(Self::Scalar(*scalar)),
            Dtype::Struct(structure) => match structure.fields() {
                [only] => only,
                _ => return None,
            },
        };
        let Dtype::Scalar(scalar) = *field.dtype() else { return None };
        match (field.name(), scalar, field.shape()) {
            (_, _, []) => Some(Self::Scalar(scalar)),
            ("numpy:S", Scalar::U8, [_]) => Some(Self::Bytes),
            ("numpy:U", Scalar::U32, [_]) => Some(Self::Text),
            _ => None,
        }
    }

    fn write(&self, item: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dots = |more: bool| if more { "…" } else { "" };
        match self {
            Self::Scalar(scalar) => fmt::Display::fmt(&scalar::Item(*scalar, item), f),
            Self::Bytes => {
                let start = item.get(..MOST_CHARS).unwrap_or(item);
                let more = start.len() < item.len();
                let len = start.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                let start = start.get(..len).unwrap_or_default();
                write!(f, "b\"{}\"{}", start.escape_ascii(), dots(more))
            }
            Self::Text => {
                let codes = item.as_chunks().0;
                let char = |code: &[u8; 4]| {
                    let char = char::from_u32(u32::from_le_bytes(*code));
                    char.unwrap_or(char::REPLACEMENT_CHARACTER)
                };
                let text: String = codes.iter().take(MOST_CHARS).map(char).collect();
                let more = codes.len() > MOST_CHARS;
                write!(f, "{:?}{}", text.trim_end_matches('\0'), dots(more))
            }
        }
    }
}

impl fmt::Display for ObjectArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "array({:?}) [", self.shape())?;
        write_items(f, self.items(), self.items().len())?;
        f.write_str("]")
    }
}

fn write_items<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
    len: usize,
) -> fmt::Result {
    for (index, item) in items.into_iter().take(MOST_ITEMS).enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        write!(f, "{comma}{item}")?;
    }
    match len.checked_sub(MOST_ITEMS) {
        None | Some(0) => Ok(()),
        Some(more) => write!(f, ", … {more} more"),
    }
}

struct Pair<'v>(&'v Value, &'static str, &'v Value);

impl fmt::Display for Pair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(key, between, value) = self;
        write!(f, "{key}{between}{value}")
    }
}

const MOST_CHARS: usize = 60;
const MOST_ITEMS: usize = 16;
const MOST_ELEMENTS: usize = 4;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        buffer::{ArrayLayout, SharedBytes},
        dtype::{Field, StructDtype},
        object::Can,
        record::RecordName,
    };

    fn text<T: Can<V> + ?Sized, V>(value: &T) -> String {
        Value::of(value).unwrap().to_string()
    }

    #[test]
    fn every_kind_is_readable() {
        assert_eq!(text(&Some(None::<i32>)), "some(none)");
        assert_eq!(text(&((), true, -3, u128::MAX)), format!("((), true, -3, {})", u128::MAX));
        assert_eq!(text(&(1.0_f32, 1e300)), "(1.0, 1e300)");
        assert_eq!(text(&("a\"b",)), r#"("a\"b",)"#);
        assert_eq!(text(&BTreeMap::from([(1, 'x'), (2, 'y')])), r#"{1: "x", 2: "y"}"#);
        assert_eq!(text(&(1..2)), "Range { start: 1, end: 2 }");
        assert_eq!(text(&Ok::<i32, ()>(5)), "Result::Ok(5)");
        assert_eq!(text(&..), "RangeFull");
        assert_eq!(Value::Bytes(vec![1, 2]).to_string(), "bytes(2)");
        let array = ObjectArray::new(&[1, 2], vec![Value::None, Value::Unit]).unwrap();
        assert_eq!(array.to_string(), "array([1, 2]) [none, ()]");
    }

    #[test]
    fn names_of_a_peer_are_escaped_and_cut() {
        let name = RecordName {
            name: "Q\n".into(),
            variant: Some("\x1b[2J".into()),
            fields: FieldNames::Named(vec!["x".repeat(1 << 20).into()]),
        };
        let record = RecordValue::new(name, vec![Value::Unit]).unwrap();
        let x = "x".repeat(64);
        assert_eq!(record.to_string(), format!(r"Q\n::\u{{1b}}[2J {{ {x}…: () }}"));
    }

    #[test]
    fn arrays_show_their_first_items() {
        let items: Vec<f64> = (0..2048).map(|item| f64::from(item) / 2.0).collect();
        assert_eq!(text(&items), "array(<f8, [2048]) [0.0, 0.5, 1.0, 1.5, …]");
        assert_eq!(text(&[1_u8, 2, 3, 4]), "array(|u1, [4]) [1, 2, 3, 4]");
        assert_eq!(text(&[[true, false]]), "array(|b1, [1, 2]) [true, false]");
        assert_eq!(text(&Vec::<u8>::new()), "array(|u1, [0]) []");
        assert_eq!(text(&['a', '\n']), r"array(<U1, [2]) ['a', '\n']");
    }

    #[test]
    fn items_of_one_field_show_what_they_are() {
        fn array(name: &'static str, of: Scalar, inner: &'static [usize], bytes: &[u8]) -> String {
            let field = Field::new(name, of.into(), inner);
            let dtype = Dtype::Struct(StructDtype::new(vec![field]).unwrap());
            let layout = ArrayLayout::one_axis(bytes.len() / dtype.item_size());
            let bytes = SharedBytes::from_vec(bytes.to_vec());
            let text = ArrayValue::from_parts(dtype, layout, bytes).unwrap().to_string();
            text.rsplit(") [").next().unwrap().to_owned()
        }
        assert_eq!(array("numpy:S", Scalar::U8, &[3], b"ab\0c\xff\n"), r#"b"ab", b"c\xff\n"]"#);
        let text: Vec<u8> = "äb\0".chars().flat_map(|char| u32::from(char).to_le_bytes()).collect();
        assert_eq!(array("numpy:U", Scalar::U32, &[3], &text), r#""äb"]"#);
        for (chars, more) in [(60, ""), (61, "…")] {
            let text = "x\0\0\0".repeat(chars);
            let shown = array("numpy:U", Scalar::U32, [&[60], &[61]][chars - 60], text.as_bytes());
            assert_eq!(shown, format!("\"{}\"{more}]", "x".repeat(60)));
        }
        assert_eq!(array("numpy:M8[ns]", Scalar::I64, &[], &7_i64.to_le_bytes()), "7]");
        let long = array("numpy:S", Scalar::U8, &[100], &[b'x'; 100]);
        assert_eq!(long, format!("b\"{}\"…]", "x".repeat(60)));
    }

    #[test]
    fn long_text_and_lists_are_cut() {
        let long = "ä".repeat(100);
        assert_eq!(text(&long), format!("{:?}… (200 bytes)", "ä".repeat(60)));
        let list = text(&vec![(); 18]);
        assert!(list.ends_with("(), … 2 more]"), "{list}");
    }
}
