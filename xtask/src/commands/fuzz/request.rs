//! What `fuzz` is asked for.

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
}

impl Request {
    pub(super) fn parse(args: &[OsString]) -> Result<Self, Error> {
        let mut request = Self { target: None, seconds: SECONDS };
        let mut args = args.iter().map(|arg| arg.to_string_lossy());
        while let Some(arg) = args.next() {
            if arg == "--seconds" {
                let seconds = args.next().and_then(|number| number.parse().ok());
                // The fuzzer takes 0 for any time.
                let seconds = seconds.filter(|seconds| *seconds > 0);
                let wrong = || Error::Usage("`--seconds` takes a number from 1 on".to_owned());
                request.seconds = seconds.ok_or_else(wrong)?;
            } else if arg.starts_with('-') || request.target.is_some() {
                let message = format!(
                    "`fuzz` takes `--seconds N` and one target, found `{arg}`; \
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
        assert_eq!(parse(&[]), Ok(Request { target: None, seconds: SECONDS }));
        assert_eq!(parse(&["handshake"]), Ok(Request { target: target.clone(), seconds: SECONDS }));
        for args in [["--seconds", "5", "handshake"], ["handshake", "--seconds", "5"]] {
            assert_eq!(parse(&args), Ok(Request { target: target.clone(), seconds: 5 }));
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for args in [&["--seconds"][..], &["--seconds", "0"], &["--seconds", "x"]] {
            assert_eq!(parse(args), Err("`--seconds` takes a number from 1 on".to_owned()));
        }
        assert!(parse(&["a", "b"]).unwrap_err().ends_with("found `b`; see `cargo xtask help`"));
        assert!(parse(&["--jobs"]).unwrap_err().contains("found `--jobs`"));
    }
}
