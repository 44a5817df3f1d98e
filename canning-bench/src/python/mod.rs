//! Python itself, measured in turns with us.

pub(crate) use self::interpreter::Interpreter;

mod interpreter;
