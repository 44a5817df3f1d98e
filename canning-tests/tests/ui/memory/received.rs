//! What borrows from a received object, used longer than it.

use canning_core::CannedObject;
use canning_wire::{Object, can};

fn dropped_while_viewed(object: Object<'static>) {
    let view: &[f64] = object.get().unwrap();
    drop(object);
    assert_eq!(view, [1.0]);
}

fn taken_while_viewed(mut object: Object<'static>) {
    let view: &[f64] = object.get().unwrap();
    let taken: Vec<f64> = object.take().unwrap();
    assert_eq!(view, taken);
}

fn view_of_what_is_gone() -> &'static [f64] {
    let object = can(&vec![1.0]).unwrap();
    object.get().unwrap()
}

fn taken_as_a_view(object: Object<'static>) {
    let view: &[f64] = object.get_object().unwrap();
    drop(view);
}

fn written_while_canned() {
    let mut numbers = vec![1.0];
    let object = can(&numbers).unwrap();
    numbers[0] = 2.0;
    drop(object);
}

fn main() {}
