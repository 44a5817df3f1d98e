//! The table of dtypes: each stands once a header.

use std::{collections::HashMap, ptr};

use canning_core::{Dtype, ErrorKind, Field, Result, Scalar, StructDtype, buffer::room};
use smallvec::SmallVec;

use crate::header::{
    body,
    cbor::{self, Cursor},
    distinct::{TableWriter, push, received_twice},
    few_bytes::FewBytes,
    front::limit,
};

/// Struct dtypes nest at most so deep.
const DEPTH: u32 = 16;

/// Numbers dtypes as they are met.
#[derive(Debug, Default)]
pub(crate) struct DtypeWriter {
    table: TableWriter,
    /// The dtype met last, by its address, zero for none: arrays of one type follow each other.
    last: (usize, Numbered),
    /// Those of structs by the place of their fields, which the dtype next to it keeps: a
    /// dtype that was received may have many fields, and describe many arrays.
    structs: Option<HashMap<(usize, usize), (Dtype, Numbered)>>,
    /// How deep struct dtypes nest.
    deepest: u32,
}

/// What arrays of a dtype need to be written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Numbered {
    /// Its place in the table.
    pub(crate) number: u64,
    /// Its [alignment in the tail](tail_align).
    pub(crate) align: usize,
}

impl DtypeWriter {
    /// Begins the table of another value.
    pub(crate) fn restart(&mut self) {
        (self.last, self.structs) = (Default::default(), None);
        if self.deepest > DEPTH {
            *self = Self::default();
        }
        self.table.restart();
    }

    /// Numbers a dtype that lives as long as the writer, by its address after the first time.
    #[inline]
    pub(crate) fn of_static(&mut self, dtype: &'static Dtype) -> Numbered {
        match self.last {
            (last, numbered) if last == ptr::from_ref(dtype).addr() => numbered,
            _ => self.look_up(dtype),
        }
    }

    #[cold]
    fn look_up(&mut self, dtype: &'static Dtype) -> Numbered {
        let mut depth = 0;
        let (number, _) = self.table.number_static(dtype, |out| depth = encode(out, dtype));
        self.deepest = self.deepest.max(depth);
        let numbered = Numbered { number, align: tail_align(dtype) };
        self.last = (ptr::from_ref(dtype).addr(), numbered);
        numbered
    }

    /// Numbers a dtype.
    pub(crate) fn number(&mut self, dtype: &Dtype) -> Numbered {
        let Dtype::Struct(structure) = dtype else {
            return self.number_by_content(dtype);
        };
        let fields = structure.fields();
        let place = (fields.as_ptr().addr(), fields.len());
        if let Some((_, numbered)) = self.structs.as_ref().and_then(|known| known.get(&place)) {
            return *numbered;
        }
        let numbered = self.number_by_content(dtype);
        self.structs.get_or_insert_default().insert(place, (dtype.clone(), numbered));
        numbered
    }

    fn number_by_content(&mut self, dtype: &Dtype) -> Numbered {
        let mut depth = 0;
        let (number, _) = self.table.number(|out| depth = encode(out, dtype));
        self.deepest = self.deepest.max(depth);
        Numbered { number, align: tail_align(dtype) }
    }

    /// Checks the table, and gives it when it is whole.
    pub(crate) fn finish(&mut self) -> Result<&TableWriter> {
        limit("the depth of a dtype", u64::from(DEPTH), u64::from(self.deepest))?;
        self.table.drop_rest();
        Ok(&self.table)
    }
}

/// A dtype of the table.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedDtype {
    pub(crate) dtype: Dtype,
    /// What [`tail_align`] says of it: worked out once, as small arrays may be many.
    pub(crate) tail_align: usize,
}

/// The table.
pub(crate) type ReceivedDtypes = SmallVec<[ReceivedDtype; 2]>;

/// Reads the table, in which no dtype stands twice.
pub(crate) fn decode_table(cursor: &mut Cursor<'_>) -> Result<ReceivedDtypes> {
    let start = cursor.clone();
    let count = cursor.count(cbor::ARRAY, "the dtypes")?;
    let mut dtypes = ReceivedDtypes::new();
    let mut entries = SmallVec::<[&[u8]; 4]>::new();
    for _ in 0..count {
        let before = cursor.clone();
        let dtype = decode(cursor, DEPTH)?;
        push(&mut entries, before.up_to(cursor))?;
        let tail_align = tail_align(&dtype);
        push(&mut dtypes, ReceivedDtype { dtype, tail_align })?;
    }
    if received_twice(entries.iter().copied())?.is_some() {
        return Err(start.malformed("dtypes that differ"));
    }
    Ok(dtypes)
}

/// The alignment of a dtype in the tail: that of its widest number, whatever the machine.
pub(crate) fn tail_align(dtype: &Dtype) -> usize {
    match dtype {
        Dtype::Scalar(Scalar::Complex64 | Scalar::Complex128) => dtype.item_size() / 2,
        Dtype::Scalar(scalar) => scalar.size(),
        Dtype::Struct(structure) => {
            structure.fields().iter().map(|field| tail_align(field.dtype())).max().unwrap_or(1)
        }
        _ => 16,
    }
}

