//! Arguments by position and by name.

use canning_core::Result;

use crate::object::{graph::Id, reader::Reader};

/// Finds the arguments of a function that has parameters of these names; those that are not given
/// are `None`. Gives `None` for what Python would refuse.
pub(super) fn arguments<const N: usize>(
    reader: Reader<'_>,
    names: [&str; N],
    args: &[Id],
    kwargs: &[(Id, Id)],
) -> Result<Option<[Option<Id>; N]>> {
    let mut found = [None; N];
    if args.len() > N {
        return Ok(None);
    }
    for (found, arg) in found.iter_mut().zip(args) {
        *found = Some(*arg);
    }
    for (name, value) in kwargs {
        let name = reader.word(*name)?;
        let at = names.iter().position(|known| Some(*known) == name);
        match at.and_then(|at| found.get_mut(at)) {
            Some(found @ None) => *found = Some(*value),
            _ => return Ok(None),
        }
    }
    // `None` is what Python takes for the default of each.
    Ok(Some(found.map(|arg| arg.filter(|arg| !reader.is_none(*arg)))))
}
