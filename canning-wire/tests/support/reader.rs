//! A second reader of the format, written from `docs/wire-format.md` alone on top of a generic
//! CBOR library. It is short rather than fast, and believes what a strict reader would refuse.

use ciborium::Value as Cbor;

use super::{checksum::crc32c, dtype::ReadDtype, lz4::unfold};

/// What was missing.
pub type Wrong = &'static str;

/// A value, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    None,
    Some(Box<Tree>),
    Unit,
    Bool(bool),
    /// A sign and a magnitude: minus one minus the magnitude, if negative.
    Integer(bool, u128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Tree>),
    Tuple(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
    Record {
        name: String,
        variant: Option<String>,
        /// Names of the fields; or none, for fields by position.
        names: Option<Vec<String>>,
        fields: Vec<Tree>,
    },
    Array {
        dtype: ReadDtype,
        shape: Vec<u64>,
        /// Axes as they are written: `-1 - index` for reversed ones.
        axes: Option<Vec<i64>>,
        bytes: Vec<u8>,
    },
    Objects(Vec<u64>, Vec<Tree>),
}

/// Reads one object: its header, and the buffers that came with it.
pub fn read_object(header: &[u8], buffers: &[Vec<u8>]) -> Result<Tree, Wrong> {
    let mut rest = header;
    let cbor: Cbor = ciborium::from_reader(&mut rest).map_err(|_error| "CBOR")?;
    let Cbor::Tag(55799, parts) = cbor else {
        return Err("the tag");
    };
    let [version, flags, _, table, dtypes, names, body, Cbor::Bytes(_), Cbor::Bytes(tail)] =
        items(&parts)?
    else {
        return Err("nine parts");
    };
    if !rest.is_empty() || number(version)? != 1 || number(flags)? & 0xffff_ffff != 0 {
        return Err("version 1, no critical flags, nothing behind");
    }
    if !tail.is_empty() && !(header.len() - tail.len()).is_multiple_of(64) {
        return Err("a tail at a multiple of 64");
    }
    let lens = items(table)?.iter().map(|entry| match items(entry)? {
        [len, dtype] => Ok((number(len)?, number(dtype)?)),
        _ => Err("a pair"),
    });
    let mut reader = Reader {
        table: lens.collect::<Result<_, _>>()?,
        dtypes: items(dtypes)?.iter().map(ReadDtype::read).collect::<Result<_, _>>()?,
        names: items(names)?,
        tail,
        tail_at: 0,
        buffers,
        next_buffer: 0,
    };
    let tree = reader.value(body)?;
    if reader.tail_at != tail.len() || reader.next_buffer != buffers.len() {
        return Err("the whole tail and all buffers");
    }
    Ok(tree)
}

/// Takes a frame apart: headers, each with its buffers.
pub fn read_frame(frame: &[u8]) -> Result<Vec<(Vec<u8>, Vec<Vec<u8>>)>, Wrong> {
    let number_at = |at: usize| -> Result<u64, Wrong> {
        let bytes = frame.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        Ok(u64::from_le_bytes(bytes.ok_or("more bytes")?))
    };
    if frame.get(..5) != Some(b"\x89CAN\x01") || frame[6..8] != [0; 2] {
        return Err("a prelude");
    }
    let flags = u32::from_le_bytes([frame[8], frame[9], frame[10], frame[11]]);
    if flags > 3 {
        return Err("known flags");
    }
    // Checks what stands between, and goes behind the checksum.
    let pass_sum = |start: u64, end: u64| -> Result<u64, Wrong> {
        if flags & 1 == 0 {
            return Ok(end);
        }
        let (start, end) = (start as usize, end as usize);
        let sum = frame.get(end..end + 4).ok_or("more bytes")?;
        if sum != crc32c(&[&frame[start..end]]).to_le_bytes() {
            return Err("another checksum");
        }
        Ok(end as u64 + 4)
    };
    let (align, objects, len) = (1_u64 << frame[5], number_at(16)?, number_at(24)?);
    let is_packed = flags & 2 != 0;
    let entry = if is_packed { 16 } else { 8 };
    let table_end = 32 + entry * objects;
    let mut count = 0;
    for index in (0..objects as usize).filter(|_| is_packed) {
        count += number_at(40 + 16 * index)?;
    }
    let mut next_len = table_end;
    let mut at = pass_sum(0, table_end + 8 * count)?;
    let mut blob = |len: u64| -> Result<Vec<u8>, Wrong> {
        let start = at.next_multiple_of(align);
        let bytes = frame.get(start as usize..(start + len) as usize).ok_or("more bytes")?;
        at = pass_sum(start, start + len)?;
        Ok(bytes.to_vec())
    };
    let mut read = Vec::new();
    for index in 0..objects {
        let header = blob(number_at((32 + entry * index) as usize)?)?;
        let cbor: Cbor = ciborium::from_reader(header.as_slice()).map_err(|_error| "CBOR")?;
        let table = cbor.as_tag().map(|(_, parts)| items(parts)?.get(3).ok_or("a table"));
        let mut buffers = Vec::new();
        for entry in items(table.ok_or("a tag")??)? {
            let len = number(items(entry)?.first().ok_or("a length")?)?;
            if !is_packed {
                buffers.push(blob(len)?);
                continue;
            }
            let wire = blob(number_at(next_len as usize)?)?;
            next_len += 8;
            let is_stored = wire.len() as u64 == len;
            buffers.push(if is_stored { wire } else { unfold(&wire, len as usize)? });
        }
        read.push((header, buffers));
    }
    if at != len || len != frame.len() as u64 {
        return Err("the end of the frame");
    }
    Ok(read)
}

