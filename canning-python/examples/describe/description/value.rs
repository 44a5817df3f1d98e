//! Any object, as JSON.

use canning_core::{ErrorKind, Result};
use canning_python::{
    Dialect,
    view::{Entries, Item, Items, Memory, View},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{array, objects, other, repr};

/// What is being described, and how much of it was.
#[derive(Debug)]
pub(crate) struct Description<'o> {
    dialect: Dialect,
    /// The containers that are being described, the outermost first.
    pub(crate) above: Vec<Item<'o>>,
    /// What may still be described: an object is one unit, and so are 4 KiB.
    budget: u64,
}

/// How many objects are described at most: a shared one counts each time.
const BUDGET: u64 = 1 << 20;

/// How deep containers nest that are described.
const DEPTH: usize = 128;

/// Texts of up to as many characters are shown.
const SHORT: usize = 64;

impl<'o> Description<'o> {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { dialect, above: Vec::new(), budget: BUDGET }
    }

    /// Describes an object and all that it holds.
    pub(crate) fn of(&mut self, item: Item<'o>) -> Result<Value> {
        self.spend(0)?;
        if let Some(levels_up) = self.levels_up(item)? {
            return Ok(json!({"type": "recursive", "levels_up": levels_up}));
        }
        let view = item.view()?;
        if let Some(what) = self.needs_an_engine(&view)? {
            return Ok(json!({"type": "ipyparallel", "what": what}));
        }
        Ok(match view {
            View::List(items) => self.items("list", item, items)?,
            View::Tuple(items) => self.items("tuple", item, items)?,
            View::Set(items) => self.items("set", item, items)?,
            View::FrozenSet(items) => self.items("frozenset", item, items)?,
            View::Dict(entries) => self.entries("dict", item, entries)?,
            View::OrderedDict(entries) => self.entries("OrderedDict", item, entries)?,
            View::Str(text) => self.text(text.as_bytes())?,
            View::Surrogates(text) => self.text(text)?,
            View::Bytes(memory) => self.bytes("bytes", memory)?,
            View::ByteArray(memory) => self.bytes("bytearray", memory)?,
            View::MemoryView(memory) => self.bytes("memoryview", memory)?,
            View::Array(array) => array::memory(self, &array)?,
            View::ObjectArray(array) => array::objects(self, &array)?,
            View::Subclass(subclass) => array::subclass(self, &subclass)?,
            View::Scalar(scalar) => {
                let hash = self.sha256(&scalar.memory().to_bytes()?)?;
                let dtype = scalar.dtype().code().to_string();
                json!({"type": "numpy scalar", "dtype": dtype, "sha256": hash})
            }
            View::Dtype(dtype) => json!({"type": "dtype", "dtype": dtype.to_string()}),
            View::Global(class) => other::global(class),
            View::Opaque(opaque) => match other::repr(self, &opaque)? {
                Some((class, repr)) => json!({"type": "other", "class": class, "repr": repr}),
                None => other::opaque(self, item, &opaque)?,
            },
            View::Range(..) => {
                let repr = objects::repr(self, item)?;
                json!({"type": "other", "class": "builtins.range", "repr": repr})
            }
            scalar => match name(&scalar) {
                Some(name) => json!({"type": name, "repr": objects::repr(self, item)?}),
                None => return Err(ErrorKind::Unsupported("an object of this kind").into()),
            },
        })
    }

    /// Counts an object, and bytes.
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<()> {
        let units = 1 + bytes as u64 / 4096;
        match self.budget.checked_sub(units) {
            Some(left) => self.budget = left,
            None => {
                let (what, found) = ("number of objects, or of 4 KiB, to describe", BUDGET + 1);
                return Err(ErrorKind::Limit { what, limit: BUDGET, found }.into());
            }
        }
        Ok(())
    }

    /// Goes into a container.
    pub(crate) fn within<T>(
        &mut self,
        container: Item<'o>,
        describe: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.above.len() == DEPTH {
            let (limit, found) = (DEPTH as u64, DEPTH as u64 + 1);
            return Err(ErrorKind::Limit { what: "depth", limit, found }.into());
        }
        self.above.push(container);
        let described = describe(self);
        self.above.pop();
        described
    }

    fn items(&mut self, kind: &str, item: Item<'o>, items: Items<'o>) -> Result<Value> {
        let items = self.within(item, |this| this.all(items))?;
        Ok(container(kind, items))
    }

    pub(crate) fn all(&mut self, items: Items<'o>) -> Result<Vec<Value>> {
        items.iter().map(|item| self.of(item)).collect()
    }

    fn entries(&mut self, kind: &str, item: Item<'o>, entries: Entries<'o>) -> Result<Value> {
        let entries = self.within(item, |this| this.pairs(entries))?;
        Ok(container(kind, entries))
    }

    pub(crate) fn pairs(&mut self, entries: Entries<'o>) -> Result<Vec<Value>> {
        entries.iter().map(|(key, value)| Ok(vec![self.of(key)?, self.of(value)?].into())).collect()
    }

    fn text(&mut self, utf8: &[u8]) -> Result<Value> {
        let chars = repr::code_points(utf8).count();
        let hash = self.sha256(utf8)?;
        let mut told = json!({"type": "str", "chars": chars, "utf8_sha256": hash});
        if let (Ok(text), 0..=SHORT) = (str::from_utf8(utf8), chars) {
            set(&mut told, "value", text);
        }
        Ok(told)
    }

    fn bytes(&mut self, kind: &str, memory: Memory<'o>) -> Result<Value> {
        let hash = self.sha256(&memory.to_bytes()?)?;
        Ok(json!({"type": kind, "nbytes": memory.len(), "sha256": hash}))
    }

    fn sha256(&mut self, bytes: &[u8]) -> Result<String> {
        self.spend(bytes.len())?;
        Ok(hex(&Sha256::digest(bytes)))
    }

    /// How far above a container stands that this is.
    fn levels_up(&self, item: Item<'o>) -> Result<Option<usize>> {
        let above = self.above.iter().rev().position(|above| above.same_as(item));
        if let Some(up) = above {
            return Ok(Some(up + 1));
        }
        // ipyparallel sends a copy of what stands at the top, whose items are the same. Often
        // nothing else in the header tells that it did, and one is as good as the other.
        match self.above.first() {
            Some(&top) if is_copy(top, item)? => Ok(Some(self.above.len())),
            _ => Ok(None),
        }
    }

    /// What only an engine can put together. At the top it is named by its container.
    fn needs_an_engine(&self, view: &View<'o>) -> Result<Option<String>> {
        if let Some(what) = other::canned(view)? {
            return Ok(Some(what));
        }
        let (kind, items): (_, Vec<_>) = match view {
            View::List(items) => ("list", items.iter().collect()),
            View::Tuple(items) => ("tuple", items.iter().collect()),
            View::Set(items) => ("set", items.iter().collect()),
            View::Dict(entries) => ("dict", entries.iter().map(|(_, value)| value).collect()),
            _ => return Ok(None),
        };
        if self.dialect != Dialect::Ipyparallel || !self.above.is_empty() {
            return Ok(None);
        }
        for item in items {
            if let Some(what) = other::canned(&item.view()?)? {
                return Ok(Some(format!("{kind}_with_{what}")));
            }
        }
        Ok(None)
    }
}

