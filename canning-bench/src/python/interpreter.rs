//! A Python that runs its half of the benchmarks, and says how long it took.

use std::{
    cell::RefCell,
    env,
    ffi::OsString,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    rc::Rc,
    time::Duration,
};

use crate::harness::Case;

/// A running interpreter; shared by the cases of a group. It ends with the last of them.
#[derive(Clone)]
pub(crate) struct Interpreter(Rc<RefCell<Process>>);

impl Interpreter {
    /// Whether `$CANNING_PYTHON` names one.
    pub(crate) fn is_there() -> bool {
        path().is_some()
    }

    /// Starts it, to measure formats.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(crate) fn start() -> io::Result<Self> {
        Ok(Self(Rc::new(RefCell::new(Process::start(&[])?))))
    }

    /// Starts it and a cluster of one engine, which ends with it; gives the path of the cluster's
    /// connection file, too.
    ///
    /// # Errors
    ///
    /// When the cluster does not start.
    pub(crate) fn start_cluster() -> io::Result<(Self, String)> {
        let mut process = Process::start(&["cluster"])?;
        let connection_file = process.answer()?;
        Ok((Self(Rc::new(RefCell::new(process))), connection_file))
    }

    /// Measures one of Python's cases, by its own clock.
    pub(crate) fn case(
        &self,
        implementation: &'static str,
        bytes: u64,
        case: String,
    ) -> Case<'static> {
        let this = self.clone();
        Case::batched(implementation, bytes, move |watch| {
            watch.count(this.0.borrow_mut().time(&case, watch.times()).unwrap());
        })
    }
}

struct Process {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    fn start(args: &[&str]) -> io::Result<Self> {
        let path = path().ok_or_else(|| io::Error::other("CANNING_PYTHON names no Python"))?;
        let mut command = Command::new(path);
        command.args(["-c", include_str!("peer.py")]).args(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    fn time(&mut self, case: &str, times: u32) -> io::Result<Duration> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(questions, "{case} {times}")?;
        let nanoseconds = self.answer()?.parse().map_err(io::Error::other)?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(io::Error::other("Python has ended; what it said stands above"));
        }
        Ok(line.trim_end().to_owned())
    }
}

/// Ends the input, at which Python stops its cluster, and waits for it.
impl Drop for Process {
    fn drop(&mut self) {
        drop(self.questions.take());
        let _ = self.child.wait();
    }
}

fn path() -> Option<OsString> {
    env::var_os("CANNING_PYTHON").filter(|path| !path.is_empty())
}
