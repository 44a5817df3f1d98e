//! A service behind a ROUTER: clients with DEALER sockets ask for the product of a matrix and a
//! vector, several at a time, and get each answer with the number of its question.
//!
//! ```sh
//! cargo run --example zmq_dealer_router --features zmq
//! ```

use std::{error::Error, sync::Arc};

use canning_core::{Canned, CannedObject, SharedSlice};
use canning_wire::{Limits, can_arc, zmq};
use tokio::task::JoinSet;
use zeromq::{DealerSocket, RouterSocket, Socket};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Debug, Canned)]
struct Question {
    number: u64,
    /// Row by row.
    matrix: SharedSlice<f64>,
    vector: SharedSlice<f64>,
}

#[derive(Debug, Canned)]
struct Answer {
    number: u64,
    product: Vec<f64>,
}

const CLIENTS: u64 = 3;
const QUESTIONS: u64 = 4;
const ROWS: usize = 512;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut router = RouterSocket::new();
    let endpoint = router.bind("tcp://127.0.0.1:0").await?.to_string();
    let service = tokio::spawn(serve(router));

    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(ask(endpoint.clone(), client * QUESTIONS));
    }
    while let Some(client) = clients.join_next().await {
        client??;
    }
    service.await??;
    println!("{} products of {ROWS} by {ROWS}, for {CLIENTS} clients", CLIENTS * QUESTIONS);
    Ok(())
}

/// Answers all questions.
async fn serve(mut router: RouterSocket) -> Result<()> {
    for _ in 0..CLIENTS * QUESTIONS {
        let received = zmq::recv_from(&mut router, &Limits::default()).await?;
        let [object] = received.message.into_array()?;
        let Question { number, matrix, vector } = object.get_object()?;
        let times = |row: &[f64]| row.iter().zip(&*vector).map(|(a, b)| a * b).sum();
        let product = matrix.chunks_exact(vector.len()).map(times).collect();
        let answer = Arc::new(Answer { number, product });
        // The envelope of the question leads the answer back.
        zmq::send_to(&mut router, received.envelope, can_arc(&answer)?.into()).await?;
    }
    Ok(())
}

/// Asks some questions at once, and hears the answers.
async fn ask(endpoint: String, first: u64) -> Result<()> {
    let mut dealer = DealerSocket::new();
    dealer.connect(&endpoint).await?;
    let vector = SharedSlice::from(vec![1.0; ROWS]);
    for number in first..first + QUESTIONS {
        let matrix = vec![number as f64; ROWS * ROWS].into(); // 2 MiB
        let question = Arc::new(Question { number, matrix, vector: vector.clone() });
        zmq::send(&mut dealer, can_arc(&question)?.into()).await?;
    }
    for number in first..first + QUESTIONS {
        let [object] = zmq::recv(&mut dealer, &Limits::default()).await?.message.into_array()?;
        let answer: Answer = object.get_object()?;
        assert_eq!(answer.number, number);
        assert_eq!(answer.product, vec![number as f64 * ROWS as f64; ROWS]);
    }
    Ok(())
}

#[test]
fn it_runs() -> Result<()> {
    main()
}
