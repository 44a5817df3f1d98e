//! Between NumPy's dtypes and core's.

use std::sync::Arc;

use canning_core::{
    Dtype as CoreDtype, ErrorKind, Field, Result, Scalar, StructDtype, StructDtypeError,
};

use super::{ByteOrder, Dtype, DtypeField, DtypeKind, Parts, TimeUnit, derived::Refused};

/// How items of a dtype of NumPy become items of one of core's.
#[derive(Clone, Debug)]
pub struct Conversion {
    dtype: CoreDtype,
    /// The size of an item before.
    item_size: usize,
    steps: Arc<[Step]>,
}

/// What becomes the next bytes of the converted item.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Bytes from an offset on, in units whose bytes change places; units of one byte do not.
    Take { from: usize, len: usize, unit: usize },
    /// So many times, each `size` bytes further on.
    Repeat { from: usize, count: usize, size: usize, steps: Vec<Step> },
}

impl Conversion {
    /// The dtype that the items get.
    pub fn dtype(&self) -> &CoreDtype {
        &self.dtype
    }

    /// The dtype that the items get.
    pub fn into_dtype(self) -> CoreDtype {
        self.dtype
    }

    /// Whether the items lie as they should already, and no byte is changed.
    pub fn is_identity(&self) -> bool {
        self.uniform() == Some(1)
    }

    /// Converts an item, or several that follow each other, into `target`, which is as long as
    /// they become. What does not fit either is left out.
    pub fn apply(&self, items: &[u8], target: &mut [u8]) {
        if let Some(unit) = self.uniform() {
            return swap_into(items, target, unit);
        }
        let sizes = (self.item_size.max(1), self.dtype.item_size().max(1));
        for (item, target) in items.chunks_exact(sizes.0).zip(target.chunks_exact_mut(sizes.1)) {
            let mut target = target;
            convert(&self.steps, item, &mut target);
        }
    }

    /// The unit in which the bytes of whole items are swapped, if that is all.
    fn uniform(&self) -> Option<usize> {
        match &*self.steps {
            [Step::Take { from: 0, len, unit }] if *len == self.item_size => Some(*unit),
            _ => None,
        }
    }
}

impl Dtype {
    /// Works out [`to_core`](Self::to_core).
    pub(super) fn conversion(&self) -> Result<Conversion, Refused> {
        let mut steps = Vec::new();
        let dtype = self.append(0, &mut steps)?;
        let dtype = dtype.ok_or(Refused::Unsupported("an array whose items have no bytes"))?;
        Ok(Conversion { dtype, item_size: self.item_size, steps: steps.into() })
    }

    /// Core's dtype for plain numbers that lie as they should; without a
    /// [conversion](Self::to_core) for it.
    pub(crate) fn to_same_core(&self) -> Option<CoreDtype> {
        let swaps = self.order == ByteOrder::Big && self.item_size > 1;
        if swaps { None } else { scalar(self.kind, self.item_size).map(Into::into) }
    }

    /// Appends the steps for an item at `from`; gives `None` where it has no bytes.
    fn append(&self, from: usize, steps: &mut Vec<Step>) -> Result<Option<CoreDtype>, Refused> {
        if let Parts::Struct(_) = self.parts {
            return self.append_struct(from, steps);
        }
        if self.item_size == 0 {
            return Ok(None);
        }
        let swaps = |unit: usize| if self.order == ByteOrder::Big { unit } else { 1 };
        let size = self.item_size;
        let (dtype, unit) = match self.kind {
            DtypeKind::Object => return Err(Refused::Unsupported(OBJECTS)),
            DtypeKind::Bytes => (wrapped("numpy:S", Scalar::U8, size)?, 1),
            DtypeKind::Void => (wrapped("numpy:V", Scalar::U8, size)?, 1),
            DtypeKind::Text if size == 4 => (Scalar::Char.into(), swaps(4)),
            DtypeKind::Text => (wrapped("numpy:U", Scalar::U32, size / 4)?, swaps(4)),
            DtypeKind::Datetime | DtypeKind::Timedelta => {
                let unit = self.time_unit().unwrap_or(TimeUnit::GENERIC);
                let name = format!("numpy:{}8{unit}", self.kind.letter());
                (of_one_field(name, Scalar::I64, vec![])?, swaps(8))
            }
            DtypeKind::Complex => match size {
                8 => (Scalar::Complex64.into(), swaps(4)),
                16 => (Scalar::Complex128.into(), swaps(8)),
                _ => (wrapped(format!("numpy:c{size}"), Scalar::U8, size)?, swaps(size / 2)),
            },
            kind => match scalar(kind, size) {
                Some(scalar) => (scalar.into(), swaps(size)),
                None => (wrapped(format!("numpy:f{size}"), Scalar::U8, size)?, swaps(size)),
            },
        };
        push(steps, from, size, unit);
        Ok(Some(dtype))
    }

