//! The names of records, written once each, and what Python object each record becomes.

use std::{collections::HashMap, sync::Arc};

use canning_core::{ErrorKind, FieldNames, Record, RecordFields, RecordName, Result};

use super::writer::{CANNING, Memo, Writer};

/// The records met so far.
#[derive(Debug, Default)]
pub(super) struct Records {
    met: Vec<Met>,
    by_address: HashMap<usize, RecordId>,
    /// The last one: a list is of one kind of record, as a rule.
    recent: Option<(usize, RecordId)>,
}

/// The number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordId(usize);

#[derive(Debug)]
struct Met {
    names: Names,
    form: Form,
    class: Option<Memo>,
    tag: Option<Memo>,
    fields: Vec<Option<Memo>>,
}

#[derive(Debug)]
enum Names {
    Static(&'static Record),
    /// Kept: so its address stays its own.
    Received(Arc<RecordName>),
}

/// What a record becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A dict of its fields.
    Dict,
    /// A tuple.
    Tuple,
    /// Text: the name of a variant without fields.
    Name,
    /// `{name: value}`.
    Tagged(Content),
    /// An object of a class, made without a call, and given a dict.
    Instance,
    /// ipyparallel's `Reference`.
    Reference,
    /// What a class gives when it is called.
    Call,
    /// An integer of any size, by its bytes.
    Int,
    /// Text with surrogates, by its bytes.
    Str,
}

/// What a variant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    One,
    Tuple,
    Dict,
}

impl Records {
    #[inline]
    pub(super) fn of(&mut self, record: &'static Record) -> Result<(RecordId, Form)> {
        self.at(std::ptr::from_ref(record).addr(), || Ok(Names::Static(record)))
    }

    pub(super) fn of_received(
        &mut self,
        record: &Arc<RecordName>,
        any_class: bool,
    ) -> Result<(RecordId, Form)> {
        self.at(Arc::as_ptr(record).addr(), || {
            let is_class = record.variant.is_none() && record.name.contains('.');
            if is_class && !any_class && !HARMLESS.contains(&&*record.name) {
                return Err(ErrorKind::Unsupported(RECEIVED_CLASS).into());
            }
            Ok(Names::Received(Arc::clone(record)))
        })
    }

    #[inline]
    fn at(
        &mut self,
        address: usize,
        names: impl FnOnce() -> Result<Names>,
    ) -> Result<(RecordId, Form)> {
        let id = match self.recent {
            Some((recent, id)) if recent == address => id,
            _ => self.find(address, names)?,
        };
        self.recent = Some((address, id));
        Ok((id, self.met.get(id.0).map_or(Form::Dict, |met| met.form)))
    }

    #[inline(never)]
    fn find(&mut self, address: usize, names: impl FnOnce() -> Result<Names>) -> Result<RecordId> {
        if let Some(id) = self.by_address.get(&address) {
            return Ok(*id);
        }
        let names = names()?;
        let form = names.form();
        if matches!(form, Form::Instance | Form::Call) {
            names.class()?;
        }
        let fields = vec![None; names.len()];
        let id = RecordId(self.met.len());
        self.met.push(Met { names, form, class: None, tag: None, fields });
        self.by_address.insert(address, id);
        Ok(id)
    }

    /// Writes the name of a field.
    #[inline]
    pub(super) fn field(&mut self, id: RecordId, index: usize, writer: &mut Writer) {
        let Some(met) = self.met.get_mut(id.0) else { return };
        match (met.fields.get_mut(index), met.names.field(index)) {
            (Some(Some(memo)), _) => writer.get(*memo),
            (Some(memo), Some(name)) => *memo = Some(writer.name(name)),
            _ => {}
        }
    }

    /// The name of a field.
    pub(super) fn field_name(&self, id: RecordId, index: usize) -> Option<&str> {
        self.met.get(id.0)?.names.field(index)
    }

    /// Writes the name of a variant.
    pub(super) fn tag(&mut self, id: RecordId, writer: &mut Writer) {
        let Some(met) = self.met.get_mut(id.0) else { return };
        match met.tag {
            Some(memo) => writer.get(memo),
            None => met.tag = Some(writer.name(met.names.variant().unwrap_or_default())),
        }
    }

    /// The name of a variant.
    pub(super) fn tag_name(&self, id: RecordId) -> &str {
        self.met.get(id.0).and_then(|met| met.names.variant()).unwrap_or_default()
    }

    /// Writes the class of an object.
    pub(super) fn class(&mut self, id: RecordId, writer: &mut Writer) -> Result<()> {
        let Some(met) = self.met.get_mut(id.0) else { return Ok(()) };
        match met.class {
            Some(memo) => writer.get(memo),
            None => {
                let (module, name) = met.names.class()?;
                met.class = Some(writer.class(module, name));
            }
        }
        Ok(())
    }
}

impl Names {
    fn name(&self) -> &str {
        match self {
            Self::Static(record) => record.name,
            Self::Received(record) => &record.name,
        }
    }

    fn variant(&self) -> Option<&str> {
        match self {
            Self::Static(record) => record.variant,
            Self::Received(record) => record.variant.as_deref(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Static(record) => record.len(),
            Self::Received(record) => record.fields.len(),
        }
    }

    fn is_named(&self) -> bool {
        match self {
            Self::Static(record) => matches!(record.fields, RecordFields::Named(_)),
            Self::Received(record) => matches!(record.fields, FieldNames::Named(_)),
        }
    }

    fn field(&self, index: usize) -> Option<&str> {
        match self {
            Self::Static(record) => match record.fields {
                RecordFields::Named(fields) => fields.get(index).map(|field| field.name),
                RecordFields::Positional(_) => None,
            },
            Self::Received(record) => record.fields.get(index),
        }
    }

    /// Module and name of the class that the record names.
    fn class(&self) -> Result<(&str, &str)> {
        match self.name().rsplit_once('.') {
            Some((module, name))
                if !name.is_empty() && module.split('.').all(|part| !part.is_empty()) =>
            {
                Ok((module, name))
            }
            _ => Err(ErrorKind::Unsupported("a class whose name has an empty part").into()),
        }
    }

    fn form(&self) -> Form {
        let is_named = self.is_named();
        if self.variant().is_some() {
            return match (is_named, self.len()) {
                (_, 0) => Form::Name,
                (true, _) => Form::Tagged(Content::Dict),
                (false, 1) => Form::Tagged(Content::One),
                (false, _) => Form::Tagged(Content::Tuple),
            };
        }
        let name = self.name();
        match (is_named, self.len()) {
            (true, _) if name.strip_prefix(CANNING) == Some(".Reference") => Form::Reference,
            (true, _) if name.contains('.') => Form::Instance,
            (false, _) if name.contains('.') => Form::Call,
            (false, 1) if name == "int" => Form::Int,
            (false, 1) if name == "str" => Form::Str,
            (true, _) => Form::Dict,
            (false, _) => Form::Tuple,
        }
    }
}

/// Classes that do nothing when they are called but to hold their arguments. A `Fraction` is none:
/// it works out what its text says, as `1e999999999`.
const HARMLESS: [&str; 8] = [
    "collections.OrderedDict",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "datetime.timezone",
    "decimal.Decimal",
    "uuid.UUID",
];

const RECEIVED_CLASS: &str = "an object of a class that the received value names: Python would \
                              call it (see `CanOptions::received_classes`)";
