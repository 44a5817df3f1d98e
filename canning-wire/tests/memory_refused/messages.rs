//! Messages of many objects and buffers, in frames of every kind, and what is asked of them before
//! their values are.

use canning_core::{
    ArrayValue, Buffer, Can, CannedObject, Dtype, Field, FieldNames, RecordName, RecordValue,
    Scalar, SharedBytes, StructDtype, Value, buffer::ArrayLayout,
};
use canning_wire::{Blobs, CanOptions, FrameOptions, Limits, Message, MessageReader, Object};

use crate::{
    refuse_each::{is_out_of_memory, refuse_each, refuse_each_of},
    support::{bytes, options, refusing::refuse},
};

/// As many as make every list of them large.
const MANY: usize = 500;

/// Many objects, and one of many buffers and one that is long.
pub(crate) fn messages() -> [Message<'static>; 2] {
    let object = || owned(&vec![1_u16, 2, 3]);
    let arrays: Vec<Vec<u16>> = (0..MANY).map(|len| vec![7; len % 5]).collect();
    [(0..MANY).map(|_| object()).collect(), owned(&(arrays, vec![0.5_f64; 20_000])).into()]
}

/// Small arrays become buffers, too.
fn owned<T: Can<V>, V>(value: &T) -> Object<'static> {
    CanOptions::new().inline_threshold(0).can(value).unwrap().into_owned().unwrap()
}

/// The header of an object, and its buffers.
type Parts = (Vec<u8>, Vec<Vec<u8>>);

pub(crate) fn parts(message: &Message<'_>) -> Vec<Parts> {
    message.objects().iter().map(bytes::parts).collect()
}

pub(crate) fn frame(options: &FrameOptions, message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    options.write_message(&mut bytes, message).unwrap();
    bytes
}

/// What was read of a stream that goes on.
pub(crate) fn there(message: Option<Message<'static>>) -> Vec<Parts> {
    parts(&message.unwrap())
}

#[test]
fn frames_of_many_parts() {
    for (message, options) in messages()
        .iter()
        .flat_map(|message| options::all().into_iter().map(move |it| (message, it)))
    {
        let what = format!("{options:?}");
        let bytes = frame(&options, message);
        let limits = Limits { believed_bytes: 4096, ..Limits::default() };
        let exact = || MessageReader::exact(bytes.as_slice(), limits);
        let ahead = || MessageReader::new(bytes.as_slice(), limits);
        let read = |mut reader: MessageReader<&[u8]>| reader.read_message();
        assert!(refuse_each_of(&what, exact, read, there) >= 1);
        assert!(refuse_each_of(&what, ahead, read, there) >= 1);
        let block = || Message::from_block(bytes.as_slice(), &limits);
        assert!(refuse_each(&what, block, |message| parts(&message)) >= 1);
    }
}

#[test]
fn borrowed_messages_become_owned() {
    let [_, message] = messages();
    let block = message.to_block().unwrap();
    let object = || {
        let message = Message::from_block(block.as_slice(), &Limits::default());
        let [object] = message.unwrap().into_array().unwrap();
        object
    };
    let errors = refuse_each_of(
        "owned",
        object,
        |object| object.into_owned(),
        |object| bytes::parts(&object),
    );
    assert!(errors >= 2, "{errors}");
}

#[test]
fn flat_lists_of_blobs() {
    for message in messages() {
        let blobs: Vec<Buffer<'_>> = message.clone().into_blobs().unwrap();
        let list = || Blobs::from(blobs.clone());
        let first =
            |mut blobs: Blobs<'static>| Ok::<_, canning_core::Error>((blobs.next_object()?, blobs));
        refuse_each_of("blobs", list, first, |(object, left)| {
            (object.map(|object| bytes::parts(&object)), left.len())
        });
        let errors = refuse_each_of("blobs", list, Message::from_blobs, |message| parts(&message));
        assert!(errors >= 1);
    }
}

/// Whichever allocation is refused.
#[test]
fn blobs_that_there_is_no_room_for_stay() {
    let [_, message] = messages();
    let mut blobs = Blobs::from(message.into_blobs().unwrap());
    let len = blobs.len();
    let mut number = 0;
    let object = loop {
        match refuse(number, || blobs.next_object()) {
            (Ok(object), _) => break object.unwrap(),
            (Err(error), _) => assert!(is_out_of_memory(&error), "{number}: {error}"),
        }
        assert_eq!(blobs.len(), len);
        number += 1;
    };
    assert!(number >= 2, "the table and the list");
    assert_eq!((object.buffers().len(), blobs.len()), (len - 1, 0));
}

#[test]
fn summaries_of_many_names_dtypes_and_buffers() {
    let [_, buffers] = messages();
    let [buffers] = buffers.into_array().unwrap();
    let names = Value::List((0..100).map(record).collect());
    let dtypes = Value::Tuple((0..100).map(array).collect());
    let objects = [buffers, owned(&names), owned(&dtypes)];
    for (what, object) in ["buffers", "names", "dtypes"].into_iter().zip(objects) {
        // One as the table is read, and one as it is copied.
        let errors = refuse_each(what, || object.summary(), |summary| summary);
        assert!(errors >= 2 || what == "buffers" && errors >= 1, "{what}: {errors}");
    }
}

/// With a name of its own.
fn record(number: usize) -> Value {
    let fields = FieldNames::Positional(0);
    let name = RecordName { name: format!("{number}").into(), variant: None, fields };
    Value::Record(RecordValue::new(name, Vec::new()).unwrap().into())
}

/// With a dtype of its own.
fn array(number: usize) -> Value {
    let field = Field::new(format!("{number}"), Scalar::U8.into(), vec![]);
    let dtype = Dtype::Struct(StructDtype::new(vec![field]).unwrap());
    let bytes = SharedBytes::from_vec(vec![7_u8]);
    ArrayValue::from_parts(dtype, ArrayLayout::one_axis(1), bytes).unwrap().into()
}
