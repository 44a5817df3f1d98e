//! The walk-through: takes values apart and puts them together again, step by step.

use std::{error::Error, io::Write};

use canning_core::{Canned, CannedObject, SharedBytes, Value, plain::Plain};
use canning_ndarray as _;
use canning_wire::{Blobs, Message, Object, can, deserialize_object, serialize_object};
use ndarray::{Array1, Array2, ArrayView2, s};
use serde::{Deserialize, Serialize};

/// A struct without arrays.
#[derive(Canned, Debug, PartialEq)]
struct Settings {
    name: String,
    steps: u32,
}

/// A struct that knows nothing of canning.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Foreign {
    title: String,
    tags: Vec<String>,
}

/// Runs all steps, prints each to `out`, and checks what it prints.
///
/// # Errors
///
/// When a value cannot be canned or uncanned, or `out` cannot be written.
///
/// # Panics
///
/// When a step gives something else than it should.
pub fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let array = Array1::from_iter((0..2048_u16).map(f64::from));
    plain_values(out)?;
    an_array(out, &array)?;
    the_flat_list(out, &array)?;
    restoring(out, &array)?;
    a_chain(out, &array)?;
    discontiguous(out)
}

fn plain_values(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "1. Values without arrays are left alone: one blob, no buffers")?;
    let settings = Settings { name: "tour".into(), steps: 7 };
    let foreign = Foreign { title: "serde only".into(), tags: vec!["a".into(), "b".into()] };
    let foreign = Plain(foreign);
    let objects = [
        ("5", can(&5)?),
        ("\"hi\"", can("hi")?),
        ("Settings", can(&settings)?),
        ("Plain(Foreign)", can(&foreign)?),
    ];
    for (name, object) in &objects {
        assert!(object.buffers().is_empty());
        let bytes = object.header().len();
        writeln!(out, "   can({name}): {bytes} bytes, {} buffers", object.buffers().len())?;
    }
    let [five, hi, settings_object, foreign_object] = objects.map(|(_, object)| object);
    assert_eq!(five.get_object::<i32, _>()?, 5);
    assert_eq!(hi.get::<&str, _>()?, "hi");
    assert_eq!(settings_object.get_object::<Settings, _>()?, settings);
    assert_eq!(foreign_object.get_object::<Plain<Foreign>, _>()?.0, foreign.0);
    Ok(())
}

fn an_array(out: &mut dyn Write, array: &Array1<f64>) -> Result<(), Box<dyn Error>> {
    writeln!(out, "2. An array becomes a buffer: a view of its own memory")?;
    let canned = can(array)?;
    let [buffer] = canned.buffers() else { panic!("one array, one buffer") };
    let bytes = buffer.as_slice().ok_or("a contiguous array lies in one segment")?;
    assert_eq!(bytes.len(), 16384);
    assert_eq!(bytes.as_ptr(), array.as_ptr().cast());
    writeln!(out, "   one buffer of {} bytes, at the address of the array", bytes.len())?;
    Ok(())
}

