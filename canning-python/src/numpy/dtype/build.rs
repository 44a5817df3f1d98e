//! Dtypes out of parts that came from outside.

use std::sync::Arc;

use canning_core::{ErrorKind, Result};

use super::{
    ByteOrder, Dtype, DtypeField, DtypeKind, Parts, Struct, Subarray, TimeUnit, derived::Derived,
};

impl Dtype {
    /// `|b1`.
    pub(crate) const BOOL: Self =
        Self { kind: DtypeKind::Bool, order: ByteOrder::None, item_size: 1, parts: Parts::None };

    /// `|u1`.
    pub(crate) const BYTE: Self =
        Self { kind: DtypeKind::Uint, order: ByteOrder::None, item_size: 1, parts: Parts::None };

    /// The most fields of a dtype, those of nested structs counted each time they are met.
    pub(crate) const MOST_FIELDS: usize = 1 << 16;

    /// How deep structs and subarrays may nest.
    pub(crate) const MOST_DEPTH: usize = 32;

    /// A struct of `item_size` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Layout`] when two fields have one name, or one ends behind the item.
    pub(crate) fn of_fields(
        fields: Vec<DtypeField>,
        item_size: usize,
        aligned: bool,
        record: bool,
    ) -> Result<Self> {
        // Sorted, because fields from outside may be many.
        let mut names: Vec<&str> = fields.iter().map(DtypeField::name).collect();
        names.sort_unstable();
        if !names.is_sorted_by(|a, b| a < b) {
            return Err(ErrorKind::Layout("a dtype with the same field twice").into());
        }
        let fits = |field: &DtypeField| {
            field.offset.checked_add(field.dtype.item_size).is_some_and(|end| end <= item_size)
        };
        if isize::try_from(item_size).is_err() || !fields.iter().all(fits) {
            return Err(ErrorKind::Layout("a dtype whose fields lie outside of its items").into());
        }
        let derived = Derived::of(&fields);
        let parts = Parts::Struct(Arc::new(Struct { fields, aligned, record, derived }));
        Ok(Self { kind: DtypeKind::Struct, order: ByteOrder::None, item_size, parts })
    }

    /// A struct whose fields follow each other, each at a multiple of its alignment if `aligned`.
    /// Fields without a name are padding.
    ///
    /// # Errors
    ///
    /// As [`of_fields`](Self::of_fields).
    pub(crate) fn of_sequence(mut fields: Vec<DtypeField>, aligned: bool) -> Result<Self> {
        let overflow = || ErrorKind::Layout(OVERFLOW);
        let (mut end, mut largest) = (0_usize, 1);
        for field in &mut fields {
            if aligned {
                let align = field.dtype.align().max(1);
                largest = largest.max(align);
                end = end.checked_next_multiple_of(align).ok_or_else(overflow)?;
            }
            field.offset = end;
            end = end.checked_add(field.dtype.item_size).ok_or_else(overflow)?;
        }
        if aligned {
            end = end.checked_next_multiple_of(largest).ok_or_else(overflow)?;
        }
        fields.retain(|field| !field.name.is_empty());
        Self::of_fields(fields, end, aligned, false)
    }

    /// An array of a fixed shape, as a field may be; without axes that is the dtype itself.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Layout`] when it does not fit the address space.
    pub(crate) fn of_subarray(base: Self, shape: Vec<usize>) -> Result<Self> {
        if shape.is_empty() {
            return Ok(base);
        }
        // As many bytes as if none of the numbers were zero: so no product of some of them overflows.
        let lens = shape.iter().filter(|len| **len != 0);
        let most = lens.copied().try_fold(base.item_size.max(1), usize::checked_mul);
        if most.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
            return Err(ErrorKind::Layout(OVERFLOW).into());
        }
        let item_size = shape.iter().product::<usize>() * base.item_size;
        let parts = Parts::Subarray(Arc::new(Subarray { base, shape }));
        Ok(Self { kind: DtypeKind::Subarray, order: ByteOrder::None, item_size, parts })
    }

    /// The same with bytes in another order, if it is one that has an order.
    pub(crate) fn with_order(self, order: ByteOrder) -> Self {
        let order = match (self.order, order) {
            (ByteOrder::None, _) | (_, ByteOrder::None) => self.order,
            (_, order) => order,
        };
        Self { order, ..self }
    }

    /// The same with a unit, if it is one of time.
    pub(crate) fn with_unit(self, unit: TimeUnit) -> Self {
        match self.parts {
            Parts::Time(_) => Self { parts: Parts::Time(unit), ..self },
            _ => self,
        }
    }

    /// The same marked as that of a `numpy.record`, if it is a struct.
    pub(crate) fn into_record(self) -> Result<Self> {
        match &self.parts {
            Parts::Struct(structure) if !structure.record => {
                Self::of_fields(structure.fields.clone(), self.item_size, structure.aligned, true)
            }
            _ => Ok(self),
        }
    }
}

impl DtypeField {
    /// A field at an offset.
    pub(crate) fn new(name: &str, title: Option<&str>, dtype: Dtype, offset: usize) -> Self {
        Self { name: name.into(), title: title.map(Into::into), dtype, offset }
    }
}

const OVERFLOW: &str = "the dtype overflows the address space";
