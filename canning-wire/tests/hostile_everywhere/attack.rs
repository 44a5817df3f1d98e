//! One attack: bytes, and what is to be said of them.

use crate::support::assemble::{Header, frame};

pub(crate) struct Attack {
    pub(crate) name: String,
    /// The frame as it comes over a stream.
    pub(crate) frame: Vec<u8>,
    /// The header and the buffers, where the attack is in them.
    pub(crate) object: Option<(Vec<u8>, Vec<Vec<u8>>)>,
    /// What is said.
    pub(crate) error: &'static str,
}

impl Attack {
    pub(crate) fn of_header(name: impl Into<String>, header: &Header, error: &'static str) -> Self {
        Self::of_object(name, header, vec![], error)
    }

    pub(crate) fn of_object(
        name: impl Into<String>,
        header: &Header,
        buffers: Vec<Vec<u8>>,
        error: &'static str,
    ) -> Self {
        let object = (header.build(), buffers);
        let frame = frame(std::slice::from_ref(&object));
        Self { name: name.into(), frame, object: Some(object), error }
    }

    pub(crate) fn of_frame(name: &str, frame: Vec<u8>, error: &'static str) -> Self {
        Self { name: name.into(), frame, object: None, error }
    }
}
