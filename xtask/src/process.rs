//! Running a program: its command line is printed first, and a failure names it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use crate::error::Error;

/// A program, its arguments, and what its environment has more than ours.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    /// What is started.
    program: OsString,
    /// What is printed for it: `cargo` for the path in `$CARGO`.
    name: String,
    args: Vec<OsString>,
    env: Vec<(String, String)>,
}

impl Process {
    pub(crate) fn new(program: &str) -> Self {
        Self {
            program: program.into(),
            name: program.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
        }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo() -> Self {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self { program, ..Self::new("cargo") }
    }

    /// What is started.
    pub(crate) fn program(&self) -> &OsStr {
        &self.program
    }

    pub(crate) fn arg(self, arg: impl AsRef<OsStr>) -> Self {
        self.args([arg])
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Prints the command line, runs it, and waits for its end.
    ///
    /// # Errors
    ///
    /// If the program cannot be started, or does not succeed.
    pub(crate) fn run(&self) -> Result<(), Error> {
        eprintln!("$ {self}");
        let status = self
            .command()
            .status()
            .map_err(|source| Error::NotStarted { line: self.to_string(), source })?;
        self.ended(status)
    }

    /// Like `run`, but returns what the program says on standard output.
    ///
    /// # Errors
    ///
    /// If the program cannot be started, or does not succeed.
    pub(crate) fn capture(&self) -> Result<String, Error> {
        eprintln!("$ {self}");
        let output = self
            .command()
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| Error::NotStarted { line: self.to_string(), source })?;
        self.ended(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Prints the command line, runs it, has every line that it writes to standard error looked at,
    /// and waits for its end.
    ///
    /// # Errors
    ///
    /// If the program cannot be started or read.
    pub(crate) fn watch(&self, mut look: impl FnMut(&str)) -> Result<ExitStatus, Error> {
        eprintln!("$ {self}");
        let failed = |source| Error::NotStarted { line: self.to_string(), source };
        let mut child = self.command().stderr(Stdio::piped()).spawn().map_err(failed)?;
        // What is not text is shown as well as it can be.
        let lines =
            child.stderr.take().into_iter().flat_map(|stderr| BufReader::new(stderr).split(b'\n'));
        for line in lines {
            look(&String::from_utf8_lossy(&line.map_err(failed)?));
        }
        child.wait().map_err(failed)
    }

    /// What an end means.
    ///
    /// # Errors
    ///
    /// If it was not a success.
    pub(crate) fn ended(&self, status: ExitStatus) -> Result<(), Error> {
        if status.success() {
            Ok(())
        } else {
            Err(Error::Failed { line: self.to_string(), status })
        }
    }

    /// What the program says on standard output; nothing if it is missing or fails.
    ///
    /// This asks whether a tool is there, so nothing is printed.
    pub(crate) fn probe(&self) -> Option<String> {
        let output = self.command().stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then_some(text)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// The command line, as a shell would take it.
impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(&self.name)?;
        for arg in &self.args {
            write!(f, " {}", quoted(&arg.to_string_lossy()))?;
        }
        Ok(())
    }
}

/// Prints to standard output. Whoever closed it has read enough.
pub(crate) fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_printed_as_a_shell_takes_it() {
        let doc = Process::cargo().args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(doc.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
        let odd = Process::new("echo").args(["", "it's"]);
        assert_eq!(odd.to_string(), r"echo '' 'it'\''s'");
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let error = Process::new("no-such-program").arg("now").run().unwrap_err();
        assert!(error.to_string().starts_with("`no-such-program now` could not be started: "));
        assert_eq!(error.exit_code(), 1);
    }

    #[test]
    fn a_program_that_fails_is_named_with_its_status() {
        let cargo = Process::cargo().arg("--no-such-option");
        // Not `run`, because cargo's own words would stand among the results of the tests.
        let status = cargo.command().output().unwrap().status;
        let text = cargo.ended(status).unwrap_err().to_string();

        assert!(text.starts_with("`cargo --no-such-option` failed: exit"), "{text}");
    }

    #[test]
    fn what_a_program_says_is_captured() {
        let said = Process::cargo().arg("--version").capture().unwrap();
        assert!(said.starts_with("cargo "), "{said}");
    }

    #[test]
    fn a_program_that_is_watched_says_its_lines() {
        let cargo = Process::cargo().arg("--no-such-option");
        let mut lines = Vec::new();
        let status = cargo.watch(|line| lines.push(line.to_owned())).unwrap();
        assert!(!status.success());
        assert!(lines.iter().any(|line| line.contains("--no-such-option")), "{lines:?}");
    }

    #[test]
    fn a_probe_is_empty_handed_where_the_tool_is_missing() {
        assert!(Process::new("no-such-program").probe().is_none());
        assert!(Process::cargo().arg("--no-such-option").probe().is_none());
        assert!(Process::cargo().arg("--version").probe().unwrap().starts_with("cargo "));
    }
}
