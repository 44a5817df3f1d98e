//! How buffers should be aligned.

use canning_core::{ErrorKind, Result};

use super::{
    Dialect,
    graph::{Node, Sources},
    reader::{Known, Reader},
    view::{ArrayView, Item, Memory, View},
};
use crate::{Limits, pickle::load::load_header};

/// The alignment in bytes that each buffer of a header should have, before any buffer is there.
///
/// A reader of files or sockets puts each buffer into an
/// [`Allocation`](canning_core::buffer::Allocation) of this alignment; then arrays in it can be
/// borrowed, and `take` hands it over to a `Vec` without a copy. There are as many as the header
/// has buffers. Takes time in proportion to the header, and to the fields of the dtypes of its arrays,
/// each of which is read once.
///
/// # Errors
///
/// When the header is no pickle, or asks for more than the default [`Limits`] allow.
///
/// # Examples
///
/// ```
/// use canning_core::{CannedObject, buffer::Allocation};
/// use canning_python::{Dialect, Object, buffer_aligns, pickle};
///
/// let numbers = vec![0.5_f64; 4096];
/// let sent = pickle::can(&numbers)?.into_blobs();
/// let (header, mut socket) = (sent[0].as_slice().unwrap(), sent[1].as_slice().unwrap());
///
/// let mut buffers = Vec::new();
/// for align in buffer_aligns(Dialect::Pickle, header)? {
///     let mut buffer = Allocation::zeroed(socket.len(), align)?;
///     std::io::Read::read_exact(&mut socket, buffer.as_mut_slice()).unwrap();
///     buffers.push(buffer.into());
/// }
/// let mut object = Object::restore(Dialect::Pickle, header.into(), buffers)?;
/// assert_eq!(object.take::<Vec<f64>, _>()?[4095], 0.5);
/// assert_eq!(object.copied().out_of_band, 0);
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn buffer_aligns(dialect: Dialect, header: &[u8]) -> Result<Vec<usize>> {
    buffer_aligns_with(dialect, header, Limits::default())
}

/// As [`buffer_aligns`], within limits of one's own.
///
/// # Errors
///
/// As [`buffer_aligns`].
pub fn buffer_aligns_with(dialect: Dialect, header: &[u8], limits: Limits) -> Result<Vec<usize>> {
    let loaded = load_header(header, dialect, &limits)?;
    let lens = vec![Memory::LEN_NOT_KNOWN; loaded.buffers];
    let sources = Sources { header, buffers: &[] };
    let known = Known::default();
    of(Reader { graph: &loaded.graph, sources, lens: &lens, known: &known }, limits.visits)
}

/// The alignment of each buffer; the fields of the arrays' dtypes are at most `visits`.
///
/// # Errors
///
/// `Limit` where they are more: each array may have one of many fields.
pub(super) fn of(reader: Reader<'_>, visits: usize) -> Result<Vec<usize>> {
    let mut aligns = vec![1; reader.lens.len()];
    let mut met = 0_usize;
    let mut need = |array: &ArrayView<'_>| {
        met = met.saturating_add(array.dtype().weight());
        if met > visits {
            let (limit, found) = (visits as u64, met as u64);
            return Err(ErrorKind::Limit { what: "number of objects met", limit, found });
        }
        let place = array.memory().buffer_index().and_then(|index| aligns.get_mut(index));
        if let (Some(place), Ok(conversion)) = (place, array.dtype().to_core()) {
            *place = conversion.dtype().align().max(*place);
        }
        Ok(())
    };
    for id in reader.graph.ids() {
        match reader.node(id) {
            Node::Instance(instance) if is_of_arrays(reader.global(instance.class)?) => {}
            _ => continue,
        }
        match (Item { reader, id }).view() {
            Ok(View::Array(array)) => need(&array)?,
            Ok(View::Subclass(subclass)) => {
                if let View::Array(array) = subclass.data() {
                    need(array)?;
                }
                subclass.mask().map_or(Ok(()), &mut need)?;
            }
            Err(error) if matches!(error.kind(), ErrorKind::Limit { .. }) => return Err(error),
            // What contradicts itself is told when it is looked at.
            _ => {}
        }
    }
    Ok(aligns)
}

/// Whether arrays may be made by it; others are not looked at, as they may hold what takes long.
fn is_of_arrays(class: Option<(&str, &str)>) -> bool {
    let Some((_, name)) = class else { return false };
    matches!(
        name,
        "ndarray"
            | "_reconstruct"
            | "_frombuffer"
            | "_mareconstruct"
            | "CannedArray"
            | "CannedBytes"
            | "CannedMemoryView"
            | "CannedBuffer"
    )
}
