//! Connection files: where a controller listens, and the key that its messages are signed with.

mod file;
mod place;
mod problem;

pub(crate) use self::file::Channel;
pub use self::{file::ConnectionFile, problem::FileProblem};
