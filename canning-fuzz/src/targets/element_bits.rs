//! Elements from any bits.

use canning_core::{
    ArrayValue, CannedObject, Element, SharedBytes, SharedSlice, Value, buffer::ArrayLayout,
};
use canning_wire::can;

use crate::{
    input::Input,
    model::{Atom, Spin},
};

/// Reads bytes as items of a derived element, as `bool`, `char` and others that not all bits are.
///
/// Items come out exactly where each field's bits are allowed, and they are those bits: the
/// reference looks at one field after the other. All ways to receive agree.
pub(crate) fn element_bits(data: &[u8]) {
    let mut input = Input::new(data);
    match input.byte() % 4 {
        0 => check::<Atom>(input.rest(), atom, |atom| {
            let Atom { position: [x, y, z], letter, count, charged, spin: Spin(spin) } = *atom;
            let floats = [x, y, z].map(f32::to_le_bytes).concat();
            let numbers =
                [u32::from(letter).to_le_bytes().to_vec(), count.get().to_le_bytes().into()];
            [floats, numbers.concat(), vec![charged.into(), spin.to_le_bytes()[0]]].concat()
        }),
        1 => check::<bool>(input.rest(), |item| item[0] <= 1, |item| vec![(*item).into()]),
        2 => check::<char>(input.rest(), letter, |item| u32::from(*item).to_le_bytes().into()),
        _ => check::<[[u16; 2]; 3]>(
            input.rest(),
            |_| true,
            |item| item.iter().flatten().flat_map(|number| number.to_le_bytes()).collect(),
        ),
    }
}

fn atom(item: &[u8]) -> bool {
    letter(&item[12..16]) && item[16..18] != [0, 0] && item[18] <= 1
}

fn letter(item: &[u8]) -> bool {
    char::from_u32(u32::from_le_bytes(item.try_into().unwrap())).is_some()
}

fn check<T>(bytes: &[u8], is_item: fn(&[u8]) -> bool, back: fn(&T) -> Vec<u8>)
where
    T: Element,
    Vec<T>: canning_core::UncanOwned,
    for<'b> &'b [T]: canning_core::Uncan<'b>,
    SharedSlice<T>: canning_core::UncanOwned,
{
    let size = size_of::<T>();
    let (bytes, _) = bytes.split_at(bytes.len() / size * size);
    let is_valid = bytes.chunks(size).all(is_item);
    let shape = [&[bytes.len() / size], T::INNER.as_slice()].concat();
    let layout = ArrayLayout::c_order(&shape).unwrap();
    let shared = SharedBytes::from_vec(bytes.to_vec());
    let array = ArrayValue::from_parts(T::DTYPE.clone(), layout, shared).unwrap();
    let value = Value::Array(array.into());
    let object = can(&value).expect("arrays can be sent, whatever is in them");

    let bits = |items: &[T]| items.iter().flat_map(back).collect::<Vec<u8>>();
    let ways = [
        value.read::<Vec<T>, _>().map(|items| bits(&items)),
        value.read::<SharedSlice<T>, _>().map(|items| bits(&items)),
        object.get::<Vec<T>, _>().map(|items| bits(&items)),
        object.get::<SharedSlice<T>, _>().map(|items| bits(&items)),
    ];
    for way in ways {
        assert_eq!(way.is_ok(), is_valid, "{way:?}");
        assert!(way.is_err() || way.is_ok_and(|found| found == bytes));
    }
    // What is in an allocation of bytes may lie anywhere: borrowing may be refused for that, too.
    if let Ok(items) = value.read::<&[T], _>() {
        assert!(is_valid && bits(items) == bytes);
    }
}
