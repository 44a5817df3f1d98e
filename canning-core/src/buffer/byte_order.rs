//! Swapping the byte order of array memory: the wire is little-endian.

use crate::dtype::{Dtype, Scalar};

/// Reverses the byte order of every number in `bytes`, which hold items of `dtype`.
///
/// It changes little-endian items into big-endian ones and back. Bytes after the last whole
/// item stay as they are.
pub fn swap_bytes(bytes: &mut [u8], dtype: &Dtype) {
    match dtype {
        Dtype::Scalar(scalar) => match swap_unit(*scalar) {
            2 => swap_items::<2>(bytes),
            4 => swap_items::<4>(bytes),
            8 => swap_items::<8>(bytes),
            16 => swap_items::<16>(bytes),
            _ => {}
        },
        Dtype::Struct(structure) => {
            for item in bytes.chunks_exact_mut(dtype.item_size()) {
                let mut rest = item;
                for field in structure.fields() {
                    let count: usize = field.shape().iter().product();
                    let size = field.dtype().item_size() * count;
                    let Some((field_bytes, tail)) = rest.split_at_mut_checked(size) else {
                        return;
                    };
                    swap_bytes(field_bytes, field.dtype());
                    rest = tail;
                }
            }
        }
    }
}

/// The bytes that are reversed together.
fn swap_unit(scalar: Scalar) -> usize {
    match scalar {
        Scalar::Complex64 | Scalar::Complex128 => scalar.size() / 2,
        _ => scalar.size(),
    }
}

fn swap_items<const SIZE: usize>(bytes: &mut [u8]) {
    let (items, _) = bytes.as_chunks_mut::<SIZE>();
    items.iter_mut().for_each(|item| item.reverse());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::{Field, StructDtype};

    #[test]
    fn numbers_of_every_size_are_reversed() {
        let mut bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        swap_bytes(&mut bytes, &Scalar::U16.into());
        assert_eq!(bytes, [2, 1, 4, 3, 6, 5, 8, 7]);
        swap_bytes(&mut bytes, &Scalar::Complex64.into());
        assert_eq!(bytes, [3, 4, 1, 2, 7, 8, 5, 6]);
        swap_bytes(&mut bytes, &Scalar::U8.into());
        swap_bytes(&mut bytes, &Scalar::F64.into());
        assert_eq!(bytes, [6, 5, 8, 7, 2, 1, 4, 3]);
    }

    #[test]
    fn fields_are_reversed_one_by_one() {
        let fields = vec![
            Field::new("a", Scalar::U8.into(), vec![]),
            Field::new("b", Scalar::U16.into(), vec![2]),
        ];
        let dtype = Dtype::Struct(StructDtype::new(fields).unwrap());
        let mut bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        swap_bytes(&mut bytes, &dtype);
        assert_eq!(bytes, [1, 3, 2, 5, 4, 6, 8, 7, 10, 9]);
    }

    #[test]
    fn numbers_of_sixteen_bytes_are_reversed_whole() {
        let mut bytes: Vec<u8> = (0..17).collect();
        swap_bytes(&mut bytes, &Scalar::U128.into());
        assert_eq!(bytes[..16], [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
        assert_eq!(bytes[16], 16, "no whole item");
    }
}
