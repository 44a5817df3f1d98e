//! Variants of enums: a name, or a dict of one name and what the variant holds.

use canning_core::{Enum, ErrorKind, Fields, RecordFields, Result, visitor::Kind};

use super::{Feed, Next, Part, Walker, record::Content};
use crate::object::{graph::Node, view::View};

impl<'b> Walker<'b, '_> {
    pub(super) fn variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        let next = self.take()?;
        let (name, content) = match &next {
            Next::View(View::Str(name)) => (*name, None),
            Next::View(View::Dict(entries) | View::OrderedDict(entries)) if entries.len() == 1 => {
                let name = self.keys(entries, Kind::Variant)?;
                match (name.as_slice(), entries.ids(0)) {
                    (&[name], Some((_, value))) => (name, Some(value)),
                    _ => return Err(self.wrong(Kind::Variant, &next)),
                }
            }
            _ => return Err(self.wrong(Kind::Variant, &next)),
        };
        let position = variants.position(name);
        let known = position.and_then(|at| Some((at, variants.variants.get(at)?)));
        let (at, expected) = match (known, variants.other) {
            (Some(known), _) => known,
            (None, Some(other)) => {
                self.begin(Feed::One(None))?;
                return Ok((other, Fields::InOrder));
            }
            (None, None) => {
                let (record, found) = (variants.name, name.into());
                return Err(ErrorKind::UnknownVariant { record, found }.into());
            }
        };
        let one = |value| Content::Parts(vec![Part::Object(value)]);
        let content = match (content, expected.fields) {
            (None, _) => Content::Parts(Vec::new()),
            (Some(value), RecordFields::Positional(1)) => one(value),
            (Some(value), fields) => match self.reader.node(value) {
                Node::Dict(_) => match self.see(Part::Object(value))? {
                    Next::View(View::Dict(entries)) => Content::Entries(entries),
                    other => return Err(self.wrong(Kind::Record, &other)),
                },
                Node::Tuple(_) => match self.see(Part::Object(value))? {
                    Next::View(View::Tuple(items)) => Content::Items(items),
                    other => return Err(self.wrong(Kind::Tuple, &other)),
                },
                _ if matches!(fields, RecordFields::Named(_)) => {
                    let other = self.see(Part::Object(value))?;
                    return Err(self.wrong(Kind::Record, &other));
                }
                // It had one field where it was written.
                _ => one(value),
            },
        };
        let fields = self.begin_content(content, expected)?;
        Ok((at, fields))
    }
}
