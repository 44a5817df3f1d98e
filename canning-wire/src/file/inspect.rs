//! What is in a file, for people, without knowing the types.

use std::io::{self, Write};

use canning_core::{ArrayValue, CannedObject, FieldNames, RecordValue, Value};

use super::{error::failed, reader::Reader, tail::Tail};
use crate::{error::Result, object::Object};

/// Prints a table of what is in a file: for each message position, name and size, and for each
/// value in it names, dtype, shape, size and the first items.
///
/// It reads one message after the other, whole. What is damaged becomes a row that says so. Names
/// that a stranger chose are escaped; long values are cut, and so is a message of more than 64 rows.
///
/// # Errors
///
/// [`Io`](crate::ErrorKind::Io) when the file cannot be read, or `out` cannot be written.
///
/// # Examples
///
/// ```
/// use canning_core::Canned;
/// use canning_wire::{Limits, can, file::{Reader, Writer, inspect}};
///
/// #[derive(Canned)]
/// struct Frame {
///     step: u64,
///     positions: Vec<[f64; 3]>,
/// }
///
/// # let path = std::env::temp_dir().join(format!("canning-inspect-{}.can", std::process::id()));
/// # std::fs::remove_file(&path).ok();
/// let mut writer = Writer::create(&path)?;
/// let frame = Frame { step: 7, positions: vec![[0.5; 3]; 2048] };
/// writer.write_named("first", &can(&frame)?.into())?;
/// writer.finish()?;
///
/// let mut table = Vec::new();
/// inspect(&mut Reader::open(&path, Limits::default())?, &mut table)?;
/// # std::fs::remove_file(&path)?;
/// let table = String::from_utf8(table)?;
/// let row = table.lines().find(|line| line.contains("positions")).expect("a row");
/// let cells: Vec<&str> = row.split_whitespace().take(5).collect();
/// assert_eq!(cells, ["0.positions", "<f8", "[2048,", "3]", "49152"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn inspect(reader: &mut Reader, out: &mut impl Write) -> Result<()> {
    let mut table = Table { out };
    table.row(["what", "dtype or type", "shape", "bytes", "first values"]).map_err(failed)?;
    for position in 0..reader.len() {
        let name = reader.name(position).map(short).unwrap_or_default();
        let bytes = reader.head_of(position).map_or(0, |head| head.len);
        let title = format!("#{position} {name}");
        table.row([title.trim_end(), "message", "", &bytes.to_string(), ""]).map_err(failed)?;
        match reader.get(position) {
            Ok(message) => {
                for (number, object) in message.objects().iter().enumerate() {
                    table.object(number, object).map_err(failed)?;
                }
                reader.recycle_message(message);
            }
            Err(error) => table.row(["", "error", "", "", &error.to_string()]).map_err(failed)?,
        }
    }
    let (what, bytes) = match reader.tail()? {
        Tail::Nothing => return Ok(()),
        Tail::Unfinished { bytes } => ("unfinished", bytes),
        Tail::Damaged { bytes } => ("damaged", bytes),
    };
    table.row(["end of file", what, "", &bytes.to_string(), ""]).map_err(failed)
}

struct Table<'o, W> {
    out: &'o mut W,
}

impl<W: Write> Table<'_, W> {
    fn row(&mut self, [what, kind, shape, bytes, first]: [&str; 5]) -> io::Result<()> {
        let line = format!("{what:<28} {kind:<16} {shape:<16} {bytes:>12}  {first}");
        writeln!(self.out, "{}", line.trim_end())
    }

    fn object(&mut self, number: usize, object: &Object<'_>) -> io::Result<()> {
        match object.get::<Value, _>() {
            Ok(value) => {
                let mut rows = Rows { table: self, left: MOST_ROWS };
                rows.value(&number.to_string(), &value)
            }
            Err(error) => self.row([&number.to_string(), "error", "", "", &error.to_string()]),
        }
    }
}

