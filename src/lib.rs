//! An embedded database for diplomatic and political events, with a small query language.
mod catalog;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod database;
mod error;
mod executor;
#[cfg(feature = "cli")]
mod export;
mod model;
mod parser;
mod planner;
mod storage;
pub use database::{Builder, CancelToken, Changes, Completion, Completions, Database, FromValue, Info, Notice, Outcome, Params, Query, Row, Rows, RunOptions, Schema, Session, Stats};
pub use error::{Diagnostic, Error, Fix, Result, Span};
pub use model::{Actor, Affiliation, Alias, Citation, Date, Day, Days, Document, Event, EventId, Kind, Link, Location, Participant, Place, Quantity, Relation, Role, Side, Status, Unit, Value};
