//! Arrays of elements and of objects.
//!
//! Both dialects write arrays by public names of NumPy only, which load with every version:
//!
//! ```text
//! in band             numpy.ndarray(shape, dtype, bytearray(…), offset, strides)
//! PEP 574             numpy.ndarray(shape, dtype, <next buffer>, offset, strides)
//! ipyparallel, C      CannedArray{shape, dtype, pickled: False, buffers: [None]}
//! ipyparallel, other  CannedBytes{buffers: [None],
//!                                 wrap: functools.partial(numpy.ndarray, shape, dtype,
//!                                                         offset=…, strides=…)}
//! objects             numpy.ndarray(shape, 'O') + BUILD (1, shape, numpy.dtype('O'), False, […])
//! ```
//!
//! An array in C order has neither `offset` nor `strides`.

use canning_core::{
    Buffer, Dtype, ElementType, Result,
    buffer::{ArrayLayout, RawArray, swap_bytes},
};

use super::{
    pickler::Pickler,
    writer::{Global, in_bytes},
};
use crate::{numpy, object::Dialect, pickle::opcode as op};

impl<'a> Pickler<'a> {
    pub(super) fn write_array(&mut self, array: RawArray<'a>) -> Result<()> {
        let in_band = self.is_in_band(array.buffer().len());
        match self.options.dialect {
            Dialect::Ipyparallel if !in_band => self.canned_array(array),
            _ => self.ndarray(array, in_band),
        }
    }

    /// `numpy.ndarray(shape, dtype, memory)`, or with `offset` and `strides`.
    fn ndarray(&mut self, array: RawArray<'a>, in_band: bool) -> Result<()> {
        let layout = array.layout().clone();
        let item_size = array.dtype().item_size();
        self.writer.global(Global::NdArray);
        if !layout.is_c_order() {
            self.writer.op(op::MARK);
        }
        self.writer.sizes(layout.shape());
        self.dtype(array.dtype())?;
        let buffer = little_endian(array)?;
        if in_band {
            self.writer.bytearray(buffer.len());
            self.copy(&buffer)?;
        } else {
            self.writer.op(op::NEXT_BUFFER);
            self.push(buffer);
        }
        if layout.is_c_order() {
            self.writer.ops(&[op::TUPLE3, op::REDUCE]);
        } else {
            let (strides, first) = in_bytes(layout.strides(), item_size);
            self.writer.size(first);
            self.writer.ints(strides.into_iter());
            self.writer.ops(&[op::TUPLE, op::REDUCE]);
        }
        Ok(())
    }

    /// The fast path: one axis, in band.
    #[inline]
    pub(super) fn small_array(
        &mut self,
        element: &'static ElementType,
        bytes: &[u8],
    ) -> Result<()> {
        self.writer.global(Global::NdArray);
        self.writer.size(bytes.len() / element.size());
        self.writer.op(op::TUPLE1);
        self.dtype(element.dtype())?;
        self.writer.bytearray(bytes.len());
        self.writer.ops(bytes);
        self.copied.in_band += bytes.len() as u64;
        self.writer.ops(&[op::TUPLE3, op::REDUCE]);
        Ok(())
    }

    /// An array that ipyparallel restores from the next buffer.
    fn canned_array(&mut self, array: RawArray<'a>) -> Result<()> {
        let is_c_order = array.layout().is_c_order();
        let class = if is_c_order { Global::CannedArray } else { Global::CannedBytes };
        self.writer.global(class);
        self.writer.ops(&[op::EMPTY_TUPLE, op::NEWOBJ, op::EMPTY_DICT, op::MARK]);
        if is_c_order {
            self.writer.name("shape");
            self.writer.sizes(array.layout().shape());
            self.writer.name("dtype");
            numpy::write::dtype(array.dtype(), &mut self.writer)?;
            self.writer.name("pickled");
            self.writer.bool(false);
        } else {
            self.writer.name("wrap");
            self.wrap(array.layout(), array.dtype())?;
        }
        self.writer.name("buffers");
        self.writer.ops(&[op::EMPTY_LIST, op::NONE, op::APPEND, op::SETITEMS, op::BUILD]);
        let buffer = little_endian(array)?;
        self.push(buffer);
        Ok(())
    }

    /// What makes an array of its buffer, once it is called with it.
    fn wrap(&mut self, layout: &ArrayLayout, dtype: &Dtype) -> Result<()> {
        self.writer.global(Global::Partial);
        self.writer.global(Global::NdArray);
        self.writer.sizes(layout.shape());
        self.dtype(dtype)?;
        self.writer.ops(&[op::TUPLE3, op::EMPTY_DICT, op::MARK]);
        let (strides, first) = in_bytes(layout.strides(), dtype.item_size());
        self.writer.name("offset");
        self.writer.size(first);
        self.writer.name("strides");
        self.writer.ints(strides.into_iter());
        self.writer.ops(&[op::SETITEMS, op::NEWOBJ_EX]);
        Ok(())
    }

