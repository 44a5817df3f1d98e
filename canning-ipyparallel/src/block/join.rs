//! Arrays put together.

use canning_core::{
    Dtype, Uncan, UncanOwned,
    buffer::{Allocation, ArrayLayout, Buffer, SharedBytes},
    visitor::Uncanner,
};

use super::whole::Whole;
use crate::error::{Error, ErrorKind, Result};

/// A block that an engine sent: not yet of any type.
#[derive(Debug)]
pub(crate) struct Part {
    dtype: Dtype,
    layout: ArrayLayout,
    bytes: SharedBytes,
    engine: Option<u32>,
}

impl Part {
    /// Notes the engine that has sent it.
    pub(crate) fn of_engine(self, engine: Option<u32>) -> Self {
        Self { engine, ..self }
    }
}

impl<'b> Uncan<'b> for Part {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> canning_core::Result<Self> {
        let mut array = uncanner.array()?;
        if array.layout().is_broadcast() {
            let bytes = array.layout().count().saturating_mul(array.dtype().item_size());
            uncanner.allow_expansion(bytes)?;
            let (expanded, copied) = array.expand_broadcast()?;
            uncanner.count_copy(copied);
            array = expanded;
        }
        let (dtype, layout) = (array.dtype().clone(), array.layout().clone());
        let (bytes, copied) = array.into_bytes(dtype.align())?;
        uncanner.count_copy(copied);
        Ok(Self { dtype, layout, bytes, engine: None })
    }
}

/// Puts blocks together along their first axis, in their order: each is copied once, into the
/// allocation that the value takes over. A block alone is taken over as it is.
///
/// # Errors
///
/// [`ErrorKind::Blocks`] when they have not the same dtype, or other axes than the first differ
/// in length; [`ErrorKind::WrongResult`] when the whole is no `T`.
pub(crate) fn join<T: UncanOwned<V>, V>(parts: Vec<Part>, what: &str) -> Result<T> {
    // What one engine has sent stands for all: their dtypes are the same.
    let engine = parts.first().and_then(|part| part.engine);
    let (dtype, layout, whole) = whole(parts)?;
    Whole::take(dtype, layout, whole).map_err(|error| Error::from(error).of_result(what, engine))
}

fn whole(parts: Vec<Part>) -> Result<(Dtype, ArrayLayout, Buffer<'static>)> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else {
        return Err(ErrorKind::NoEngines.into());
    };
    let parts = parts.as_slice();
    let Some((&rows, inner)) = first.layout.shape().split_first() else {
        return Err(no_part(0, &first, "it has no axes".to_owned()));
    };
    let (mut rows, mut len) = (rows, first.bytes.len());
    for (block, part) in (1..).zip(parts) {
        if part.dtype != first.dtype {
            let problem = format!("its dtype is {}, not {}", part.dtype, first.dtype);
            return Err(no_part(block, part, problem));
        }
        match part.layout.shape().split_first() {
            Some((more, others)) if others == inner => rows = rows.saturating_add(*more),
            _ => {
                let (shape, other) = (part.layout.shape(), first.layout.shape());
                let problem = format!("its shape is {shape:?}, that of block 0 is {other:?}");
                return Err(no_part(block, part, problem));
            }
        }
        len = len.saturating_add(part.bytes.len());
    }
    if parts.is_empty() {
        return Ok((first.dtype, first.layout, first.bytes.into()));
    }
    let shape: Vec<usize> = std::iter::once(rows).chain(inner.iter().copied()).collect();
    let layout = ArrayLayout::c_order(&shape)?;
    // So much has come already.
    let mut whole = Allocation::with_capacity(len, first.dtype.align())?;
    for part in std::iter::once(&first).chain(parts) {
        append(part, &mut whole)?;
    }
    Ok((first.dtype, layout, whole.into()))
}

/// Appends a block in C order.
fn append(part: &Part, whole: &mut Allocation) -> Result<()> {
    if part.layout.is_c_order() {
        return Ok(whole.extend_from_slice(&part.bytes)?);
    }
    let size = part.dtype.item_size();
    for position in part.layout.positions() {
        let item = part.bytes.as_slice().get(position * size..(position + 1) * size);
        whole.extend_from_slice(item.unwrap_or_default())?;
    }
    Ok(())
}

fn no_part(block: usize, part: &Part, problem: String) -> Error {
    ErrorKind::Blocks { block, engine: part.engine, problem }.into()
}

#[cfg(test)]
mod tests {
    use canning_core::{Scalar, SharedSlice, buffer::Axis};

    use super::*;

    fn part(shape: &[usize], axes: Option<&[Axis]>, items: Vec<u8>) -> Part {
        let layout = ArrayLayout::new(shape, axes).unwrap();
        let dtype = Dtype::Scalar(Scalar::U8);
        Part { dtype, layout, bytes: SharedBytes::from_vec(items), engine: Some(7) }
    }

    #[test]
    fn blocks_become_one_array() {
        let parts =
            vec![part(&[2], None, vec![1, 2]), part(&[0], None, vec![]), part(&[1], None, vec![3])];
        assert_eq!(join::<Vec<u8>, _>(parts, "x").unwrap(), [1, 2, 3]);
        let parts = vec![part(&[1, 2], None, vec![1, 2]), part(&[1, 2], None, vec![3, 4])];
        assert_eq!(join::<Vec<[u8; 2]>, _>(parts, "x").unwrap(), [[1, 2], [3, 4]]);
    }

    #[test]
    fn one_block_is_taken_over() {
        let items = vec![1, 2, 3];
        let address = items.as_ptr();
        let whole: Vec<u8> = join(vec![part(&[3], None, items)], "x").unwrap();
        assert_eq!(whole.as_ptr(), address);
    }

    #[test]
    fn a_block_in_another_order_is_put_into_order() {
        let columns = [Axis { index: 1, reversed: false }, Axis { index: 0, reversed: false }];
        let parts =
            vec![part(&[2, 2], Some(&columns), vec![1, 3, 2, 4]), part(&[1, 2], None, vec![5, 6])];
        assert_eq!(join::<Vec<[u8; 2]>, _>(parts, "x").unwrap(), [[1, 2], [3, 4], [5, 6]]);
    }

    #[test]
    fn blocks_that_do_not_fit_are_refused() {
        let problem =
            |parts: Vec<Part>| join::<SharedSlice<u8>, _>(parts, "x").unwrap_err().to_string();
        assert_eq!(
            problem(vec![part(&[], None, vec![1])]),
            "block 0 on engine 7 is not a part of the same array: it has no axes"
        );
        assert_eq!(
            problem(vec![part(&[1], None, vec![1]), part(&[1, 1], None, vec![1])]),
            "block 1 on engine 7 is not a part of the same array: its shape is [1, 1], that of block \
             0 is [1]"
        );
        let mut other = part(&[1], None, vec![1]);
        other.dtype = Dtype::Scalar(Scalar::I8);
        assert_eq!(
            problem(vec![part(&[1], None, vec![1]), other]),
            "block 1 on engine 7 is not a part of the same array: its dtype is |i1, not |u1"
        );
        let error = join::<Vec<f64>, _>(vec![part(&[1], None, vec![1])], "x").unwrap_err();
        assert_eq!(error.to_string(), "the result of `x` on engine 7: expected <f8, found |u1");
        assert!(join::<Vec<u8>, _>(Vec::new(), "x").is_err());
    }
}
