//! Which crate can do what.

use crate::{
    exchange::Way,
    harness::Case,
    peers::{
        arrow_cases,
        bincode::Bincode,
        bitcode::Bitcode,
        borsh::Borsh,
        capnp::Capnp,
        cases,
        format::{Access, Format},
        postcard::Postcard,
        rkyv::Rkyv,
        rmp_serde::RmpSerde,
        safetensors::Safetensors,
        wincode::{self, Wincode},
    },
    values::{Frame, Small},
};

/// An implementation, and its case in each group that it can take part in.
pub(crate) struct Peer<T> {
    pub(crate) encoding: Option<fn(&T) -> Case<'_>>,
    pub(crate) decoding: Option<fn(&T) -> Case<'_>>,
    pub(crate) sending: Option<fn(&T) -> Way<'_>>,
}

/// On frames. Those with `_access` use the received bytes as they lie; those with `_recycled` keep
/// the memory of the last message.
pub(crate) const FRAMES: &[Peer<Frame>] = &[
    owned::<Rkyv>(),
    accessed::<Rkyv>(),
    recycled::<Rkyv>(),
    owned::<Wincode<wincode::Large>>(),
    owned::<Bitcode>(),
    owned::<Bincode>(),
    owned::<Postcard>(),
    owned::<RmpSerde>(),
    owned::<Borsh>(),
    owned::<Capnp>(),
    accessed::<Capnp>(),
    owned::<Safetensors>(),
    accessed::<Safetensors>(),
    arrow_cases::STREAM,
    arrow_cases::BLOCK,
];

/// On many small objects, all in one block, or each as a message. safetensors has no lists of
/// structs, and arrow-ipc has no small messages: a batch is a table.
pub(crate) const SMALLS: &[Peer<Vec<Small>>] = &[
    many::<Rkyv>(),
    many::<Wincode<wincode::Usual>>(),
    many::<Wincode<wincode::Unlimited>>(),
    many::<Bitcode>(),
    many::<Bincode>(),
    many::<Postcard>(),
    many::<RmpSerde>(),
    many::<Borsh>(),
    many::<Capnp>(),
];

const fn owned<F: Format<Frame>>() -> Peer<Frame> {
    Peer {
        encoding: Some(cases::encoding::<F, Frame>),
        decoding: Some(cases::decoding::<F, Frame>),
        sending: Some(cases::sending::<F>),
    }
}

const fn accessed<F: Access>() -> Peer<Frame> {
    Peer {
        encoding: None,
        decoding: Some(cases::accessing::<F>),
        sending: Some(cases::sending_accessed::<F>),
    }
}

const fn recycled<F: Access>() -> Peer<Frame> {
    Peer { encoding: None, decoding: None, sending: Some(cases::sending_recycled::<F>) }
}

const fn many<F: Format<Vec<Small>> + Format<Small>>() -> Peer<Vec<Small>> {
    Peer {
        encoding: Some(cases::encoding::<F, Vec<Small>>),
        decoding: Some(cases::decoding::<F, Vec<Small>>),
        sending: Some(cases::streaming::<F>),
    }
}
