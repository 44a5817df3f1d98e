//! Random values, and how Python shows them.

use canning_core::{FieldNames, RecordName, RecordValue, Value};

use super::values::Nd;

/// A generator of values: the same ones for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end` (splitmix64).
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }

    fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap()
    }

    fn len(&mut self) -> usize {
        let most = [3, 3, 6, 70][self.index(4)];
        self.index(most)
    }

    /// A value, and how Python shows it.
    pub(crate) fn value(&mut self, depth: usize) -> (Value, String) {
        match self.below(if depth == 0 { 5 } else { 12 }) {
            0..4 => self.key(depth.min(2)),
            4 => self.array(),
            5 => {
                let (items, shown) = self.items(depth);
                (Value::List(items), format!("[{}]", shown.join(", ")))
            }
            6 => {
                let (items, shown) = self.items(depth);
                (Value::Tuple(items), tuple(&shown))
            }
            7 => self.option(depth),
            8 => self.map(depth),
            9 => self.record(depth),
            10 => self.variant(depth),
            _ => {
                let (value, shown) = self.value(depth - 1);
                some(value, shown)
            }
        }
    }

    /// A value that Python can hash.
    fn key(&mut self, depth: usize) -> (Value, String) {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => (Value::None, "None".into()),
            1 => match self.below(2) {
                0 => (Value::Bool(true), "True".into()),
                _ => (Value::Unit, "()".into()),
            },
            2 => {
                let bits = self.below(127);
                let wide =
                    (i128::from(self.below(u64::MAX)) << 64) | i128::from(self.below(u64::MAX));
                let number = wide >> bits;
                (Value::Integer(number), number.to_string())
            }
            3 => {
                let float = (self.below(1 << 20) as f64 - 500_000.0) / 4.0;
                (Value::F64(float), format!("{float:?}"))
            }
            4 => {
                let text = self.text();
                let shown = format!("'{text}'");
                (Value::Text(text), shown)
            }
            5 => {
                let text = "x".repeat(self.len());
                let shown = format!("b'{text}'");
                (Value::Bytes(text.into_bytes()), shown)
            }
            _ => {
                let len = self.below(5);
                let (items, shown): (Vec<_>, Vec<_>) =
                    (0..len).map(|_| self.key(depth - 1)).unzip();
                (Value::Tuple(items), tuple(&shown))
            }
        }
    }

    fn text(&mut self) -> String {
        let len = match self.below(10) {
            0 => 250 + self.below(10),
            _ => self.below(10),
        };
        (0..len).map(|_| ['a', 'Z', ' ', 'ä', '€', '𝄞'][self.index(6)]).collect()
    }

    fn items(&mut self, depth: usize) -> (Vec<Value>, Vec<String>) {
        let len = self.len();
        // Wide ones are not deep.
        let depth = if len > 6 { 0 } else { depth - 1 };
        (0..len).map(|_| self.value(depth)).unzip()
    }

    fn option(&mut self, depth: usize) -> (Value, String) {
        let (mut value, mut shown) = match self.below(2) {
            0 => (Value::None, "None".to_owned()),
            _ => self.value(depth - 1),
        };
        for _ in 0..self.below(4) {
            (value, shown) = match self.below(2) {
                0 => some(value, shown),
                _ => (Value::Tuple(vec![value]), tuple(&[shown])),
            };
        }
        (value, shown)
    }

    /// All keys of one kind, so that Python can sort them.
    fn map(&mut self, depth: usize) -> (Value, String) {
        let (values, shown) = self.items(depth);
        let kind = self.below(3);
        let entries = values.into_iter().zip(shown).enumerate().map(|(index, (value, shown))| {
            // In an order of its own.
            let number = (index as i128 * 37) % 101 - 50;
            let (key, key_shown) = match kind {
                0 => (Value::Integer(number), number.to_string()),
                1 => (Value::Text(format!("k{number}")), format!("'k{number}'")),
                _ => {
                    let key = vec![Value::Integer(number), Value::None];
                    (Value::Tuple(key), format!("({number}, None)"))
                }
            };
            ((key, value), format!("{key_shown}: {shown}"))
        });
        let (entries, mut shown): (Vec<_>, Vec<_>) = entries.unzip();
        shown.sort();
        (Value::Map(entries), format!("{{{}}}", shown.join(", ")))
    }

    fn record(&mut self, depth: usize) -> (Value, String) {
        let (values, shown) = self.items(depth);
        if self.below(2) == 0 {
            let fields = FieldNames::Positional(values.len());
            return (record(None, fields, values), tuple(&shown));
        }
        let (names, shown) = named(&shown);
        (record(None, names, values), shown)
    }

    fn variant(&mut self, depth: usize) -> (Value, String) {
        let (values, shown) = self.items(depth);
        let is_named = self.below(2) == 0;
        let (names, inner) = match (is_named, shown.as_slice()) {
            (_, []) => return (record(Some("V"), FieldNames::Positional(0), values), "'V'".into()),
            (true, _) => named(&shown),
            (false, [one]) => (FieldNames::Positional(1), one.clone()),
            (false, many) => (FieldNames::Positional(many.len()), tuple(many)),
        };
        (record(Some("V"), names, values), format!("{{'V': {inner}}}"))
    }

    fn array(&mut self) -> (Value, String) {
        let columns = [2, 3, 200, 700][self.index(4)];
        let axes: &[&[isize]] = &[&[0, 1], &[1, 0], &[-1, -2], &[-2, 0], &[1]];
        let axes = axes[self.index(5)];
        let rows = 2_usize;
        let stored = if axes.len() == 1 { columns } else { rows * columns };
        let items: Vec<u16> =
            (0..stored).map(|_| u16::try_from(self.below(1000)).unwrap()).collect();
        let array = Nd::new(items, &[rows, columns], axes);
        let (strides, first) = array.layout.strides();
        let at = |row: isize, column: isize| {
            let place = first.cast_signed() + row * strides[0] + column * strides[1];
            array.items[place.cast_unsigned()]
        };
        let all: Vec<u16> = (0..rows.cast_signed())
            .flat_map(|row| (0..columns.cast_signed()).map(move |column| (row, column)))
            .map(|(row, column)| at(row, column))
            .collect();
        let order = match array.layout.is_c_order() {
            true => String::new(),
            false => format!("strides=({}, {}), ", 2 * strides[0], 2 * strides[1]),
        };
        let shown = if all.len() <= 32 {
            let rows: Vec<_> = all.chunks(columns).map(|row| format!("{row:?}")).collect();
            format!("[{}]", rows.join(", "))
        } else {
            let sum: u64 = all.iter().copied().map(u64::from).sum();
            format!("{} ... {}, sum={sum}", all[1], all[all.len() - 1])
        };
        let shown = format!("array('<u2', (2, {columns}), {order}{shown})");
        (Value::of(&array).unwrap(), shown)
    }
}

