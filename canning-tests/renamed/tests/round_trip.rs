//! Values of types that were derived under another name of the crate.

use canning_tests_renamed::{Frame, Pixel, State};
use canning_wire::can;
use packing::CannedObject;

#[test]
fn values_come_back() {
    let frame = Frame {
        items: vec![1.5, 2.5],
        pixel: Pixel { value: 1, valid: [true, false] },
        state: State::Busy { since: 3 },
    };
    let object = can(&frame).unwrap();
    assert_eq!(object.get::<Frame<f64>, _>().unwrap(), frame);
}
