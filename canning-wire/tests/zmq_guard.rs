//! A socket behind a guard: attacks end their connection, and nothing else.

#![cfg(unix)]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    future::poll_fn,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::ffi::OsStrExt,
    process::{self, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, can_arc,
    zmq::{self, Guard, GuardOptions, Refusal},
};
use support::{
    counting::{Counting, count},
    zmtp::{greeting, head},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net, runtime, select,
    sync::{mpsc, oneshot},
    task, time,
};
use zeromq::{DealerSocket, PubSocket, PullSocket, PushSocket, RouterSocket, Socket, SubSocket};

#[global_allocator]
static COUNTING: Counting = Counting;

const LIMITS: Limits = Limits {
    header_bytes: 1 << 20,
    buffers: 16,
    message_bytes: 1 << 21,
    objects: 16,
    depth: 128,
    believed_bytes: 1 << 20,
    expanded_bytes: 1 << 20,
    unfolded_bytes: 1 << 20,
    recycled_bytes: 0,
};

const OPTIONS: GuardOptions =
    GuardOptions { limits: LIMITS, connections: 64, patience: Duration::from_secs(600) };

/// One thread, so that what all tasks allocate is counted.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let timed = async { time::timeout(Duration::from_secs(600), future).await };
    runtime.block_on(timed).expect("a test ends")
}

fn address(guard: &Guard) -> String {
    guard.endpoint().to_string().strip_prefix("tcp://").unwrap().to_owned()
}

/// Sends bytes, and waits until the other side ends the connection.
async fn attack(address: &str, bytes: &[u8]) {
    let mut stream = net::TcpStream::connect(address).await.unwrap();
    let mut heard = Vec::new();
    // It may end before all is sent.
    let _ = stream.write_all(bytes).await;
    let _ = stream.read_to_end(&mut heard).await;
}

async fn send_number(push: &mut PushSocket, number: i32) {
    zmq::send(push, can_arc(&Arc::new(number)).unwrap().into()).await.unwrap();
}

/// Receives a number. That another peer went away is no error of the socket.
async fn recv_number(pull: &mut PullSocket) -> i32 {
    loop {
        match zmq::recv(pull, &LIMITS).await {
            Ok(received) => return received.message.objects()[0].get().unwrap(),
            Err(error) => assert!(matches!(error.kind(), ErrorKind::Multipart(_)), "{error}"),
        }
    }
}

#[test]
fn attacks_end_their_connection_and_others_go_on() {
    const PART: Refusal = Refusal::Part { limit: 1 << 20, declared: 1 << 40 };
    let behind = |bytes: Vec<u8>| [greeting("PUSH"), bytes].concat();
    let half = [head(1, 1 << 20), vec![0; 1 << 20]].concat();
    let attacks = [
        (behind(head(0, 1 << 40)), PART),
        ([&greeting("PUSH")[..64], &head(0, 1 << 40)].concat(), PART),
        (behind(head(4, 1 << 40)), Refusal::Command { limit: 8192, declared: 1 << 40 }),
        (
            behind([half.clone(), half, head(0, 1)].concat()),
            Refusal::Message { limit: 1 << 21, declared: (1 << 21) + 1 },
        ),
        (behind([1, 0].repeat(33)), Refusal::Parts { limit: 32 }),
        (behind(vec![0x80, 0]), Refusal::Flags { found: 0x80 }),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), Refusal::Greeting { at: 0, found: b'G' }),
    ];
    block_on(async {
        let mut pull = PullSocket::new();
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
        let (sender, mut numbers) = mpsc::unbounded_channel();
        task::spawn(async move { while sender.send(recv_number(&mut pull).await).is_ok() {} });
        let mut push = PushSocket::new();
        push.connect(&guard.endpoint().to_string()).await.unwrap();
        for (number, (bytes, refusal)) in attacks.into_iter().enumerate() {
            let number = i32::try_from(number).unwrap();
            send_number(&mut push, number).await;
            attack(&address(&guard), &bytes).await;
            assert_eq!(guard.last_refusal(), Some(refusal));
            assert_eq!(guard.refused(), u64::try_from(number).unwrap() + 1);
            assert_eq!(numbers.recv().await, Some(number));
        }
    });
}

