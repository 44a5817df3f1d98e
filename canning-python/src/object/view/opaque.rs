//! Objects of classes that are not known here.

use std::fmt;

use canning_core::Result;

use super::{Entries, Item, Items, items::Pairs};
use crate::object::{
    graph::{Id, Instance, MadeBy},
    reader::Reader,
};

/// A class or a function, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Class<'o> {
    pub(crate) module: &'o str,
    pub(crate) name: &'o str,
}

impl<'o> Class<'o> {
    /// The module that it is in.
    pub fn module(self) -> &'o str {
        self.module
    }

    /// Its name in the module; with dots where it is in a class.
    pub fn name(self) -> &'o str {
        self.name
    }

    /// As it is displayed, on one line.
    pub(crate) fn escaped(self) -> String {
        self.to_string().escape_debug().to_string()
    }
}

/// As `datetime.date`.
impl fmt::Display for Class<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// What an object of some class would be made of: nothing of it was called.
#[derive(Clone, Copy)]
pub struct Opaque<'o> {
    pub(crate) reader: Reader<'o>,
    pub(crate) instance: &'o Instance,
}

impl<'o> Opaque<'o> {
    /// The class or the function that would make it; `None` where that is an object itself, or has
    /// a name that is no text.
    ///
    /// # Errors
    ///
    /// When the name stood in a buffer that was moved out.
    pub fn class(&self) -> Result<Option<Class<'o>>> {
        let global = self.reader.global(self.instance.class)?;
        Ok(global.map(|(module, name)| Class { module, name }))
    }

    /// What would make it, whatever it is.
    pub fn callable(&self) -> Item<'o> {
        self.item(self.instance.class)
    }

    /// Whether it would be made by `cls.__new__`, and not by a call.
    pub fn is_new(&self) -> bool {
        self.instance.made_by == MadeBy::NewObj
    }

    /// The arguments by position.
    pub fn args(&self) -> Items<'o> {
        let ids = self.reader.sequence(self.instance.args).unwrap_or_default();
        Items { reader: self.reader, ids }
    }

    /// The arguments by name.
    pub fn kwargs(&self) -> Entries<'o> {
        let pairs = self.instance.kwargs.and_then(|kwargs| self.reader.dict(kwargs));
        Entries { reader: self.reader, pairs: Pairs::Pairs(pairs.unwrap_or_default()) }
    }

    /// What its `__setstate__` would be called with, or its `__dict__` filled with.
    pub fn state(&self) -> Option<Item<'o>> {
        self.instance.state.map(|id| self.item(id))
    }

    /// What would be appended to it, or added.
    pub fn items(&self) -> Items<'o> {
        Items { reader: self.reader, ids: &self.instance.items }
    }

    /// What it would get as a dict does.
    pub fn entries(&self) -> Entries<'o> {
        Entries { reader: self.reader, pairs: Pairs::Pairs(&self.instance.entries) }
    }

    fn item(&self, id: Id) -> Item<'o> {
        Item { reader: self.reader, id }
    }
}

impl fmt::Debug for Opaque<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Opaque");
        match self.class() {
            Ok(Some(class)) => text.field("class", &format_args!("{}", class.escaped())),
            _ => text.field("class", &self.callable()),
        };
        let (args, kwargs, items, entries) =
            (self.args(), self.kwargs(), self.items(), self.entries());
        if !args.is_empty() {
            text.field("args", &args);
        }
        if !kwargs.is_empty() {
            text.field("kwargs", &kwargs);
        }
        if let Some(state) = self.state() {
            text.field("state", &state);
        }
        if !items.is_empty() {
            text.field("items", &items);
        }
        if !entries.is_empty() {
            text.field("entries", &entries);
        }
        text.finish()
    }
}
