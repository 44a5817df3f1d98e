//! Arrays give their memory back, and are read into where they exist.

use canning_core::{Canned, CannedObject, buffer::Pool};
use canning_wire::{
    Limits, Message, MessageReader, can, frame::Place, read_message_into, write_message,
};
use ndarray::{Array1, Array2, ArrayD, ArrayView2, Axis, IxDyn};

#[derive(Clone, Debug, PartialEq, Canned)]
struct Step {
    positions: Array2<f64>,
    layers: Vec<ArrayD<f32>>,
    labels: Array1<String>,
    best: Option<Box<Array1<u16>>>,
}

fn step(number: f64) -> Step {
    Step {
        positions: Array2::from_elem((1000, 3), number),
        layers: vec![ArrayD::from_elem(IxDyn(&[10, 20, 30]), 0.5); 2],
        labels: Array1::from_elem(2, "x".to_owned()),
        best: Some(Array1::from_elem(2000, 7).into()),
    }
}

fn written(messages: &[Message<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        write_message(&mut bytes, message).unwrap();
    }
    bytes
}

#[test]
fn memory_of_arrays_anywhere_in_a_value_is_used_again() {
    let steps = [step(1.0), step(2.0), step(3.0)];
    let bytes = written(&steps.each_ref().map(|step| Message::from(can(step).unwrap())));
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    let mut places = Vec::new();
    for sent in &steps {
        let received: Step = reader.read_value().unwrap().unwrap();
        assert_eq!(received, *sent);
        let mut addresses = [
            received.positions.as_ptr().addr(),
            received.layers[0].as_ptr().addr(),
            received.layers[1].as_ptr().addr(),
            received.best.as_ref().unwrap().as_ptr().addr(),
        ];
        addresses.sort_unstable();
        places.push(addresses);
        reader.recycle(received);
    }
    assert_eq!(places, [places[0]; 3]);
}

#[test]
fn recycled_array_is_empty_and_keeps_its_dimensions() {
    let pool = Pool::new(1 << 20);
    let mut array = Array2::from_elem((3, 500), 1.0_f64);
    array.invert_axis(Axis(1));
    let (bytes, before) = (array.len() * 8, pool.held_bytes());
    pool.recycle(array);
    assert_eq!(pool.held_bytes() - before, bytes);
    pool.recycle(ArrayD::from_elem(IxDyn(&[]), 1.0_f64)); // too small to keep
    assert_eq!(pool.held_bytes() - before, bytes);
}

#[test]
fn an_array_is_read_into_and_its_shape_checked() {
    let sent = Array2::from_shape_fn((300, 40), |(row, column)| (row * column) as f64);
    let bytes = written(&[can(&sent).unwrap().into()]);
    let mut array = Array2::<f64>::zeros((300, 40));
    let address = array.as_ptr();
    let place = Place::new(array.as_slice_mut().unwrap()).unwrap();
    let message = read_message_into(&mut bytes.as_slice(), &Limits::default(), [place]);
    let message = message.unwrap().unwrap();
    let view: ArrayView2<'_, f64> = message.objects()[0].get().unwrap();
    assert_eq!((view.as_ptr(), view), (address, sent.view()));
    let wrong = message.objects()[0].get::<ndarray::ArrayView3<'_, f64>, _>();
    assert_eq!(wrong.unwrap_err().to_string(), "expected 3 axes, found 2");
    drop(message);
    assert_eq!(array, sent);
}
