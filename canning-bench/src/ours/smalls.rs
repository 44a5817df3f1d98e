//! Many small objects by canning.

use canning_core::{Buffer, CannedObject};
use canning_wire::{Limits, Message, MessageReader, MessageWriter, Object, can};

use crate::{
    exchange::Way,
    harness::Case,
    peers::SMALL_BUFFER,
    values::{Small, Value},
};

/// All of them in one object, taken apart.
pub(crate) fn encoding(smalls: &Vec<Small>) -> Vec<Case<'_>> {
    let case = Case::new(
        "canning",
        smalls.bytes(),
        || can(smalls).unwrap(),
        |object| {
            assert_eq!(object.get::<Vec<Small>, _>().unwrap(), *smalls);
        },
    );
    vec![case]
}

/// All of them out of one object.
pub(crate) fn decoding(smalls: &Vec<Small>) -> Vec<Case<'_>> {
    let (header, _) = can(smalls).unwrap().into_parts();
    let header = Buffer::from(header.to_allocation(64).unwrap());
    let case = Case::staged("canning", smalls.bytes(), move |watch| {
        let decoded: Vec<Small> = watch.time(|| {
            let object = Object::restore(header.clone(), Vec::new()).unwrap();
            object.get_object().unwrap()
        });
        assert!(!watch.is_checked() || decoded == *smalls);
    });
    vec![case]
}

/// Each of them as a message of its own.
pub(crate) fn sending(smalls: &Vec<Small>) -> Vec<Way<'_>> {
    vec![values(smalls), messages(smalls)]
}

/// As values, which is the shortest way.
fn values(smalls: &Vec<Small>) -> Way<'_> {
    let count = smalls.len();
    Way::new(
        "canning",
        smalls,
        move |stream| {
            let mut writer = MessageWriter::with_capacity(SMALL_BUFFER, stream);
            for small in smalls {
                writer.write_value(small).unwrap();
            }
            writer.flush().unwrap();
        },
        move |stream| {
            let mut reader = MessageReader::new(stream, Limits::default());
            (0..count).try_fold(0.0, |sum, _| {
                let small: Small = reader.read_value().unwrap()?;
                Some(sum + small.sum())
            })
        },
    )
}

/// As messages, which could hold more than one object each.
fn messages(smalls: &Vec<Small>) -> Way<'_> {
    let count = smalls.len();
    Way::new(
        "canning_messages",
        smalls,
        move |stream| {
            let mut writer = MessageWriter::with_capacity(SMALL_BUFFER, stream);
            for small in smalls {
                writer.write_message(&Message::from(can(small).unwrap())).unwrap();
            }
            writer.flush().unwrap();
        },
        move |stream| {
            let mut reader = MessageReader::new(stream, Limits::default());
            (0..count).try_fold(0.0, |sum, _| {
                let message = reader.read_message().unwrap()?;
                let object = message.into_objects().pop().unwrap();
                let small: Small = object.get_object().unwrap();
                Some(sum + small.sum())
            })
        },
    )
}
