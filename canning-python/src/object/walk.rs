//! Reading typed values out of a graph.

use std::{collections::HashSet, slice, sync::Arc, vec};

use canning_core::{
    Buffer, Copied, Error, ErrorKind, RecordName, Result, SharedBytes, visitor::Kind,
};

pub(super) use self::shared::{nested_sources, shared_buffers};
use self::{explain::Obstacle, given::Given};
use super::{
    graph::{Id, Node},
    reader::Reader,
    view::{Item, Memory, Pairs, Place, View},
};
use crate::Limits;

mod array;
mod dates;
mod explain;
mod given;
mod kind;
mod layout;
mod number;
mod record;
mod shared;
mod time;
mod uncan;
mod variant;
mod weight;

/// An uncanner that walks a graph.
///
/// A shared object is met each time that it is referred to, and a recursive one without end: so
/// depth, objects met and bytes that are copied again are counted and bounded.
#[derive(Debug)]
pub(super) struct Walker<'b, 'a> {
    reader: Reader<'b>,
    /// What owns the header, if it is shared.
    header: Option<&'b SharedBytes>,
    buffers: Buffers<'b, 'a>,
    limits: Limits,
    open: Vec<Open<'b>>,
    /// What comes next, once it was looked at.
    next: Option<Next<'b>>,
    visits: usize,
    given: Given,
    expanded: usize,
    /// The names given out, each once.
    names: HashSet<Arc<RecordName>>,
    copied: Copied,
    moved: usize,
    /// What is in the way of borrowing the array that was received last.
    obstacle: Option<Obstacle>,
}

/// What becomes of the buffers.
#[derive(Debug)]
pub(super) enum Buffers<'b, 'a> {
    /// They stay with the object.
    View(&'b [Buffer<'b>]),
    /// They move out, but for those that are referred to several times.
    Take { slots: &'b mut [Option<Buffer<'a>>], shared: HashSet<u32> },
}

/// What has begun and not ended.
#[derive(Debug)]
struct Open<'b> {
    feed: Feed<'b>,
    /// For a record whose fields are matched by name.
    fields: Option<Box<Matched<'b>>>,
}