struct Reader<'r> {
    table: Vec<(u64, u64)>,
    dtypes: Vec<ReadDtype>,
    names: &'r [Cbor],
    tail: &'r [u8],
    tail_at: usize,
    buffers: &'r [Vec<u8>],
    next_buffer: usize,
}

impl Reader<'_> {
    fn value(&mut self, cbor: &Cbor) -> Result<Tree, Wrong> {
        Ok(match cbor {
            Cbor::Null => Tree::None,
            Cbor::Bool(value) => Tree::Bool(*value),
            Cbor::Integer(value) => {
                let value = i128::from(*value);
                Tree::Integer(value < 0, if value < 0 { !value } else { value }.cast_unsigned())
            }
            Cbor::Tag(tag @ (2 | 3), digits) => {
                let digits = digits.as_bytes().ok_or("digits")?;
                let fold = |value, digit: &u8| value << 8 | u128::from(*digit);
                Tree::Integer(*tag == 3, digits.iter().fold(0, fold))
            }
            Cbor::Float(value) => Tree::Float(*value),
            Cbor::Text(value) => Tree::Text(value.clone()),
            Cbor::Bytes(value) => Tree::Bytes(value.clone()),
            Cbor::Map(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| Ok((self.value(key)?, self.value(value)?)));
                Tree::Map(entries.collect::<Result<_, Wrong>>()?)
            }
            Cbor::Array(parts) => {
                let (code, parts) = parts.split_first().ok_or("a code")?;
                self.coded(number(code)?, parts)?
            }
            _ => return Err("an item of the body"),
        })
    }

    fn coded(&mut self, code: u64, parts: &[Cbor]) -> Result<Tree, Wrong> {
        Ok(match (code, parts) {
            (0, items) => Tree::List(self.values(items)?),
            (1, []) => Tree::Unit,
            (1, items) => Tree::Tuple(self.values(items)?),
            (2, [inner]) => Tree::Some(self.value(inner)?.into()),
            (3, [dtype, shape, axes @ ..]) => {
                let dtype = self.dtype(number(dtype)?)?;
                let (shape, axes) = layout(shape, axes)?;
                let len = (stored(&shape, axes.as_deref()) * dtype.size()) as usize;
                let start = self.tail_at.next_multiple_of(dtype.tail_align() as usize);
                let bytes = self.tail.get(start..start + len).ok_or("a longer tail")?;
                self.tail_at = start + len;
                let bytes = bytes.to_vec();
                Tree::Array { dtype, shape, axes, bytes }
            }
            (4, [buffer, shape, axes @ ..]) => {
                let (shape, axes) = layout(shape, axes)?;
                let (dtype, bytes) = self.buffer(number(buffer)?)?;
                if stored(&shape, axes.as_deref()) * dtype.size() != bytes.len() as u64 {
                    return Err("a buffer as long as its shape asks for");
                }
                Tree::Array { dtype, shape, axes, bytes }
            }
            (5, [shape, items @ ..]) => {
                let shape: Vec<u64> =
                    self::items(shape)?.iter().map(number).collect::<Result<_, _>>()?;
                if count(&shape) != items.len() as u64 {
                    return Err("as many items as the shape asks for");
                }
                Tree::Objects(shape, self.values(items)?)
            }
            (6, [buffer]) => {
                let (_, bytes) = self.buffer(number(buffer)?)?;
                Tree::Text(String::from_utf8(bytes).map_err(|_error| "UTF-8")?)
            }
            (8.., fields) => {
                let name = self.names.get((code - 8) as usize).ok_or("a name")?;
                let (name, variant, field_names) = match items(name)? {
                    [name, fields] => (name, None, fields),
                    [name, variant, fields] => (name, Some(string(variant)?.to_owned()), fields),
                    _ => return Err("a name of two or three parts"),
                };
                let names = match field_names {
                    Cbor::Array(names) => {
                        let names = names.iter().map(|name| Ok(string(name)?.to_owned()));
                        Some(names.collect::<Result<Vec<_>, Wrong>>()?)
                    }
                    _ => None,
                };
                let len =
                    names.as_ref().map_or(number(field_names), |names| Ok(names.len() as u64));
                if len? != fields.len() as u64 {
                    return Err("as many fields as the record has");
                }
                Tree::Record {
                    name: string(name)?.to_owned(),
                    variant,
                    names,
                    fields: self.values(fields)?,
                }
            }
            _ => return Err("a known code"),
        })
    }

    fn values(&mut self, items: &[Cbor]) -> Result<Vec<Tree>, Wrong> {
        items.iter().map(|item| self.value(item)).collect()
    }

    fn dtype(&self, number: u64) -> Result<ReadDtype, Wrong> {
        self.dtypes.get(number as usize).cloned().ok_or("a dtype")
    }

    fn buffer(&mut self, index: u64) -> Result<(ReadDtype, Vec<u8>), Wrong> {
        if index != self.next_buffer as u64 {
            return Err("the next buffer");
        }
        let (len, dtype) = self.table.get(self.next_buffer).ok_or("a buffer")?;
        let bytes = self.buffers.get(self.next_buffer).ok_or("a buffer")?;
        self.next_buffer += 1;
        if bytes.len() as u64 != *len {
            return Err("a buffer as long as the table says");
        }
        Ok((self.dtype(*dtype)?, bytes.clone()))
    }
}

