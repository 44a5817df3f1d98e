//! What `fuzz` is asked for.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::Path;

use crate::error::Error;
use crate::workspace;

/// What `fuzz` is asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
    /// One target, or all.
    target: Option<String>,
    /// How long each is to run.
    pub(super) seconds: u64,
    /// What the inputs are made from; each time something else, if nothing is said.
    pub(super) seed: Option<u64>,
}

impl Request {
    pub(super) fn parse(args: &[OsString]) -> Result<Self, Error> {
        let mut request = Self { target: None, seconds: SECONDS, seed: None };
        let mut args = args.iter().map(|arg| arg.to_string_lossy());
        while let Some(arg) = args.next() {
            if arg == "--seconds" {
                request.seconds = number(&arg, args.next())?;
            } else if arg == "--seed" {
                request.seed = Some(number(&arg, args.next())?);
            } else if arg.starts_with('-') || request.target.is_some() {
                let message = format!(
                    "`fuzz` takes `--seconds N`, `--seed N` and one target, found `{arg}`; \
                     see `cargo xtask help`"
                );
                return Err(Error::Usage(message));
            } else {
                request.target = Some(arg.into_owned());
            }
        }
        Ok(request)
    }

    /// The targets that are meant.
    pub(super) fn targets(&self) -> Result<Vec<String>, Error> {
        let all = workspace::targets_in(Path::new("fuzz/fuzz_targets"))?;
        match &self.target {
            None => Ok(all),
            Some(target) if all.contains(target) => Ok(vec![target.clone()]),
            Some(target) => {
                let message = format!("no target `{target}`; there are {}", all.join(", "));
                Err(Error::Usage(message))
            }
        }
    }
}

/// The number behind an option. libFuzzer takes 0 for any time, and for any seed.
fn number(option: &str, number: Option<Cow<'_, str>>) -> Result<u64, Error> {
    let number = number.and_then(|number| number.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| Error::Usage(format!("`{option}` takes a number from 1 on")))
}

/// How long a target runs, if nothing else is said.
const SECONDS: u64 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Request, String> {
        let args: Vec<OsString> = args.iter().map(Into::into).collect();
        Request::parse(&args).map_err(|error| error.to_string())
    }

    #[test]
    fn a_target_and_a_time_may_be_said_in_any_order() {
        let target = Some("handshake".to_owned());
        let all = Request { target: None, seconds: SECONDS, seed: None };
        assert_eq!(parse(&["--seed", "7"]), Ok(Request { seed: Some(7), ..all }));
        for args in [["--seconds", "5", "handshake"], ["handshake", "--seconds", "5"]] {
            let one = Request { target: target.clone(), seconds: 5, seed: None };
            assert_eq!(parse(&args), Ok(one));
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for args in [&["--seconds"][..], &["--seconds", "0"], &["--seconds", "x"]] {
            assert_eq!(parse(args), Err("`--seconds` takes a number from 1 on".to_owned()));
        }
        assert_eq!(parse(&["--seed"]), Err("`--seed` takes a number from 1 on".to_owned()));
        assert!(parse(&["a", "b"]).unwrap_err().ends_with("found `b`; see `cargo xtask help`"));
        assert!(parse(&["--jobs"]).unwrap_err().contains("found `--jobs`"));
    }
}
