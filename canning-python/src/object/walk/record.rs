//! Records: dicts, tuples, and objects of classes.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use canning_core::{
    ErrorKind, FieldNames, Fields, Matching, Record, RecordFields, RecordName, Result,
    visitor::Kind,
};

use super::{Feed, Matched, Names, Next, Part, Walker, dates};
use crate::object::{
    graph::{Id, Node},
    view::{Entries, Items, Opaque, Pairs, SubclassView, View},
};

/// An object of a class, as a record.
#[derive(Debug)]
pub(super) struct Instance<'b> {
    name: Cow<'b, str>,
    content: Content<'b>,
}

/// Fields, and how they are told apart.
#[derive(Debug)]
pub(super) enum Content<'b> {
    /// By the keys of a dict.
    Entries(Entries<'b>),
    /// By position.
    Items(Items<'b>),
    Parts(Vec<Part<'b>>),
    /// By names of ours.
    Named(Vec<(&'static str, Part<'b>)>),
}

impl<'b> Walker<'b, '_> {
    pub(super) fn record(&mut self, expected: &'static Record) -> Result<Fields> {
        if let Some((_, Node::Dict(pairs))) = self.node()
            && self.is_in_order(pairs, expected)
        {
            self.advance()?;
            self.visit(pairs.len())?;
            self.begin(Feed::Values(Pairs::Pairs(pairs), 0))?;
            return Ok(Fields::InOrder);
        }
        let next = self.take()?;
        let one = expected.fields == RecordFields::Positional(1);
        let content = match next {
            Next::View(View::Dict(entries) | View::OrderedDict(entries)) => {
                Content::Entries(entries)
            }
            Next::View(View::Tuple(items)) => Content::Items(items),
            Next::View(View::Int(value)) if one && expected.name == "int" => {
                Content::Parts(vec![Part::Bytes(shortest(value))])
            }
            Next::View(View::BigInt(value)) if one && expected.name == "int" => {
                Content::Parts(vec![Part::Slice(value.as_bytes())])
            }
            Next::View(View::Str(text)) if one && expected.name == "str" => {
                Content::Parts(vec![Part::Slice(text.as_bytes())])
            }
            next => {
                let instance = match self.instance(next)? {
                    Ok(instance) => instance,
                    Err(next) => return Err(self.wrong(Kind::Record, &next)),
                };
                if !is_name(expected.name, &instance.name) {
                    let (expected, found) = (expected.name, instance.name.into());
                    return Err(ErrorKind::Record { expected, found }.into());
                }
                instance.content
            }
        };
        self.begin_content(content, expected)
    }

    /// Whether a dict has just the fields of a record, in their order: there is nothing to match.
    fn is_in_order(&self, pairs: &[(Id, Id)], expected: &Record) -> bool {
        let RecordFields::Named(fields) = expected.fields else { return false };
        let is_field = |key, name: &str| match self.reader.node(key) {
            Node::Str(span) => self.reader.bytes(*span).is_ok_and(|key| key == name.as_bytes()),
            _ => false,
        };
        pairs.len() == fields.len()
            && pairs.iter().zip(fields).all(|((key, _), field)| is_field(*key, field.name))
    }

    /// Begins the fields of a record.
    pub(super) fn begin_content(
        &mut self,
        content: Content<'b>,
        expected: &'static Record,
    ) -> Result<Fields> {
        let (matching, names, feed) = match content {
            Content::Entries(entries) => {
                let keys = self.keys(&entries, Kind::Record)?;
                let matching = expected.match_named(keys.iter().copied())?;
                (matching, Names::Keys(keys), Feed::Values(entries.pairs, 0))
            }
            Content::Items(items) => {
                let matching = expected.match_positional(items.len())?;
                (matching, Names::None, Feed::Ids(items.ids.iter()))
            }
            Content::Parts(parts) => {
                let matching = expected.match_positional(parts.len())?;
                (matching, Names::None, Feed::Parts(parts.into_iter()))
            }
            Content::Named(named) => {
                let (names, parts): (Vec<_>, Vec<_>) = named.into_iter().unzip();
                let matching = expected.match_named(names.iter().copied())?;
                (matching, Names::Own(names), Feed::Parts(parts.into_iter()))
            }
        };
        match matching {
            Matching::InOrder => {
                self.begin(feed)?;
                Ok(Fields::InOrder)
            }
            Matching::ByName(positions) => {
                let ignores_unknown = expected.ignores_unknown;
                let matched = Matched { names, positions, next: 0, ignores_unknown };
                self.begin_fields(feed, Some(Box::new(matched)))?;
                Ok(Fields::ByName)
            }
        }
    }

    /// The number of the next field that the record has.
    pub(super) fn field(&mut self) -> Result<Option<usize>> {
        loop {
            let fields = self.open.last_mut().and_then(|open| open.fields.as_deref_mut());
            let Some(fields) = fields else {
                return Err(ErrorKind::Unsupported("fields by name of no record").into());
            };
            let at = fields.next;
            let Some(position) = fields.positions.get(at) else {
                return Ok(None);
            };
            fields.next += 1;
            match position {
                Some(position) => return Ok(Some(*position)),
                None if fields.ignores_unknown => {}
                None => {
                    let name = match &fields.names {
                        Names::None => None,
                        Names::Keys(keys) => keys.get(at),
                        Names::Own(names) => names.get(at),
                    };
                    let name = name.copied().unwrap_or_default().into();
                    return Err(ErrorKind::UnknownField { name }.into());
                }
            }
            self.advance()?;
        }
    }

    /// A record of whatever name.
    pub(super) fn any_record(&mut self) -> Result<Arc<RecordName>> {
        let next = self.take()?;
        let Instance { name, content } = match self.instance(next)? {
            Ok(instance) => instance,
            Err(next) => return Err(self.wrong(Kind::Record, &next)),
        };
        self.give_name(name.len())?;
        let (fields, feed) = match content {
            Content::Entries(entries) => {
                let keys = self.keys(&entries, Kind::Record)?;
                let mut seen = HashSet::with_capacity(keys.len());
                if let Some(twice) = keys.iter().find(|key| !seen.insert(**key)) {
                    return Err(ErrorKind::DuplicateField { name: (*twice).into() }.into());
                }
                let names = keys.into_iter().map(Into::into).collect();
                (FieldNames::Named(names), Feed::Values(entries.pairs, 0))
            }
            Content::Items(items) => {
                (FieldNames::Positional(items.len()), Feed::Ids(items.ids.iter()))
            }
            Content::Parts(parts) => {
                (FieldNames::Positional(parts.len()), Feed::Parts(parts.into_iter()))
            }
            Content::Named(named) => {
                let (names, parts): (Vec<_>, Vec<_>) = named.into_iter().unzip();
                let names = names.into_iter().map(Into::into).collect();
                (FieldNames::Named(names), Feed::Parts(parts.into_iter()))
            }
        };
        self.begin(feed)?;
        let name = RecordName { name: name.into(), variant: None, fields };
        if let Some(known) = self.names.get(&name) {
            return Ok(Arc::clone(known));
        }
        let name = Arc::new(name);
        self.names.insert(Arc::clone(&name));
        Ok(name)
    }

    /// The keys of a dict, which must all be text.
    pub(super) fn keys(&mut self, entries: &Entries<'b>, expected: Kind) -> Result<Vec<&'b str>> {
        self.visit(entries.len())?;
        let mut keys = Vec::with_capacity(entries.len());
        for at in 0..entries.len() {
            let key = entries.ids(at).map(|(key, _)| self.key(key)).transpose()?.flatten();
            keys.push(key.ok_or(ErrorKind::Kind { expected, found: Kind::Map })?);
        }
        Ok(keys)
    }

    /// The name of a field, if it is text.
    fn key(&mut self, id: Id) -> Result<Option<&'b str>> {
        if let Node::Str(span) = self.reader.node(id) {
            self.give_name(span.len())?;
        }
        self.reader.text(id)
    }

    /// An object of a class as a record; gives what is none back.
    fn instance(&mut self, next: Next<'b>) -> Result<Result<Instance<'b>, Next<'b>>> {
        let Next::View(view) = next else {
            return Ok(Err(next));
        };
        let instance = |name, content| Ok(Ok(Instance { name: Cow::Borrowed(name), content }));
        let slice = |bytes| Content::Parts(vec![Part::Slice(bytes)]);
        match view {
            View::Opaque(opaque) | View::Function(opaque) => self.opaque(opaque).map(Ok),
            View::BigInt(value) => instance("int", slice(value.as_bytes())),
            View::Surrogates(bytes) => instance("str", slice(bytes)),
            View::Range(start, end, step) => {
                let parts = [start, end, step].map(|item| Part::Object(item.id));
                instance("builtins.range", Content::Parts(parts.into()))
            }
            View::Dtype(dtype) => {
                let text = dtype.to_string();
                self.expand(text.len())?;
                instance("numpy.dtype", Content::Parts(vec![Part::Text(text)]))
            }
            View::Reference(name) => {
                let name = Part::View(Box::new(View::Str(name)));
                instance(REFERENCE, Content::Named(vec![("name", name)]))
            }
            View::Global(class) => {
                let text = |text| Part::View(Box::new(View::Str(text)));
                let named = vec![("module", text(class.module())), ("name", text(class.name()))];
                instance("global", Content::Named(named))
            }
            View::Subclass(subclass) => Ok(Ok(of_subclass(*subclass))),
            view => Ok(Err(Next::View(view))),
        }
    }

    fn opaque(&mut self, opaque: Opaque<'b>) -> Result<Instance<'b>> {
        let class = opaque.class()?;
        if let Some(class) = class
            && class.module() == "datetime"
            && let Some(content) = self.date(class.name(), &opaque)?
        {
            return Ok(Instance { name: class.to_string().into(), content });
        }
        let (args, kwargs) = (opaque.args(), opaque.kwargs());
        let (items, entries) = (opaque.items(), opaque.entries());
        let is_called = !args.is_empty() || !kwargs.is_empty();
        let is_filled = !items.is_empty() || !entries.is_empty();
        let attributes = self.attributes(&opaque)?;
        let content = match (opaque.state(), attributes, class) {
            (Some(_), Some(attributes), Some(_)) if !is_called && !is_filled => {
                Content::Entries(attributes)
            }
            (None, _, Some(_)) if kwargs.is_empty() && !is_filled => Content::Items(args),
            (state, ..) => {
                let view = |view| Part::View(Box::new(view));
                let callable = class.is_none().then(|| Part::Object(opaque.callable().id));
                let parts = [
                    ("class", callable),
                    ("args", (!args.is_empty()).then(|| view(View::Tuple(args)))),
                    ("kwargs", (!kwargs.is_empty()).then(|| view(View::Dict(kwargs)))),
                    ("state", state.map(|state| Part::Object(state.id))),
                    ("items", (!items.is_empty()).then(|| view(View::List(items)))),
                    ("entries", (!entries.is_empty()).then(|| view(View::Dict(entries)))),
                ];
                let given = parts.into_iter().filter_map(|(name, part)| Some((name, part?)));
                Content::Named(given.collect())
            }
        };
        let name = class.map_or(Cow::Borrowed("object"), |class| class.to_string().into());
        Ok(Instance { name, content })
    }

    /// The attributes that a state is, if it is such: a dict, or `None` and a dict for a class
    /// that has `__slots__`.
    fn attributes(&mut self, opaque: &Opaque<'b>) -> Result<Option<Entries<'b>>> {
        let Some(mut state) = opaque.state().map(|state| state.id) else {
            return Ok(None);
        };
        if let Some(&[dict, slots]) = self.reader.tuple(state)
            && self.reader.is_none(dict)
        {
            state = slots;
        }
        let Some(pairs) = self.reader.dict(state) else {
            return Ok(None);
        };
        self.visit(pairs.len())?;
        for (key, _) in pairs {
            if self.key(*key)?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(Entries { reader: self.reader, pairs: Pairs::Pairs(pairs) }))
    }

    /// A date or a time, in the numbers that it would be called with.
    fn date(&mut self, class: &str, opaque: &Opaque<'b>) -> Result<Option<Content<'b>>> {
        if opaque.state().is_some() || !opaque.kwargs().is_empty() {
            return Ok(None);
        }
        let (bytes, zone) = match *opaque.args().ids {
            [bytes] => (bytes, None),
            [bytes, zone] if class != "date" => (bytes, Some(zone)),
            _ => return Ok(None),
        };
        let &Node::Bytes(span) = self.reader.node(bytes) else {
            return Ok(None);
        };
        let Some(numbers) = dates::numbers(class, self.reader.bytes(span)?) else {
            return Ok(None);
        };
        let numbers = numbers.into_iter().map(|number| Part::View(Box::new(View::Int(number))));
        Ok(Some(Content::Parts(numbers.chain(zone.map(Part::Object)).collect())))
    }
}

fn of_subclass(subclass: SubclassView<'_>) -> Instance<'_> {
    let name = subclass.class().to_string().into();
    let view = |view| Part::View(Box::new(view));
    let mask = subclass.mask().map(|mask| view(View::Array(mask.clone())));
    let fill = subclass.fill_value().map(|fill| Part::Object(fill.id));
    let parts =
        [("data", Some(view(subclass.data().clone()))), ("mask", mask), ("fill_value", fill)];
    let parts = parts.into_iter().filter_map(|(name, part)| Some((name, part?)));
    Instance { name, content: Content::Named(parts.collect()) }
}

/// Whether a type's name is that of a class: the whole, or the last part where the type's has no
/// dot.
fn is_name(expected: &str, found: &str) -> bool {
    expected == found || (!expected.contains('.') && found.rsplit('.').next() == Some(expected))
}

/// The bytes of an integer in two's complement, as few as it needs.
fn shortest(value: i64) -> Vec<u8> {
    let mut bytes = value.to_le_bytes().to_vec();
    while let [.., next, last] = *bytes.as_slice()
        && last == if next & 0x80 == 0 { 0 } else { 0xff }
    {
        bytes.pop();
    }
    if value == 0 {
        bytes.clear();
    }
    bytes
}

const REFERENCE: &str = "ipyparallel.serialize.canning.Reference";
