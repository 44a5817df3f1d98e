//! The user's arrays.

use std::{fs::File, io::BufReader, path::Path, sync::Arc};

use canning_wire::Object;
use ndarray::{ArrayD, ArrayViewD, IxDyn};
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement};
use num_complex::{Complex32, Complex64};

use super::{
    error::{Error, Result},
    origin::{Made, Origin},
    summary::{Sample, Summary},
};

/// An array whose type is known only to itself.
pub(super) trait AnyArray {
    /// Takes it apart.
    ///
    /// # Errors
    ///
    /// As [`canning_wire::can`].
    fn can(&self) -> canning_core::Result<Object<'_>>;

    /// What there is to say about it.
    fn summary(&self) -> Summary;
}

impl<T: Sample> AnyArray for ArrayViewD<'_, T> {
    fn can(&self) -> canning_core::Result<Object<'_>> {
        canning_wire::can(self)
    }

    fn summary(&self) -> Summary {
        Summary::of(self.view())
    }
}

impl<T: Sample> AnyArray for Arc<ArrayD<T>> {
    fn can(&self) -> canning_core::Result<Object<'_>> {
        canning_wire::can_arc(self)
    }

    fn summary(&self) -> Summary {
        Summary::of(self.view())
    }
}

/// Where such an array is.
pub(super) trait AnyMade {
    /// The array.
    fn view(&self) -> Box<dyn AnyArray + '_>;
}

impl<T: Sample> AnyMade for Made<T, IxDyn> {
    fn view(&self) -> Box<dyn AnyArray + '_> {
        match self {
            Self::Shared(array) => Box::new(Arc::clone(array)),
            _ => Box::new(self.view()),
        }
    }
}

/// Reads a `.npy` file, whatever its numbers, order and byte order.
///
/// # Errors
///
/// With the path of the file.
pub(super) fn read(path: &Path, origin: Origin) -> Result<Box<dyn AnyMade>> {
    match read_as::<f64>(path, origin) {
        Err(Error::Npy { source: ReadNpyError::WrongDescriptor(dtype), .. }) => {
            match dtype.as_string().and_then(|name| name.get(1..)) {
                // The first character is the byte order, which the reader looks at.
                Some("b1") => read_as::<bool>(path, origin),
                Some("i1") => read_as::<i8>(path, origin),
                Some("i2") => read_as::<i16>(path, origin),
                Some("i4") => read_as::<i32>(path, origin),
                Some("i8") => read_as::<i64>(path, origin),
                Some("u1") => read_as::<u8>(path, origin),
                Some("u2") => read_as::<u16>(path, origin),
                Some("u4") => read_as::<u32>(path, origin),
                Some("u8") => read_as::<u64>(path, origin),
                Some("f4") => read_as::<f32>(path, origin),
                Some("c8") => read_as::<Complex32>(path, origin),
                Some("c16") => read_as::<Complex64>(path, origin),
                _ => Err(Error::Dtype { path: path.into(), found: dtype.to_string() }),
            }
        }
        other => other,
    }
}

fn read_as<T>(path: &Path, origin: Origin) -> Result<Box<dyn AnyMade>>
where
    T: Sample + ReadableElement,
{
    let path = || path.to_path_buf();
    let file = File::open(path()).map_err(|source| Error::File { path: path(), source })?;
    match ArrayD::<T>::read_npy(BufReader::new(file)) {
        Ok(array) => Ok(Box::new(origin.bring(array)?)),
        Err(source) => Err(Error::Npy { path: path(), source }),
    }
}
