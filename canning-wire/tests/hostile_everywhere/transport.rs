//! The ways by which bytes come.

use canning_core::{CannedObject, Value};
use canning_wire::{Message, Result};

use crate::{
    attack::Attack,
    support::counting::{Count, count},
};

/// A way by which bytes come: gives what is said of an attack, and what that took.
pub(crate) struct Transport {
    pub(crate) name: &'static str,
    pub(crate) receive: Box<dyn FnMut(&Attack) -> Option<(String, Count)>>,
}

impl Transport {
    pub(crate) fn new(
        name: &'static str,
        receive: impl FnMut(&Attack) -> Option<(String, Count)> + 'static,
    ) -> Self {
        Self { name, receive: Box::new(receive) }
    }

    /// One that gives a message of a frame.
    pub(crate) fn of_frames(
        name: &'static str,
        read: impl Fn(&[u8]) -> Result<Message<'_>> + 'static,
    ) -> Self {
        Self::new(name, move |attack| Some(count(|| said(read(&attack.frame)))))
    }
}

/// The error of a message, or of putting its values together.
pub(crate) fn said(message: Result<Message<'_>>) -> String {
    let message = match message {
        Ok(message) => message,
        Err(error) => return error.to_string(),
    };
    for object in message.objects() {
        drop(object.get::<Vec<Vec<u8>>, _>());
        if let Err(error) = object.get::<Value, _>() {
            return error.to_string();
        }
    }
    String::new()
}

pub(crate) fn whole(message: Result<Option<Message<'static>>>) -> Result<Message<'static>> {
    message.map(|message| message.expect("there are bytes"))
}
