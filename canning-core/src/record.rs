//! Static descriptions of structs and enums: names and fields.

use std::fmt;

use crate::{
    error::{ErrorKind, Name, Result},
    visitor::Kind,
};

/// The name and fields of a struct, or of a variant of an enum.
///
/// The derive writes one as a `static`; formats refer to it by number or by name.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The name of the struct or the enum.
    pub name: &'static str,
    /// The name of the variant, if it is one.
    pub variant: Option<&'static str>,
    /// Other names that the variant goes by on receipt.
    pub variant_aliases: &'static [&'static str],
    /// What it holds.
    pub fields: RecordFields,
    /// Whether fields that it does not have are skipped on receipt, or an error.
    pub ignores_unknown: bool,
}

impl Record {
    /// The number of fields.
    #[inline]
    pub const fn len(&self) -> usize {
        match self.fields {
            RecordFields::Named(fields) => fields.len(),
            RecordFields::Positional(len) => len,
        }
    }

    /// Whether it has no fields.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the field of this name or alias.
    pub fn position(&self, name: &str) -> Option<usize> {
        match self.fields {
            RecordFields::Named(fields) => {
                fields.iter().position(|field| field.name == name || field.aliases.contains(&name))
            }
            RecordFields::Positional(_) => None,
        }
    }

    /// Finds out how received fields with names come to this record; for implementors of
    /// formats, which all refuse the same.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DuplicateField`] when a field and its alias came; [`ErrorKind::Kind`] when
    /// this record's fields have no names.
    pub fn match_named<'n, I>(&self, found: I) -> Result<Matching>
    where
        I: IntoIterator<Item = &'n str, IntoIter: ExactSizeIterator + Clone>,
    {
        let found = found.into_iter();
        match self.fields {
            RecordFields::Named(fields) => {
                let mut pairs = found.clone().zip(fields);
                if found.len() == fields.len() && pairs.all(|(found, field)| found == field.name) {
                    return Ok(Matching::InOrder);
                }
                let mut seen = vec![false; fields.len()];
                let positions = found.map(|name| {
                    let position = self.position(name);
                    let seen = position.and_then(|position| seen.get_mut(position));
                    if seen.is_some_and(|seen| std::mem::replace(seen, true)) {
                        return Err(ErrorKind::DuplicateField { name: name.into() });
                    }
                    Ok(position)
                });
                Ok(Matching::ByName(positions.collect::<Result<_, _>>()?))
            }
            RecordFields::Positional(0) if self.ignores_unknown => {
                Ok(Matching::ByName(vec![None; found.len()]))
            }
            RecordFields::Positional(_) => {
                Err(ErrorKind::Kind { expected: Kind::Tuple, found: Kind::Record }.into())
            }
        }
    }

    /// Finds out how so many received fields without names come to this record.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Length`] when they are more than this record has; [`ErrorKind::Kind`] when
    /// this record's fields have names.
    pub fn match_positional(&self, found: usize) -> Result<Matching> {
        match self.fields {
            RecordFields::Positional(expected) if found == expected => Ok(Matching::InOrder),
            RecordFields::Positional(expected) if found < expected => {
                Ok(Matching::ByName((0..found).map(Some).collect()))
            }
            RecordFields::Positional(expected) => Err(ErrorKind::Length { expected, found }.into()),
            RecordFields::Named(_) if found == 0 => Ok(Matching::ByName(Vec::new())),
            RecordFields::Named(_) => {
                Err(ErrorKind::Kind { expected: Kind::Record, found: Kind::Tuple }.into())
            }
        }
    }
}

/// How received fields come to a [`Record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matching {
    /// All of them, in the order of the record.
    InOrder,
    /// For each received field its number in the record, which stands once; `None` for a field
    /// that the record does not have.
    ByName(Vec<Option<usize>>),
}

/// The fields of a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordFields {
    /// `struct S { a: A, b: B }`: matched by name.
    Named(&'static [RecordField]),
    /// `struct S(A, B)` and `struct S`: so many, matched by position.
    Positional(usize),
}

/// A named field of a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordField {
    /// The name that is written.
    pub name: &'static str,
    /// Other names that it goes by on receipt.
    pub aliases: &'static [&'static str],
}

/// The variants of an enum.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    /// The name of the enum.
    pub name: &'static str,
    /// Its variants.
    pub variants: &'static [Record],
    /// The number of the variant that stands for unknown ones, whose fields are skipped.
    pub other: Option<usize>,
}

impl Enum {
    /// The number of the variant of this name or alias.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.variants.iter().position(|variant| {
            variant.variant == Some(name) || variant.variant_aliases.contains(&name)
        })
    }
}

/// How the fields of a received record come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fields {
    /// All of them, in the order of the [`Record`].
    InOrder,
    /// In another order, or not all of them: ask
    /// [`next_field`](crate::visitor::Uncanner::next_field) for each.
    ByName,
}

/// The names of a received record whose type is not known.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RecordName {
    /// The name of the struct or the enum.
    pub name: Box<str>,
    /// The name of the variant, if it is one.
    pub variant: Option<Box<str>>,
    /// The names of the fields, or how many there are without names.
    pub fields: FieldNames,
}

impl RecordName {
    /// The names of a record whose type is known.
    pub fn of(record: &Record) -> Self {
        let fields = match record.fields {
            RecordFields::Named(fields) => {
                FieldNames::Named(fields.iter().map(|field| field.name.into()).collect())
            }
            RecordFields::Positional(len) => FieldNames::Positional(len),
        };
        Self { name: record.name.into(), variant: record.variant.map(Into::into), fields }
    }
}