#[test]
fn no_more_is_reserved_than_is_believed() {
    block_on(async {
        let mut pull = PullSocket::new();
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
        // What is just within the limits is reserved by the socket; each peer sends nothing of it.
        let bytes = [greeting("PUSH"), head(0, 1 << 20)].concat();
        let mut peers = Vec::new();
        for _ in 0..8 {
            let mut peer = net::TcpStream::connect(address(&guard)).await.unwrap();
            peer.write_all(&bytes).await.unwrap();
            peers.push(peer);
        }
        let mut receiving = Box::pin(pull_one(&mut pull));
        let mut peak = 0;
        let mut poll = |context: &mut Context<'_>| {
            let (polled, cost) = count(|| receiving.as_mut().poll(context));
            assert!(polled.is_pending(), "nothing is whole");
            peak += cost.peak;
            peak
        };
        // The socket does reserve, for all of them; and then no more.
        poll_fn(|context| match poll(context) > 8 << 20 {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
        let longer = poll_fn(|context| {
            poll(context);
            Poll::<()>::Pending
        });
        time::timeout(Duration::from_millis(300), longer).await.unwrap_err();
        drop(receiving);
        assert!(peak < 8 * ((2 << 20) + (256 << 10)), "{peak}");
        assert_eq!(guard.refused(), 0);

        let attack_bytes = [greeting("PUSH"), head(0, (1 << 20) + 1)].concat();
        for _ in 0..50 {
            attack(&address(&guard), &attack_bytes).await;
        }
        assert_eq!(guard.refused(), 50);
    });
}

async fn pull_one(pull: &mut PullSocket) -> canning_wire::Result<zmq::Received> {
    zmq::recv(pull, &LIMITS).await
}

#[test]
fn silence_is_refused_before_a_greeting_and_not_after() {
    block_on(async {
        let mut pull = PullSocket::new();
        let options = GuardOptions { patience: Duration::from_millis(100), ..OPTIONS };
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", options).await.unwrap();
        // Half a greeting, and then nothing.
        attack(&address(&guard), &greeting("PUSH")[..70]).await;
        assert_eq!(guard.last_refusal(), Some(Refusal::Silent { waited: options.patience }));
        assert_eq!(guard.refused(), 1);

        // Those within are not ended, however long they are silent.
        let mut push = within(&guard, &mut pull).await;
        let refused = guard.refused();
        time::sleep(3 * options.patience).await;
        send_number(&mut push, 1).await;
        assert_eq!(recv_number(&mut pull).await, 1);
        assert_eq!(guard.refused(), refused);
    });
}

#[test]
fn patience_may_be_without_end() {
    block_on(async {
        let mut pull = PullSocket::new();
        let options = GuardOptions { patience: Duration::MAX, ..OPTIONS };
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", options).await.unwrap();
        let mut push = PushSocket::new();
        push.connect(&guard.endpoint().to_string()).await.unwrap();
        send_number(&mut push, 7).await;
        assert_eq!(recv_number(&mut pull).await, 7);
    });
}

/// A peer whose greeting, and a 0, came through; a slow machine may need more patience than there
/// is, several times.
async fn within(guard: &Guard, pull: &mut PullSocket) -> PushSocket {
    loop {
        let refused = guard.refused();
        let mut push = PushSocket::new();
        let zero = can_arc(&Arc::new(0)).unwrap().into();
        if push.connect(&guard.endpoint().to_string()).await.is_err()
            || zmq::send(&mut push, zero).await.is_err()
        {
            continue;
        }
        let is_refused = async {
            while guard.refused() == refused {
                time::sleep(Duration::from_millis(10)).await;
            }
        };
        select! {
            number = recv_number(pull) => {
                assert_eq!(number, 0);
                return push;
            }
            () = is_refused => {}
        }
    }
}

#[test]
fn crowds_are_refused() {
    block_on(async {
        let mut pull = PullSocket::new();
        let options = GuardOptions { connections: 2, ..OPTIONS };
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", options).await.unwrap();
        let mut pushes = [PushSocket::new(), PushSocket::new()];
        for push in &mut pushes {
            push.connect(&guard.endpoint().to_string()).await.unwrap();
        }
        attack(&address(&guard), &greeting("PUSH")).await;
        assert_eq!(guard.last_refusal(), Some(Refusal::Crowd { limit: 2 }));
        for (number, push) in (0..).zip(&mut pushes) {
            send_number(push, number).await;
            assert_eq!(recv_number(&mut pull).await, number);
        }
        assert_eq!(guard.refused(), 1);
        drop(pushes);
        // Their places are free once they are gone.
        let mut push = PushSocket::new();
        while push.connect(&guard.endpoint().to_string()).await.is_err() {
            time::sleep(Duration::from_millis(10)).await;
        }
        send_number(&mut push, 3).await;
        assert_eq!(recv_number(&mut pull).await, 3);
    });
}

#[test]
fn arrays_pass_both_ways() {
    let numbers = Arc::new((0..100_000).map(f64::from).collect::<Vec<_>>());
    let message = || can_arc(&numbers).unwrap().into();
    block_on(async {
        let (mut router, mut dealer) = (RouterSocket::new(), DealerSocket::new());
        let inside = Guard::bind(&mut router, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
        let endpoint = inside.endpoint().to_string();
        let outside = Guard::connect(&mut dealer, &endpoint, OPTIONS).await.unwrap();
        assert_eq!(outside.endpoint(), inside.endpoint());
        for _ in 0..10 {
            zmq::send(&mut dealer, message()).await.unwrap();
            let asked = zmq::recv_from(&mut router, &LIMITS).await.unwrap();
            zmq::send_to(&mut router, asked.envelope, asked.message).await.unwrap();
            let [object] =
                zmq::recv(&mut dealer, &LIMITS).await.unwrap().message.into_array().unwrap();
            assert_eq!(object.get_object::<Vec<f64>, _>().unwrap(), *numbers);
        }

        let (mut publisher, mut subscriber) = (PubSocket::new(), SubSocket::new());
        let guard = Guard::bind(&mut publisher, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
        let endpoint = guard.endpoint().to_string();
        let _guarded = Guard::connect(&mut subscriber, &endpoint, OPTIONS).await.unwrap();
        subscriber.subscribe("a").await.unwrap();
        let publishing = async {
            loop {
                zmq::send_to(&mut publisher, "a", message()).await.unwrap();
                time::sleep(Duration::from_millis(1)).await;
            }
        };
        let received = select! {
            received = zmq::recv_from(&mut subscriber, &LIMITS) => received.unwrap(),
            () = publishing => unreachable!(),
        };
        assert_eq!(received.envelope.address(), b"a");
    });
}

#[test]
fn a_socket_that_connects_is_guarded_too() {
    block_on(async {
        let listener = net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
        let (go_on, connected) = oneshot::channel();
        let attacker = task::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(&greeting("PUSH")).await.unwrap();
            let mut heard = vec![0; 64];
            stream.read_exact(&mut heard).await.unwrap();
            connected.await.unwrap();
            stream.write_all(&head(0, 1 << 40)).await.unwrap();
            stream.read_to_end(&mut heard).await.unwrap();
        });
        let mut pull = PullSocket::new();
        let guard = Guard::connect(&mut pull, &endpoint, OPTIONS).await.unwrap();
        go_on.send(()).unwrap();
        attacker.await.unwrap();
        let refusal = Refusal::Part { limit: 1 << 20, declared: 1 << 40 };
        assert_eq!((guard.refused(), guard.last_refusal()), (1, Some(refusal)));
    });
}

#[test]
fn addresses_that_do_not_serve_are_errors() {
    block_on(async {
        let mut pull = PullSocket::new();
        for endpoint in ["ipc:///tmp/canning", "tcp://127.0.0.1:1", "nonsense"] {
            let error = Guard::connect(&mut pull, endpoint, OPTIONS).await.unwrap_err();
            let kind = error.kind();
            assert!(matches!(kind, ErrorKind::Socket { .. } | ErrorKind::Multipart(_)), "{error}");
        }
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
        let taken = guard.endpoint().to_string();
        let error = Guard::bind(&mut pull, &taken, OPTIONS).await.unwrap_err();
        assert_eq!(error.to_string(), format!("cannot listen at {taken}"));
    });
}

/// In a process of its own, whose directory for temporary files has a name that is no text.
#[test]
#[cfg(target_os = "linux")]
fn a_directory_whose_name_is_no_text_is_an_error_at_once() {
    const TEST: &str = "a_directory_whose_name_is_no_text_is_an_error_at_once";
    if env::var_os(CHILD).is_none() {
        let name = format!("canning-no-text-{}-", process::id());
        let name = [name.as_bytes(), b"\xff"].concat();
        let directory = env::temp_dir().join(OsStr::from_bytes(&name));
        fs::create_dir(&directory).unwrap();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", TEST]).env(CHILD, TEST).env("TMPDIR", &directory);
        let starting = nobody_starts();
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        drop(starting);
        let output = child.wait_with_output().unwrap();
        // Nothing is left in it.
        fs::remove_dir(&directory).unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    block_on(async {
        let mut pull = PullSocket::new();
        // A socket that binds needs no text.
        let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
        let endpoint = guard.endpoint().to_string();
        let error = Guard::connect(&mut PushSocket::new(), &endpoint, OPTIONS).await.unwrap_err();
        let ErrorKind::Socket { error, .. } = error.kind() else { panic!("{error:?}") };
        assert_eq!(error.to_string(), "the path is not UTF-8");
    });
}

/// A process that is started has a copy of all that is open here, until it is another program: what
/// is closed meanwhile is not closed.
static STARTING: Mutex<()> = Mutex::new(());

fn nobody_starts() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_guard_that_is_gone_lets_nobody_in_and_leaves_nothing() {
    let _nobody_starts = nobody_starts();
    block_on(async {
        let before = rooms();
        let mut pull = PullSocket::new();
        // Where it can be, at an address that no other test has: its port may soon be another's.
        let host = if cfg!(target_os = "linux") { "127.0.0.77" } else { "127.0.0.1" };
        let guard = Guard::bind(&mut pull, &format!("tcp://{host}:0"), OPTIONS).await.unwrap();
        assert!(rooms().iter().any(|room| !before.contains(room)));
        let address = address(&guard);
        let mut within = net::TcpStream::connect(&address).await.unwrap();
        within.write_all(&greeting("PUSH")).await.unwrap();
        within.read_exact(&mut [0; 64]).await.unwrap();
        drop(guard);
        // The connection that was open ends, and no other is made.
        let _ = within.read_to_end(&mut Vec::new()).await;
        assert!(net::TcpStream::connect(&address).await.is_err());
        drop(pull);
        // Other tests have theirs at the same time, but not for long.
        while rooms().iter().any(|room| !before.contains(room)) {
            time::sleep(Duration::from_millis(10)).await;
        }
    });
}

/// The directories of this process's guards.
fn rooms() -> Vec<OsString> {
    let mine = format!("canning-{}-", process::id());
    let names = fs::read_dir(env::temp_dir()).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with(&mine)).collect()
}

/// A process of its own, which the next test starts.
#[test]
fn serve_as_a_process_of_its_own() {
    let Some(guarded) = env::var_os(CHILD) else { return };
    block_on(async {
        let mut pull = PullSocket::new();
        let guard;
        let endpoint = if guarded == "guarded" {
            guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", OPTIONS).await.unwrap();
            guard.endpoint().clone()
        } else {
            pull.bind("tcp://127.0.0.1:0").await.unwrap()
        };
        // The test's own output has other lines.
        eprintln!("{endpoint}");
        for number in 0..2 {
            assert_eq!(recv_number(&mut pull).await, number);
            eprintln!("received");
        }
    });
}

const CHILD: &str = "CANNING_ZMQ_GUARD_CHILD";

#[test]
fn ten_bytes_that_end_a_process_do_not_end_a_guarded_one() {
    for guarded in [false, true] {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "serve_as_a_process_of_its_own", "--nocapture"])
            .env(CHILD, if guarded { "guarded" } else { "unguarded" })
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let starting = nobody_starts();
        let mut child = command.spawn().unwrap();
        drop(starting);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let endpoint = lines.find(|line| line.starts_with("tcp://")).unwrap();
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.unwrap().block_on(async {
            let mut push = PushSocket::new();
            push.connect(&endpoint).await.unwrap();
            send_number(&mut push, 0).await;
            assert_eq!(lines.next().as_deref(), Some("received"));

            let mut attacker = TcpStream::connect(&endpoint["tcp://".len()..]).unwrap();
            attacker.write_all(&[greeting("PUSH"), head(0, 1 << 62)].concat()).unwrap();
            let _ = attacker.read_to_end(&mut Vec::new());
            // Whether there still is somebody who receives it; if not, the socket may know that.
            let sent = zmq::send(&mut push, can_arc(&Arc::new(1)).unwrap().into()).await;
            assert!(sent.is_ok() || !guarded, "{sent:?}");
            let next = lines.find(|line| line == "received" || line.contains("allocation"));
            let expected = if guarded { "received" } else { "allocation" };
            assert!(next.as_ref().is_some_and(|line| line.contains(expected)), "{next:?}");
        });
        assert_eq!(child.wait().unwrap().success(), guarded);
    }
}
