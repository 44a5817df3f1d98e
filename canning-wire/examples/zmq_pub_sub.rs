//! One publishes fields of a simulation by topic, two subscribe to what they want.
//!
//! ```sh
//! cargo run --example zmq_pub_sub --features zmq
//! ```

use std::{error::Error, sync::Arc, time::Duration};

use canning_core::{Canned, CannedObject, SharedSlice};
use canning_wire::{Limits, can_arc, zmq};
use tokio::time;
use zeromq::{PubSocket, Socket, SubSocket};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What is published. Who receives it shares the array with the message, and owns nothing.
#[derive(Debug, Canned)]
struct Field {
    frame: u64,
    values: SharedSlice<f64>,
}

const WANTED: usize = 8;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut publisher = PubSocket::new();
    let endpoint = publisher.bind("tcp://127.0.0.1:0").await?.to_string();
    let pressures = tokio::spawn(subscribe(endpoint.clone(), "pressure"));
    let all = tokio::spawn(subscribe(endpoint, ""));

    // What nobody has subscribed to yet is dropped, so that it does not begin with frame 0.
    for frame in 0.. {
        if pressures.is_finished() && all.is_finished() {
            break;
        }
        let topic = if frame % 2 == 0 { "pressure" } else { "temperature" };
        let values = vec![frame as f64; 1 << 15].into(); // 256 KiB
        let field = Arc::new(Field { frame, values });
        zmq::send_to(&mut publisher, topic, can_arc(&field)?.into()).await?;
        time::sleep(Duration::from_millis(1)).await;
    }

    let (pressures, all) = (pressures.await??, all.await??);
    assert!(pressures.iter().all(|frame| frame % 2 == 0), "{pressures:?}");
    assert!(all.is_sorted_by(|frame, next| frame + 1 == *next), "{all:?}");
    println!("pressure in frames {pressures:?}, something in frames {all:?}");
    Ok(())
}

/// Receives some fields; says which.
async fn subscribe(endpoint: String, topic: &str) -> Result<Vec<u64>> {
    let mut subscriber = SubSocket::new();
    subscriber.connect(&endpoint).await?;
    subscriber.subscribe(topic).await?;
    let mut frames = Vec::new();
    while frames.len() < WANTED {
        let received = zmq::recv_from(&mut subscriber, &Limits::default()).await?;
        assert!(received.envelope.address().starts_with(topic.as_bytes()));
        let [object] = received.message.into_array()?;
        let field: Field = object.get_object()?;
        assert_eq!(field.values.len(), 1 << 15);
        assert!(field.values.iter().all(|value| *value == field.frame as f64));
        frames.push(field.frame);
    }
    Ok(frames)
}

#[test]
fn it_runs() -> Result<()> {
    main()
}
