//! An embedded database for diplomatic and political events, with a small query language.
mod error;
mod model;
mod parser;
mod storage;
pub use error::{Diagnostic, Error, Fix, Result, Span};
