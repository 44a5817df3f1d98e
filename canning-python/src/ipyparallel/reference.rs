//! References to what an engine has.

use canning_core::{
    Can, Error, ErrorKind, Fields, Record, RecordField, RecordFields, Result, Uncan,
    visitor::{Canner, Uncanner},
};

/// Stands for what has this name on the engine that receives it, as `a` after a push of `a`.
///
/// An engine puts the value in its place where it is an argument of a function, or an item of a
/// list, tuple, set or dict that is one; deeper it is not looked for.
///
/// The engine evaluates the name as an expression of Python: do not take it from a stranger.
///
/// It is canned as a record, named as the class in Python, of its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The name, or an expression.
    pub name: String,
}

impl Reference {
    /// A reference to what has this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl Can for Reference {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_record(&REFERENCE)?;
        canner.field(0)?;
        canner.str(&self.name)?;
        canner.end_record()
    }
}

impl<'b> Uncan<'b> for Reference {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let mut name = None;
        match uncanner.begin_record(&REFERENCE)? {
            Fields::InOrder => name = Some(uncanner.string().map_err(in_name)?),
            Fields::ByName => {
                while uncanner.next_field()?.is_some() {
                    name = Some(uncanner.string().map_err(in_name)?);
                }
            }
        }
        uncanner.end_record()?;
        let name = name.ok_or(ErrorKind::MissingField { name: "name" })?;
        Ok(Self { name })
    }
}

fn in_name(error: Error) -> Error {
    error.in_field("name")
}

static REFERENCE: Record = Record {
    name: "ipyparallel.serialize.canning.Reference",
    variant: None,
    variant_aliases: &[],
    fields: RecordFields::Named(&[RecordField { name: "name", aliases: &[] }]),
    ignores_unknown: true,
};
