//! What each process does.

use std::path::{Path, PathBuf};

use canning_core::CannedObject;
use canning_wire::{
    CanOptions, Limits, Message, can,
    file::{Reader, Writer},
    socket::{Address, Connection, Listener, Options},
};

use crate::{Error, array, machine};

/// What an end says when the other one may start.
pub(crate) const LISTENING: &str = "listening";

/// Runs an end, and says how much memory it took.
pub(crate) fn run(end: &str, place: &Path) -> Result<(), Error> {
    match end {
        "receive-array" => receive_array(&listen(place)?),
        "send-array" => send_array(place),
        "write-array" => write_array(place),
        "read-array" => read_array(place),
        "receive-buffers" => receive_buffers(&listen(place)?),
        "send-buffers" => send_buffers(place),
        "write-messages" => write_messages(place),
        "read-messages" => read_messages(place),
        _ => Err(format!("no end is called {end}").into()),
    }?;
    let peak = machine::peak_memory().ok_or("the system does not say how much memory it took")?;
    println!("{peak}");
    Ok(())
}

/// What is believed is less than the array is long, as by default: it grows as it arrives.
fn receive_array(listener: &Listener) -> Result<(), Error> {
    let mut connection = listener.accept()?.handshake()?;
    let array: Vec<u64> = connection.read_value()?.ok_or("nothing came")?;
    array::check(&array)?;
    drop(array);
    again(&mut connection)
}

fn send_array(place: &Path) -> Result<(), Error> {
    let array = array::make()?;
    let mut connection = connect(place)?;
    let sent = connection.write_value(&array)?;
    assert_eq!((sent.buffered, sent.gathered), (0, 0), "nothing of it is copied");
    connection.write_value(AGAIN)?;
    Ok(connection.finish()?)
}

fn write_array(place: &Path) -> Result<(), Error> {
    let array = array::make()?;
    let mut writer = Writer::create(place)?;
    writer.write(&can(&array)?.into())?;
    writer.write(&can(AGAIN)?.into())?;
    Ok(writer.finish()?)
}

fn read_array(place: &Path) -> Result<(), Error> {
    let mut reader = Reader::open(place, Limits::default())?;
    let [object] = reader.get(0)?.into_array()?;
    array::check(&object.get_object::<Vec<u64>, _>()?)?;
    let message = reader.get(1)?;
    let [object] = message.into_array()?;
    is_same("what follows", object.get::<&str, _>()?, AGAIN)
}

fn receive_buffers(listener: &Listener) -> Result<(), Error> {
    let mut connection = listener.accept()?.handshake()?;
    let message = connection.read_message()?.ok_or("nothing came")?;
    let [object] = message.into_array()?;
    is_same("the number of buffers", object.buffers().len() as u64, MANY)?;
    let arrays: Vec<Vec<u64>> = object.get_object()?;
    for (array, number) in arrays.iter().zip(0..) {
        is_same("an array", array.as_slice(), &[number, !number])?;
    }
    again(&mut connection)
}

fn send_buffers(place: &Path) -> Result<(), Error> {
    let arrays: Vec<[u64; 2]> = (0..MANY).map(|number| [number, !number]).collect();
    let arrays: Vec<&[u64]> = arrays.iter().map(<[u64; 2]>::as_slice).collect();
    let mut connection = connect(place)?;
    let all_out = CanOptions::new().inline_threshold(0);
    connection.write_message(&Message::from(all_out.can(&arrays)?))?;
    connection.write_value(AGAIN)?;
    Ok(connection.finish()?)
}

fn write_messages(place: &Path) -> Result<(), Error> {
    let mut writer = Writer::create(place)?;
    for number in 0..MANY {
        writer.write(&can(&number)?.into())?;
    }
    Ok(writer.finish()?)
}

/// One after the other, and then some by their position.
fn read_messages(place: &Path) -> Result<(), Error> {
    let mut reader = Reader::open(place, Limits::default())?;
    is_same("the number of messages", reader.len(), MANY)?;
    for number in 0..MANY {
        let [object] = reader.next_message()?.ok_or("it ends early")?.into_array()?;
        is_same("a message", object.get::<u64, _>()?, number)?;
    }
    is_same("the end", reader.next_message()?.is_none(), true)?;
    for number in (0..MANY).rev().step_by(997) {
        let [object] = reader.get(number)?.into_array()?;
        is_same("a message", object.get::<u64, _>()?, number)?;
    }
    Ok(())
}

/// The next message works, too.
fn again(connection: &mut Connection) -> Result<(), Error> {
    let next: Option<String> = connection.read_value()?;
    is_same("what follows", next.as_deref(), Some(AGAIN))?;
    is_same("the end", connection.read_message()?.is_none(), true)
}

fn is_same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:?}, found {found:?}").into())
}

fn listen(place: &Path) -> Result<Listener, Error> {
    let listener = Listener::bind(&address(place), &options())?;
    println!("{LISTENING}");
    Ok(listener)
}

fn connect(place: &Path) -> Result<Connection, Error> {
    Ok(Connection::connect(&address(place), &options())?)
}

fn address(place: &Path) -> Address {
    Address::Unix(PathBuf::from(place))
}

/// The defaults, but for more buffers.
fn options() -> Options {
    let limits = Limits { buffers: MANY, ..Limits::default() };
    Options { limits, ..Options::default() }
}

const MANY: u64 = 1 << 20;

const AGAIN: &str = "again";
