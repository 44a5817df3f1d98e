//! The demo and the tour; its doc tests are the README's code.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

#[cfg(unix)]
pub mod demo;
pub mod tour;
