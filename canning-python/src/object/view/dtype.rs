//! NumPy's dtypes as a pickle describes them.

use std::collections::HashMap;

use canning_core::{ErrorKind, Result};

use crate::{
    numpy::{ByteOrder, Dtype, DtypeField, DtypeKind, TimeBase, TimeUnit, weight_of_axes},
    object::{
        graph::{Id, Instance, Node},
        reader::Reader,
    },
};

/// Reads whatever Python's `numpy.dtype` takes, and what it is pickled as; `None` for what is
/// known to Python alone.
///
/// # Errors
///
/// When fields contradict each other, or are too many.
pub(crate) fn dtype(reader: Reader<'_>, id: Id) -> Result<Option<Dtype>> {
    match reader.node(id) {
        Node::Str(_) => Builder { reader, own: 0, all: &mut 0 }.dtype(id, false, Dtype::MOST_DEPTH),
        _ => reader.dtype_or(id, |all| {
            Builder { reader, own: 0, all }.dtype(id, false, Dtype::MOST_DEPTH)
        }),
    }
}

struct Builder<'o, 'c> {
    reader: Reader<'o>,
    /// How many dtypes were met: shared ones count each time.
    own: usize,
    /// The same for all dtypes of the object, which are kept.
    all: &'c mut usize,
}

