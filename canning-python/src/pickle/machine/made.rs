//! Integers, text and bytes.

use canning_core::{Error, ErrorKind, Result};

use super::Machine;
use crate::object::graph::{Global, Id, Node, Span};

impl<'s> Machine<'_, 's> {
    /// Takes bytes of the pickle.
    pub(super) fn span(&mut self, len: u64, what: &'static str) -> Result<Span> {
        let start = self.pickle.start + self.cursor.at();
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let taken = self.cursor.take(len, what)?;
        Ok(Span { source: self.pickle.source, start, end: start + taken.len() })
    }

    pub(super) fn text(&mut self, len: u64) -> Result<()> {
        let mut ahead = self.cursor.clone();
        let span = self.span(len, "as many bytes of text as said")?;
        let text = ahead.take(span.end - span.start, "text")?;
        if !is_text(text) {
            return Err(self.malformed("text in UTF-8"));
        }
        self.push(Node::Str(span))
    }

    /// An integer of as many bytes as there are needed, in two's complement.
    pub(super) fn long(&mut self, len: usize) -> Result<()> {
        let start = self.pickle.start + self.cursor.at();
        let mut bytes = self.cursor.take(len, "as many bytes of an integer as said")?;
        // Bytes that only repeat the sign do not make it a big one.
        while let [rest @ .., next, last] = bytes
            && rest.len() > 6
            && *last == if next & 0x80 == 0 { 0 } else { 0xff }
        {
            bytes = bytes.split_last().map_or(bytes, |(_, rest)| rest);
        }
        if bytes.len() > 8 {
            let span = Span { source: self.pickle.source, start, end: start + bytes.len() };
            return self.push(Node::BigInt(span));
        }
        let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
        let mut int = [if negative { 0xff } else { 0 }; 8];
        int.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.push(Node::Int(i64::from_le_bytes(int)))
    }

    pub(super) fn take_buffer(&mut self) -> Result<()> {
        let index = self.next_buffer;
        let number = u32::try_from(index).ok().filter(|_| index < self.pickle.buffers);
        let Some(number) = number else {
            let (expected, found) = (index.saturating_add(1), self.pickle.buffers);
            return Err(ErrorKind::BufferCount { expected, found }.into());
        };
        self.next_buffer += 1;
        self.push(Node::Buffer { index: number, readonly: false })
    }

    pub(super) fn make_readonly(&mut self) -> Result<()> {
        let top = self.top()?;
        let &Node::Buffer { index, .. } = self.graph.get(top) else {
            return Err(self.malformed("a buffer to make read-only"));
        };
        let [_] = self.pop()?;
        self.push(Node::Buffer { index, readonly: true })
    }

    /// The bytes that a call of a builtin would make, which older protocols have no opcodes for.
    pub(super) fn bytes_made_by(&mut self, class: Id, args: Id) -> Result<Option<Node>> {
        let Node::Global(global) = self.graph.get(class) else {
            return Ok(None);
        };
        let Global { module, name } = **global;
        let (module, name) = (self.part(module)?, self.part(name)?);
        let is_builtin = matches!(module, b"builtins" | b"__builtin__");
        let array = match (is_builtin, module, name) {
            (false, b"_codecs", b"encode") | (true, _, b"bytes") => false,
            (true, _, b"bytearray") => true,
            _ => return Ok(None),
        };
        let Node::Tuple(args) = self.graph.get(args) else { return Ok(None) };
        let span = match args.as_slice() {
            [] if is_builtin => Span {
                source: self.pickle.source,
                start: self.pickle.start,
                end: self.pickle.start,
            },
            &[bytes] if is_builtin => match *self.graph.get(bytes) {
                Node::Bytes(span) => span,
                _ => return Ok(None),
            },
            &[text, encoding] => match (self.graph.get(text), self.graph.get(encoding)) {
                (&Node::Str(text), &Node::Str(encoding)) => match self.part(encoding)? {
                    b"latin1" | b"latin-1" => self.latin(text)?,
                    _ => return Ok(None),
                },
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some(if array { Node::ByteArray(span) } else { Node::Bytes(span) }))
    }

    /// The bytes whose Latin-1 text this is. Where it is ASCII, they stand there.
    fn latin(&mut self, text: Span) -> Result<Span> {
        if let Some(&made) = self.latin.get(&text) {
            return Ok(made);
        }
        let bytes = self.part(text)?;
        if bytes.is_ascii() {
            self.latin.insert(text, text);
            return Ok(text);
        }
        let expected = "text of Latin-1's characters";
        let chars = || str::from_utf8(bytes).unwrap_or_default().chars();
        if str::from_utf8(bytes).is_err() || chars().any(|char| u32::from(char) > 0xff) {
            return Err(self.malformed(expected));
        }
        let made = || chars().filter_map(|char| u8::try_from(char).ok()).collect();
        let made = self.graph.make(chars().count(), self.limits, made)?;
        self.latin.insert(text, made);
        Ok(made)
    }

    /// The bytes of a span that stands in this pickle.
    fn part(&self, span: Span) -> Result<&'s [u8]> {
        let start = span.start.checked_sub(self.pickle.start);
        let end = span.end.checked_sub(self.pickle.start);
        let range = start.zip(end).filter(|_| span.source == self.pickle.source);
        let bytes = range.and_then(|(start, end)| self.pickle.bytes.get(start..end));
        bytes.ok_or_else(|| Error::from(ErrorKind::Layout("a span of another pickle")))
    }
}

/// Tells whether it is UTF-8, in which surrogates may stand, as Python writes them.
fn is_text(mut bytes: &[u8]) -> bool {
    loop {
        let Err(error) = str::from_utf8(bytes) else { return true };
        let rest = bytes.get(error.valid_up_to()..).unwrap_or_default();
        let [0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..] = rest else { return false };
        bytes = rest;
    }
}
