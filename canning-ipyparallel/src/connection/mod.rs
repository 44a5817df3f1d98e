//! Connection files: where a controller listens, and the key that its messages are signed with.

mod file;
mod place;
mod problem;

pub use self::{file::ConnectionFile, problem::FileProblem};
