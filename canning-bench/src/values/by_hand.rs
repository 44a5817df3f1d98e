//! The same structs with implementations as one would write them by hand: they give the same
//! bytes, and show what the derive costs.

use canning_core::{
    Can, ErrorKind, Fields, Record, RecordField, RecordFields, Result, Uncan,
    visitor::{Canner, Uncanner},
};

use crate::values;

/// As the derived [`Small`](values::Small).
#[derive(Debug, PartialEq)]
pub(crate) struct Small {
    numbers: Vec<f64>,
    name: String,
}

impl From<values::Small> for Small {
    fn from(small: values::Small) -> Self {
        let values::Small { numbers, name } = small;
        Self { numbers, name }
    }
}

impl Can for Small {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_record(&SMALL)?;
        canner.field(0)?;
        let numbers = self.numbers.can(canner);
        numbers.map_err(|error| error.in_field("numbers"))?;
        canner.field(1)?;
        let name = self.name.can(canner);
        name.map_err(|error| error.in_field("name"))?;
        canner.end_record()
    }
}

impl<'b> Uncan<'b> for Small {
    #[inline]
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        if uncanner.begin_record(&SMALL)? == Fields::ByName {
            return Err(ErrorKind::Unsupported("another order of fields").into());
        }
        let numbers = Uncan::uncan(uncanner);
        let numbers = numbers.map_err(|error| error.in_field("numbers"))?;
        let name = Uncan::uncan(uncanner);
        let name = name.map_err(|error| error.in_field("name"))?;
        uncanner.end_record()?;
        Ok(Self { numbers, name })
    }
}

static SMALL: Record = record("Small", &[field("numbers"), field("name")]);

/// As the derived [`Frame`](values::Frame).
#[derive(Debug)]
pub(crate) struct Frame {
    step: u64,
    name: String,
    pos: Vec<f64>,
    vel: Vec<f64>,
    ids: Vec<u32>,
}

impl From<values::Frame> for Frame {
    fn from(frame: values::Frame) -> Self {
        let values::Frame { step, name, pos, vel, ids } = frame;
        Self { step, name, pos, vel, ids }
    }
}

impl Can for Frame {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_record(&FRAME)?;
        canner.field(0)?;
        let step = self.step.can(canner);
        step.map_err(|error| error.in_field("step"))?;
        canner.field(1)?;
        let name = self.name.can(canner);
        name.map_err(|error| error.in_field("name"))?;
        canner.field(2)?;
        let pos = self.pos.can(canner);
        pos.map_err(|error| error.in_field("pos"))?;
        canner.field(3)?;
        let vel = self.vel.can(canner);
        vel.map_err(|error| error.in_field("vel"))?;
        canner.field(4)?;
        let ids = self.ids.can(canner);
        ids.map_err(|error| error.in_field("ids"))?;
        canner.end_record()
    }
}

static FRAME: Record =
    record("Frame", &[field("step"), field("name"), field("pos"), field("vel"), field("ids")]);

const fn record(name: &'static str, fields: &'static [RecordField]) -> Record {
    Record {
        name,
        variant: None,
        variant_aliases: &[],
        fields: RecordFields::Named(fields),
        ignores_unknown: false,
    }
}

const fn field(name: &'static str) -> RecordField {
    RecordField { name, aliases: &[] }
}