    fn append_struct(
        &self,
        from: usize,
        steps: &mut Vec<Step>,
    ) -> Result<Option<CoreDtype>, Refused> {
        let mut fields = Vec::with_capacity(self.fields().len());
        for field in self.fields() {
            let at = from.saturating_add(field.offset);
            let (base, shape) = field.dtype.subarray().unwrap_or((&field.dtype, &[]));
            // A subarray of a subarray, which NumPy makes one of: only a stranger writes it.
            if base.kind == DtypeKind::Subarray {
                return Err(Refused::Unsupported("a subarray of subarrays"));
            }
            let count = shape.iter().product();
            let mut item = Vec::new();
            let dtype = base.append(0, &mut item)?;
            repeat(steps, at, count, base.item_size, item);
            let name = field.name.to_string();
            fields.push(match dtype {
                Some(dtype) => Field::new(name, dtype, shape.to_vec()),
                None => Field::new(name, Scalar::U8.into(), vec![0]),
            });
        }
        let special = match fields.as_slice() {
            [field] => unwrapped(field),
            _ => None,
        };
        match (special, StructDtype::new(fields)) {
            (Some(scalar), _) => Ok(Some(scalar.into())),
            (None, Ok(structure)) => Ok(Some(CoreDtype::Struct(structure))),
            (None, Err(StructDtypeError::Empty)) => Ok(None),
            (None, Err(_)) => Err(Refused::Layout("the dtype overflows")),
        }
    }

    /// NumPy's dtype for items of a dtype of core's: the way back of
    /// [`to_core`](Self::to_core), little-endian. What NumPy has no dtype for becomes a struct of
    /// one field, for instance `[('canning:bf16', '<u2')]`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for a dtype that is not known here.
    pub fn of_core(dtype: &CoreDtype) -> Result<Self> {
        let unknown = || ErrorKind::Unsupported("this dtype");
        let structure = match dtype {
            CoreDtype::Scalar(Scalar::Bf16) => return Self::marked("canning:bf16", 1),
            CoreDtype::Scalar(Scalar::I128) => return Self::marked("canning:i128", 2),
            CoreDtype::Scalar(Scalar::U128) => return Self::marked("canning:u128", 2),
            CoreDtype::Scalar(scalar) => {
                return scalar.name().parse().map_err(|_unknown| unknown().into());
            }
            CoreDtype::Struct(structure) => structure,
            _ => return Err(unknown().into()),
        };
        if let [field] = structure.fields()
            && let Some(dtype) = Self::of_wrapped(field)
        {
            return Ok(dtype);
        }
        let mut fields = Vec::with_capacity(structure.fields().len());
        for field in structure.fields() {
            let base = Self::of_core(field.dtype())?;
            let dtype = Self::of_subarray(base, field.shape().to_vec())?;
            fields.push(DtypeField::new(field.name(), None, dtype, 0));
        }
        Self::of_sequence(fields, false)
    }

    /// `[('canning:…', '<u2' or '<u8', …)]`.
    fn marked(name: &str, words: usize) -> Result<Self> {
        let size = if words == 1 { 2 } else { 8 };
        let word = Self::scalar(DtypeKind::Uint, ByteOrder::Little, size);
        let word = word.ok_or(ErrorKind::Unsupported("this dtype"))?;
        let shape = if words == 1 { vec![] } else { vec![words] };
        let dtype = Self::of_subarray(word, shape)?;
        Self::of_sequence(vec![DtypeField::new(name, None, dtype, 0)], false)
    }

    /// The dtype that a struct of one field stands for.
    fn of_wrapped(field: &Field) -> Option<Self> {
        let name = field.name().strip_prefix("numpy:")?;
        let scalar = match field.dtype() {
            CoreDtype::Scalar(scalar) => *scalar,
            _ => return None,
        };
        let dtype: Self = match (name, scalar, field.shape()) {
            ("S" | "V", Scalar::U8, [len]) | ("U", Scalar::U32, [len]) => {
                format!("{name}{len}").parse().ok()?
            }
            (_, Scalar::I64, []) => name.parse().ok().filter(|_| name.starts_with(['M', 'm']))?,
            (_, Scalar::U8, [_]) if name.starts_with(['f', 'c']) => name.parse().ok()?,
            _ => return None,
        };
        (dtype.item_size == scalar.size() * field.shape().iter().product::<usize>())
            .then(|| dtype.with_order(ByteOrder::Little))
    }
}