/// Appends a dtype; gives how deep it nests.
fn encode(out: &mut FewBytes, dtype: &Dtype) -> u32 {
    let structure = match dtype {
        Dtype::Struct(structure) => structure,
        Dtype::Scalar(scalar) => {
            cbor::text(out, scalar.name());
            return 0;
        }
        _ => {
            cbor::text(out, &dtype.to_string());
            return 0;
        }
    };
    let mut deepest = 0;
    cbor::head(out, cbor::ARRAY, structure.fields().len() as u64);
    for field in structure.fields() {
        let shape = field.shape();
        cbor::head(out, cbor::ARRAY, if shape.is_empty() { 2 } else { 3 });
        cbor::text(out, field.name());
        deepest = deepest.max(encode(out, field.dtype()));
        if !shape.is_empty() {
            cbor::head(out, cbor::ARRAY, shape.len() as u64);
            shape.iter().for_each(|len| cbor::head(out, cbor::UNSIGNED, *len as u64));
        }
    }
    deepest + 1
}

fn decode(cursor: &mut Cursor<'_>, depth: u32) -> Result<Dtype> {
    if cursor.peek()? >> 5 == cbor::TEXT {
        let start = cursor.clone();
        let scalar: Result<Scalar, _> = cursor.text()?.parse();
        return scalar.map(Dtype::Scalar).map_err(|_unknown| start.malformed("a known dtype"));
    }
    let start = cursor.clone();
    let Some(depth) = depth.checked_sub(1) else {
        return Err(ErrorKind::Limit {
            what: "the depth of a dtype",
            limit: u64::from(DEPTH),
            found: u64::from(DEPTH) + 1,
        }
        .into());
    };
    let count = cursor.count(cbor::ARRAY, "a dtype")?;
    // Exactly one for one, as in a nest of dtypes, where spare room would multiply.
    let mut fields = Vec::new();
    room::reserve_exact(&mut fields, count.min(2))?;
    for _ in 0..count {
        let start = cursor.clone();
        let parts = cursor.count(cbor::ARRAY, "a field of a dtype")?;
        let name = room::copied_text(cursor.text()?)?;
        let dtype = decode(cursor, depth)?;
        let shape = match parts {
            2 => Vec::new(),
            3 => decode_shape(cursor)?,
            _ => return Err(start.malformed("fields of two or three parts")),
        };
        room::push(&mut fields, Field::new(name, dtype, shape))?;
    }
    let structure = StructDtype::new(fields);
    structure.map(Dtype::Struct).map_err(|_impossible| start.malformed("a possible struct dtype"))
}

fn decode_shape(cursor: &mut Cursor<'_>) -> Result<Vec<usize>> {
    let start = cursor.clone();
    let rank = cursor.count(cbor::ARRAY, "the shape of a field")?;
    if rank == 0 {
        return Err(start.malformed("no shape instead of an empty one"));
    }
    limit("number of axes", body::MOST_AXES as u64, rank as u64)?;
    let mut shape = Vec::with_capacity(rank);
    for _ in 0..rank {
        let start = cursor.clone();
        let len = cursor.head(cbor::UNSIGNED, "a length")?;
        shape.push(usize::try_from(len).map_err(|_too_long| start.malformed("a shorter axis"))?);
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::cbor::Bytes;

    fn round_trip(dtype: &Dtype) -> Result<Vec<Dtype>> {
        let mut writer = DtypeWriter::default();
        assert_eq!(writer.number(dtype).number, 0);
        assert_eq!(writer.number(dtype).number, 0);
        let mut out = FewBytes::default();
        writer.finish()?.put(&mut out);
        let table = decode_table(&mut Cursor::new(&out, 0))?;
        Ok(table.into_iter().map(|entry| entry.dtype).collect())
    }

    fn nested(depth: u32) -> Dtype {
        let mut dtype = Dtype::Scalar(Scalar::F64);
        for _ in 0..depth {
            let field = Field::new("x", dtype, vec![2]);
            dtype = Dtype::Struct(StructDtype::new(vec![field]).unwrap());
        }
        dtype
    }

    #[test]
    fn dtypes_come_back() {
        for scalar in Scalar::ALL {
            let dtype = Dtype::Scalar(*scalar);
            assert_eq!(round_trip(&dtype).unwrap(), [dtype]);
        }
        assert_eq!(round_trip(&nested(3)).unwrap(), [nested(3)]);
        assert_eq!(tail_align(&nested(3)), 8);
    }

    #[test]
    fn deep_dtypes_are_refused_on_both_sides() {
        let text = "the depth of a dtype is 17, above the limit of 16";
        assert!(round_trip(&nested(DEPTH)).is_ok());
        let refused = round_trip(&nested(DEPTH + 1)).unwrap_err();
        assert_eq!(refused.to_string(), text);
        let mut out = FewBytes::default();
        out.put(&[0x81]);
        encode(&mut out, &nested(DEPTH + 1));
        let refused = decode_table(&mut Cursor::new(&out, 0)).unwrap_err();
        assert_eq!(refused.to_string(), text);
    }

    #[test]
    fn dtypes_that_stand_twice_are_refused() {
        let refused = decode_table(&mut Cursor::new(b"\x82\x63<f8\x63<f8", 5)).unwrap_err();
        assert_eq!(refused.to_string(), "malformed header at byte 5: expected dtypes that differ");
    }
}
