//! A real cluster for tests: a controller and engines on the loopback interface.
//!
//! `CANNING_PYTHON` names the Python that has ipyparallel and NumPy. Without it these tests say so
//! and do nothing, or fail where `CANNING_PYTHON_REQUIRED` is `1`.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{self, Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use canning_ipyparallel::{Client, ConnectionFile, Options};
use tokio::time;

/// How many engines a cluster has.
pub(crate) const ENGINES: u32 = 4;

/// How long anything may take that is not itself a test of time.
pub(crate) const LONG: Duration = Duration::from_secs(120);

/// A cluster that ends when it is dropped, or when this process ends in any way.
pub(crate) struct Cluster {
    /// Where the connection file is.
    pub(crate) file: PathBuf,
    supervisor: Child,
    talk: Mutex<(Option<ChildStdin>, BufReader<ChildStdout>)>,
}

impl Cluster {
    /// Starts a cluster, or says why not.
    pub(crate) fn start(engines: u32) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let python = python()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory = env::temp_dir().join(format!("canning-cluster-{}-{number}", process::id()));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/cluster.py");
        let mut supervisor = Command::new(python)
            .arg(script)
            .arg(directory)
            .arg(engines.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("CANNING_PYTHON can be started");
        let stdin = supervisor.stdin.take();
        let mut stdout = BufReader::new(supervisor.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the supervisor says something");
        let Some(file) = line.trim().strip_prefix("ready ") else {
            panic!("{line}{}", std::io::read_to_string(stdout).unwrap_or_default())
        };
        let file = file.into();
        Some(Self { file, supervisor, talk: Mutex::new((stdin, stdout)) })
    }

    /// A cluster that all tests of a process share, as long as one of them runs.
    pub(crate) fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cluster) = shared.upgrade() {
            return Some(cluster);
        }
        let cluster = Arc::new(Self::start(ENGINES)?);
        *shared = Arc::downgrade(&cluster);
        Some(cluster)
    }

    /// A client, with so many engines there.
    pub(crate) async fn client(&self, engines: u32) -> Client {
        self.client_with(engines, Options::default()).await
    }

    /// A client that waits for the output of code as long as it takes to come.
    pub(crate) async fn patient_client(&self, engines: u32) -> Client {
        self.client_with(engines, Options::default().grace(LONG)).await
    }

    async fn client_with(&self, engines: u32, options: Options) -> Client {
        let file = ConnectionFile::read(&self.file).expect("a connection file");
        let options = options.timeout(LONG).connect_timeout(LONG);
        let client = Client::connect(&file, options).await.expect("a controller");
        client.wait_for_engines(engines as usize, LONG).await.expect("engines");
        client
    }

    /// Kills the process of an engine.
    pub(crate) fn kill(&self, engine: u32) {
        self.command(&format!("kill {engine}"));
    }

    /// Kills the controller.
    pub(crate) fn stop(&self) {
        self.command("stop");
    }

    fn command(&self, command: &str) {
        let mut talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(stdin), stdout) = &mut *talk else { panic!("it was dropped") };
        writeln!(stdin, "{command}").expect("the supervisor runs");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the supervisor answers");
        assert_eq!(line.trim(), "done");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is what the supervisor waits for.
        self.talk.get_mut().unwrap_or_else(PoisonError::into_inner).0 = None;
        let _ = self.supervisor.wait();
    }
}

/// A file by which a test and the code of engines tell each other when it is time.
pub(crate) struct Flag(PathBuf);

impl Flag {
    /// Not raised yet; it goes with the cluster.
    pub(crate) fn new(cluster: &Cluster, name: &str) -> Self {
        Self(cluster.file.with_file_name(format!("{name}.flag")))
    }

    /// For code: `open(path, "x")` raises it.
    pub(crate) fn path(&self) -> &str {
        self.0.to_str().expect("a path of text")
    }

    /// Code that waits until it is raised.
    pub(crate) fn awaited(&self) -> String {
        let path = self.path();
        format!("import os, time\nwhile not os.path.exists({path:?}): time.sleep(0.01)")
    }

    pub(crate) fn raise(&self) {
        fs::write(&self.0, "").expect("the directory of the cluster");
    }

    /// Waits until an engine raises it.
    pub(crate) async fn raised(&self) {
        let raised = async {
            while !self.0.exists() {
                time::sleep(Duration::from_millis(10)).await;
            }
        };
        time::timeout(LONG, raised).await.expect("an engine that gets so far");
    }
}

/// The Python to test with.
pub(crate) fn python() -> Option<PathBuf> {
    let python = env::var_os("CANNING_PYTHON").map(PathBuf::from);
    if python.is_none() {
        assert!(
            env::var_os("CANNING_PYTHON_REQUIRED").is_none_or(|required| required != "1"),
            "CANNING_PYTHON is not set"
        );
        eprintln!("skipped: CANNING_PYTHON is not set; `cargo xtask python` sets it");
    }
    python
}

/// A runtime of two threads, as a program would have one.
pub(crate) fn block_on<R>(future: impl Future<Output = R>) -> R {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(future)
}
