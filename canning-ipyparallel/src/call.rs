//! Calls of functions, and variables to push.

use std::{collections::BTreeMap, sync::Arc};

use canning_core::{Buffer, Can};

use crate::{
    error::{Error, ErrorKind, Result},
    packing,
};

/// A function and its arguments: `Call::new("numpy.sum").arg(&array).kwarg("axis", &0)`.
///
/// Arguments are canned when they are given; what was wrong with one is told by the result of the
/// call. Large arrays are borrowed until the call is made, and then copied once to be sent; those
/// of an [`arc`](Self::arc) are not.
#[derive(Debug)]
#[must_use = "it is a view that makes a call"]
pub struct Call<'a> {
    /// What its result is called by in errors.
    what: Arc<str>,
    function: Function<'a>,
    args: Vec<Vec<Buffer<'a>>>,
    kwargs: BTreeMap<String, Vec<Buffer<'a>>>,
    failed: Option<Error>,
}

#[derive(Debug)]
enum Function<'a> {
    Global { module: String, name: String },
    Variable(Vec<Buffer<'a>>),
}

impl<'a> Call<'a> {
    /// A call of a function that can be imported, as `numpy.linalg.svd`. The engine imports what
    /// stands before the last dot, or before a colon: `numpy:linalg.svd`.
    pub fn new(function: &str) -> Self {
        let (module, name) = match function.split_once(':') {
            Some(names) => names,
            None => function.rsplit_once('.').unwrap_or(("builtins", function)),
        };
        let what = shortened(function);
        let failed = if is_path(module) && is_path(name) { None } else { Some(bad(function)) };
        let (module, name) = (module.to_owned(), name.to_owned());
        Self { failed, ..Self::of(what, Function::Global { module, name }) }
    }

    /// A call of what an engine has under this name, as a function that was defined by
    /// [`execute`](crate::EngineView::execute).
    pub fn of_variable(name: &str) -> Self {
        let mut call = Self::of(shortened(name), Function::Variable(Vec::new()));
        if let Some(packed) = call.reference(name) {
            call.function = Function::Variable(packed);
        }
        call
    }

    fn of(what: Arc<str>, function: Function<'a>) -> Self {
        Self { what, function, args: Vec::new(), kwargs: BTreeMap::new(), failed: None }
    }

    /// Adds a positional argument.
    pub fn arg<T: Can<V> + ?Sized, V>(mut self, value: &'a T) -> Self {
        let packed = self.packed(|| packing::serialize(value));
        self.args.extend(packed);
        self
    }

    /// Adds a positional argument that is shared: it is not copied to be sent.
    pub fn arc<T: Can<V> + Send + Sync + 'static, V>(mut self, value: &Arc<T>) -> Self {
        let packed = self.packed(|| packing::serialize_arc(value));
        self.args.extend(packed);
        self
    }

    /// Adds as a positional argument what the engine has under this name.
    pub fn variable(mut self, name: &str) -> Self {
        let packed = self.reference(name);
        self.args.extend(packed);
        self
    }

    /// Adds an argument by name; the last of one name counts.
    pub fn kwarg<T: Can<V> + ?Sized, V>(mut self, name: &str, value: &'a T) -> Self {
        let packed = self.packed(|| packing::serialize(value));
        self.named(name, packed)
    }

    /// As [`kwarg`](Self::kwarg), of a value that is shared: it is not copied to be sent.
    pub fn kwarc<T, V>(mut self, name: &str, value: &Arc<T>) -> Self
    where
        T: Can<V> + Send + Sync + 'static,
    {
        let packed = self.packed(|| packing::serialize_arc(value));
        self.named(name, packed)
    }

    fn named(mut self, name: &str, packed: Option<Vec<Buffer<'a>>>) -> Self {
        if !is_identifier(name) {
            self.failed.get_or_insert_with(|| bad(name));
        }
        self.kwargs.extend(packed.map(|packed| (name.to_owned(), packed)));
        self
    }

    fn reference(&mut self, name: &str) -> Option<Vec<Buffer<'a>>> {
        if !is_path(name) {
            self.failed.get_or_insert_with(|| bad(name));
            return None;
        }
        self.packed(|| packing::reference(name))
    }

    fn packed<P>(&mut self, pack: impl FnOnce() -> Result<P>) -> Option<P> {
        pack().map_err(|error| self.failed.get_or_insert(error)).ok()
    }

    /// What its result is called by in errors.
    pub(crate) fn what(&self) -> Arc<str> {
        Arc::clone(&self.what)
    }

    /// What an engine is asked.
    pub(crate) fn into_question(self) -> Result<Question> {
        let what = self.what();
        Ok(Question { what, buffers: self.into_buffers()? })
    }

    /// The buffers of an `apply_request`.
    fn into_buffers(self) -> Result<Vec<Buffer<'static>>> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let mut buffers = match self.function {
            Function::Global { module, name } => vec![packing::global(&module, &name)],
            Function::Variable(packed) => packing::owned(packed)?,
        };
        let arg_buffers = self.args.iter().map(Vec::len).sum();
        let (names, kwargs): (Vec<String>, Vec<_>) = self.kwargs.into_iter().unzip();
        buffers.extend(packing::table(self.args.len(), arg_buffers, &names)?);
        for packed in self.args.into_iter().chain(kwargs) {
            buffers.extend(packing::owned(packed)?);
        }
        Ok(buffers)
    }
}

