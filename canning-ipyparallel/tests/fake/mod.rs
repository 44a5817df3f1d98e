//! A controller that does what a test tells it to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of tests")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use canning_ipyparallel::ConnectionFile;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{sync::mpsc, task::JoinSet};
use zeromq::{
    Endpoint, PubSocket, RouterSocket, Socket as _, SocketRecv as _, SocketSend as _, ZmqMessage,
};

pub(crate) const KEY: &[u8] = b"a key";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Channel {
    Registration,
    Mux,
    Task,
    Control,
}

pub(crate) struct Fake {
    ports: HashMap<Channel, u16>,
    notification: u16,
    iopub: u16,
    came: mpsc::UnboundedReceiver<(Channel, Vec<Bytes>)>,
    /// What came and was not asked for yet.
    kept: VecDeque<(Channel, Vec<Bytes>)>,
    outboxes: HashMap<Channel, mpsc::UnboundedSender<Vec<Bytes>>>,
    notify: mpsc::UnboundedSender<Vec<Bytes>>,
    publish: mpsc::UnboundedSender<Vec<Bytes>>,
    _tasks: JoinSet<()>,
}

/// A request, whose signature was right.
#[derive(Debug)]
pub(crate) struct Request {
    channel: Channel,
    pub(crate) client: Bytes,
    pub(crate) route: Option<String>,
    pub(crate) header: Value,
    pub(crate) content: Value,
    pub(crate) buffers: Vec<Bytes>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let (sender, came) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        let mut ports = HashMap::new();
        let mut outboxes = HashMap::new();
        for channel in [Channel::Registration, Channel::Mux, Channel::Task, Channel::Control] {
            let mut socket = RouterSocket::new();
            let bound = socket.bind("tcp://127.0.0.1:0").await.unwrap();
            ports.insert(channel, port(&bound));
            let (outbox, mut inbox) = mpsc::unbounded_channel::<Vec<Bytes>>();
            outboxes.insert(channel, outbox);
            let sender = sender.clone();
            tasks.spawn(async move {
                loop {
                    tokio::select! {
                        message = socket.recv() => match message {
                            Ok(message) => drop(sender.send((channel, message.into_vec()))),
                            Err(_) => return,
                        },
                        frames = inbox.recv() => {
                            let Some(frames) = frames else { return };
                            let _ = socket.send(ZmqMessage::try_from(frames).unwrap()).await;
                        }
                    }
                }
            });
        }
        let (notification, notify) = publisher(&mut tasks).await;
        let (iopub, publish) = publisher(&mut tasks).await;
        let kept = VecDeque::new();
        Self { ports, notification, iopub, came, kept, outboxes, notify, publish, _tasks: tasks }
    }

    pub(crate) fn file(&self, key: &[u8]) -> ConnectionFile {
        let json = json!({
            "key": str::from_utf8(key).unwrap(), "signature_scheme": "hmac-sha256",
            "pack": "json", "unpack": "json", "interface": "tcp://127.0.0.1",
            "registration": self.ports[&Channel::Registration], "mux": self.ports[&Channel::Mux],
            "task": self.ports[&Channel::Task], "control": self.ports[&Channel::Control],
            "notification": self.notification, "iopub": self.iopub,
        });
        ConnectionFile::parse(&json.to_string()).unwrap()
    }

    /// Answers the request for a list of engines.
    pub(crate) async fn introduce(&mut self, engines: Value) {
        let request = self.next(Channel::Registration).await;
        assert_eq!(request.header["msg_type"], "connection_request");
        self.reply(&request, "connection_reply", &json!({"status": "ok", "engines": engines}));
    }

    /// The next request on a channel.
    pub(crate) async fn next(&mut self, channel: Channel) -> Request {
        if let Some(index) = self.kept.iter().position(|(of, _)| *of == channel) {
            let (_, frames) = self.kept.remove(index).unwrap();
            return read(channel, frames);
        }
        loop {
            let (of, frames) = self.came.recv().await.unwrap();
            if of == channel {
                return read(channel, frames);
            }
            self.kept.push_back((of, frames));
        }
    }

    pub(crate) fn reply(&self, request: &Request, kind: &str, content: &Value) {
        self.reply_with(request, kind, content, Vec::new());
    }

    pub(crate) fn reply_with(
        &self,
        request: &Request,
        kind: &str,
        content: &Value,
        buffers: Vec<Bytes>,
    ) {
        let mut frames = message(KEY, kind, &request.header, content);
        frames.extend(buffers);
        frames.insert(0, request.client.clone());
        self.send(request.channel, frames);
    }

    /// Answers as the engine of this name does.
    pub(crate) fn reply_of(&self, engine: &str, request: &Request, kind: &str, content: &Value) {
        let metadata = json!({"engine": engine});
        let mut frames = signed(KEY, [&header(kind), &request.header, &metadata, content]);
        frames.insert(0, request.client.clone());
        self.send(request.channel, frames);
    }

    /// Publishes what an engine says about a request.
    pub(crate) fn publish(&self, request: &Request, kind: &str, content: &Value) {
        let mut frames = message(KEY, kind, &request.header, content);
        frames.insert(0, "engine.0.topic".into());
        self.publish.send(frames).unwrap();
    }

    pub(crate) fn reply_signed(&self, key: &[u8], request: &Request, kind: &str, content: &Value) {
        let mut frames = message(key, kind, &request.header, content);
        frames.insert(0, request.client.clone());
        self.send(request.channel, frames);
    }

    /// A reply with whatever text for its content, to be [sent](Self::send).
    pub(crate) fn signed_reply(&self, request: &Request, kind: &str, content: &str) -> Vec<Bytes> {
        let [header, parent] = [header(kind).to_string(), request.header.to_string()];
        let parts = [header.into(), parent.into(), "{}".into(), Bytes::from(content.to_owned())];
        let signature = sign(KEY, &parts).into();
        [vec![request.client.clone(), "<IDS|MSG>".into(), signature], parts.into()].concat()
    }

    pub(crate) fn notify(&self, kind: &str, content: &Value) {
        self.notify.send(message(KEY, kind, &json!({}), content)).unwrap();
    }

    pub(crate) fn send(&self, channel: Channel, frames: Vec<Bytes>) {
        self.outboxes[&channel].send(frames).unwrap();
    }
}

