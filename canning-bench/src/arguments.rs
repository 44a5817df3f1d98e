//! The command line.

use std::{ffi::OsString, path::PathBuf};

use crate::worker::{self, Worker};

/// What the user asked for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Arguments {
    /// Only groups whose id contains it.
    pub(crate) filter: Option<String>,
    /// Where to write the results as JSON.
    pub(crate) json: Option<PathBuf>,
    /// Where to write the results as a table in Markdown.
    pub(crate) markdown: Option<PathBuf>,
    /// Only measure this group, and write the results for the process that has asked for it.
    pub(crate) worker: Option<Worker>,
    /// Only say how it is used.
    pub(crate) help: bool,
    /// Measure briefly.
    pub(crate) is_quick: bool,
}

impl Arguments {
    /// Reads the arguments, without the name of the program.
    ///
    /// # Errors
    ///
    /// What is wrong with them, for the user.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let name = argument.display();
                arguments.next().ok_or_else(|| format!("{name} needs a value\n{USAGE}"))
            };
            match argument.to_str() {
                Some("--help") => parsed.help = true,
                Some("--quick") => parsed.is_quick = true,
                Some("--json") => parsed.json = Some(value()?.into()),
                Some("--markdown") => parsed.markdown = Some(value()?.into()),
                Some("--filter") => {
                    let text = value()?.into_string();
                    let text = text.map_err(|text| format!("no id has {}", text.display()))?;
                    parsed.filter = Some(text);
                }
                Some(worker::OPTION) => {
                    let mut text = || value()?.into_string().map_err(|_| "no text".to_owned());
                    let id = text()?;
                    let mut number = || text()?.parse().map_err(|_| "no number".to_owned());
                    let (number, groups) = (number()?, number()?);
                    parsed.worker = Some(Worker { id, number, groups });
                }
                _ => return Err(format!("unknown argument {}\n{USAGE}", argument.display())),
            }
        }
        Ok(parsed)
    }
}

/// How it is used.
pub(crate) const USAGE: &str = "\
usage: cargo xtask bench [--quick] [--filter TEXT] [--json FILE] [--markdown FILE]

  --quick          measures briefly, and leaves the largest data out
  --filter TEXT    only groups whose id contains TEXT, as `small/` or `64MiB`
  --json FILE      writes the results as an array of rows
  --markdown FILE  writes the results as tables, with a description of this machine; in a file
                   that has the marks `<!-- results -->` and `<!-- end of results -->` it
                   replaces what stands between them. Charts go into the directory of the same
                   name: for docs/benchmarks.md into docs/benchmarks/";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn all_options_are_understood() {
        let parsed = parse(&["--quick", "--filter", "small", "--json", "a", "--markdown", "b"]);
        let expected = Arguments {
            filter: Some("small".to_owned()),
            json: Some("a".into()),
            markdown: Some("b".into()),
            help: false,
            worker: None,
            is_quick: true,
        };
        assert_eq!(parsed, Ok(expected));
    }

    #[test]
    fn a_worker_knows_its_group() {
        let worker = Worker { id: "unix/1MiB".to_owned(), number: 7, groups: 25 };
        let parsed = parse(&["--worker", "unix/1MiB", "7", "25", "--quick"]).unwrap();
        assert_eq!((parsed.worker, parsed.is_quick), (Some(worker), true));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(parse(&["--json"]).unwrap_err().starts_with("--json needs a value\n"));
        assert!(parse(&["fast"]).unwrap_err().starts_with("unknown argument fast\n"));
    }
}