impl<'o> Builder<'o, '_> {
    fn dtype(&mut self, id: Id, aligned: bool, depth: usize) -> Result<Option<Dtype>> {
        self.meet(1)?;
        let depth = depth.checked_sub(1);
        let depth = depth.ok_or(limit("depth of a dtype", Dtype::MOST_DEPTH))?;
        let reader = self.reader;
        match reader.node(id) {
            Node::Str(_) => Ok(reader.word(id)?.and_then(|text| text.parse().ok())),
            Node::None => Ok(Dtype::of_code("f8")),
            Node::Global(_) => Ok(reader.global(id)?.and_then(of_class)),
            Node::List(fields) => self.descr(fields, aligned, depth),
            Node::Dict(entries) => self.dict(entries, aligned, depth),
            Node::Tuple(parts) => self.pair(parts, aligned, depth),
            Node::Instance(instance) => self.pickled(instance, depth),
            _ => Ok(None),
        }
    }

    /// `[('x', '<f8'), (('title', 'v'), '<f4', (3,))]`.
    fn descr(&mut self, list: &[Id], aligned: bool, depth: usize) -> Result<Option<Dtype>> {
        let reader = self.reader;
        let mut fields = Vec::new();
        for (index, id) in list.iter().enumerate() {
            let (name, base, shape) = match reader.tuple(*id) {
                Some(&[name, base]) => (name, base, None),
                Some(&[name, base, shape]) => (name, base, Some(shape)),
                _ => return Ok(None),
            };
            let (title, name) = match reader.tuple(name) {
                Some(&[title, name]) => (self.name(title)?, self.name(name)?),
                Some(_) => return Ok(None),
                None => (None, self.name(name)?),
            };
            let (Some(name), Some(base)) = (name, self.dtype(base, aligned, depth)?) else {
                return Ok(None);
            };
            let dtype = match shape {
                None => Some(base),
                Some(shape) => self.subarray(base, shape)?,
            };
            let Some(dtype) = dtype else { return Ok(None) };
            // NumPy writes padding as voids without a name. (What reads it in Python makes fields of
            // them, `f1` and so on: it cannot tell.) To others without a name it gives one.
            let name = if name.is_empty() { title.unwrap_or_default() } else { name };
            let is_padding = name.is_empty() && dtype.kind() == DtypeKind::Void;
            let name = match name {
                "" if !is_padding => &format!("f{index}"),
                name => name,
            };
            fields.push(DtypeField::new(name, title, dtype, 0));
        }
        Dtype::of_sequence(fields, aligned).map(Some)
    }

    /// `{'names': […], 'formats': […], 'offsets': […], 'titles': […], 'itemsize': 8}`.
    fn dict(&mut self, entries: &[(Id, Id)], aligned: bool, depth: usize) -> Result<Option<Dtype>> {
        let reader = self.reader;
        if entries.len() > 6 {
            return Ok(None);
        }
        let (mut names, mut formats, mut offsets, mut titles) = (None, None, None, None);
        let (mut item_size, mut aligned) = (None, aligned);
        for (key, value) in entries {
            match reader.word(*key)? {
                Some("names") => names = reader.sequence(*value),
                Some("formats") => formats = reader.sequence(*value),
                Some("offsets") => offsets = reader.sequence(*value),
                Some("titles") => titles = reader.sequence(*value),
                Some("itemsize") => item_size = reader.size(*value),
                Some("aligned") => aligned = reader.bool(*value).unwrap_or(aligned),
                _ => return Ok(None),
            }
        }
        let (Some(names), Some(formats)) = (names, formats) else {
            return Ok(None);
        };
        let as_many = |other: Option<&[Id]>| other.is_none_or(|other| other.len() == names.len());
        if formats.len() != names.len() || !as_many(offsets) || !as_many(titles) {
            return Ok(None);
        }
        let mut fields = Vec::new();
        for (index, (name, format)) in names.iter().zip(formats).enumerate() {
            let at = |list: Option<&[Id]>| list.and_then(|list| list.get(index)).copied();
            let title = at(titles).map(|title| self.name(title)).transpose()?.flatten();
            let offset = at(offsets).map(|offset| reader.size(offset));
            let (Some(name), Some(dtype), Some(offset)) = (
                self.name(*name)?,
                self.dtype(*format, aligned, depth)?,
                offset.unwrap_or(Some(0)),
            ) else {
                return Ok(None);
            };
            fields.push(DtypeField::new(name, title, dtype, offset));
        }
        if offsets.is_none() {
            let dense = Dtype::of_sequence(fields, aligned)?;
            return match item_size {
                None => Ok(Some(dense)),
                Some(size) => {
                    Dtype::of_fields(dense.fields().to_vec(), size, aligned, false).map(Some)
                }
            };
        }
        let ends =
            fields.iter().map(|field| field.offset().saturating_add(field.dtype().item_size()));
        let item_size = item_size.unwrap_or_else(|| ends.max().unwrap_or(0));
        Dtype::of_fields(fields, item_size, aligned, false).map(Some)
    }

    /// `('<f8', (3,))`, or `(numpy.record, …)`.
    fn pair(&mut self, parts: &[Id], aligned: bool, depth: usize) -> Result<Option<Dtype>> {
        let &[first, second] = parts else {
            return Ok(None);
        };
        let reader = self.reader;
        if let Some(class) = reader.global(first)?
            && let ("numpy", name @ ("record" | "void")) | ("numpy.rec", name @ "record") = class
        {
            let dtype = self.dtype(second, aligned, depth)?;
            return match dtype {
                Some(dtype) if name == "record" => dtype.into_record().map(Some),
                dtype => Ok(dtype),
            };
        }
        match self.dtype(first, aligned, depth)? {
            Some(base) => self.subarray(base, second),
            None => Ok(None),
        }
    }

    /// `numpy.dtype('f8', False, True)` and the state that it gets.
    fn pickled(&mut self, instance: &Instance, depth: usize) -> Result<Option<Dtype>> {
        let reader = self.reader;
        if reader.global(instance.class)? != Some(("numpy", "dtype")) || instance.kwargs.is_some() {
            return Ok(None);
        }
        let (of, aligned) = match reader.tuple(instance.args) {
            Some(&[of]) => (of, false),
            Some(&[of, aligned] | &[of, aligned, _]) => {
                (of, reader.bool(aligned).unwrap_or_default())
            }
            _ => return Ok(None),
        };
        let Some(base) = self.dtype(of, aligned, depth)? else {
            return Ok(None);
        };
        match instance.state.map(|state| reader.tuple(state)) {
            None => Ok(Some(base)),
            Some(Some(state)) => {
                let is_record = matches!(reader.global(of)?, Some((_, "record")));
                self.with_state(base, state, is_record, depth)
            }
            Some(None) => Ok(None),
        }
    }

    /// `(version, order, subarray, names, fields, item size, alignment, flags, metadata)`.
    fn with_state(
        &mut self,
        base: Dtype,
        state: &[Id],
        is_record: bool,
        depth: usize,
    ) -> Result<Option<Dtype>> {
        let reader = self.reader;
        let &[version, order, subarray, names, fields, item_size, _align, ref more @ ..] = state
        else {
            return Ok(None);
        };
        if !matches!(reader.int(version), Some(1..=4)) {
            return Ok(None);
        }
        let mut signs = reader.word(order)?.unwrap_or_default().chars();
        let Some(order) = signs.next().and_then(ByteOrder::of_sign) else {
            return Ok(None);
        };
        let item_size = reader.size(item_size).unwrap_or(base.item_size());
        let flags = more.first().and_then(|flags| reader.int(*flags)).unwrap_or(0);
        if let Some(&[of, shape]) = reader.tuple(subarray) {
            return match self.dtype(of, false, depth)? {
                Some(of) => self.subarray(of, shape),
                None => Ok(None),
            };
        }
        if let (Some(names), Some(entries)) = (reader.sequence(names), reader.dict(fields)) {
            let aligned = flags & ALIGNED != 0;
            let Some(fields) = self.fields(names, entries, depth)? else {
                return Ok(None);
            };
            return Dtype::of_fields(fields, item_size, aligned, is_record).map(Some);
        }
        if let Some(&metadata) = more.get(1)
            && base.time_unit().is_some()
        {
            return Ok(self.unit(metadata)?.map(|unit| base.with_order(order).with_unit(unit)));
        }
        let is_sized = matches!(base.kind(), DtypeKind::Bytes | DtypeKind::Text | DtypeKind::Void);
        if is_sized && item_size != base.item_size() {
            return Ok(None);
        }
        Ok(Some(base.with_order(order)))
    }

    /// `('a', 'n')` and `{'a': (dtype, 0), 'n': (dtype, 8, 'title'), 'title': …}`.
    fn fields(
        &mut self,
        names: &[Id],
        entries: &[(Id, Id)],
        depth: usize,
    ) -> Result<Option<Vec<DtypeField>>> {
        let reader = self.reader;
        // A title stands there, too.
        if entries.len() > names.len().saturating_mul(2) || names.len() > Dtype::MOST_FIELDS {
            return Ok(None);
        }
        let mut by_name = HashMap::with_capacity(entries.len());
        for (key, value) in entries {
            if let Some(key) = self.name(*key)? {
                by_name.insert(key, *value);
            }
        }
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let name = self.name(*name)?;
            let Some((name, parts)) = name.and_then(|name| Some((name, by_name.get(name)?))) else {
                return Ok(None);
            };
            let (of, offset, title) = match reader.tuple(*parts) {
                Some(&[of, offset]) => (of, offset, None),
                Some(&[of, offset, title]) => (of, offset, self.name(title)?),
                _ => return Ok(None),
            };
            let (Some(of), Some(offset)) = (self.dtype(of, false, depth)?, reader.size(offset))
            else {
                return Ok(None);
            };
            fields.push(DtypeField::new(name, title, of, offset));
        }
        Ok(Some(fields))
    }

    /// The name or the title of a field, which the dtype keeps: a long one counts as several dtypes.
    fn name(&mut self, id: Id) -> Result<Option<&'o str>> {
        if let Node::Str(span) = self.reader.node(id) {
            self.meet(span.len() / LONG_NAME)?;
        }
        self.reader.text(id)
    }

    /// A subarray, whose axes take memory, too.
    fn subarray(&mut self, base: Dtype, shape: Id) -> Result<Option<Dtype>> {
        let Some(shape) = self.reader.shape(shape) else { return Ok(None) };
        self.meet(weight_of_axes(shape.len()))?;
        Dtype::of_subarray(base, shape).map(Some)
    }

    /// Counts dtypes that are met, or what takes as much memory.
    fn meet(&mut self, more: usize) -> Result<()> {
        self.own = self.own.saturating_add(more);
        *self.all = self.all.saturating_add(more);
        let most = Dtype::MOST_FIELDS;
        if self.own > most {
            return Err(limit("number of fields of a dtype", most).into());
        }
        // One that shares nothing has about as many as there are objects that describe it.
        let most = self.reader.graph.len().saturating_mul(2).saturating_add(most);
        if *self.all > most {
            return Err(limit("number of fields of all dtypes", most).into());
        }
        Ok(())
    }

    /// `(None, (b'ns', 25, 1, 1))`.
    fn unit(&self, metadata: Id) -> Result<Option<TimeUnit>> {
        let reader = self.reader;
        let Some(&[_, unit]) = reader.tuple(metadata) else {
            return Ok(None);
        };
        let (name, count) = match reader.tuple(unit) {
            Some(&[name, count]) => (name, count),
            Some(&[name, count, divisor, _]) if reader.int(divisor) == Some(1) => (name, count),
            _ => return Ok(None),
        };
        let base = reader.word(name)?.and_then(TimeBase::of_name);
        let count = reader.int(count).and_then(|count| u32::try_from(count).ok());
        Ok(base.zip(count).and_then(|(base, count)| TimeUnit::new(base, count)))
    }
}

/// The dtype of the class of its scalars, as `numpy.float64`, or of Python's, as `float`.
fn of_class((module, name): (&str, &str)) -> Option<Dtype> {
    match module {
        "numpy" if name == "record" => Dtype::of_code("V"),
        "numpy" => Dtype::of_code(name),
        "builtins" => {
            let is_known =
                matches!(name, "bool" | "int" | "float" | "complex" | "str" | "bytes" | "object");
            if is_known { Dtype::of_code(name) } else { None }
        }
        _ => None,
    }
}

fn limit(what: &'static str, most: usize) -> ErrorKind {
    let limit = most as u64;
    ErrorKind::Limit { what, limit, found: limit + 1 }
}

/// So many bytes of names take as much memory as a field.
const LONG_NAME: usize = 64;

/// NumPy's `NPY_ALIGNED_STRUCT`.
const ALIGNED: i64 = 0x80;
