//! What large arrays cost on their way: memory is counted.

#[path = "../../canning-wire/tests/support/counting.rs"]
#[expect(unreachable_pub, reason = "shared with other crates' tests")]
mod counting;
mod support;

use std::sync::Arc;

use canning_ipyparallel::Call;

use self::{
    counting::{Counting, count},
    support::Cluster,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MIB: usize = 1 << 20;

/// What requests and connections take besides arrays.
const SLACK: usize = MIB;

#[test]
fn large_arrays_are_not_copied() {
    let Some(cluster) = Cluster::start(1) else { return };
    // All on this thread, which counts.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let client = runtime.block_on(cluster.client(1));
    let engine = client.engine(0).expect("an engine");
    let array: Arc<Vec<f64>> = Arc::new((0..2 * MIB).map(|i| i as f64).collect());

    let (sent, pushed) = count(|| runtime.block_on(engine.push_arc("x", &array)));
    sent.expect("pushed");
    assert!(pushed.peak < SLACK, "what is shared is not copied: {pushed:?}");
    let (sent, pushed) = count(|| runtime.block_on(engine.push("y", &*array)));
    sent.expect("pushed");
    assert!(pushed.peak < 16 * MIB + SLACK, "what is borrowed is copied once: {pushed:?}");

    let (came, pulled) = count(|| runtime.block_on(engine.pull::<Vec<f64>, _>("x")));
    assert!(came.expect("an array") == *array);
    assert!(pulled.peak < 16 * MIB + SLACK, "read into its place: {pulled:?}");
    assert_eq!(pulled.large, 1, "{pulled:?}");

    let call = Call::new("numpy.float32").variable("x");
    let (came, pulled) = count(|| runtime.block_on(engine.apply::<Vec<f32>, _>(call)));
    assert_eq!(came.expect("an array").len(), array.len());
    assert!(pulled.peak < 8 * MIB + SLACK, "at the alignment of its items: {pulled:?}");
}
