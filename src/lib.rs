//! **Attaché** is an embedded database for diplomatic and political events, with a small query language.
//!
//! ```
//! # fn main() -> attache::Result<()> {
//! let db = attache::Database::demo()?;
//! for row in db.query(r#"events where actor = "Bajwa" and year >= 2015"#)? {
//!     let row = row?;
//!     println!("{}: {}", row.get::<&str>("date")?, row.get::<&str>("summary")?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Life of a query
//!
//! 1. **Text.** [`Database::query`] is given `visit where actor = "Bajwa" | count by year`.
//! 2. **Tree.** `parser` reads it into a syntax tree, or says what it expected at the furthest point that it reached.
//! 3. **Names.** `planner::bind` asks the `catalog` what the names mean: `visit` is a kind with subkinds, `"Bajwa"` is
//!    a man with five spellings, `year` is a period of the event's date. What does not exist is an error with the
//!    nearest thing that does.
//! 4. **Plan.** `planner::optimizer` turns the plan into one that reads less: a filter over all events becomes a filter
//!    over those that the postings of `visit` and of the five spellings have in common.
//! 5. **Scan.** `executor` pulls tuples through the plan; its scan asks `storage` for the rows that match these
//!    postings, never for a table.
//! 6. **Rows.** Conditions are true, false or unknown, because dates are intervals. What is certainly true becomes a row of
//!    [`Rows`]; what is only possible is counted, and [`Rows::notices`] says so.
//!
//! # Layers
//!
//! A module imports only from below, or from its own folder.
//!
//! | | |
//! |---|---|
//! | 7 | `cli`: the command and its prompt (feature `cli`) |
//! | 6 | `database`: what programs see |
//! | 5 | `export`: rows to text |
//! | 4 | `executor`: plan to rows |
//! | 3 | `planner`: tree to plan |
//! | 2 | `catalog`: which fields, kinds and names exist |
//! | 1 | `parser`: text to tree; `storage`: rows to bytes |
//! | 0 | `model`, `error` |

mod catalog;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod database;
mod error;
mod executor;
mod export;
mod import;
mod model;
mod parser;
mod planner;
mod storage;

pub use database::{
    Builder, Changes, Completion, Completions, Database, FromValue, Info, Outcome, Params, Query,
    Row, Rows, RunOptions, Schema, Session, Snapshot, Stats, Transaction,
};
pub use error::{Diagnostic, Error, Fix, Result, Span};
pub use executor::CancelToken;
pub use import::{Format, ImportOptions, ImportReport, OnProgress, Progress, Rejected};
pub use model::{
    Actor, Affiliation, Alias, Citation, Codebook, ConvertError, Coverage, Date, Day, Days,
    Document, Duration, Event, EventId, Import, ImportCounts, Kind, Kleene, Link, Location, Order,
    Participant, Period, Place, Precision, Qualifier, Quantity, Relation, Role, Side, Status,
    TimeOfDay, Truth, Unit, Units, Value,
};
pub use parser::{Token, TokenKind, tokens};
pub use planner::notice::Notice;

/// What tests look at beneath the public API. No promise is made about it.
#[doc(hidden)]
pub mod internals {
    pub use crate::database::{explain_unoptimized, run_unoptimized};

    /// Dates: the model's, and how text becomes them.
    pub mod dates {
        pub use crate::model::{
            Date, Day, Days, Duration, Order, Period, Precision, Qualifier, TimeOfDay, Truth,
        };
        pub use crate::parser::edtf::{DateError, parse_edtf, parse_literal};
        pub use crate::parser::phrase::{DayOrder, parse_ordered, parse_phrase};
    }

    /// The parser, with what its tests need beside the tree's text.
    pub mod parser {
        pub use crate::parser::{
            Expected, Keyword, Limits, Role, Token, TokenKind, expected_at, keywords, parse_query,
            parse_script, parse_script_limited, parse_statement, tokens,
        };
    }

    /// The storage layer with the types of the model that it takes.
    pub mod storage {
        pub use crate::model::{
            Actor, Affiliation, Alias, Citation, Codebook, ConvertError, Coverage, Date, Day,
            Document, Event, EventId, Kind, Location, Participant, Place, Role, Status, Unit,
            Value, fold, fold_name, words,
        };
        pub use crate::storage::{
            Access, CommitInfo, Entry, EntryKind, Ids, Inserted, Posting, SavedView, Scan, Store,
            StoreOptions, Transaction, UNDATED, Version, View, WIDE, year_value,
        };
    }
}
