//! `bless`: rewrites the files that tests compare with.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::process::Process;

/// Rewrites expansions, compiler messages, the pickle and wire vectors, in this order: a wrong
/// expansion shows in the messages, too.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("bless", args)?;
    let test = Process::cargo().arg("test");
    test.clone().args(["--package", "canning-derive"]).env("BLESS", "1").run()?;
    test.clone()
        .args(["--package", "canning-tests", "--test", "ui"])
        .env("TRYBUILD", "overwrite")
        .run()?;
    test.clone()
        .args(["--package", "canning-tests", "--test", "pickle_spike"])
        .env("BLESS", "1")
        .run()?;
    test.args(["--package", "canning-wire", "--test", "vectors"]).env("BLESS", "1").run()?;
    eprintln!("blessed; read `git diff` before committing it");
    Ok(())
}
