//! The file of a Unix listener: removed at the end, replaced only when nobody listens there.

#![cfg(all(unix, feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::{
    error::Error as _,
    fs,
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
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
