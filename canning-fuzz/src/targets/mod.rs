//! One file for each target.

mod array_layout;
mod decode_message;
mod element_bits;
#[cfg(feature = "file")]
mod file_recovery;
mod frame_stream;
mod handshake;
mod ipyparallel_message;
mod pickle_read;
mod round_trip;
#[cfg(all(feature = "shm", target_os = "linux"))]
mod shm_parcel;
#[cfg(feature = "zmq")]
mod zmq_parts;
mod zmtp_connection;

#[cfg(feature = "file")]
pub(crate) use self::file_recovery::file_recovery;
#[cfg(all(feature = "shm", target_os = "linux"))]
pub(crate) use self::shm_parcel::shm_parcel;
#[cfg(feature = "zmq")]
pub(crate) use self::zmq_parts::zmq_parts;
pub(crate) use self::{
    array_layout::array_layout,
    decode_message::decode_message,
    element_bits::element_bits,
    frame_stream::frame_stream,
    handshake::handshake,
    ipyparallel_message::ipyparallel_message,
    pickle_read::pickle_read,
    round_trip::round_trip,
    zmtp_connection::{greeting, zmtp_connection},
};
