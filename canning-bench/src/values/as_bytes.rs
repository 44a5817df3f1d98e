//! Arrays of numbers as serde's bytes, which formats copy as a whole; as a sequence, serde hands
//! over one number after the other.

use bytemuck::Pod;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::Bytes;

pub(crate) fn serialize<T: Pod, S: Serializer>(
    items: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Bytes::new(bytemuck::cast_slice(items)).serialize(serializer)
}

/// The bytes are borrowed from the input, and copied once, into the items.
pub(crate) fn deserialize<'de, T: Pod, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let bytes = <&Bytes>::deserialize(deserializer)?;
    Ok(bytemuck::pod_collect_to_vec(bytes))
}
