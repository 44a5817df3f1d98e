//! What a controller that has the key can make a client take for JSON. Memory is counted.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

#[path = "../../canning-wire/tests/support/counting.rs"]
#[expect(unreachable_pub, reason = "shared with other crates' tests")]
mod counting;
mod fake;

use std::time::Duration;

use canning_ipyparallel::{Call, Client, Options};
use serde_json::json;
use tokio::time;

use self::{
    counting::{Counting, count},
    fake::{Channel, Fake, KEY},
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const LONG: Duration = Duration::from_secs(60);

/// Bytes that one byte of JSON may take, its own place among them, and what sends it here.
const MULTIPLE: usize = 128;

/// Answers a request with such content, and says whether the client took it, and what that took.
fn answer(content: &str) -> (bool, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut fake, client, request, result) = runtime.block_on(async {
        let mut fake = Fake::start().await;
        let options = Options::default().connect_timeout(LONG);
        let file = fake.file(KEY);
        let connecting = tokio::spawn(async move { Client::connect(&file, options).await });
        fake.introduce(json!({"0": "first"})).await;
        let client = connecting.await.unwrap().unwrap();
        let result = client.engine(0).unwrap().run(Call::new("a.b")).within(LONG);
        let request = fake.next(Channel::Mux).await;
        (fake, client, request, result)
    });
    let frames = fake.signed_reply(&request, "apply_reply", content);
    let (took, count) = count(|| {
        runtime.block_on(async {
            fake.send(Channel::Mux, frames);
            while client.waiting() > 0 && client.refusals().malformed == 0 {
                time::sleep(Duration::from_millis(1)).await;
            }
            client.refusals().malformed == 0
        })
    });
    drop(result);
    runtime.block_on(async { drop(fake.next(Channel::Registration)) });
    (took, count.peak)
}

#[test]
fn json_takes_a_multiple_of_its_length() {
    let n = 1 << 20;
    for (what, item) in
        [("numbers", "0"), ("lists", "[]"), ("lists of one", "[0]"), ("maps", r#"{"":0}"#)]
    {
        let items = format!("{item},").repeat(n / (item.len() + 1));
        let content = format!(r#"{{"status": "ok", "more": [{items}0]}}"#);
        let (is_taken, peak) = answer(&content);
        assert!(is_taken, "{what}");
        eprintln!("{what}: {} for each of {} bytes", peak / content.len(), content.len());
        assert!(peak < MULTIPLE * content.len(), "{what}: {peak} for {}", content.len());
    }
}

#[test]
fn json_within_itself_is_refused() {
    let n = 1 << 20;
    for (start, end) in [("[", "]"), (r#"{"":"#, "}")] {
        let content = format!(r#"{{"more": {}0{}}}"#, start.repeat(n), end.repeat(n));
        let (is_taken, peak) = answer(&content);
        assert!(!is_taken);
        assert!(peak < 8 * content.len() + (4 << 20), "{peak} for {}", content.len());
    }
}
