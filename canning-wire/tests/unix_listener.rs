//! The file of a Unix listener: removed at the end, replaced only when nobody listens there; and
//! listeners that listen, and take nobody.

#![cfg(all(unix, feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::{
    env,
    error::Error as _,
    fs::{self, File},
    io,
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    process::Command,
    sync::Barrier,
    thread,
};

use canning_wire::socket::{Address, Connection, Listener, Options};

/// A path in an empty directory of its own.
fn path(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sockets").join(name);
    fs::remove_dir_all(&directory).ok();
    fs::create_dir_all(&directory).unwrap();
    // Relative, as the whole path may be longer than a socket's may be.
    from_here(&directory).join("s")
}

/// The path from the current directory, which is that of the crate.
fn from_here(directory: &Path) -> PathBuf {
    let current = std::env::current_dir().unwrap();
    let root = current.parent().unwrap();
    match directory.strip_prefix(root) {
        Ok(below) => Path::new("..").join(below),
        Err(_) => directory.to_owned(),
    }
}

fn bind(path: &Path) -> canning_wire::Result<Listener> {
    Listener::bind(&Address::Unix(path.to_owned()), &Options::default())
}

/// What a listener leaves behind that was killed.
fn leave_stale(path: &Path) {
    drop(UnixListener::bind(path).unwrap());
    assert!(path.exists());
}

fn is_served(listener: &Listener) -> bool {
    thread::scope(|scope| {
        let client = scope.spawn(|| Connection::connect(listener.address(), &Options::default()));
        let served = listener.accept().unwrap().handshake().is_ok();
        client.join().unwrap().is_ok() && served
    })
}

#[test]
fn file_is_removed_with_the_listener() {
    let path = path("removed");
    let listener = bind(&path).unwrap();
    assert!(path.exists());
    assert!(is_served(&listener));
    drop(listener);
    assert!(!path.exists());
}

#[test]
fn stale_file_is_replaced() {
    let path = path("stale");
    leave_stale(&path);
    let listener = bind(&path).unwrap();
    assert!(is_served(&listener));
    drop(listener);
    assert!(!path.exists());
}

#[test]
fn file_of_one_who_listens_stays() {
    let path = path("taken");
    let first = bind(&path).unwrap();
    let error = bind(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on unix:{}", path.display()));
    assert!(error.source().unwrap().to_string().contains("in use"), "{:?}", error.source());
    // The question whether somebody listens is a connection that ends before its hello.
    first.accept().unwrap().handshake().unwrap_err();
    assert!(is_served(&first));
}

#[test]
fn file_that_is_no_socket_stays() {
    let path = path("file");
    fs::write(&path, "precious").unwrap();
    bind(&path).unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
}

#[test]
fn file_of_a_later_listener_is_not_removed() {
    let path = path("later");
    let first = bind(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let second = bind(&path).unwrap();
    drop(first);
    assert!(path.exists());
    assert!(is_served(&second));
}

#[test]
fn of_many_at_once_exactly_one_replaces_a_stale_file() {
    let path = path("race");
    for _ in 0..50 {
        leave_stale(&path);
        let (start, end) = (Barrier::new(4), Barrier::new(4));
        let bound = thread::scope(|scope| {
            let binding = [(); 4].map(|()| {
                scope.spawn(|| {
                    start.wait();
                    let listener = bind(&path);
                    end.wait();
                    listener
                })
            });
            binding.into_iter().filter_map(|bound| bound.join().unwrap().ok()).collect::<Vec<_>>()
        });
        assert_eq!(bound.len(), 1);
        assert!(path.exists());
        drop(bound);
        assert!(!path.exists());
    }
}

#[test]
fn stale_file_in_a_directory_that_another_has_locked_stays() {
    let path = path("locked");
    leave_stale(&path);
    let directory = File::open(path.parent().unwrap()).unwrap();
    directory.lock().unwrap();
    let error = bind(&path).unwrap_err();
    assert!(error.source().unwrap().to_string().contains("cannot be locked"));
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::AddrInUse);
    directory.unlock().unwrap();
    assert!(is_served(&bind(&path).unwrap()));
}

/// Tells the test that it is its own child, as only a process of its own may go elsewhere.
const CHILD: &str = "CANNING_TEST_CHILD";

#[test]
fn short_relative_path_in_a_deep_directory_is_bound() {
    if env::var_os(CHILD).is_some() {
        return serve_in_the_current_directory();
    }
    let directory = path("deep").parent().unwrap().join("d".repeat(120));
    fs::create_dir(&directory).unwrap();
    let status = Command::new(env::current_exe().unwrap())
        .args(["--exact", "short_relative_path_in_a_deep_directory_is_bound"])
        .env(CHILD, "")
        .current_dir(&directory)
        .status()
        .unwrap();
    assert!(status.success());
    assert!(directory.join("served").exists());
}

fn serve_in_the_current_directory() {
    let path = Path::new("s");
    leave_stale(path);
    let listener = bind(path).unwrap();
    assert!(is_served(&listener));
    env::set_current_dir("..").unwrap();
    drop(listener);
    env::set_current_dir("d".repeat(120)).unwrap();
    assert!(!path.exists());
    fs::write("served", "").unwrap();
}

#[test]
fn empty_path_is_no_address() {
    let address = Address::Unix(PathBuf::new());
    let error = Connection::connect(&address, &Options::default()).unwrap_err();
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::InvalidInput);
}

