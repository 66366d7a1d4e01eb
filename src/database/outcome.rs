//! What a statement did.

use std::fmt;

use super::rows::Rows;
use crate::import::ImportReport;
use crate::model::EventId;
use crate::planner::notice::Notice;

/// What a statement did.
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It found rows.
    Rows(Rows),
    /// It changed the database.
    Changed(Changes),
    /// It read a file in.
    Imported(Box<ImportReport>),
    /// It was remembered: `let`, `param`.
    Remembered,
}

/// How much a statement changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The events that were entered.
    pub inserted: Vec<EventId>,
    /// How many events were deleted.
    pub deleted: u64,
    /// The catalogue entries that were defined or redefined, as `actor Sergey Lavrov`.
    pub defined: Vec<String>,
    /// The catalogue entries that were dropped.
    pub dropped: Vec<String>,
    /// What there is to say besides.
    pub notices: Vec<Notice>,
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = |n: u64| if n == 1 { "1 event".to_owned() } else { format!("{n} events") };
        let mut parts = Vec::new();
        match self.inserted.as_slice() {
            [] => {}
            [id] => parts.push(format!("inserted event {id}")),
            ids => parts.push(format!("inserted {}", events(ids.len() as u64))),
        }
        if self.deleted > 0 {
            parts.push(format!("deleted {}", events(self.deleted)));
        }
        parts.extend(self.defined.iter().map(|entry| format!("defined {entry}")));
        parts.extend(self.dropped.iter().map(|entry| format!("dropped {entry}")));
        if parts.is_empty() {
            f.write_str("nothing changed")
        } else {
            f.write_str(&parts.join(", "))
        }
    }
}
