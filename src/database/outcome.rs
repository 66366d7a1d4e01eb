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
    /// How many events went back to how they were before the import that was undone.
    pub restored: u64,
    /// The number of that import.
    pub undone: Option<u64>,
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
        if let (1.., Some(import)) = (self.restored, self.undone) {
            let number = self.restored;
            let what = match (number, self.deleted > 0) {
                (1, false) => "1 event back as it was".to_owned(),
                (1, true) => "1 back as it was".to_owned(),
                (_, false) => format!("{number} events back as they were"),
                (_, true) => format!("{number} back as they were"),
            };
            parts.push(format!("put {what} before import {import}"));
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
