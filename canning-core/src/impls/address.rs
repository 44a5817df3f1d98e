//! Internet addresses: text as people write it, and with a port the tuples of Python's sockets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use crate::{
    error::{Error, ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! ip_addresses {
    ($($address:ident $name:literal;)*) => {$(
        /// As text.
        impl Can for $address {
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                canner.str(&self.to_string())
            }
        }

        impl<'b> Uncan<'b> for $address {
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let text = uncanner.text()?;
                text.parse().map_err(|_not_an_address| {
                    Error::new(ErrorKind::InvalidText { expected: $name })
                })
            }
        }
    )*};
}

ip_addresses! {
    Ipv4Addr "an IPv4 address";
    Ipv6Addr "an IPv6 address";
    IpAddr "an IP address";
}

/// As the tuple (address, port).
impl Can for SocketAddrV4 {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_tuple(V4_LEN)?;
        canner.str(&self.ip().to_string())?;
        canner.u64(self.port().into())?;
        canner.end_tuple()
    }
}

impl<'b> Uncan<'b> for SocketAddrV4 {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let found = uncanner.begin_tuple()?;
        if found != V4_LEN {
            let expected = V4_LEN;
            return Err(ErrorKind::Length { expected, found }.into());
        }
        rest_of_v4(uncanner)
    }
}

/// As the tuple (address, port, flow information, scope).
impl Can for SocketAddrV6 {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_tuple(V6_LEN)?;
        canner.str(&self.ip().to_string())?;
        canner.u64(self.port().into())?;
        canner.u64(self.flowinfo().into())?;
        canner.u64(self.scope_id().into())?;
        canner.end_tuple()
    }
}

impl<'b> Uncan<'b> for SocketAddrV6 {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let found = uncanner.begin_tuple()?;
        if found != V6_LEN {
            let expected = V6_LEN;
            return Err(ErrorKind::Length { expected, found }.into());
        }
        rest_of_v6(uncanner)
    }
}

/// As the tuple of its version, which its length tells.
impl Can for SocketAddr {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        match self {
            Self::V4(address) => address.can(canner),
            Self::V6(address) => address.can(canner),
        }
    }
}

impl<'b> Uncan<'b> for SocketAddr {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        match uncanner.begin_tuple()? {
            V6_LEN => rest_of_v6(uncanner).map(Self::V6),
            V4_LEN => rest_of_v4(uncanner).map(Self::V4),
            found => Err(ErrorKind::Length { expected: V4_LEN, found }.into()),
        }
    }
}

fn rest_of_v4<'b, U: Uncanner<'b>>(uncanner: &mut U) -> Result<SocketAddrV4> {
    let ip = item(uncanner, 0)?;
    let port = item(uncanner, 1)?;
    uncanner.end_tuple()?;
    Ok(SocketAddrV4::new(ip, port))
}

fn rest_of_v6<'b, U: Uncanner<'b>>(uncanner: &mut U) -> Result<SocketAddrV6> {
    let ip = item(uncanner, 0)?;
    let port = item(uncanner, 1)?;
    let flow = item(uncanner, 2)?;
    let scope = item(uncanner, 3)?;
    uncanner.end_tuple()?;
    Ok(SocketAddrV6::new(ip, port, flow, scope))
}

fn item<'b, T: Uncan<'b>, U: Uncanner<'b>>(uncanner: &mut U, index: usize) -> Result<T> {
    T::uncan(uncanner).map_err(|error| error.in_item(index))
}

const V4_LEN: usize = 2;
const V6_LEN: usize = 4;