    /// A dtype as `numpy.ndarray` takes it; the memo has it from then on.
    fn dtype(&mut self, dtype: &Dtype) -> Result<()> {
        let known = match dtype {
            Dtype::Scalar(scalar) => {
                self.scalars.iter().find(|(known, _)| known == scalar).map(|(_, memo)| *memo)
            }
            _ => self.dtypes.get(dtype).copied(),
        };
        if let Some(memo) = known {
            self.writer.get(memo);
            return Ok(());
        }
        // A list would be taken, too, but worked out again for each array.
        let is_list = numpy::write::is_list(dtype);
        if is_list {
            self.writer.global(Global::Dtype);
        }
        numpy::write::dtype(dtype, &mut self.writer)?;
        if is_list {
            self.writer.ops(&[op::TUPLE1, op::REDUCE]);
        }
        let memo = self.writer.memoize();
        match dtype {
            Dtype::Scalar(scalar) => self.scalars.push((*scalar, memo)),
            _ => drop(self.dtypes.insert(dtype.clone(), memo)),
        }
        Ok(())
    }

    /// Two floats as Python's `complex`.
    pub(super) fn complex(&mut self, buffer: &Buffer<'_>) -> Result<()> {
        let mut bytes = [0; 16];
        buffer.copy_to(&mut bytes)?;
        self.writer.global(Global::Complex);
        for part in bytes.as_chunks::<8>().0 {
            self.writer.float(u64::from_ne_bytes(*part));
        }
        self.writer.ops(&[op::TUPLE2, op::REDUCE]);
        Ok(())
    }

    /// A date or a span of NumPy's: so many of a unit.
    pub(super) fn time(&mut self, buffer: &Buffer<'_>, class: Global, unit: &str) -> Result<()> {
        let mut bytes = [0; 8];
        buffer.copy_to(&mut bytes)?;
        self.writer.global(class);
        self.writer.int(i64::from_ne_bytes(bytes));
        self.writer.name(unit);
        self.writer.ops(&[op::TUPLE2, op::REDUCE]);
        Ok(())
    }

    /// An array of objects, which follow.
    pub(super) fn begin_objects(&mut self, shape: &[usize]) {
        self.writer.global(Global::NdArray);
        self.writer.sizes(shape);
        self.writer.name("O");
        self.writer.ops(&[op::TUPLE2, op::REDUCE, op::MARK]);
        self.writer.int(1);
        self.writer.sizes(shape);
        self.writer.global(Global::Dtype);
        self.writer.name("O");
        self.writer.ops(&[op::TUPLE1, op::REDUCE, op::NEWFALSE, op::EMPTY_LIST, op::MARK]);
    }

    pub(super) fn end_objects(&mut self) {
        self.writer.ops(&[op::APPENDS, op::TUPLE, op::BUILD]);
    }

    /// Copies memory into the header, and counts it.
    fn copy(&mut self, buffer: &Buffer<'_>) -> Result<()> {
        match buffer.as_slice() {
            Some(bytes) => self.writer.ops(bytes),
            None => buffer.copy_to(self.writer.room(buffer.len())?)?,
        }
        self.copied.in_band += buffer.len() as u64;
        Ok(())
    }
}

/// The memory in the byte order that is written.
fn little_endian(array: RawArray<'_>) -> Result<Buffer<'_>> {
    if cfg!(target_endian = "little") || array.dtype().item_size() == 1 {
        return Ok(array.into_buffer());
    }
    let mut swapped = array.buffer().to_allocation(array.dtype().align())?;
    swap_bytes(swapped.as_mut_slice(), array.dtype());
    Ok(swapped.into())
}

#[cfg(test)]
mod tests {
    use canning_core::Can;

    use super::*;
    use crate::write::CanOptions;

    fn copied<T: Can<V>, V>(value: &T, dialect: Dialect, threshold: usize) -> u64 {
        let mut pickler = Pickler::new(CanOptions::new(dialect).inline_threshold(threshold));
        value.can(&mut pickler).unwrap();
        pickler.copied.in_band
    }

    #[test]
    fn what_goes_into_the_header_is_counted() {
        for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
            let small = vec![vec![1_u32; 3], vec![2; 2]];
            assert_eq!(copied(&small, dialect, 1024), 20);
            assert_eq!(copied(&small, dialect, 8), 8);
            assert_eq!(copied(&small, dialect, 0), 0);
            assert_eq!(copied(&vec![[1_u32; 512]], dialect, 2048), 2048, "with inner axes");
            assert_eq!(copied(&vec![1_u32; 512], dialect, 1024), 0);
        }
        let deep = vec![vec![vec![1_u32; 512]]];
        assert_eq!(copied(&deep, Dialect::Pickle, 1024), 0);
        assert_eq!(copied(&deep, Dialect::Ipyparallel, 1024), 2048);
    }
}
