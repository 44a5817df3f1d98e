//! The machine that a pickle is a program for: it makes objects of a graph, and never calls.

mod build;
mod cursor;
mod made;
mod stack;

use std::collections::HashMap;

use canning_core::{Error, ErrorKind, Result};

use self::{
    cursor::Cursor,
    stack::{Memo, Stack},
};
use super::opcode::{self as op, instead_of};
use crate::{
    Limits,
    object::graph::{Graph, Id, Node, Source, Span},
};

/// A pickle and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pickle<'s> {
    pub(crate) bytes: &'s [u8],
    pub(crate) source: Source,
    /// Where the bytes begin in their source.
    pub(crate) start: usize,
    /// How many buffers `NEXT_BUFFER` may take.
    pub(crate) buffers: usize,
}

/// Runs a pickle: its objects are put into `graph`. Gives the object that it is and the number of
/// buffers that it took.
///
/// It takes a step for each opcode and keeps what nests on a stack of its own; memory is taken for
/// bytes that are there, never for a length that is only said.
///
/// # Errors
///
/// `Malformed`, with the offset within this pickle, and `Limit`.
pub(crate) fn run(graph: &mut Graph, pickle: Pickle<'_>, limits: &Limits) -> Result<(Id, usize)> {
    let mut machine = Machine {
        graph,
        limits,
        cursor: Cursor::new(pickle.bytes),
        pickle,
        stack: Stack::default(),
        memo: Memo::default(),
        next_buffer: 0,
        latin: HashMap::new(),
        at: 0,
    };
    let root = loop {
        if let Some(root) = machine.step()? {
            break root;
        }
    };
    Ok((root, machine.next_buffer))
}

struct Machine<'m, 's> {
    graph: &'m mut Graph,
    limits: &'m Limits,
    pickle: Pickle<'s>,
    cursor: Cursor<'s>,
    stack: Stack,
    memo: Memo,
    next_buffer: usize,
    /// Text that was made bytes, so that it is done once.
    latin: HashMap<Span, Span>,
    /// Where the opcode stands that is being done.
    at: usize,
}