/// What an engine is asked to apply.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// What the result is called by in errors.
    pub(crate) what: Arc<str>,
    pub(crate) buffers: Vec<Buffer<'static>>,
}

/// Variables to push: `Variables::new().set("a", &1).set("b", &array)`.
#[derive(Debug)]
#[must_use = "it is a view that pushes them"]
pub struct Variables<'a>(Call<'a>);

impl<'a> Variables<'a> {
    /// No variables.
    pub fn new() -> Self {
        Self(Call::new("ipyparallel.util:_push"))
    }

    /// Adds a variable; the last of one name counts. It is borrowed and copied as an argument of
    /// a [`Call`] is.
    pub fn set<T: Can<V> + ?Sized, V>(self, name: &str, value: &'a T) -> Self {
        Self(self.0.kwarg(name, value))
    }

    /// Adds a variable that is shared: it is not copied to be sent.
    pub fn set_arc<T: Can<V> + Send + Sync + 'static, V>(self, name: &str, value: &Arc<T>) -> Self {
        Self(self.0.kwarc(name, value))
    }

    pub(crate) fn into_call(self) -> Call<'a> {
        self.0
    }
}

impl Default for Variables<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// A call that gives what an expression is on the engine.
pub(crate) fn pull<'a>(expression: &'a str) -> Call<'a> {
    let call = Call::new("ipyparallel.util:_pull").arg(expression);
    Call { what: shortened(expression), ..call }
}

/// The first line of a name or expression, or as much of it as is good to read.
fn shortened(text: &str) -> Arc<str> {
    const CHARS: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()).into(),
        None if line.len() < text.len() => format!("{line}…").into(),
        None => line.into(),
    }
}

fn bad(name: &str) -> Error {
    ErrorKind::Name(name.to_owned()).into()
}

/// Whether that may be names with dots in between.
fn is_path(path: &str) -> bool {
    path.split('.').all(is_identifier)
}

/// Whether that may be a name in Python: it becomes a part of a program there.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic());
    first && chars.all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_python_cannot_have_are_refused() {
        for name in ["", "a b", "1a", "a;b", "a=1", "x\n", ".a", "a.", "a..b", "a:b:c", ":a"] {
            let error = Call::new(name).into_buffers().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Name(_)), "{name:?}");
        }
        for name in ["", "a.b", "x; import os", "a\n"] {
            let error = Variables::new().set(name, &1).into_call().into_buffers().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Name(_)), "{name:?}");
        }
        assert!(is_identifier("größe_2"));
    }

    #[test]
    fn a_call_is_the_message_that_python_unpacks() {
        let array = vec![1.0_f64; 200];
        let call = Call::new("numpy.sum").arg(&5).arg(&array).variable("x.y");
        let call = call.kwarg("b", &array).kwarg("axis", "ä");
        let frames = call.into_buffers().unwrap();
        let frames: Vec<&[u8]> = frames.iter().map(|frame| frame.as_slice().unwrap()).collect();
        // What `unpack_apply_message` of ipyparallel 9.2 read as `sum`, `(5, array, x.y)` and
        // `{'axis': 'ä', 'b': array}`.
        assert_eq!(frames[0], &b"\x80\x04X\x05\0\0\0numpyX\x03\0\0\0sum\x93."[..]);
        assert_eq!(
            frames[1],
            &b"\x80\x05}(\x8c\x07kw_keys](\x8c\x04axis\x8c\x01be\
               \x8c\x09narg_bufsK\x04\x8c\x05nargsK\x03u."[..]
        );
        assert_eq!(frames[2], &b"\x80\x05K\x05."[..]);
        assert_eq!(frames[4].len(), 1600);
        assert_eq!(frames[6], &b"\x80\x05\x8c\x02\xc3\xa4."[..]);
        assert_eq!((frames.len(), &frames[3], &frames[4]), (9, &frames[7], &frames[8]));
    }

    #[test]
    fn what_is_shared_is_not_copied_and_what_is_borrowed_is_once() {
        let array = Arc::new(vec![1.0_f64; 200]);
        let address: *const u8 = array.as_ptr().cast();
        let frames = Call::new("a.b").arc(&array).arg(&*array).into_buffers().unwrap();
        let frames: Vec<&[u8]> = frames.iter().map(|frame| frame.as_slice().unwrap()).collect();
        assert_eq!(frames[3].as_ptr(), address);
        assert_ne!(frames[5].as_ptr(), address);
        drop(array);
        assert_eq!(frames[3], frames[5]);
    }
}