fn the_flat_list(out: &mut dyn Write, array: &Array1<f64>) -> Result<(), Box<dyn Error>> {
    writeln!(out, "3. An object is a flat list: its header, then its buffers")?;
    let blobs = serialize_object(array)?;
    let [header, buffer] = blobs.as_slice() else { panic!("two blobs") };
    let address = buffer.as_slice().map(<[u8]>::as_ptr);
    assert_eq!(address, Some(array.as_ptr().cast()));
    writeln!(out, "   serialize_object(&a): {} + {} bytes", header.len(), buffer.len())?;
    let diagnosis = can(array)?.diagnose();
    assert_eq!(diagnosis, r#"55799([1, 0, 6, [[16384, 0]], ["<f8"], [], [4, 0, 2048], h'', h''])"#);
    writeln!(out, "   the header, which holds no array data:\n     {diagnosis}")?;
    assert_eq!(serialize_object(&5)?.len(), 1);
    writeln!(out, "   serialize_object(&5): {} blob", serialize_object(&5)?.len())?;
    Ok(())
}

fn restoring(out: &mut dyn Write, array: &Array1<f64>) -> Result<(), Box<dyn Error>> {
    writeln!(out, "4. Header and buffers go back together")?;
    let (header, buffers) = can(array)?.into_parts();
    let restored = Object::restore(header, buffers)?;
    let copy: Array1<f64> = restored.get_object()?;
    assert_eq!(copy, array);
    writeln!(out, "   from the sender's own memory: a copy, {} numbers", copy.len())?;

    // As a receiver does it: the buffer is an allocation of its own, which the array takes over.
    let (header, _) = can(array)?.into_parts();
    let received = SharedBytes::from_vec(array.to_vec());
    let address = received.as_ptr();
    let restored = Object::restore(header, vec![received.into()])?;
    let taken: Array1<f64> = restored.get_object()?;
    assert_eq!((taken.as_ptr().cast(), &taken), (address, array));
    writeln!(out, "   from a received allocation: the array takes it over, no copy")?;
    Ok(())
}

fn a_chain(out: &mut dyn Write, array: &Array1<f64>) -> Result<(), Box<dyn Error>> {
    writeln!(out, "5. Deserializing gives the object and the remaining blobs")?;
    let mut blobs = serialize_object(&5)?;
    blobs.extend(serialize_object("hi")?);
    blobs.extend(serialize_object(array)?);
    assert_eq!(blobs.len(), 4);
    let (object, rest) = deserialize_object(blobs.clone())?;
    assert_eq!((object.get_object::<i32, _>()?, rest.len()), (5, 3));
    writeln!(out, "   the first of {} blobs is 5; {} remain", blobs.len(), rest.len())?;

    writeln!(out, "6. Objects chain, and come off until nothing remains")?;
    let (five, rest) = deserialize_object(blobs.clone())?;
    let (hi, rest) = deserialize_object(rest)?;
    let (numbers, rest) = deserialize_object(rest)?;
    let typed: (i32, String, Array1<f64>) =
        (five.get_object()?, hi.get_object()?, numbers.get_object()?);
    assert!(rest.is_empty());
    assert_eq!((typed.0, typed.1.as_str(), &typed.2), (5, "hi", array));
    writeln!(out, "   typed: {}, {:?}, an array of {}", typed.0, typed.1, typed.2.len())?;
    let mut untyped = Vec::new();
    let mut rest = Blobs::from(blobs);
    while let Some(object) = rest.next_object()? {
        untyped.push(object.get_object::<Value, _>()?);
    }
    let [five, hi, numbers] = untyped.as_slice() else { panic!("three objects") };
    assert_eq!((five.as_i64(), hi.as_str()), (Some(5), Some("hi")));
    assert_eq!(numbers.read::<Array1<f64>, _>()?, array);
    for value in &untyped {
        writeln!(out, "   untyped: {value}")?;
    }
    Ok(())
}

fn discontiguous(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "7. Discontiguous memory goes as it lies, without a concatenated copy")?;
    let a = Array2::from_shape_fn((256, 256), |(row, column)| (256 * row + column) as f64);
    let row = a.row(0);
    let views: [(&str, ArrayView2<'_, f64>); 4] = [
        ("a[:, ::2]", a.slice(s![.., ..;2])),
        ("a.t()", a.t()),
        ("a[::-1]", a.slice(s![..;-1, ..])),
        ("broadcast", row.broadcast((256, 256)).ok_or("a row broadcasts")?),
    ];
    for (name, view) in &views {
        let canned = can(view)?;
        let [buffer] = canned.buffers() else { panic!("one view, one buffer") };
        let (segments, bytes) = (buffer.segments().len(), buffer.len());
        let start = buffer.segments().next().map(<[u8]>::as_ptr);
        assert_eq!(start, Some(a.as_ptr().cast()), "the first segment is the array's own memory");
        writeln!(out, "   {name}: {bytes} bytes in {segments} segments of a's memory")?;

        let mut stream = Vec::new();
        let sent = canning_wire::write_message(&mut stream, &Message::from(canned))?;
        let message =
            canning_wire::read_message(&mut stream.as_slice(), &canning_wire::Limits::default())?;
        let [object] = message.ok_or("a message was written")?.into_array()?;
        let back: ArrayView2<'_, f64> = object.get()?;
        assert_eq!(back, view);
        let gathered = sent.gathered;
        writeln!(out, "     sent with {gathered} bytes gathered, and it comes back equal")?;
        let owned: Array2<f64> = object.get_object()?;
        assert_eq!(owned, view);
    }
    Ok(())
}
