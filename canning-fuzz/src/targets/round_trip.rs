//! Values that go, and come back.

use std::sync::Arc;

use arbitrary::{Arbitrary, Unstructured};
use canning_core::{Buffer, CannedObject, Value};
use canning_python::{CanOptions as PythonOptions, Dialect};
use canning_wire::{
    CanOptions, FrameOptions, Limits, Message, MessageReader, MessageWriter, Object, read_message,
};

use crate::{
    frames,
    input::Input,
    model::Everything,
    reading::{parts, same, take},
};

/// Sends values of a type with something of everything, beside a long array, in both formats and all
/// of their options.
///
/// What comes back, in any way of receiving, is what went; and it is sent again as the same bytes.
pub(crate) fn round_trip(data: &[u8]) {
    let mut input = Input::new(data);
    let threshold = input.one_of(&[0, 16, 64, 1024, usize::MAX]);
    let frames = frames::options(input.byte());
    let array = frames::array(&mut input);
    let Ok(value) = Everything::arbitrary(&mut Unstructured::new(input.rest())) else { return };
    native(&value, threshold, frames, array);
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        python(&value, dialect, threshold);
    }
}

fn native(value: &Everything, threshold: usize, frames: FrameOptions, array: Object<'static>) {
    let options = CanOptions::new().inline_threshold(threshold);
    let object = options.can(value).unwrap();
    let sent = parts(&object);
    let again = |value: &Everything| parts(&options.can(value).unwrap());
    same(&object.get::<Everything, _>().unwrap(), value);
    let shared = options.can_arc(&Arc::new(value.clone())).unwrap();
    assert_eq!(parts(&shared), sent);

    let tree: Value = object.get().unwrap();
    assert_eq!(tree.to_string(), Value::of(value).unwrap().to_string());
    same(&options.can(&tree).unwrap().get::<Everything, _>().unwrap(), value);
    same(&tree.read::<Everything, _>().unwrap(), value);

    let array_sent = parts(&array);
    let message: Message<'_> = [object, array].into_iter().collect();
    let block = Buffer::from(frames.to_block(&message).unwrap());
    let mut stream = Vec::new();
    frames.write_message(&mut stream, &message).unwrap();
    assert_eq!(block.as_slice(), Some(stream.as_slice()));
    let streamed = read_message(&mut stream.as_slice(), &Limits::default()).unwrap().unwrap();
    let in_block = Message::from_block(block, &Limits::default()).unwrap();
    let in_blobs = Message::from_blobs(message.into_blobs().unwrap()).unwrap();
    for received in [streamed, in_block, in_blobs] {
        let [mut received, array] = received.into_array::<2>().unwrap();
        assert_eq!(parts(&array), array_sent);
        assert_eq!(parts(&received), sent);
        let got: Everything = received.get().unwrap();
        same(&got, value);
        assert_eq!(again(&got), sent);
        let taken: Everything = take(&mut received).unwrap();
        same(&taken, value);
        assert_eq!(again(&taken), sent);
    }

    let mut writer = MessageWriter::new(Vec::new());
    writer.set_frames(frames);
    writer.write_value(value).unwrap();
    writer.write_value(&tree).unwrap();
    let stream = writer.into_inner().unwrap();
    let mut reader = MessageReader::new(stream.as_slice(), Limits::default());
    let read: Everything = reader.read_value().unwrap().unwrap();
    same(&read, value);
    reader.recycle(read);
    same(&reader.read_value::<Everything, _>().unwrap().unwrap(), value);
}

fn python(value: &Everything, dialect: Dialect, threshold: usize) {
    let options = PythonOptions::new(dialect).inline_threshold(threshold);
    let sent = options.can(value).unwrap();
    same(&sent.get::<Everything, _>().unwrap(), value);
    let copied = |blob: &Buffer<'_>| Buffer::from(blob.to_allocation(16).unwrap());
    let buffers = sent.buffers().iter().map(copied).collect();
    let received = canning_python::Object::restore(dialect, copied(sent.header()), buffers);
    let mut received = received.unwrap();
    let tree: Value = received.get().unwrap();
    same(&received.take::<Everything, _>().unwrap(), value);
    // Without its type it is what Python has, and is read as the same.
    let again = options.can(&tree).unwrap();
    same(&again.get::<Value, _>().unwrap(), &tree);
    same(&again.get::<Everything, _>().unwrap(), value);
}
