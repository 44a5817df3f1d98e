//! Prints what is in files of messages, whatever the types.
//!
//! `cargo run -p canning-wire --features file --example inspect -- FILE…`

use std::{env, error::Error, io};

use canning_wire::{
    Limits,
    file::{Reader, inspect},
};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<_> = env::args_os().skip(1).collect();
    if paths.is_empty() {
        return Err("give the file to inspect".into());
    }
    for path in paths {
        inspect(&mut Reader::open(path, Limits::default())?, &mut io::stdout().lock())?;
    }
    Ok(())
}
