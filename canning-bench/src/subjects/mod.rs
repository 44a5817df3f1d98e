//! What is measured, one file a subject. A group's id is `subject/case`.

pub(crate) use self::group::{Group, groups};

mod can;
mod decode;
mod derived;
mod encode;
mod exchange;
mod file;
mod group;
mod integrity;
mod python;
#[cfg(target_os = "linux")]
mod shm;
mod sizes;
mod small;
mod strided;
#[cfg(test)]
mod tests;
mod uncan;
mod zmq;
