//! Containers that are filled, and instances of classes that nobody calls.

use canning_core::{Error, ErrorKind, Result};

use super::Machine;
use crate::object::graph::{Global, Id, Instance, MadeBy, Node, Span};

impl Machine<'_, '_> {
    /// Appends the items from a place on the stack to the list below them.
    pub(super) fn append(&mut self, start: usize) -> Result<()> {
        let (list, items) = self.stack.container(start).ok_or_else(|| self.no_container())?;
        match self.graph.get_mut(list) {
            Node::List(all) => all.extend_from_slice(items),
            Node::Instance(instance) => instance.items.extend_from_slice(items),
            _ => return Err(self.malformed("a list below the items")),
        }
        self.stack.truncate(start);
        Ok(())
    }

    pub(super) fn add(&mut self, start: usize) -> Result<()> {
        let (set, items) = self.stack.container(start).ok_or_else(|| self.no_container())?;
        match self.graph.get_mut(set) {
            Node::Set(all) => all.extend_from_slice(items),
            Node::Instance(instance) => instance.items.extend_from_slice(items),
            _ => return Err(self.malformed("a set below the items")),
        }
        self.stack.truncate(start);
        Ok(())
    }

    pub(super) fn set(&mut self, start: usize) -> Result<()> {
        let (dict, entries) = self.stack.container(start).ok_or_else(|| self.no_container())?;
        let (entries, odd) = entries.as_chunks::<2>();
        if !odd.is_empty() {
            return Err(self.malformed("as many values as keys"));
        }
        let entries = entries.iter().map(|&[key, value]| (key, value));
        match self.graph.get_mut(dict) {
            Node::Dict(all) => all.extend(entries),
            Node::Instance(instance) => instance.entries.extend(entries),
            _ => return Err(self.malformed("a dict below the entries")),
        }
        self.stack.truncate(start);
        Ok(())
    }

    #[cold]
    fn no_container(&self) -> Error {
        self.malformed("an object on the stack")
    }

    pub(super) fn global(&mut self) -> Result<()> {
        let module = self.name()?;
        let name = self.name()?;
        self.push_global(module, name)
    }

    fn name(&mut self) -> Result<Span> {
        let start = self.pickle.start + self.cursor.at();
        let line = self.cursor.line()?;
        if str::from_utf8(line).is_err() {
            return Err(self.malformed("a name in UTF-8"));
        }
        Ok(Span { source: self.pickle.source, start, end: start + line.len() })
    }

    pub(super) fn stack_global(&mut self) -> Result<()> {
        let [module, name] = self.pop()?;
        match (self.graph.get(module), self.graph.get(name)) {
            (&Node::Str(module), &Node::Str(name)) => self.push_global(module, name),
            _ => Err(self.malformed("a module's name and a name")),
        }
    }

    /// A long name would be compared, checked and copied for each object of the class.
    fn push_global(&mut self, module: Span, name: Span) -> Result<()> {
        let found = module.len().max(name.len());
        if found > MOST_NAME {
            let (limit, found) = (MOST_NAME as u64, found as u64);
            let what = "length of the name of a class";
            return Err(ErrorKind::Limit { what, limit, found }.into());
        }
        self.push(Node::Global(Box::new(Global { module, name })))
    }

    pub(super) fn reduce(&mut self) -> Result<()> {
        let [class, args] = self.pop()?;
        let node = match self.bytes_made_by(class, args)? {
            Some(node) => node,
            None => self.instance(class, MadeBy::Reduce, args, None)?,
        };
        self.push(node)
    }

    pub(super) fn new_object(&mut self, with_kwargs: bool) -> Result<()> {
        let kwargs = if with_kwargs {
            let [kwargs] = self.pop()?;
            if !matches!(self.graph.get(kwargs), Node::Dict(_)) {
                return Err(self.malformed("a dict of arguments"));
            }
            Some(kwargs)
        } else {
            None
        };
        let [class, args] = self.pop()?;
        let node = self.instance(class, MadeBy::NewObj, args, kwargs)?;
        self.push(node)
    }

    fn instance(&self, class: Id, made_by: MadeBy, args: Id, kwargs: Option<Id>) -> Result<Node> {
        // An instance may be called, too: what `functools.partial` gives, say.
        if !matches!(self.graph.get(class), Node::Global(_) | Node::Instance(_)) {
            return Err(self.malformed("a class or a function"));
        }
        if !matches!(self.graph.get(args), Node::Tuple(_)) {
            return Err(self.malformed("a tuple of arguments"));
        }
        let (items, entries) = (Vec::new(), Vec::new());
        let instance = Instance { class, made_by, args, kwargs, state: None, items, entries };
        Ok(Node::Instance(Box::new(instance)))
    }

    pub(super) fn build(&mut self) -> Result<()> {
        let [state] = self.pop()?;
        let top = self.top()?;
        let offset = self.at;
        let Node::Instance(instance) = self.graph.get_mut(top) else {
            return Err(self.malformed("an instance that takes a state"));
        };
        if instance.state.replace(state).is_some() {
            let expected = "one state an instance";
            return Err(ErrorKind::Malformed { expected, offset }.into());
        }
        Ok(())
    }
}

/// The longest name of a module, and of a class in it, in bytes.
const MOST_NAME: usize = 1024;