/// Core's dtype for a number of NumPy's; none for `long double`.
fn scalar(kind: DtypeKind, size: usize) -> Option<Scalar> {
    Some(match (kind, size) {
        (DtypeKind::Bool, 1) => Scalar::Bool,
        (DtypeKind::Int, 1) => Scalar::I8,
        (DtypeKind::Int, 2) => Scalar::I16,
        (DtypeKind::Int, 4) => Scalar::I32,
        (DtypeKind::Int, 8) => Scalar::I64,
        (DtypeKind::Uint, 1) => Scalar::U8,
        (DtypeKind::Uint, 2) => Scalar::U16,
        (DtypeKind::Uint, 4) => Scalar::U32,
        (DtypeKind::Uint, 8) => Scalar::U64,
        (DtypeKind::Float, 2) => Scalar::F16,
        (DtypeKind::Float, 4) => Scalar::F32,
        (DtypeKind::Float, 8) => Scalar::F64,
        _ => return None,
    })
}

/// What stood in an array before NumPy saw it.
fn unwrapped(field: &Field) -> Option<Scalar> {
    let CoreDtype::Scalar(scalar) = field.dtype() else {
        return None;
    };
    match (field.name(), scalar, field.shape()) {
        ("canning:bf16", Scalar::U16, []) => Some(Scalar::Bf16),
        ("canning:i128", Scalar::U64, [2]) => Some(Scalar::I128),
        ("canning:u128", Scalar::U64, [2]) => Some(Scalar::U128),
        _ => None,
    }
}

fn wrapped(name: impl Into<String>, scalar: Scalar, len: usize) -> Result<CoreDtype, Refused> {
    of_one_field(name.into(), scalar, vec![len])
}

fn of_one_field(name: String, scalar: Scalar, shape: Vec<usize>) -> Result<CoreDtype, Refused> {
    let structure = StructDtype::new(vec![Field::new(name, scalar.into(), shape)]);
    let structure = structure.map_err(|_large| Refused::Layout("the dtype overflows"))?;
    Ok(CoreDtype::Struct(structure))
}

/// Appends bytes to take; lengthens the last step where they follow it.
fn push(steps: &mut Vec<Step>, at: usize, more: usize, of: usize) {
    match steps.last_mut() {
        Some(Step::Take { from, len, unit })
            if *unit == of && from.checked_add(*len) == Some(at) =>
        {
            *len += more;
        }
        _ => steps.push(Step::Take { from: at, len: more, unit: of }),
    }
}

/// Appends the steps of an item `count` times.
fn repeat(steps: &mut Vec<Step>, from: usize, count: usize, size: usize, item: Vec<Step>) {
    match item.as_slice() {
        _ if count == 0 => {}
        [] => {}
        [Step::Take { from: 0, len, unit }] if *len == size => {
            push(steps, from, size.saturating_mul(count), *unit);
        }
        _ => steps.push(Step::Repeat { from, count, size, steps: item }),
    }
}

fn convert(steps: &[Step], item: &[u8], target: &mut &mut [u8]) {
    for step in steps {
        match step {
            Step::Take { from, len, unit } => {
                let end = from.saturating_add(*len);
                let source = item.get(*from..end).unwrap_or_default();
                let place = std::mem::take(target);
                let (place, rest) = place.split_at_mut(source.len().min(place.len()));
                swap_into(source, place, *unit);
                *target = rest;
            }
            Step::Repeat { from, count, size, steps } => {
                let items = item.get(*from..).unwrap_or_default().chunks_exact((*size).max(1));
                items.take(*count).for_each(|item| convert(steps, item, target));
            }
        }
    }
}

fn swap_into(source: &[u8], target: &mut [u8], unit: usize) {
    match unit {
        1 => {
            let len = source.len().min(target.len());
            let parts = (target.get_mut(..len), source.get(..len));
            if let (Some(target), Some(source)) = parts {
                target.copy_from_slice(source);
            }
        }
        2 => swap_units::<2>(source, target),
        4 => swap_units::<4>(source, target),
        8 => swap_units::<8>(source, target),
        unit => {
            for (source, target) in source.chunks_exact(unit).zip(target.chunks_exact_mut(unit)) {
                target.copy_from_slice(source);
                target.reverse();
            }
        }
    }
}

fn swap_units<const N: usize>(source: &[u8], target: &mut [u8]) {
    for (source, target) in source.as_chunks::<N>().0.iter().zip(target.as_chunks_mut::<N>().0) {
        *target = *source;
        target.reverse();
    }
}

const OBJECTS: &str = "references to objects as memory";
