//! One connection file.

use std::{fmt, fs, io, path::Path};

use serde_json::{Map, Value};

use super::{FileProblem, place};
use crate::error::{Error, ErrorKind, Result};

/// What a controller's connection file says: `ipcontroller-client.json`, or
/// `ipcontroller-ID-client.json` of a cluster with an id.
///
/// It holds the key that messages are signed with; so `Debug` leaves it out.
#[derive(Clone)]
pub struct ConnectionFile {
    interface: String,
    ports: [u16; 6],
    key: String,
}

impl ConnectionFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ConnectionFile`] with what is wrong with it.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => FileProblem::Missing,
            _ => FileProblem::Unreadable(source),
        });
        text.and_then(|text| Self::parse(&text)).map_err(|problem| at(path, problem))
    }

    /// Reads the file of the profile with this name; IPython's own is called `default`.
    ///
    /// It is looked for in `$IPYTHONDIR`, or `.ipython` in the home directory.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn of_profile(profile: &str) -> Result<Self> {
        Self::of_cluster(profile, "")
    }

    /// Reads the file of one of the clusters of a profile, by its id; the id may be empty.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn of_cluster(profile: &str, cluster_id: &str) -> Result<Self> {
        match place::ipython_directory() {
            Some(directory) => Self::read(place::of_profile(&directory, profile, cluster_id)),
            None => Err(at(
                &place::of_profile(Path::new("~"), profile, cluster_id),
                FileProblem::NoHome,
            )),
        }
    }

    /// Reads what a file holds, for whoever got it another way.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(json: &str) -> Result<Self, FileProblem> {
        let fields: Map<String, Value> =
            serde_json::from_str(json).map_err(FileProblem::NotJson)?;
        let text = |name| fields.get(name).and_then(Value::as_str).ok_or(FileProblem::Field(name));
        let is_set =
            |name| fields.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());

        match text("signature_scheme")? {
            "hmac-sha256" => {}
            other => return Err(FileProblem::SignatureScheme(other.to_owned())),
        }
        for name in ["pack", "unpack"] {
            match text(name)? {
                "json" => {}
                other => return Err(FileProblem::Packer(other.to_owned())),
            }
        }
        if is_set("curve_serverkey").is_some() {
            return Err(FileProblem::Curve);
        }
        if let Some(server) = is_set("ssh") {
            return Err(FileProblem::Ssh(server.to_owned()));
        }
        let key = text("key")?;
        if key.is_empty() {
            return Err(FileProblem::EmptyKey);
        }
        let mut ports = [0; 6];
        for (port, channel) in ports.iter_mut().zip(Channel::ALL) {
            let number = fields.get(channel.name()).and_then(Value::as_u64);
            let number = number.and_then(|number| u16::try_from(number).ok());
            *port = number.ok_or(FileProblem::Field(channel.name()))?;
        }
        let interface = interface(text("interface")?, is_set("location"))?;
        Ok(Self { interface, ports, key: key.to_owned() })
    }

    /// The address of one of the controller's sockets.
    pub(crate) fn endpoint(&self, channel: Channel) -> String {
        let named = Channel::ALL.iter().zip(self.ports).find(|(known, _)| **known == channel);
        let port = named.map_or(0, |(_, port)| port);
        format!("{}:{port}", self.interface)
    }

    pub(crate) fn key(&self) -> &[u8] {
        self.key.as_bytes()
    }
}

impl fmt::Debug for ConnectionFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionFile")
            .field("interface", &self.interface)
            .field("ports", &self.ports)
            .finish_non_exhaustive()
    }
}

/// The controller's sockets that a client uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Requests to the hub.
    Registration,
    /// What the hub tells everybody.
    Notification,
    /// Requests to an engine by its name.
    Mux,
    /// Requests to whichever engine is free.
    Task,
    /// Requests that overtake all others.
    Control,
    /// What engines print and show.
    Iopub,
}

impl Channel {
    const ALL: [Self; 6] =
        [Self::Registration, Self::Notification, Self::Mux, Self::Task, Self::Control, Self::Iopub];

    const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Notification => "notification",
            Self::Mux => "mux",
            Self::Task => "task",
            Self::Control => "control",
            Self::Iopub => "iopub",
        }
    }
}

fn at(path: &Path, problem: FileProblem) -> Error {
    ErrorKind::ConnectionFile { path: path.to_owned(), problem }.into()
}

/// An address that can be connected to, without a port.
///
/// A controller that listens on all addresses says so, and where it is: `location`.
fn interface(interface: &str, location: Option<&str>) -> Result<String, FileProblem> {
    let host = interface.strip_prefix("tcp://").filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| FileProblem::Interface(interface.to_owned()))?;
    let host = match host {
        "*" | "0.0.0.0" => location.filter(|name| !is_here(name)).unwrap_or("127.0.0.1"),
        host => host,
    };
    Ok(format!("tcp://{host}"))
}

#[cfg(unix)]
fn is_here(location: &str) -> bool {
    rustix::system::uname().nodename().to_str() == Ok(location)
}

#[cfg(not(unix))]
fn is_here(_: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use serde_json::json;

    use super::*;

    /// What ipcontroller 9.2 writes.
    fn written() -> Value {
        json!({
            "key": "70171371-2ad5f2f40b4d9ea5a9ea5ab4", "curve_serverkey": null,
            "location": "host", "pack": "json", "unpack": "json",
            "signature_scheme": "hmac-sha256", "interface": "tcp://127.0.0.1", "ssh": "",
            "registration": 41035, "control": 1, "mux": 2, "task": 3, "task_scheme": "leastload",
            "iopub": 4, "broadcast": [5, 6], "notification": 7,
        })
    }

    fn with(name: &str, value: Value) -> Result<ConnectionFile, FileProblem> {
        let mut file = written();
        file[name] = value;
        ConnectionFile::parse(&file.to_string())
    }

    #[test]
    fn what_the_controller_writes_is_read() {
        let file = ConnectionFile::parse(&written().to_string()).unwrap();
        assert_eq!(file.endpoint(Channel::Registration), "tcp://127.0.0.1:41035");
        assert_eq!(file.endpoint(Channel::Mux), "tcp://127.0.0.1:2");
        assert_eq!(file.endpoint(Channel::Task), "tcp://127.0.0.1:3");
        assert_eq!(file.endpoint(Channel::Control), "tcp://127.0.0.1:1");
        assert_eq!(file.endpoint(Channel::Notification), "tcp://127.0.0.1:7");
        assert_eq!(file.endpoint(Channel::Iopub), "tcp://127.0.0.1:4");
        assert_eq!(file.key(), b"70171371-2ad5f2f40b4d9ea5a9ea5ab4");
    }

    #[test]
    fn the_key_is_not_printed() {
        let file = ConnectionFile::parse(&written().to_string()).unwrap();
        assert!(!format!("{file:?}").contains("70171371"));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_name() {
        let cases = [
            ("signature_scheme", json!("hmac-md5"), "signature scheme `hmac-md5` instead of"),
            ("pack", json!("pickle"), "packer `pickle` instead of `json`"),
            ("unpack", json!("msgpack"), "packer `msgpack` instead of `json`"),
            ("curve_serverkey", json!("rq:rM"), "the controller wants encryption by CurveZMQ"),
            ("ssh", json!("me@there"), "the controller is behind the SSH server `me@there`"),
            ("key", json!(""), "the key is empty"),
            ("key", json!(5), "`key` is missing or of another type"),
            ("mux", json!(null), "`mux` is missing or of another type"),
            ("task", json!(65536), "`task` is missing or of another type"),
            ("registration", json!(-1), "`registration` is missing or of another type"),
            ("interface", json!("ipc:///tmp/x"), "interface `ipc:///tmp/x` is not of the form"),
            ("interface", json!("tcp://"), "interface `tcp://` is not of the form"),
        ];
        for (name, value, expected) in cases {
            let text = with(name, value).unwrap_err().to_string();
            assert!(text.starts_with(expected), "{text}");
        }
        for text in ["", "[]", "5", "{\"key\": "] {
            let problem = ConnectionFile::parse(text).unwrap_err();
            assert!(matches!(problem, FileProblem::NotJson(_)), "{problem}");
            assert!(problem.source().is_some());
        }
    }

    #[test]
    fn a_controller_on_all_addresses_is_sought_where_it_says_it_is() {
        let file = |location: Value| {
            let mut file = written();
            file["interface"] = json!("tcp://*");
            file["location"] = location;
            ConnectionFile::parse(&file.to_string()).unwrap().endpoint(Channel::Mux)
        };
        assert_eq!(file(json!(null)), "tcp://127.0.0.1:2");
        assert_eq!(file(json!("10.0.0.7")), "tcp://10.0.0.7:2");
        #[cfg(unix)]
        {
            let here = rustix::system::uname().nodename().to_string_lossy().into_owned();
            assert_eq!(file(json!(here)), "tcp://127.0.0.1:2");
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = ConnectionFile::read("no/such/file.json").unwrap_err();
        assert_eq!(error.to_string(), "no/such/file.json: no such file: is a controller running?");
        let error = ConnectionFile::read(".").unwrap_err();
        assert_eq!(error.to_string(), ".: cannot be read");
        assert!(error.source().is_some());
    }
}
