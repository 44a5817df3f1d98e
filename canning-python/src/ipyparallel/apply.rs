//! Apply messages: a function, by its name, and its arguments.

use std::{borrow::Cow, collections::BTreeMap};

use canning_core::{Buffer, ErrorKind, Result};

use crate::{
    object::{Dialect, Object},
    pickle::opcode as op,
    write::Writer,
};

/// A function that can be imported where it is to be called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    module: Cow<'static, str>,
    name: Cow<'static, str>,
}

impl Function {
    /// A function of a module, as `numpy.linalg` and `svd`. The name may have dots, as that of a
    /// method in a class has.
    pub fn new(module: impl Into<Cow<'static, str>>, name: impl Into<Cow<'static, str>>) -> Self {
        Self { module: module.into(), name: name.into() }
    }

    /// The module.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The name within the module.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn pickled(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.class(&self.module, &self.name);
        writer.finish()
    }
}

/// Packs a function and its canned arguments into what ipyparallel's `unpack_apply_message`
/// reads, and an engine calls: the function, a table, the arguments, and those by name in the order
/// of their names. No buffer is copied.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] when an argument was canned for another reader than
/// [`Dialect::Ipyparallel`].
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use canning_python::ipyparallel::{self, Function, pack_apply_message};
///
/// let numbers = vec![1.0_f64; 2048];
/// let args = vec![ipyparallel::can(&numbers)?];
/// let sum = Function::new("numpy", "sum");
/// let blobs = pack_apply_message(&sum, args, BTreeMap::from([("axis", ipyparallel::can(&0)?)]))?;
/// assert_eq!(blobs.len(), 5, "function, table, header and buffer, header");
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn pack_apply_message<'a, K>(
    function: &Function,
    args: Vec<Object<'a>>,
    kwargs: BTreeMap<K, Object<'a>>,
) -> Result<Vec<Buffer<'a>>>
where
    K: AsRef<str> + Ord,
{
    let nargs = args.len();
    let mut buffers = Vec::new();
    for arg in args {
        buffers.extend(blobs(arg)?);
    }
    let narg_bufs = buffers.len();
    // `K` may have an order of its own.
    let mut kwargs: Vec<_> = kwargs.into_iter().collect();
    kwargs.sort_by(|(a, _), (b, _)| a.as_ref().cmp(b.as_ref()));

    let mut info = Writer::new();
    info.ops(&[op::EMPTY_DICT, op::MARK]);
    info.text(b"nargs");
    info.size(nargs);
    info.text(b"narg_bufs");
    info.size(narg_bufs);
    info.text(b"kw_keys");
    info.ops(&[op::EMPTY_LIST, op::MARK]);
    for (key, arg) in kwargs {
        info.text(key.as_ref().as_bytes());
        buffers.extend(blobs(arg)?);
    }
    info.ops(&[op::APPENDS, op::SETITEMS]);

    let head = [function.pickled().into(), info.finish().into()];
    Ok(head.into_iter().chain(buffers).collect())
}

fn blobs(arg: Object<'_>) -> Result<Vec<Buffer<'_>>> {
    if arg.dialect() != Dialect::Ipyparallel {
        let what = "an argument that was not canned by `ipyparallel::can`, in an apply message";
        return Err(ErrorKind::Unsupported(what).into());
    }
    Ok(arg.into_blobs())
}
