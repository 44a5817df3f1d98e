//! Messages to and from sockets of libzmq, as pyzmq has them, and NumPy.
//!
//! Runs where the variable `CANNING_PYTHON` names an interpreter with pyzmq and NumPy;
//! `cargo xtask python` sets it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use canning_core::{Canned, CannedObject};
use canning_wire::{
    Limits, Message, can_arc,
    zmq::{self, Guard, GuardOptions},
};
use tokio::{runtime, select, time};
use zeromq::{PubSocket, PullSocket, PushSocket, RouterSocket, Socket};

/// What `tests/python/zmq_peer.py` checks.
#[derive(Debug, PartialEq, Canned)]
struct Arrays {
    floats: Vec<f64>,
    numbers: Vec<u16>,
    bytes: Vec<u8>,
}

fn arrays() -> Arc<Arrays> {
    Arc::new(Arrays {
        floats: (0..100_000).map(f64::from).collect(),
        numbers: (0..3000).collect(),
        bytes: vec![7; 1025],
    })
}

fn message(arrays: &Arc<Arrays>) -> Message<'static> {
    can_arc(arrays).unwrap().into()
}

/// A process of Python's; `None` where the tests run without.
fn python(args: &[&str]) -> Option<Child> {
    let Ok(python) = env::var("CANNING_PYTHON") else {
        let required = env::var_os("CANNING_PYTHON_REQUIRED").is_some();
        assert!(!required, "`CANNING_PYTHON` is not set");
        eprintln!("skipped: `CANNING_PYTHON` names no interpreter");
        return None;
    };
    let script = include_str!("python/zmq_peer.py");
    let mut command = Command::new(python);
    command.args(["-W", "error", "-c", script]).args(args).stdout(Stdio::piped());
    Some(command.spawn().unwrap())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let timed = async { time::timeout(Duration::from_secs(600), future).await };
    runtime.block_on(timed).expect("a test ends")
}

#[test]
fn numpy_reads_the_parts_and_they_come_back() {
    let Some(mut python) = python(&["echo"]) else { return };
    let mut ports = String::new();
    BufReader::new(python.stdout.take().unwrap()).read_line(&mut ports).unwrap();
    let (to, from) = ports.trim().split_once(' ').unwrap();
    let arrays = arrays();
    block_on(async {
        let (mut push, mut pull) = (PushSocket::new(), PullSocket::new());
        push.connect(&format!("tcp://127.0.0.1:{to}")).await.unwrap();
        pull.connect(&format!("tcp://127.0.0.1:{from}")).await.unwrap();
        for _ in 0..20 {
            let copies = zmq::send(&mut push, message(&arrays)).await.unwrap();
            assert_eq!(copies.parts, 0);
            let received = zmq::recv(&mut pull, &Limits::default()).await.unwrap();
            let [object] = received.message.into_array().unwrap();
            assert_eq!(object.get_object::<Arrays, _>().unwrap(), *arrays);
        }
    });
    assert!(python.wait().unwrap().success());
}

#[test]
fn python_asks_a_guarded_router_in_the_bytes_of_the_format() {
    let arrays = arrays();
    block_on(async {
        let mut router = RouterSocket::new();
        let options = GuardOptions::default();
        let guard = Guard::bind(&mut router, "tcp://127.0.0.1:0", options).await.unwrap();
        let Some(mut python) = python(&["ask", &guard.endpoint().to_string()]) else { return };
        let mut lens = Vec::new();
        for _ in 0..6 {
            let asked = zmq::recv_from(&mut router, &Limits::default()).await.unwrap();
            let objects = asked.message.objects();
            for object in objects {
                match object.buffers().len() {
                    0 => assert_eq!(object.get::<u8, _>().unwrap(), 24),
                    _ => assert_eq!(object.get::<Vec<f64>, _>().unwrap(), [0.0, 1.0, 2.0, 3.0]),
                }
            }
            lens.push((asked.envelope.parts().len(), objects.len()));
            zmq::send_to(&mut router, asked.envelope, message(&arrays)).await.unwrap();
        }
        // Of the DEALER, and of the REQ with its empty part.
        assert_eq!(lens, [(1, 1), (1, 1), (1, 2), (2, 1), (2, 1), (2, 2)]);
        while python.try_wait().unwrap().is_none() {
            time::sleep(Duration::from_millis(10)).await;
        }
        assert!(python.wait().unwrap().success());
        assert_eq!(guard.refused(), 0);
    });
}

#[test]
fn python_hears_what_it_subscribed_to() {
    let arrays = arrays();
    block_on(async {
        let mut publisher = PubSocket::new();
        let endpoint = publisher.bind("tcp://127.0.0.1:0").await.unwrap();
        let Some(mut python) = python(&["hear", &endpoint.to_string()]) else { return };
        let publish = async {
            loop {
                for topic in ["news of Python", "gossip"] {
                    zmq::send_to(&mut publisher, topic, message(&arrays)).await.unwrap();
                }
                time::sleep(Duration::from_millis(10)).await;
            }
        };
        let ended = async {
            while python.try_wait().unwrap().is_none() {
                time::sleep(Duration::from_millis(10)).await;
            }
        };
        select! {
            () = publish => unreachable!("it goes on"),
            () = ended => {}
        }
        assert!(python.wait().unwrap().success());
    });
}