/// In short: one received name of many fields may be that of many records.
impl fmt::Debug for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordName").field(&format_args!("{self}")).finish()
    }
}

/// As `Frame { step, positions }`, `Shape::Circle(1 field)`: on one line, and of bounded length.
impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name(&self.name).fmt(f)?;
        if let Some(variant) = &self.variant {
            write!(f, "::{}", Name(variant))?;
        }
        match &self.fields {
            fields if fields.is_empty() => Ok(()),
            FieldNames::Positional(1) => f.write_str("(1 field)"),
            FieldNames::Positional(len) => write!(f, "({len} fields)"),
            FieldNames::Named(names) => {
                for (index, name) in names.iter().take(MOST_NAMES).enumerate() {
                    write!(f, "{}{}", if index > 0 { ", " } else { " { " }, Name(name))?;
                }
                match names.len().checked_sub(MOST_NAMES) {
                    None | Some(0) => f.write_str(" }"),
                    Some(more) => write!(f, ", … {more} more }}"),
                }
            }
        }
    }
}

/// Names of fields that are displayed.
const MOST_NAMES: usize = 16;

/// The names of a received record's fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldNames {
    /// Their names.
    Named(Vec<Box<str>>),
    /// Their number.
    Positional(usize),
}

impl FieldNames {
    /// The number of fields.
    pub fn len(&self) -> usize {
        match self {
            Self::Named(names) => names.len(),
            Self::Positional(len) => *len,
        }
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a field; none where they have no names.
    pub fn get(&self, index: usize) -> Option<&str> {
        match self {
            Self::Named(names) => names.get(index).map(AsRef::as_ref),
            Self::Positional(_) => None,
        }
    }

    /// The number of the field of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        match self {
            Self::Named(names) => names.iter().position(|other| **other == *name),
            Self::Positional(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_displayed_escaped_and_cut() {
        let text = |name: &str, variant: Option<&str>, fields: FieldNames| {
            RecordName { name: name.into(), variant: variant.map(Into::into), fields }.to_string()
        };
        let named = |count: usize| FieldNames::Named((0..count).map(|_| "x\n".into()).collect());
        assert_eq!(text("Frame", None, named(2)), r"Frame { x\n, x\n }");
        assert_eq!(text("Q\n", Some("\x1b"), FieldNames::Positional(1)), r"Q\n::\u{1b}(1 field)");
        assert_eq!(text("Pair", None, FieldNames::Positional(2)), "Pair(2 fields)");
        let name = RecordName { name: "P".into(), variant: None, fields: named(2) };
        assert_eq!(format!("{name:?}"), r"RecordName(P { x\n, x\n })");
        assert_eq!(text("Nothing", None, FieldNames::Positional(0)), "Nothing");
        assert!(text("Long", None, named(20)).ends_with(", … 4 more }"));
        assert_eq!(text(&"x".repeat(100), None, named(0)), format!("{}…", "x".repeat(64)));
    }

    const NAMED: RecordFields = RecordFields::Named(&[
        RecordField { name: "a", aliases: &[] },
        RecordField { name: "b", aliases: &["old"] },
    ]);

    fn record(fields: RecordFields, ignores_unknown: bool) -> Record {
        Record { name: "R", variant: None, variant_aliases: &[], fields, ignores_unknown }
    }

    #[test]
    fn named_fields_come_in_order_or_by_name_or_not_to_fields_without_names() {
        let named = record(NAMED, false);
        assert_eq!(named.match_named(["a", "b"]).unwrap(), Matching::InOrder);
        assert_eq!(
            named.match_named(["old", "c", "a"]).unwrap(),
            Matching::ByName(vec![Some(1), None, Some(0)])
        );
        assert!(named.match_named(["b", "old"]).is_err(), "one field twice");

        let nothing = |ignores| record(RecordFields::Positional(0), ignores);
        assert_eq!(nothing(true).match_named(["a"]).unwrap(), Matching::ByName(vec![None]));
        assert!(nothing(false).match_named(["a"]).is_err());
    }

    #[test]
    fn fields_without_names_come_in_order_and_the_last_may_be_missing() {
        let two = record(RecordFields::Positional(2), false);
        assert_eq!(two.match_positional(2).unwrap(), Matching::InOrder);
        assert_eq!(two.match_positional(1).unwrap(), Matching::ByName(vec![Some(0)]));
        assert_eq!(two.match_positional(0).unwrap(), Matching::ByName(vec![]));
        assert!(matches!(
            two.match_positional(3).unwrap_err().into_kind(),
            ErrorKind::Length { expected: 2, found: 3 }
        ));

        let named = record(NAMED, false);
        assert_eq!(named.match_positional(0).unwrap(), Matching::ByName(vec![]));
        assert!(matches!(
            named.match_positional(2).unwrap_err().into_kind(),
            ErrorKind::Kind { expected: Kind::Record, found: Kind::Tuple }
        ));
    }

    #[test]
    fn fields_are_counted_with_names_and_without() {
        let lens = [NAMED, RecordFields::Positional(3), RecordFields::Positional(0)]
            .map(|fields| (record(fields, false).len(), record(fields, false).is_empty()));
        assert_eq!(lens, [(2, false), (3, false), (0, true)]);
    }

    #[test]
    fn received_fields_are_found_by_name() {
        let names = RecordName::of(&record(NAMED, false)).fields;
        assert_eq!(["a", "b", "old"].map(|name| names.position(name)), [Some(0), Some(1), None]);
        assert_eq!(FieldNames::Positional(2).position("a"), None);
    }
}
