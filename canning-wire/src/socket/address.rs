//! Where to listen, or to connect to.

use std::{error, fmt, path::PathBuf, str::FromStr};

/// Where to listen, or to connect to.
///
/// # Examples
///
/// ```
/// use canning_wire::socket::Address;
///
/// let address: Address = "tcp:[::1]:7000".parse()?;
/// assert_eq!(address, Address::Tcp { host: "::1".into(), port: 7000 });
/// assert_eq!(address.to_string(), "tcp:[::1]:7000");
///
/// let address: Address = "unix:/run/sums.sock".parse()?;
/// assert_eq!(address, Address::Unix("/run/sums.sock".into()));
///
/// let error = "localhost:7000".parse::<Address>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`localhost:7000` is no address: expected `unix:PATH` or `tcp:HOST:PORT`"
/// );
/// # Ok::<(), canning_wire::socket::AddressError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// `unix:PATH`, a Unix socket. Parsed everywhere, refused by systems without them.
    Unix(PathBuf),
    /// `tcp:HOST:PORT`.
    Tcp {
        /// A name, or an IP address; an IPv6 one without its brackets.
        host: String,
        /// The port; to listen on port 0 is to let the system choose.
        port: u16,
    },
}

/// Why a text is no [`Address`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError {
    text: String,
    why: &'static str,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let parsed = match text.split_once(':') {
            Some(("unix", path)) => parse_path(path),
            Some(("tcp", rest)) => parse_tcp(rest),
            _ => Err("expected `unix:PATH` or `tcp:HOST:PORT`"),
        };
        parsed.map_err(|why| AddressError { text: text.to_owned(), why })
    }
}

fn parse_path(path: &str) -> Result<Address, &'static str> {
    match path {
        "" => Err("the path is missing"),
        path if path.contains('\0') => Err("the path contains a zero byte"),
        path => Ok(Address::Unix(path.into())),
    }
}

fn parse_tcp(rest: &str) -> Result<Address, &'static str> {
    if rest.starts_with('/') {
        return Err("write `tcp:HOST:PORT`, without `//`");
    }
    let (host, port) = rest.rsplit_once(':').ok_or("expected `tcp:HOST:PORT`")?;
    let host = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']').ok_or("`]` is missing")?,
        None if host.contains(':') => return Err("write an IPv6 address in `[]`"),
        None => host,
    };
    if host.is_empty() {
        return Err("the host is missing");
    }
    // `parse` alone takes a sign, too.
    let is_number = port.bytes().all(|digit| digit.is_ascii_digit());
    let port = port.parse().ok().filter(|_| is_number);
    let port = port.ok_or("the port is no number from 0 to 65535")?;
    Ok(Address::Tcp { host: host.to_owned(), port })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp:[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp:{host}:{port}"),
        }
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no address: {}", self.text, self.why)
    }
}

impl error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_printed_as_they_are_parsed() {
        for text in ["unix:/a:b", "unix:a", "tcp:localhost:0", "tcp:1.2.3.4:65535", "tcp:[::]:1"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        for (text, why) in [
            ("", "expected `unix:PATH` or `tcp:HOST:PORT`"),
            ("udp:a:1", "expected `unix:PATH` or `tcp:HOST:PORT`"),
            ("/run/a.sock", "expected `unix:PATH` or `tcp:HOST:PORT`"),
            ("unix:", "the path is missing"),
            ("unix:a\0b", "the path contains a zero byte"),
            ("tcp:a", "expected `tcp:HOST:PORT`"),
            ("tcp://a:1", "write `tcp:HOST:PORT`, without `//`"),
            ("tcp://[::1]:1", "write `tcp:HOST:PORT`, without `//`"),
            ("tcp://a", "write `tcp:HOST:PORT`, without `//`"),
            ("tcp::1", "the host is missing"),
            ("tcp:[]:1", "the host is missing"),
            ("tcp:::1:7000", "write an IPv6 address in `[]`"),
            ("tcp:[::1:7000", "`]` is missing"),
            ("tcp:a:", "the port is no number from 0 to 65535"),
            ("tcp:a:+1", "the port is no number from 0 to 65535"),
            ("tcp:a:65536", "the port is no number from 0 to 65535"),
            ("tcp:a:http", "the port is no number from 0 to 65535"),
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert_eq!(error.to_string(), format!("`{text}` is no address: {why}"));
        }
    }
}
