//! iceoryx2: publishing memory that was borrowed from a pool that all subscribers have mapped. It
//! knows bytes only here: the receiver is told nothing of the arrays in them. A subscriber has to
//! be woken, or to look again and again: a byte over the socket wakes it.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use ::iceoryx2::{
    config::Config,
    node::{Node, NodeBuilder},
    port::{publisher::Publisher, subscriber::Subscriber},
    prelude::{Alignment, FileName, LogLevel, Path as IceoryxPath, SemanticString, set_log_level},
    sample_mut::SampleMut,
    service::ipc_threadsafe::Service,
};

use crate::{
    exchange::{Stream, Way, answer},
    values::{Frame, Value, Views},
};

/// Publishes memory that is filled already.
pub(crate) fn handing_over(frame: &Frame) -> Way<'_> {
    let (publisher, subscriber) = connected(frame, Root::new(PREFIX));
    let block = frame.views().to_block();
    let way = Way::staged(
        NAME,
        frame,
        move |watch, stream| {
            let sample = publisher.copy(&block);
            watch.time(|| {
                sample.send().unwrap();
                stream.write_all(&[1]).unwrap();
                answer(stream)
            })
        },
        move |stream| subscriber.receive(stream, |views| views.firsts()),
    );
    way.answered(frame.views().firsts())
}

/// Copies the arrays into memory of the pool, and publishes it.
pub(crate) fn pooling(frame: &Frame) -> Way<'_> {
    pooling_in(Root::new(PREFIX), frame)
}

fn pooling_in(root: Root, frame: &Frame) -> Way<'_> {
    let (publisher, subscriber) = connected(frame, root);
    let block = frame.views().to_block();
    let send = move |stream: &mut dyn Stream| {
        publisher.copy(&block).send().unwrap();
        stream.write_all(&[1]).unwrap();
    };
    Way::new(NAME, frame, send, move |stream| subscriber.receive(stream, |views| views.sum()))
}

/// The sender's end. Fields are dropped in their order: the files at last.
struct Sending {
    port: Publisher<Service, [u8], ()>,
    _node: Node<Service>,
    _root: Arc<Root>,
}

impl Sending {
    /// Copies bytes into memory that is borrowed from the pool.
    fn copy(&self, block: &[u8]) -> SampleMut<Service, [u8], ()> {
        self.port.loan_slice_uninit(block.len()).unwrap().write_from_slice(block)
    }
}

/// The receiver's end.
struct Receiving {
    port: Subscriber<Service, [u8], ()>,
    _root: Arc<Root>,
}

impl Receiving {
    fn receive(&self, stream: &mut dyn Stream, look: fn(Views<'_>) -> f64) -> Option<f64> {
        stream.read_exact(&mut [0]).ok()?;
        let sample = self.port.receive().unwrap().unwrap();
        Some(look(Views::of_block(sample.payload())))
    }
}

/// Both ends of a service for frames of this size.
fn connected(frame: &Frame, root: Root) -> (Sending, Receiving) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("canning-bench/{}/{number}", process::id());
    set_log_level(LogLevel::Error);
    let node = NodeBuilder::new().config(&root.config()).create::<Service>().unwrap();
    let service = node
        .service_builder(&name.as_str().try_into().unwrap())
        .publish_subscribe::<[u8]>()
        .payload_alignment(Alignment::new(64).unwrap())
        .create()
        .unwrap();
    let most = usize::try_from(frame.bytes()).unwrap();
    let publisher = service.publisher_builder().initial_max_slice_len(most).create().unwrap();
    let subscriber = service.subscriber_builder().create().unwrap();
    let root = Arc::new(root);
    let sending = Sending { port: publisher, _node: node, _root: Arc::clone(&root) };
    (sending, Receiving { port: subscriber, _root: root })
}

/// Files of our own, so that nothing else on the machine is touched. They have the same names in
/// each process: what one that was killed has left, the next one removes.
struct Root {
    prefix: String,
    directory: PathBuf,
}

impl Root {
    fn new(prefix: &str) -> Self {
        let directory = env::temp_dir().join(format!("{prefix}iceoryx2"));
        Self { prefix: prefix.to_owned(), directory }
    }

    fn config(&self) -> Config {
        let mut config = Config::default();
        config.global.prefix = FileName::new(self.prefix.as_bytes()).unwrap();
        let directory = self.directory.as_os_str().as_encoded_bytes();
        config.global.set_root_path(&IceoryxPath::new(directory).unwrap());
        config
    }
}

/// Removes what iceoryx2 keeps when all of its ports are gone: directories, and a little shared
/// memory. As long as another process uses them the directories are not empty.
impl Drop for Root {
    fn drop(&mut self) {
        let removed = ["nodes", "services", ""]
            .map(|directory| fs::remove_dir(self.directory.join(directory)).is_ok());
        if removed == [true; 3] {
            for path in ours_in_memory(&self.prefix) {
                fs::remove_file(path).ok();
            }
        }
    }
}

/// The files of shared memory whose names start so.
fn ours_in_memory(prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir("/dev/shm").unwrap().map(|entry| entry.unwrap());
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    ours.map(|entry| entry.path()).collect()
}

const NAME: &str = "iceoryx2";

/// Of the names of files and shared memory.
const PREFIX: &str = "canning_bench_";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange;

    #[test]
    fn nothing_is_left() {
        let prefix = format!("canning_test_{}_", process::id());
        let root = Root::new(&prefix);
        let directory = root.directory.clone();
        let frame = Frame::of_bytes(100_000);
        let mut cases = exchange::cases(vec![pooling_in(root, &frame)], exchange::unix());
        cases[0].calibrate();
        assert!(directory.exists() && !ours_in_memory(&prefix).is_empty());
        drop(cases);
        assert!(!directory.exists());
        assert_eq!(ours_in_memory(&prefix), Vec::<PathBuf>::new());
    }
}