/// `json!` would copy the items, at each level again.
fn container(kind: &str, items: Vec<Value>) -> Value {
    let mut told = json!({"type": kind});
    set(&mut told, "items", items);
    told
}

/// Adds an entry to what is told.
pub(crate) fn set(told: &mut Value, name: &str, value: impl Into<Value>) {
    if let Value::Object(entries) = told {
        entries.insert(name.into(), value.into());
    }
}

/// Prints bytes as digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of a scalar's type.
fn name(view: &View<'_>) -> Option<&'static str> {
    match view {
        View::None => Some("NoneType"),
        View::Bool(_) => Some("bool"),
        View::Int(_) | View::BigInt(_) => Some("int"),
        View::Float(_) => Some("float"),
        View::Complex(..) => Some("complex"),
        _ => None,
    }
}

/// Tells whether two containers are of one kind and hold the very same.
fn is_copy(top: Item<'_>, item: Item<'_>) -> Result<bool> {
    let items = |one: &Items<'_>, other: &Items<'_>| {
        one.len() == other.len()
            && one.iter().zip(other.iter()).all(|(one, other)| is_same(one, other))
    };
    Ok(match (top.view()?, item.view()?) {
        (View::List(one), View::List(other)) | (View::Tuple(one), View::Tuple(other)) => {
            !one.is_empty() && items(&one, &other)
        }
        (View::Dict(one), View::Dict(other)) if (1..64).contains(&one.len()) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| {
                    other.iter().any(|pair| is_same(key, pair.0) && is_same(value, pair.1))
                })
        }
        _ => false,
    })
}

fn is_same(one: Item<'_>, other: Item<'_>) -> bool {
    one.same_as(other)
        || match (one.view(), other.view()) {
            (Ok(View::Int(one)), Ok(View::Int(other))) => one == other,
            (Ok(View::Float(one)), Ok(View::Float(other))) => one.to_bits() == other.to_bits(),
            (Ok(View::Str(one)), Ok(View::Str(other))) => one == other,
            _ => false,
        }
}
