//! An embedded database for diplomatic and political events, with a small query language.
mod catalog;
mod error;
mod executor;
mod model;
mod parser;
mod planner;
mod storage;
pub use error::{Diagnostic, Error, Fix, Result, Span};
