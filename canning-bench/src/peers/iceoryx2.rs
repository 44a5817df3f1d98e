//! iceoryx2: publishing memory that was borrowed from a pool that all subscribers have mapped. It
//! knows bytes only here: the receiver is told nothing of the arrays in them. A subscriber has to
//! be woken, or to look again and again: a byte over the socket wakes it.

use std::{
    env, process,
    sync::atomic::{AtomicU32, Ordering},
};

use ::iceoryx2::{
    config::Config,
    node::{Node, NodeBuilder},
    port::{publisher::Publisher, subscriber::Subscriber},
    prelude::{Alignment, FileName, LogLevel, Path, SemanticString, set_log_level},
    service::ipc_threadsafe::Service,
};

use crate::{
    exchange::{Stream, Way, answer},
    values::{Frame, Value, Views},
};

/// Publishes memory that is filled already.
pub(crate) fn handing_over(frame: &Frame) -> Way<'_> {
    let (publisher, receive) = publishing(frame, |views| views.firsts());
    let block = frame.views().to_block();
    let way = Way::staged(
        NAME,
        frame,
        move |watch, stream| {
            let loan = publisher.port.loan_slice_uninit(block.len()).unwrap();
            let sample = loan.write_from_slice(&block);
            watch.time(|| {
                sample.send().unwrap();
                stream.write_all(&[1]).unwrap();
                answer(stream)
            })
        },
        receive,
    );
    way.answered(frame.views().firsts())
}

/// Copies the arrays into memory of the pool, and publishes it.
pub(crate) fn pooling(frame: &Frame) -> Way<'_> {
    let (publisher, receive) = publishing(frame, |views| views.sum());
    let block = frame.views().to_block();
    let send = move |stream: &mut dyn Stream| {
        let loan = publisher.port.loan_slice_uninit(block.len()).unwrap();
        loan.write_from_slice(&block).send().unwrap();
        stream.write_all(&[1]).unwrap();
    };
    Way::new(NAME, frame, send, receive)
}

/// A port, and the node that it belongs to.
struct Publishing {
    port: Publisher<Service, [u8], ()>,
    _node: Node<Service>,
}

/// A publisher, and what its subscriber does.
fn publishing(
    frame: &Frame,
    look: fn(Views<'_>) -> f64,
) -> (Publishing, impl FnMut(&mut dyn Stream) -> Option<f64> + Send + 'static) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("canning-bench/{}/{number}", process::id());
    let node = node();
    let service = node
        .service_builder(&name.as_str().try_into().unwrap())
        .publish_subscribe::<[u8]>()
        .payload_alignment(Alignment::new(64).unwrap())
        .create()
        .unwrap();
    let most = usize::try_from(frame.bytes()).unwrap();
    let port = service.publisher_builder().initial_max_slice_len(most).create().unwrap();
    let subscriber: Subscriber<Service, [u8], ()> = service.subscriber_builder().create().unwrap();
    let receive = move |stream: &mut dyn Stream| {
        stream.read_exact(&mut [0]).ok()?;
        let sample = subscriber.receive().unwrap().unwrap();
        Some(look(Views::of_block(sample.payload())))
    };
    (Publishing { port, _node: node }, receive)
}

/// With files of its own, so that nothing else on the machine is touched. What a process that
/// was killed has left, the next one removes.
fn node() -> Node<Service> {
    set_log_level(LogLevel::Error);
    let mut config = Config::default();
    config.global.prefix = FileName::new(PREFIX.as_bytes()).unwrap();
    let root = env::temp_dir().join(ROOT);
    config.global.set_root_path(&Path::new(root.as_os_str().as_encoded_bytes()).unwrap());
    NodeBuilder::new().config(&config).create().unwrap()
}

const NAME: &str = "iceoryx2";

/// Of the names of its shared memory.
const PREFIX: &str = "canning_bench_";

/// Where its files are, among the system's temporary ones.
const ROOT: &str = "canning-bench-iceoryx2";