fn layout(shape: &Cbor, axes: &[Cbor]) -> Result<(Vec<u64>, Option<Vec<i64>>), Wrong> {
    let shape = match shape {
        Cbor::Array(lens) => lens.iter().map(number).collect::<Result<_, _>>()?,
        len => vec![number(len)?],
    };
    let signed = |axis: &Cbor| {
        let axis = axis.as_integer().ok_or("an axis")?;
        i64::try_from(axis).map_err(|_error| "an axis")
    };
    match axes {
        [] => Ok((shape, None)),
        [axes] => Ok((shape, Some(items(axes)?.iter().map(signed).collect::<Result<_, _>>()?))),
        _ => Err("a shape and axes"),
    }
}

/// The items in memory: those of axes that are listed.
fn stored(shape: &[u64], axes: Option<&[i64]>) -> u64 {
    let Some(axes) = axes else {
        return count(shape);
    };
    let lens = axes.iter().map(|axis| if *axis < 0 { !*axis } else { *axis });
    lens.map(|index| shape[index as usize]).product()
}

pub fn count(shape: &[u64]) -> u64 {
    shape.iter().product()
}

pub fn items(cbor: &Cbor) -> Result<&[Cbor], Wrong> {
    cbor.as_array().map(Vec::as_slice).ok_or("an array")
}

pub fn number(cbor: &Cbor) -> Result<u64, Wrong> {
    let number = cbor.as_integer().ok_or("a number")?;
    number.try_into().map_err(|_error| "a number")
}

pub fn string(cbor: &Cbor) -> Result<&str, Wrong> {
    cbor.as_text().ok_or("text")
}