fn some(value: Value, shown: String) -> (Value, String) {
    let shown = if is_ambiguous(&value) { tuple(&[shown]) } else { shown };
    (Value::Some(Box::new(value)), shown)
}

fn record(variant: Option<&str>, fields: FieldNames, values: Vec<Value>) -> Value {
    let name = RecordName { name: "R".into(), variant: variant.map(Into::into), fields };
    Value::Record(Box::new(RecordValue::new(name, values).unwrap()))
}

fn named(shown: &[String]) -> (FieldNames, String) {
    let name = |index: usize| format!("f{:02}", 99 - index);
    let names = (0..shown.len()).map(|index| name(index).into()).collect();
    let mut shown: Vec<_> = shown
        .iter()
        .enumerate()
        .map(|(index, shown)| format!("'{}': {shown}", name(index)))
        .collect();
    shown.sort();
    (FieldNames::Named(names), format!("{{{}}}", shown.join(", ")))
}

fn tuple(shown: &[String]) -> String {
    match shown {
        [one] => format!("({one},)"),
        many => format!("({})", many.join(", ")),
    }
}

/// Whether Python has `None` for it, or a tuple of one such value.
fn is_ambiguous(value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::Some(inner) => is_ambiguous(inner),
        Value::Tuple(items) => matches!(items.as_slice(), [one] if is_ambiguous(one)),
        Value::Record(record) => {
            let is_tuple = record.name().variant.is_none()
                && matches!(record.name().fields, FieldNames::Positional(1));
            is_tuple && is_ambiguous(&record.fields()[0])
        }
        _ => false,
    }
}
