//! An embedded database for diplomatic and political events, with a small query language.
mod catalog;
mod database;
mod error;
mod executor;
mod model;
mod parser;
mod planner;
mod storage;
pub use database::{Builder, CancelToken, Changes, Completion, Completions, Database, FromValue, Info, Notice, Outcome, Params, Query, Row, Rows, RunOptions, Schema, Session, Stats};
pub use error::{Diagnostic, Error, Fix, Result, Span};
pub use model::{Actor, Affiliation, Alias, Citation, Date, Day, Days, Document, Event, EventId, Kind, Link, Location, Participant, Place, Quantity, Relation, Role, Side, Status, Unit, Value};

/// What tests look at beneath the public API. No promise is made about it.
#[doc(hidden)]
pub mod internals {
    /// Dates: the model's, and how text becomes them.
    pub mod dates {
        pub use crate::model::{
            Date, Day, Days, Duration, Order, Period, Precision, Qualifier, TimeOfDay, Truth,
        };
        pub use crate::parser::edtf::{DateError, parse_edtf, parse_literal};
        pub use crate::parser::phrase::{DayOrder, parse_ordered, parse_phrase};
    }

    /// The storage layer with the types of the model that it takes.
    pub mod storage {
        pub use crate::model::{
            Actor, Affiliation, Alias, Citation, Date, Day, Document, Event, EventId, Kind,
            Location, Participant, Place, Role, Status, Unit, Value, fold, fold_name, words,
        };
        pub use crate::storage::{
            Access, CommitInfo, Entry, EntryKind, Ids, Inserted, Posting, SavedView, Scan, Store,
            StoreOptions, Transaction, UNDATED, Version, View, WIDE, year_value,
        };
    }
}
