//! Work for several: a PUSH socket hands arrays to two PULL sockets in turns, which send back sums.
//!
//! ```sh
//! cargo run --example zmq_push_pull --features zmq
//! ```

use std::{error::Error, sync::Arc};

use canning_core::{CannedObject, SharedSlice};
use canning_wire::{Limits, Message, can, can_arc, zmq};
use tokio::task::JoinSet;
use zeromq::{PullSocket, PushSocket, Socket};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const WORKERS: usize = 2;
const TASKS: usize = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (mut tasks, mut sums) = (PushSocket::new(), PullSocket::new());
    let tasks_at = tasks.bind("tcp://127.0.0.1:0").await?.to_string();
    let sums_at = sums.bind("tcp://127.0.0.1:0").await?.to_string();

    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work(tasks_at.clone(), sums_at.clone()));
    }
    // Who has connected says so, so that the work is shared by all.
    for _ in 0..WORKERS {
        zmq::recv(&mut sums, &Limits::default()).await?;
    }

    for task in 0..TASKS {
        let numbers = Arc::new(vec![task as f64; 1 << 17]); // 1 MiB
        let copies = zmq::send(&mut tasks, can_arc(&numbers)?.into()).await?;
        assert_eq!(copies.parts, 0);
    }
    let mut total = 0.0;
    for _ in 0..TASKS {
        let [sum] = zmq::recv(&mut sums, &Limits::default()).await?.message.into_array()?;
        total += sum.get::<f64, _>()?;
    }
    assert_eq!(total, (45 << 17) as f64);
    println!("{TASKS} arrays of 1 MiB, summed by {WORKERS} workers: {total}");

    for _ in 0..WORKERS {
        zmq::send(&mut tasks, Message::new()).await?;
    }
    while let Some(worker) = workers.join_next().await {
        assert_eq!(worker??, TASKS / WORKERS);
    }
    Ok(())
}

/// Sums arrays until an empty message comes; says how many there were.
async fn work(tasks_at: String, sums_at: String) -> Result<usize> {
    let (mut tasks, mut sums) = (PullSocket::new(), PushSocket::new());
    tasks.connect(&tasks_at).await?;
    sums.connect(&sums_at).await?;
    zmq::send(&mut sums, Message::new()).await?;
    let mut worked = 0;
    loop {
        let message = zmq::recv(&mut tasks, &Limits::default()).await?.message;
        if message.objects().is_empty() {
            return Ok(worked);
        }
        let [object] = message.into_array()?;
        let numbers: SharedSlice<f64> = object.get_object()?;
        // What is only borrowed is copied first: the socket may send it later.
        let sum = can(&numbers.iter().sum::<f64>())?.into_owned()?;
        zmq::send(&mut sums, sum.into()).await?;
        worked += 1;
    }
}

#[test]
fn it_runs() -> Result<()> {
    main()
}