/// A PUB, and where messages are left for it.
async fn publisher(tasks: &mut JoinSet<()>) -> (u16, mpsc::UnboundedSender<Vec<Bytes>>) {
    let mut socket = PubSocket::new();
    let port = port(&socket.bind("tcp://127.0.0.1:0").await.unwrap());
    let (sender, mut inbox) = mpsc::unbounded_channel::<Vec<Bytes>>();
    tasks.spawn(async move {
        while let Some(frames) = inbox.recv().await {
            let _ = socket.send(ZmqMessage::try_from(frames).unwrap()).await;
        }
    });
    (port, sender)
}

fn read(channel: Channel, frames: Vec<Bytes>) -> Request {
    let delimiter = frames.iter().position(|frame| frame == "<IDS|MSG>").unwrap();
    let (route, message) = frames.split_at(delimiter);
    assert_eq!(message[1], sign(KEY, &message[2..6]), "the signature");
    let json = |index: usize| serde_json::from_slice(&message[index]).unwrap();
    assert_eq!(message[3], "{}", "no parent");
    Request {
        channel,
        client: route[0].clone(),
        route: route.get(1).map(|route| str::from_utf8(route).unwrap().to_owned()),
        header: json(2),
        content: json(5),
        buffers: message[6..].to_vec(),
    }
}

fn message(key: &[u8], kind: &str, parent: &Value, content: &Value) -> Vec<Bytes> {
    signed(key, [&header(kind), parent, &json!({}), content])
}

fn header(kind: &str) -> Value {
    json!({"msg_id": "answer", "msg_type": kind, "session": "fake"})
}

fn signed(key: &[u8], parts: [&Value; 4]) -> Vec<Bytes> {
    let parts: Vec<Bytes> = parts.map(|part| Bytes::from(part.to_string())).to_vec();
    let signature = sign(key, &parts);
    [vec![Bytes::from_static(b"<IDS|MSG>"), signature.into()], parts].concat()
}

fn sign(key: &[u8], parts: &[Bytes]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn port(endpoint: &Endpoint) -> u16 {
    let Endpoint::Tcp(_, port) = endpoint else { panic!("{endpoint}") };
    *port
}
