//! Lists, tuples and maps while they serialize themselves.

use serde_core::{Serialize, ser};

use super::ser::PlainSerializer;
use crate::{
    error::{Error, ErrorKind, Result},
    value::ValueBuilder,
    visitor::Canner,
};

pub(super) struct Compound<'c, C> {
    canner: &'c mut C,
    container: Container,
    parts: Parts,
    /// Items or entries so far.
    written: usize,
    /// Values of a map so far, whose keys are `written`.
    values: usize,
    /// The variant that this is the content of.
    variant: Option<&'static str>,
}

#[derive(Clone, Copy)]
pub(super) enum Container {
    List,
    Tuple,
    Map,
}

/// Where the parts go.
enum Parts {
    /// To the canner, which was told of so many.
    Announced(usize),
    /// Into memory, until their number is known.
    Collected(Box<ValueBuilder>),
}

impl<'a, 'c, C: Canner<'a>> Compound<'c, C> {
    pub(super) fn begin(
        canner: &'c mut C,
        container: Container,
        len: Option<usize>,
    ) -> Result<Self> {
        let parts = match len {
            Some(len) => {
                begin(canner, container, len)?;
                Parts::Announced(len)
            }
            None => {
                let mut builder = ValueBuilder::new();
                begin(&mut builder, container, 0)?;
                Parts::Collected(builder.into())
            }
        };
        Ok(Self { canner, container, parts, written: 0, values: 0, variant: None })
    }

    pub(super) fn of_variant(self, variant: &'static str) -> Self {
        Self { variant: Some(variant), ..self }
    }

    /// Counts an item or entry, and refuses one too many before it is written.
    fn count(&mut self) -> Result<()> {
        self.written += 1;
        match self.parts {
            Parts::Announced(expected) if self.written > expected => {
                Err(ErrorKind::Length { expected, found: self.written }.into())
            }
            _ => Ok(()),
        }
    }

    /// Checks that there are so many values: each key has one, before the next key.
    fn in_turn(&self, expected: usize) -> Result<()> {
        let found = self.values;
        if found == expected {
            return Ok(());
        }
        Err(ErrorKind::Length { expected, found }.into())
    }

    fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        match &mut self.parts {
            Parts::Announced(_) => value.serialize(PlainSerializer::new(self.canner)),
            Parts::Collected(builder) => value.serialize(PlainSerializer::new(&mut **builder)),
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let index = self.written;
        self.count()
            .and_then(|()| self.write(value))
            .map_err(|error| self.in_variant(error.in_item(index)))
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        self.count()
            .and_then(|()| self.write(key))
            .and_then(|()| self.write(value))
            .map_err(|error| self.in_variant(error.in_field(key)))
    }

    fn finish(self) -> Result<()> {
        match self.parts {
            Parts::Announced(expected) => {
                let found = self.written;
                if found != expected {
                    return Err(ErrorKind::Length { expected, found }.into());
                }
                end(self.canner, self.container)?;
            }
            Parts::Collected(mut builder) => {
                end(&mut *builder, self.container)?;
                builder.finish()?.replay(self.canner)?;
            }
        }
        match self.variant {
            Some(_) => self.canner.end_map(),
            None => Ok(()),
        }
    }

    fn in_variant(&self, error: Error) -> Error {
        match self.variant {
            Some(variant) => error.in_field(variant),
            None => error,
        }
    }
}

fn begin<'a, C: Canner<'a>>(canner: &mut C, container: Container, len: usize) -> Result<()> {
    match container {
        Container::List => canner.begin_list(len),
        Container::Tuple => canner.begin_tuple(len),
        Container::Map => canner.begin_map(len),
    }
}

fn end<'a, C: Canner<'a>>(canner: &mut C, container: Container) -> Result<()> {
    match container {
        Container::List => canner.end_list(),
        Container::Tuple => canner.end_tuple(),
        Container::Map => canner.end_map(),
    }
}

macro_rules! items {
    ($($trait:ident $method:ident;)*) => {$(
        impl<'a, C: Canner<'a>> ser::$trait for Compound<'_, C> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.item(value)
            }

            fn end(self) -> Result<()> {
                self.finish()
            }
        }
    )*};
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! fields {
    ($($trait:ident)*) => {$(
        impl<'a, C: Canner<'a>> ser::$trait for Compound<'_, C> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<()> {
                self.field(key, value)
            }

            fn end(self) -> Result<()> {
                self.finish()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

impl<'a, C: Canner<'a>> ser::SerializeMap for Compound<'_, C> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let index = self.written;
        self.count()
            .and_then(|()| self.in_turn(index))
            .and_then(|()| self.write(key))
            .map_err(|error| error.in_entry(index))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.values += 1;
        let index = self.written.saturating_sub(1);
        self.in_turn(self.written)
            .and_then(|()| self.write(value))
            .map_err(|error| error.in_entry(index))
    }

    fn end(self) -> Result<()> {
        self.in_turn(self.written)?;
        self.finish()
    }
}