/// Only Linux lets who connects wait.
#[cfg(target_os = "linux")]
mod busy {
    use std::{iter, os::fd::OwnedFd, sync::mpsc, time::Duration};

    use rustix::{
        io::Errno,
        net::{self, AddressFamily, SocketAddrUnix, SocketFlags, SocketType},
    };

    use super::*;

    /// A listener at which as many wait as may.
    fn busy(path: &Path) -> (UnixListener, Vec<OwnedFd>) {
        let listener = UnixListener::bind(path).unwrap();
        net::listen(&listener, 1).unwrap();
        let waiting = iter::from_fn(|| connect_at_once(path)).collect();
        (listener, waiting)
    }

    fn connect_at_once(path: &Path) -> Option<OwnedFd> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket =
            net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).unwrap();
        match net::connect(&socket, &SocketAddrUnix::new(path).unwrap()) {
            Err(Errno::AGAIN) => None,
            connected => {
                connected.unwrap();
                Some(socket)
            }
        }
    }

    /// What would wait for ever fails the test.
    fn ends<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(what()));
        receiver.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    #[test]
    fn file_of_a_busy_listener_stays() {
        let path = path("busy");
        let (listener, waiting) = busy(&path);
        let error = ends({
            let path = path.clone();
            move || bind(&path).unwrap_err()
        });
        assert!(error.source().unwrap().to_string().contains("in use"), "{:?}", error.source());
        // Those who wait are still there to be accepted.
        for _ in waiting {
            listener.accept().unwrap();
        }
        assert!(path.exists());
    }

    #[test]
    fn busy_listener_is_waited_for_only_as_long_as_the_options_say() {
        let path = path("too_busy");
        let (_listener, _waiting) = busy(&path);
        let options = Options { connect_timeout: Duration::from_millis(50), ..Options::default() };
        let error = ends(move || Connection::connect(&Address::Unix(path), &options).unwrap_err());
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn busy_listener_that_makes_room_in_time_is_connected_to() {
        let path = path("room");
        let (listener, waiting) = busy(&path);
        let client = thread::spawn(move || {
            Connection::connect(&Address::Unix(path), &Options::default()).unwrap().finish()
        });
        ends(move || {
            for _ in waiting {
                listener.accept().unwrap();
            }
            let (accepted, _) = listener.accept().unwrap();
            Connection::over(accepted, &Options::default()).unwrap();
        });
        client.join().unwrap().unwrap();
    }
}