impl<'s> Machine<'_, 's> {
    /// Does what one opcode says; at `STOP`, gives the object.
    fn step(&mut self) -> Result<Option<Id>> {
        self.at = self.cursor.at();
        match self.cursor.opcode()? {
            op::PROTO => match self.cursor.u8()? {
                0..=op::HIGHEST_PROTOCOL => {}
                found => return Err(ErrorKind::Version { found: found.into() }.into()),
            },
            // A hint for those who read from streams.
            op::FRAME => _ = self.cursor.u64()?,
            op::STOP => return self.stop().map(Some),

            op::NONE => self.stack.push(Graph::NONE),
            op::NEWTRUE => self.stack.push(Graph::TRUE),
            op::NEWFALSE => self.stack.push(Graph::FALSE),
            op::BININT => {
                let int = self.cursor.i32()?;
                self.push(Node::Int(int.into()))?;
            }
            op::BININT1 => {
                let int = self.cursor.u8()?;
                self.push(Node::Int(int.into()))?;
            }
            op::BININT2 => {
                let int = self.cursor.u16()?;
                self.push(Node::Int(int.into()))?;
            }
            op::LONG1 => {
                let len = self.cursor.u8()?;
                self.long(len.into())?;
            }
            op::LONG4 => {
                let len = self.cursor.i32()?;
                let len = usize::try_from(len);
                self.long(len.map_err(|_| self.malformed("a length that is not negative"))?)?;
            }
            op::BINFLOAT => {
                let float = self.cursor.f64()?;
                self.push(Node::Float(float))?;
            }

            op::SHORT_BINUNICODE => {
                let len = self.cursor.u8()?;
                self.text(len.into())?;
            }
            op::BINUNICODE => {
                let len = self.cursor.u32()?;
                self.text(len.into())?;
            }
            op::BINUNICODE8 => {
                let len = self.cursor.u64()?;
                self.text(len)?;
            }
            op::SHORT_BINBYTES => {
                let len = self.cursor.u8()?;
                let span = self.span(len.into(), "as many bytes as said")?;
                self.push(Node::Bytes(span))?;
            }
            op::BINBYTES => {
                let len = self.cursor.u32()?;
                let span = self.span(len.into(), "as many bytes as said")?;
                self.push(Node::Bytes(span))?;
            }
            op::BINBYTES8 => {
                let len = self.cursor.u64()?;
                let span = self.span(len, "as many bytes as said")?;
                self.push(Node::Bytes(span))?;
            }
            op::BYTEARRAY8 => {
                let len = self.cursor.u64()?;
                let span = self.span(len, "as many bytes as said")?;
                self.push(Node::ByteArray(span))?;
            }
            op::NEXT_BUFFER => self.take_buffer()?,
            op::READONLY_BUFFER => self.make_readonly()?,

            op::MARK => self.stack.mark(),
            op::POP => self.drop_top()?,
            op::POP_MARK => {
                let start = self.pop_mark()?;
                self.stack.truncate(start);
            }
            op::DUP => {
                let top = self.top()?;
                self.stack.push(top);
            }
            op::BINPUT => {
                let slot = self.cursor.u8()?;
                self.put(Some(slot.into()))?;
            }
            op::LONG_BINPUT => {
                let slot = self.cursor.u32()?;
                self.put(Some(slot as usize))?;
            }
            op::MEMOIZE => self.put(None)?,
            op::BINGET => {
                let slot = self.cursor.u8()?;
                self.get(slot.into())?;
            }
            op::LONG_BINGET => {
                let slot = self.cursor.u32()?;
                self.get(slot as usize)?;
            }

            op::EMPTY_TUPLE => self.stack.push(Graph::EMPTY_TUPLE),
            op::EMPTY_LIST => self.push(Node::List(Vec::new()))?,
            op::EMPTY_DICT => self.push(Node::Dict(Vec::new()))?,
            op::EMPTY_SET => self.push(Node::Set(Vec::new()))?,
            op::TUPLE1 => {
                let items = self.pop::<1>()?;
                self.push(Node::Tuple(items.into()))?;
            }
            op::TUPLE2 => {
                let items = self.pop::<2>()?;
                self.push(Node::Tuple(items.into()))?;
            }
            op::TUPLE3 => {
                let items = self.pop::<3>()?;
                self.push(Node::Tuple(items.into()))?;
            }
            op::TUPLE => {
                let items = self.pop_to_mark()?;
                let empty = items.is_empty();
                if empty {
                    self.stack.push(Graph::EMPTY_TUPLE);
                } else {
                    self.push(Node::Tuple(items))?;
                }
            }
            op::FROZENSET => {
                let items = self.pop_to_mark()?;
                self.push(Node::FrozenSet(items))?;
            }
            op::APPEND => {
                let start = self.above::<1>()?;
                self.append(start)?;
            }
            op::APPENDS => {
                let start = self.pop_mark()?;
                self.append(start)?;
            }
            op::ADDITEMS => {
                let start = self.pop_mark()?;
                self.add(start)?;
            }
            op::SETITEM => {
                let start = self.above::<2>()?;
                self.set(start)?;
            }
            op::SETITEMS => {
                let start = self.pop_mark()?;
                self.set(start)?;
            }

            op::GLOBAL => self.global()?,
            op::STACK_GLOBAL => self.stack_global()?,
            op::REDUCE => self.reduce()?,
            op::NEWOBJ => self.new_object(false)?,
            op::NEWOBJ_EX => self.new_object(true)?,
            op::BUILD => self.build()?,

            other => return Err(self.malformed(instead_of(other))),
        }
        Ok(None)
    }

    fn stop(&mut self) -> Result<Id> {
        let [root] = self.pop()?;
        if self.stack.len() > 0 || self.stack.has_marks() {
            return Err(self.malformed("one object on the stack at STOP"));
        }
        if !self.cursor.is_empty() {
            let (expected, offset) = ("the end after STOP", self.cursor.at());
            return Err(ErrorKind::Malformed { expected, offset }.into());
        }
        Ok(root)
    }

    /// As Python has it, `POP` takes the mark where nothing is above it.
    fn drop_top(&mut self) -> Result<()> {
        if self.stack.pop().is_none() {
            self.pop_mark()?;
        }
        Ok(())
    }

    fn put(&mut self, slot: Option<usize>) -> Result<()> {
        let top = self.top()?;
        self.memo.put(slot, top, self.limits)
    }

    fn get(&mut self, slot: usize) -> Result<()> {
        let found = self.memo.get(slot);
        let item = found.ok_or_else(|| self.malformed("a memo slot that was filled"))?;
        self.stack.push(item);
        Ok(())
    }

    fn push(&mut self, node: Node) -> Result<()> {
        let id = self.graph.push(node, self.limits)?;
        self.stack.push(id);
        Ok(())
    }

    fn top(&self) -> Result<Id> {
        self.stack.top().ok_or_else(|| self.malformed("an object on the stack"))
    }

    fn pop<const N: usize>(&mut self) -> Result<[Id; N]> {
        let popped = self.stack.pop_array();
        popped.ok_or_else(|| self.malformed("more objects on the stack, above the last mark"))
    }

    /// Where the `N` items on top begin.
    fn above<const N: usize>(&self) -> Result<usize> {
        let start = self.stack.start_of(N);
        start.ok_or_else(|| self.malformed("more objects on the stack, above the last mark"))
    }

    fn pop_mark(&mut self) -> Result<usize> {
        let mark = self.stack.pop_mark();
        mark.ok_or_else(|| self.malformed("a mark on the stack"))
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>> {
        let start = self.pop_mark()?;
        let items = self.stack.from(start).to_vec();
        self.stack.truncate(start);
        Ok(items)
    }

    #[cold]
    fn malformed(&self, expected: &'static str) -> Error {
        ErrorKind::Malformed { expected, offset: self.at }.into()
    }
}
