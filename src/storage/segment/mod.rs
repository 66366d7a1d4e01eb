//! Segments: sealed events as columns of cells beside their packed records.
//!
//! A segment has the events of a range of ids, at most [`MOST_ROWS`]; the *row* of an event is its id less the first of
//! the segment. A column says for each row what an event has in one place, as a code into the different *cells* of the
//! column, so that a condition or a key is worked out once a cell and looked up once a row. What one plain cell cannot
//! say (an uncertain date, two places, a list) makes the row *odd* in that column, and who needs to know reads the
//! record.

mod cell;
mod column;

pub use cell::{Cell, ColumnId, PARTICIPANTS, TextId};
pub use column::{Codes, Column, Odd};

use crate::model::Day;

/// The most rows of a segment: 63 blocks of 1,024, so that a column of two-byte codes fits into a run of 32 pages.
pub const MOST_ROWS: usize = 63 * 1024;

/// What is known of a segment without reading it.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub(super) number: u64,
    pub(super) first: u64,
    pub(super) rows: u32,
    pub(super) days: Option<(Day, Day)>,
}

impl Segment {
    /// The id of its first row.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// How many rows it spans, those that are no longer valid included.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The first and last day on which its events may have begun; none when one is undated or unbounded.
    pub fn days(&self) -> Option<(Day, Day)> {
        self.days
    }
}