/// The rows of one object.
struct Rows<'t, 'o, W> {
    table: &'t mut Table<'o, W>,
    left: usize,
}

const MOST_ROWS: usize = 64;

impl<W: Write> Rows<'_, '_, W> {
    fn value(&mut self, path: &str, value: &Value) -> io::Result<()> {
        match self.left {
            0 => return Ok(()),
            1 => {
                self.left = 0;
                return self.table.row([path, "… and more", "", "", ""]);
            }
            _ => self.left -= 1,
        }
        match value {
            Value::Array(array) => self.array(path, array),
            Value::Record(record) => self.record(path, record),
            Value::Some(value) => self.value(path, value),
            Value::List(items) => self.items(path, "list", items),
            Value::Tuple(items) => self.items(path, "tuple", items),
            Value::ObjectArray(array) => self.items(path, "array of items", array.items()),
            Value::Map(entries) => {
                let len = entries.len().to_string();
                self.table.row([path, "map", &len, "", ""])?;
                entries.iter().try_for_each(|(key, value)| {
                    self.value(&format!("{path}[{}]", short(&key.to_string())), value)
                })
            }
            Value::Text(text) => {
                let bytes = text.len().to_string();
                self.table.row([path, "text", "", &bytes, &value.to_string()])
            }
            Value::Bytes(bytes) => {
                self.table.row([path, "bytes", "", &bytes.len().to_string(), ""])
            }
            plain => {
                let kind = format!("{:?}", plain.kind()).to_lowercase();
                self.table.row([path, &kind, "", "", &plain.to_string()])
            }
        }
    }

    fn array(&mut self, path: &str, array: &ArrayValue) -> io::Result<()> {
        let dtype = array.dtype().shortened().to_string();
        let shape = format!("{:?}", array.shape());
        let text = array.to_string();
        let first = text.rsplit_once(") ").map_or("", |(_, items)| items);
        self.table.row([path, &dtype, &shape, &array.bytes().len().to_string(), first])
    }

    fn record(&mut self, path: &str, record: &RecordValue) -> io::Result<()> {
        let name = record.name();
        let variant = name.variant.as_ref().map(|variant| format!("::{}", short(variant)));
        let kind = format!("{}{}", short(&name.name), variant.unwrap_or_default());
        self.table.row([path, &kind, "", "", ""])?;
        for (index, field) in record.fields().iter().enumerate() {
            let field_name = match &name.fields {
                FieldNames::Named(names) => names.get(index).map(|name| short(name)),
                FieldNames::Positional(_) => None,
            };
            let field_name = field_name.unwrap_or_else(|| index.to_string());
            self.value(&format!("{path}.{field_name}"), field)?;
        }
        Ok(())
    }

    /// Numbers and the like in one row, anything larger in rows of its own.
    fn items(&mut self, path: &str, kind: &str, items: &[Value]) -> io::Result<()> {
        let first: Vec<_> = items.iter().take(FEW).map(Value::to_string).collect();
        let first = if items.iter().any(is_large) { String::new() } else { first.join(", ") };
        let more = if items.len() > FEW && !first.is_empty() { ", …" } else { "" };
        self.table.row([path, kind, &items.len().to_string(), "", &format!("{first}{more}")])?;
        if first.is_empty() {
            for (index, item) in items.iter().enumerate().take(MOST_ROWS) {
                self.value(&format!("{path}[{index}]"), item)?;
            }
        }
        Ok(())
    }
}

/// Items of a list in one row.
const FEW: usize = 8;

fn is_large(value: &Value) -> bool {
    matches!(
        value,
        Value::Array(_) | Value::Record(_) | Value::Map(_) | Value::List(_) | Value::Tuple(_)
    )
}

/// A name as it can be printed, not too long.
fn short(name: &str) -> String {
    let mut short: String = name.chars().take(MOST_CHARS).flat_map(char::escape_debug).collect();
    if name.chars().nth(MOST_CHARS).is_some() {
        short.push('…');
    }
    short
}

const MOST_CHARS: usize = 40;
