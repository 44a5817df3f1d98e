//! What commands ask of their arguments.

use std::ffi::OsString;

use crate::error::Error;

/// Refuses arguments.
pub(super) fn none(command: &str, args: &[OsString]) -> Result<(), Error> {
    match args.first() {
        None => Ok(()),
        Some(arg) => Err(unexpected(command, "no argument", arg)),
    }
}

/// At most one argument.
pub(super) fn at_most_one<'a>(
    command: &str,
    args: &'a [OsString],
) -> Result<Option<&'a OsString>, Error> {
    match args {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        [_, second, ..] => Err(unexpected(command, "one argument", second)),
    }
}

fn unexpected(command: &str, takes: &str, arg: &OsString) -> Error {
    Error::Usage(format!(
        "`{command}` takes {takes}, found `{}`; see `cargo xtask help`",
        arg.to_string_lossy()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_arguments_are_usage_errors() {
        let args: [OsString; 2] = ["a".into(), "b".into()];
        assert!(none("tidy", &[]).is_ok());
        let error = none("tidy", &args).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`tidy` takes no argument, found `a`; see `cargo xtask help`"
        );
        assert_eq!(error.exit_code(), 2);

        assert!(at_most_one("asan", &args[..1]).unwrap().is_some());
        let error = at_most_one("asan", &args).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`asan` takes one argument, found `b`; see `cargo xtask help`"
        );
    }
}
