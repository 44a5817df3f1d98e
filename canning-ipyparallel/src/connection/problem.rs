//! What can be wrong with a connection file.

use std::{error, fmt, io};

/// What is wrong with a connection file.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileProblem {
    /// There is no such file: probably no controller is running.
    Missing,
    /// There is no home directory to look for the profile in.
    NoHome,
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The file is no JSON object.
    NotJson(serde_json::Error),
    /// A field is missing, or of another type.
    Field(&'static str),
    /// The key is empty: messages would not be signed.
    EmptyKey,
    /// Messages are signed in another way than `hmac-sha256`.
    SignatureScheme(String),
    /// Messages are packed in another way than `json`.
    Packer(String),
    /// The address is none of the form `tcp://host`.
    Interface(String),
    /// The controller wants CurveZMQ's encryption, which this client does not have.
    Curve,
    /// The controller is reached through a tunnel to this SSH server. Open it, and change the
    /// address and ports.
    Ssh(String),
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no such file: is a controller running?"),
            Self::NoHome => f.write_str("no home directory, and IPYTHONDIR is not set"),
            Self::Unreadable(_) => f.write_str("cannot be read"),
            Self::NotJson(_) => f.write_str("not a JSON object"),
            Self::Field(name) => write!(f, "`{name}` is missing or of another type"),
            Self::EmptyKey => f.write_str("the key is empty"),
            Self::SignatureScheme(scheme) => {
                write!(f, "signature scheme `{scheme}` instead of `hmac-sha256`")
            }
            Self::Packer(packer) => write!(f, "packer `{packer}` instead of `json`"),
            Self::Interface(interface) => {
                write!(f, "interface `{interface}` is not of the form `tcp://host`")
            }
            Self::Curve => f.write_str("the controller wants encryption by CurveZMQ"),
            Self::Ssh(server) => write!(f, "the controller is behind the SSH server `{server}`"),
        }
    }
}

impl error::Error for FileProblem {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Unreadable(source) => Some(source),
            Self::NotJson(source) => Some(source),
            _ => None,
        }
    }
}
