//! Values as buffers of messages, and back.

use std::{collections::BTreeMap, sync::Arc};

use canning_core::{Buffer, Can, CannedObject as _, UncanOwned, visitor::Canner};
use canning_python::{Dialect, Limits, Object, ipyparallel};

use crate::error::{ErrorKind, Result};

/// Cans a value as ipyparallel's `serialize_object` does.
pub(crate) fn serialize<T: Can<V> + ?Sized, V>(value: &T) -> Result<Vec<Buffer<'_>>> {
    Ok(ipyparallel::serialize_object(value)?)
}

/// Cans a value that the buffers keep.
pub(crate) fn serialize_arc<T, V>(value: &Arc<T>) -> Result<Vec<Buffer<'static>>>
where
    T: Can<V> + Send + Sync + 'static,
{
    Ok(ipyparallel::can_arc(value)?.into_blobs())
}

/// A variable of the engine, by its name, which is checked already.
pub(crate) fn reference(name: &str) -> Result<Vec<Buffer<'static>>> {
    // It has nothing that could be out of band, so that nothing is copied.
    owned(serialize(&ipyparallel::Reference::new(name))?)
}

/// The table of an apply message: how many arguments there are, in how many buffers, and the
/// sorted names of the others.
pub(crate) fn table(
    args: usize,
    arg_buffers: usize,
    names: &[String],
) -> Result<Vec<Buffer<'static>>> {
    let table: BTreeMap<&str, Entry<'_>> = BTreeMap::from([
        ("kw_keys", Entry::Names(names)),
        ("narg_bufs", Entry::Count(arg_buffers)),
        ("nargs", Entry::Count(args)),
    ]);
    owned(serialize(&table)?)
}

/// An entry of that table.
enum Entry<'n> {
    Count(usize),
    Names(&'n [String]),
}

impl Can for Entry<'_> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> canning_core::Result<()> {
        match self {
            Self::Count(count) => count.can(canner),
            Self::Names(names) => names.can(canner),
        }
    }
}

/// Puts the value of a reply together.
pub(crate) fn deserialize<T: UncanOwned<V>, V>(
    buffers: Vec<Buffer<'static>>,
    limits: Limits,
) -> Result<T> {
    let mut buffers = buffers.into_iter();
    let header = buffers.next().ok_or(ErrorKind::Protocol("no result"))?;
    let object = Object::restore_with(Dialect::Ipyparallel, header, buffers.collect(), limits)?;
    Ok(object.get_object()?)
}

/// What is shared is shared, what is borrowed is copied: a request outlives what it borrows.
pub(crate) fn owned(buffers: Vec<Buffer<'_>>) -> Result<Vec<Buffer<'static>>> {
    Ok(buffers.into_iter().map(|buffer| buffer.into_owned(1)).collect::<Result<_, _>>()?)
}

/// The pickle of a function that can be imported, by its names, which are checked already.
pub(crate) fn global(module: &str, name: &str) -> Buffer<'static> {
    // PROTO 4, two texts, STACK_GLOBAL, STOP.
    let mut pickle = vec![0x80, 4];
    for text in [module, name] {
        pickle.push(b'X');
        // No name has 4 GiB.
        pickle.extend(u32::try_from(text.len()).unwrap_or_default().to_le_bytes());
        pickle.extend(text.as_bytes());
    }
    pickle.extend([0x93, b'.']);
    pickle.into()
}
