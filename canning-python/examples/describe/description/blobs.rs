//! Headers and buffers, and apply messages.

use canning_core::{Buffer, Result};
use canning_python::{Dialect, Object, ipyparallel::unpack_apply_message};
use serde_json::{Map, Value, json};

use super::value::{Description, set};

/// Describes a header and its buffers.
///
/// # Errors
///
/// When they are refused.
pub(crate) fn of_object(mut blobs: Vec<Vec<u8>>) -> Result<Value> {
    let header = if blobs.is_empty() { Vec::new() } else { blobs.remove(0) };
    let dialect = Dialect::of_header(&header)?;
    let buffers = blobs.into_iter().map(Buffer::from).collect();
    object(&Object::restore(dialect, header.into(), buffers)?)
}

/// Describes a function and its arguments.
///
/// # Errors
///
/// When they are refused.
pub(crate) fn of_message(blobs: Vec<Vec<u8>>) -> Result<Value> {
    let message = unpack_apply_message(blobs.into_iter().map(Buffer::from).collect())?;
    let args = message.args.iter().map(object).collect::<Result<Vec<_>>>()?;
    let kwargs = message.kwargs.iter().map(|(name, arg)| Ok((name.clone(), object(arg)?)));
    let mut told = json!({"type": "apply"});
    set(&mut told, "function", object(&message.function)?);
    set(&mut told, "args", args);
    set(&mut told, "kwargs", kwargs.collect::<Result<Map<_, _>>>()?);
    Ok(told)
}

fn object(object: &Object<'_>) -> Result<Value> {
    Description::new(object.dialect()).of(object.item()?)
}
