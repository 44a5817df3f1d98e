//! What a peer of ZeroMQ says on its connection: ZMTP 3.0, without security.

use bytes::Bytes;

/// What comes before the first message: the greeting, and the command READY.
pub fn greeting(socket_type: &str) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    (bytes[0], bytes[9], bytes[10]) = (0xff, 0x7f, 3);
    bytes[12..16].copy_from_slice(b"NULL");
    let mut ready = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
    ready.push(socket_type.len() as u8);
    ready.extend(socket_type.as_bytes());
    bytes.extend([4, ready.len() as u8]);
    bytes.extend(ready);
    bytes
}

/// The head of a part whose length has eight bytes.
pub fn head(flags: u8, len: u64) -> Vec<u8> {
    [&[flags | 2], &len.to_be_bytes()[..]].concat()
}

/// A message of such parts.
pub fn message(parts: &[Bytes]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let more = u8::from(number + 1 < parts.len());
        bytes.extend(head(more, part.len() as u64));
        bytes.extend(part);
    }
    bytes
}
