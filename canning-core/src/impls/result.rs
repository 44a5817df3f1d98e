//! `Result`.

use super::record::uncan_one;
use crate::{
    buffer::Pool,
    derived::can_field,
    error,
    object::{Can, Uncan},
    record::{Enum, Record, RecordFields},
    visitor::{Canner, Uncanner},
};

impl<T: Can<VT>, VT, E: Can<VE>, VE> Can<(VT, VE)> for Result<T, E> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> error::Result<()> {
        match self {
            Ok(value) => {
                canner.begin_record(OK)?;
                can_field(value, canner, 0, OK)?;
            }
            Err(error) => {
                canner.begin_record(ERR)?;
                can_field(error, canner, 0, ERR)?;
            }
        }
        canner.end_record()
    }
}

impl<'b, T: Uncan<'b, VT>, VT, E: Uncan<'b, VE>, VE> Uncan<'b, (VT, VE)> for Result<T, E> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> error::Result<Self> {
        match uncanner.begin_variant(&RESULT)? {
            (0, fields) => uncan_one(uncanner, fields, OK).map(Ok),
            (_, fields) => uncan_one(uncanner, fields, ERR).map(Err),
        }
    }

    fn recycle(&mut self, pool: &Pool) {
        match self {
            Ok(value) => value.recycle(pool),
            Err(error) => error.recycle(pool),
        }
    }
}

static RESULT: Enum = Enum { name: "Result", variants: &VARIANTS, other: None };
static VARIANTS: [Record; 2] = [variant("Ok"), variant("Err")];
static OK: &Record = &VARIANTS[0];
static ERR: &Record = &VARIANTS[1];

const fn variant(name: &'static str) -> Record {
    Record {
        name: "Result",
        variant: Some(name),
        variant_aliases: &[],
        fields: RecordFields::Positional(1),
        ignores_unknown: false,
    }
}
