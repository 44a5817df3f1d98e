//! safetensors: named arrays behind a JSON header. Plain values stand there as text.

use std::collections::HashMap;

use ::safetensors::{Dtype, SafeTensors, serialize, tensor::TensorView};

use crate::{
    peers::format::{Access, Format},
    values::{Frame, Views},
};

pub(crate) struct Safetensors {
    block: Vec<u8>,
}

impl Format<Frame> for Safetensors {
    const NAME: &'static str = "safetensors";

    fn with_capacity(_: usize) -> Self {
        Self { block: Vec::new() }
    }

    fn encode(&mut self, frame: &Frame) -> &[u8] {
        self.block = serialize(tensors_of(frame), Some(texts_of(frame))).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> Frame {
        let (_, metadata) = SafeTensors::read_metadata(block).unwrap();
        let texts = metadata.metadata().as_ref().unwrap();
        let (step, name) = (texts["step"].parse().unwrap(), texts["name"].clone());
        self.access(block, |views| Frame {
            step,
            name,
            pos: views.pos.to_vec(),
            vel: views.vel.to_vec(),
            ids: views.ids.to_vec(),
        })
    }
}

impl Access for Safetensors {
    const NAME: &'static str = "safetensors_access";

    fn access<R>(&mut self, block: &[u8], look: impl FnOnce(Views<'_>) -> R) -> R {
        let tensors = SafeTensors::deserialize(block).unwrap();
        let bytes = |name| tensors.tensor(name).unwrap().data();
        look(Views {
            pos: bytemuck::cast_slice(bytes("pos")),
            vel: bytemuck::cast_slice(bytes("vel")),
            ids: bytemuck::cast_slice(bytes("ids")),
        })
    }
}

/// The arrays.
pub(super) fn tensors_of(frame: &Frame) -> [(&'static str, TensorView<'_>); 3] {
    [
        ("pos", tensor(Dtype::F64, &frame.pos)),
        ("vel", tensor(Dtype::F64, &frame.vel)),
        ("ids", tensor(Dtype::U32, &frame.ids)),
    ]
}

/// The plain values.
pub(super) fn texts_of(frame: &Frame) -> HashMap<String, String> {
    let texts = [("step", frame.step.to_string()), ("name", frame.name.clone())];
    texts.map(|(name, text)| (name.to_owned(), text)).into()
}

pub(super) fn tensor<T: bytemuck::Pod>(dtype: Dtype, items: &[T]) -> TensorView<'_> {
    TensorView::new(dtype, vec![items.len()], bytemuck::cast_slice(items)).unwrap()
}
