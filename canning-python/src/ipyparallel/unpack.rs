//! Reading apply messages: a function and its arguments.

use std::collections::{HashSet, VecDeque};

use canning_core::{Buffer, ErrorKind, Result};

use super::deserialize::take_object;
use crate::{
    Limits, Object,
    view::{Item, View},
};

/// A received apply message: what is to be called, and with what.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApplyMessage<'a> {
    /// The function, by its name, or taken apart; nobody has imported it.
    pub function: Object<'a>,
    /// The arguments by position.
    pub args: Vec<Object<'a>>,
    /// The arguments by name, in the order in which they came: sorted, if Python sent them.
    pub kwargs: Vec<(String, Object<'a>)>,
}

/// Unpacks what ipyparallel's `pack_apply_message` made: the function, a table, the arguments by
/// position and those by name, each a header and its buffers.
///
/// No buffer is copied. Of the table, nothing is believed before as many blobs are there.
///
/// # Errors
///
/// When a header is no pickle or asks for more than the default [`Limits`] allow, when the table is
/// none, or the blobs are not as many as it says.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use canning_core::CannedObject;
/// use canning_python::ipyparallel::{self, Function, pack_apply_message, unpack_apply_message};
/// use canning_python::view::View;
///
/// let numbers = vec![1.0_f64; 2048];
/// let args = vec![ipyparallel::can(&numbers)?];
/// let sum = Function::new("numpy", "sum");
/// let blobs = pack_apply_message(&sum, args, BTreeMap::from([("axis", ipyparallel::can(&0)?)]))?;
///
/// let message = unpack_apply_message(blobs)?;
/// assert!(matches!(message.function.view()?, View::Global(sum) if sum.name() == "sum"));
/// assert_eq!(message.args[0].get::<Vec<f64>, _>()?, numbers);
/// assert_eq!(message.kwargs[0].0, "axis");
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn unpack_apply_message(blobs: Vec<Buffer<'_>>) -> Result<ApplyMessage<'_>> {
    unpack_apply_message_with(blobs, Limits::default())
}

/// As [`unpack_apply_message`], within limits of one's own, which hold for each object by itself.
///
/// # Errors
///
/// As [`unpack_apply_message`].
pub fn unpack_apply_message_with(
    blobs: Vec<Buffer<'_>>,
    limits: Limits,
) -> Result<ApplyMessage<'_>> {
    let mut blobs = VecDeque::from(blobs);
    let function = take_object(&mut blobs, limits).map_err(|error| error.in_field("function"))?;
    let table = Table::take(&mut blobs, limits).map_err(|error| error.in_field("info"))?;

    let mut kwarg_blobs = blobs.split_off(table.arg_blobs);
    let mut args = Vec::new();
    for index in 0..table.args {
        let arg = take_object(&mut blobs, limits);
        args.push(arg.map_err(|error| error.in_item(index).in_field("args"))?);
    }
    all_used(&blobs).map_err(|error| error.in_field("args"))?;

    let mut kwargs = Vec::new();
    for name in table.names {
        match take_object(&mut kwarg_blobs, limits) {
            Ok(arg) => kwargs.push((name, arg)),
            Err(error) => return Err(error.in_field(name).in_field("kwargs")),
        }
    }
    all_used(&kwarg_blobs).map_err(|error| error.in_field("kwargs"))?;
    Ok(ApplyMessage { function, args, kwargs })
}

fn all_used(rest: &VecDeque<Buffer<'_>>) -> Result<()> {
    match rest.len() {
        0 => Ok(()),
        found => Err(ErrorKind::BufferCount { expected: 0, found }.into()),
    }
}

/// How the blobs of a message belong together.
struct Table {
    /// How many arguments there are by position.
    args: usize,
    /// How many blobs they are.
    arg_blobs: usize,
    names: Vec<String>,
}

impl Table {
    /// Reads the table; as many blobs follow as it says the arguments are.
    fn take(blobs: &mut VecDeque<Buffer<'_>>, limits: Limits) -> Result<Self> {
        let table = Self::read(&take_object(blobs, limits)?)?;
        if table.arg_blobs > blobs.len() {
            let (expected, found) = (table.arg_blobs, blobs.len());
            return Err(ErrorKind::BufferCount { expected, found }.into());
        }
        Ok(table)
    }

    fn read(object: &Object<'_>) -> Result<Self> {
        let View::Dict(entries) = object.view()? else {
            return Err(malformed("a dict of nargs, narg_bufs and kw_keys"));
        };
        let size = |name, expected| match entries.get_str(name).map(Item::view).transpose()? {
            Some(View::Int(size)) => usize::try_from(size).map_err(|_| malformed(expected)),
            _ => Err(malformed(expected)),
        };
        let keys = "a list of names, kw_keys";
        let (View::List(items) | View::Tuple(items)) =
            entries.get_str("kw_keys").ok_or_else(|| malformed(keys))?.view()?
        else {
            return Err(malformed(keys));
        };
        let mut names: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        for item in items.iter() {
            match item.view()? {
                // A long one may be referred to often: it is copied once.
                View::Str(name) if seen.insert(name) => names.push(name.to_owned()),
                View::Str(_) => return Err(ErrorKind::DuplicateKey.into()),
                _ => return Err(malformed(keys)),
            }
        }
        Ok(Self {
            args: size("nargs", "a number of arguments, nargs")?,
            arg_blobs: size("narg_bufs", "a number of blobs, narg_bufs")?,
            names,
        })
    }
}

fn malformed(expected: &'static str) -> canning_core::Error {
    ErrorKind::Malformed { expected, offset: 0 }.into()
}