/// The parts that are still to come.
#[derive(Debug)]
enum Feed<'b> {
    One(Option<Part<'b>>),
    Ids(slice::Iter<'b, Id>),
    /// Keys and values by turns: the number of those taken.
    Entries(Pairs<'b>, usize),
    /// Values only.
    Values(Pairs<'b>, usize),
    Parts(vec::IntoIter<Part<'b>>),
    /// The numbers of a `range`: the next, the step, and how many.
    Range(i64, i64, usize),
}

#[derive(Debug)]
struct Matched<'b> {
    names: Names<'b>,
    /// Where each that comes belongs.
    positions: Vec<Option<usize>>,
    next: usize,
    ignores_unknown: bool,
}

/// The names of fields.
#[derive(Debug)]
enum Names<'b> {
    None,
    Keys(Vec<&'b str>),
    Own(Vec<&'static str>),
}

/// An object, or what is seen as one.
#[derive(Clone, Debug)]
enum Part<'b> {
    Object(Id),
    View(Box<View<'b>>),
    Slice(&'b [u8]),
    Bytes(Vec<u8>),
    Text(String),
}

/// A part, looked at.
#[derive(Debug)]
enum Next<'b> {
    View(View<'b>),
    Slice(&'b [u8]),
    Bytes(Vec<u8>),
    Text(String),
}

impl<'b, 'a> Walker<'b, 'a> {
    pub(super) fn new(
        reader: Reader<'b>,
        header: Option<&'b SharedBytes>,
        buffers: Buffers<'b, 'a>,
        limits: Limits,
    ) -> Self {
        let root = Feed::One(Some(Part::Object(reader.graph.root())));
        Self {
            reader,
            header,
            buffers,
            limits,
            open: vec![Open { feed: root, fields: None }],
            next: None,
            visits: 0,
            given: Given::default(),
            expanded: 0,
            names: HashSet::new(),
            copied: Copied::default(),
            moved: 0,
            obstacle: None,
        }
    }

    /// What was copied.
    pub(super) fn copied(&self) -> Copied {
        self.copied
    }

    /// How many buffers were moved out.
    pub(super) fn moved(&self) -> usize {
        self.moved
    }

    /// Says more of an error that putting the value together gave.
    pub(super) fn explain(&self, error: Error) -> Error {
        match &self.obstacle {
            Some(obstacle) => obstacle.explain(error),
            None => error,
        }
    }

    /// Looks at the next part, without taking it.
    fn look(&mut self) -> Result<&Next<'b>> {
        let next = match self.next.take() {
            Some(next) => next,
            None => {
                let part = self.part()?;
                self.see(part)?
            }
        };
        Ok(self.next.insert(next))
    }

    /// Takes the next part, looked at.
    fn take(&mut self) -> Result<Next<'b>> {
        let next = self.next.take();
        let part = self.advance()?;
        match next {
            Some(next) => Ok(next),
            None => self.see(part),
        }
    }

    /// The next object, if it is one of the graph: for what needs no closer look.
    #[inline]
    fn node(&self) -> Option<(Id, &'b Node)> {
        let id = match &self.open.last()?.feed {
            Feed::One(Some(Part::Object(id))) => *id,
            Feed::Entries(entries, at) => {
                let (key, value) = entries.ids(self.reader, *at / 2)?;
                if at.is_multiple_of(2) { key } else { value }
            }
            Feed::Ids(rest) => *rest.as_slice().first()?,
            Feed::Values(entries, at) => entries.ids(self.reader, *at)?.1,
            _ => return None,
        };
        Some((id, self.reader.graph.get(id)))
    }

    /// Takes the next object if it is one of the graph in which `read` finds what is asked for.
    #[inline]
    fn take_plain<R>(&mut self, read: impl FnOnce(&'b Node) -> Option<R>) -> Result<Option<R>> {
        let Some(value) = self.node().and_then(|(_, node)| read(node)) else {
            return Ok(None);
        };
        self.next = None;
        self.visit(1)?;
        match self.open.last_mut().map(|open| &mut open.feed) {
            Some(Feed::One(part)) => *part = None,
            Some(Feed::Ids(rest)) => _ = rest.next(),
            Some(Feed::Entries(_, at) | Feed::Values(_, at)) => *at += 1,
            Some(Feed::Parts(_) | Feed::Range(..)) | None => {}
        }
        Ok(Some(value))
    }

    /// Takes the next part, without a look.
    fn advance(&mut self) -> Result<Part<'b>> {
        self.next = None;
        self.visit(1)?;
        let part = match self.open.last_mut().map(|open| &mut open.feed) {
            Some(Feed::One(part)) => part.take(),
            Some(Feed::Ids(rest)) => rest.next().map(|id| Part::Object(*id)),
            Some(Feed::Entries(entries, at)) => {
                let part = entry_part(self.reader, *entries, *at);
                *at += 1;
                part
            }
            Some(Feed::Values(entries, at)) => {
                let part = entries.ids(self.reader, *at).map(|(_, value)| Part::Object(value));
                *at += 1;
                part
            }
            Some(Feed::Parts(rest)) => rest.next(),
            Some(Feed::Range(next, step, left)) => {
                let part = (*left > 0).then_some(int(*next));
                (*next, *left) = (next.wrapping_add(*step), left.saturating_sub(1));
                part
            }
            None => None,
        };
        part.ok_or_else(past_the_end)
    }

    /// The next part.
    fn part(&self) -> Result<Part<'b>> {
        let part = match self.open.last().map(|open| &open.feed) {
            Some(Feed::One(part)) => part.clone(),
            Some(Feed::Ids(rest)) => rest.as_slice().first().map(|id| Part::Object(*id)),
            Some(Feed::Entries(entries, at)) => entry_part(self.reader, *entries, *at),
            Some(Feed::Values(entries, at)) => {
                entries.ids(self.reader, *at).map(|(_, value)| Part::Object(value))
            }
            Some(Feed::Parts(rest)) => rest.as_slice().first().cloned(),
            Some(Feed::Range(next, _, left)) => (*left > 0).then_some(int(*next)),
            None => None,
        };
        part.ok_or_else(past_the_end)
    }

    fn see(&mut self, part: Part<'b>) -> Result<Next<'b>> {
        Ok(match part {
            Part::Object(id) => {
                let view = Item { reader: self.reader, id }.view()?;
                self.visit(weight::of(&view)?)?;
                Next::View(view)
            }
            Part::View(view) => Next::View(*view),
            Part::Slice(bytes) => Next::Slice(bytes),
            Part::Bytes(bytes) => Next::Bytes(bytes),
            Part::Text(text) => Next::Text(text),
        })
    }

    fn begin(&mut self, feed: Feed<'b>) -> Result<()> {
        self.begin_fields(feed, None)
    }

    fn begin_fields(&mut self, feed: Feed<'b>, fields: Option<Box<Matched<'b>>>) -> Result<()> {
        // The outermost frame is that of the value itself.
        limit("depth", self.limits.depth, self.open.len())?;
        self.open.push(Open { feed, fields });
        Ok(())
    }

    /// Ends what was begun last, of which everything must have been taken.
    fn end(&mut self) -> Result<()> {
        self.next = None;
        match self.open.pop().map_or(0, |open| open.feed.left()) {
            0 => Ok(()),
            found => Err(ErrorKind::Length { expected: 0, found }.into()),
        }
    }

    fn visit(&mut self, more: usize) -> Result<()> {
        self.visits = self.visits.saturating_add(more);
        limit("number of objects met", self.limits.visits, self.visits)
    }

    /// Is told before bytes are given out: the second time they are more than the input holds.
    #[inline]
    fn give(&mut self, bytes: &[u8]) -> Result<()> {
        if self.given.is_first(self.reader.sources.header, bytes)? {
            return Ok(());
        }
        self.expand(bytes.len())
    }

    /// As [`give`](Self::give), of memory.
    fn give_memory(&mut self, memory: Memory<'b>) -> Result<()> {
        match memory.place {
            Place::Pickle { bytes, .. } => self.give(bytes),
            Place::Buffer { index, .. } if self.given.is_first_buffer(index) => Ok(()),
            Place::Buffer { len, .. } => self.expand(len),
        }
    }

    /// Is told of each name of a class or a field: a long one is more than the object that has it.
    fn give_name(&mut self, len: usize) -> Result<()> {
        if len > SHORT_NAME { self.expand(len) } else { Ok(()) }
    }

    fn expand(&mut self, bytes: usize) -> Result<()> {
        self.expanded = self.expanded.saturating_add(bytes);
        limit("length of what is given out again", self.limits.expansion, self.expanded)
    }

    #[cold]
    fn wrong(&self, expected: Kind, found: &Next<'b>) -> Error {
        // What is text and bytes to Rust, but not here.
        if let (Kind::Text, Next::View(View::Surrogates(bytes))) = (expected, found)
            && let Err(error) = str::from_utf8(bytes)
        {
            return ErrorKind::Text(error).into();
        }
        explain::wrong(expected, found)
    }

    /// Whether an object could be taken for `None`, and stands in one more tuple where it is in a
    /// `Some`.
    fn is_ambiguous(&self, part: &Part<'b>) -> bool {
        let Part::Object(mut id) = *part else { return false };
        for _ in 0..=self.limits.depth {
            match self.reader.node(id) {
                Node::None => return true,
                Node::Tuple(items) => match items.as_slice() {
                    [only] => id = *only,
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }
}

impl Feed<'_> {
    /// How many parts are to come.
    fn left(&self) -> usize {
        match self {
            Self::One(part) => usize::from(part.is_some()),
            Self::Ids(rest) => rest.len(),
            Self::Entries(entries, at) => entries.len().saturating_mul(2).saturating_sub(*at),
            Self::Values(entries, at) => entries.len().saturating_sub(*at),
            Self::Parts(rest) => rest.len(),
            Self::Range(_, _, left) => *left,
        }
    }
}

/// The longest name that takes no more than what the object that has it is counted for.
const SHORT_NAME: usize = 64;

fn int<'b>(value: i64) -> Part<'b> {
    Part::View(Box::new(View::Int(value)))
}

fn entry_part<'b>(reader: Reader<'b>, entries: Pairs<'b>, at: usize) -> Option<Part<'b>> {
    let (key, value) = entries.ids(reader, at / 2)?;
    Some(Part::Object(if at.is_multiple_of(2) { key } else { value }))
}

fn limit(what: &'static str, limit: usize, found: usize) -> Result<()> {
    if found > limit {
        let (limit, found) = (limit as u64, found as u64);
        return Err(ErrorKind::Limit { what, limit, found }.into());
    }
    Ok(())
}

#[cold]
fn past_the_end() -> Error {
    ErrorKind::Unsupported("more values than were sent").into()
}
