//! Segments: sealed events as columns of cells beside their packed records.
//!
//! A segment has the events of a range of ids, at most [`MOST_ROWS`]; the *row* of an event is its id less the first of
//! the segment. A column says for each row what an event has in one place, as a code into the different *cells* of the
//! column, so that a condition or a key is worked out once a cell and looked up once a row. What one plain cell cannot
//! say (an uncertain date, two places, a list) makes the row *odd* in that column, and who needs to know reads the
//! record.

mod build;
mod cell;
mod column;
pub(super) mod key_filter;
pub(super) mod key_run;
pub(super) mod rows;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

pub(super) use build::{Records, Sealed, SealedColumn, build};
pub use cell::{Cell, ColumnId, PARTICIPANTS, TextId};
pub(super) use cell::{Plain, participant_of, restore};
pub use column::{Codes, Column, Odd};

use rows::Unpacker;

use crate::model::Day;

/// The most rows of a segment: 63 × 1,024, so that a column of two-byte codes fits into a run of 32 pages.
pub const MOST_ROWS: usize = 63 * 1024;

/// What is known of a segment without reading it. It never changes; another takes its place.
#[derive(Debug)]
pub struct Segment {
    pub(super) number: u64,
    pub(super) head: Head,
    /// What its packed records share, once somebody has asked.
    pub(super) unpacker: OnceLock<Unpacker>,
}

/// A segment as its record in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) first: u64,
    pub(super) rows: u32,
    pub(super) days: Option<(Day, Day)>,
    /// The columns in order, and whether all rows are odd in each, so that it has no values.
    pub(super) columns: Vec<(ColumnId, bool)>,
}

impl Segment {
    /// The id of its first row.
    pub fn first(&self) -> u64 {
        self.head.first
    }

    /// How many rows it spans, those that are no longer valid included.
    pub fn rows(&self) -> u32 {
        self.head.rows
    }

    /// The id behind its last row.
    pub fn end(&self) -> u64 {
        self.head.first + u64::from(self.head.rows)
    }

    /// The row of an id; none when it is not in the range.
    pub fn row_of(&self, id: u64) -> Option<u32> {
        id.checked_sub(self.first())
            .and_then(|row| u32::try_from(row).ok())
            .filter(|row| *row < self.rows())
    }

    /// The first and last day of its events, where each is of one day for sure.
    pub fn days(&self) -> Option<(Day, Day)> {
        self.head.days
    }
}

/// The segment that has an id in its range, among some that ascend.
pub(super) fn holding(segments: &[Arc<Segment>], id: u64) -> Option<&Arc<Segment>> {
    let at = segments.partition_point(|segment| segment.end() <= id);
    segments.get(at).filter(|segment| segment.first() <= id)
}
