//! Views: whom requests go to.

mod balanced;
mod direct;
mod engine;
mod request;

pub use self::{balanced::BalancedView, direct::DirectView, engine::EngineView};
