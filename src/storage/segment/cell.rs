//! Cells: what one place of an event says, when it is one plain value; taken out of an event, and put back.

use crate::model::{Day, Event};

/// How many participants have a column, by their place in the event.
pub const PARTICIPANTS: u8 = 4;

/// A place in an event that has a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnId {
    /// The kind as written.
    Kind,
    /// The code that the event itself has.
    Code,
    /// The word of the status.
    Status,
    /// A participant with name, code and role: the first is 0. Events with more than [`PARTICIPANTS`] are odd in all.
    Participant(u8),
    /// The only place, by name; coordinates are not told.
    Place,
    /// The date, where it is one day and says no more than that.
    Date,
    /// The score that the event itself has.
    Goldstein,
    /// The number of the import.
    Import,
    /// A free attribute.
    Attribute(String),
}

/// The number of a text, the same in all segments, never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u32);

/// What a place says. Cells of a column sort missing, then by type, then by value; texts by their number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Nothing is there.
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// One day for sure.
    Day(Day),
    /// A text; a participant with code and role is one, too.
    Text(TextId),
}

#[allow(dead_code)]
fn _sketch(_: &Event) {}
