//! Columns: the different cells of a place, and a code for each row.

use roaring::RoaringBitmap;

use super::cell::Cell;

/// A column of a segment.
pub struct Column {}

/// The code of each row, in order.
#[derive(Debug, Clone, Copy)]
pub enum Codes<'a> {
    /// All rows have the only cell, 0.
    One,
    /// One byte a row.
    Narrow(&'a [u8]),
    /// Two bytes a row, little-endian.
    Wide(&'a [[u8; 2]]),
}

/// The rows whose cell does not say what the event has.
#[derive(Debug, Clone, PartialEq)]
pub enum Odd {
    /// None: the column says all.
    None,
    /// These.
    Rows(RoaringBitmap),
    /// All: there is no such column, for too many values differ or are no plain cells.
    All,
}

impl Column {
    /// How many different cells there are: at least 1. Odd rows have the code of [`Cell::Missing`].
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        todo!()
    }

    /// The cell of a code.
    pub fn cell(&self, _code: u16) -> Cell {
        todo!()
    }

    /// In how many rows a cell is; rows that are not valid any more count, too.
    pub fn count(&self, _code: u16) -> u32 {
        todo!()
    }

    /// The codes.
    pub fn codes(&self) -> Codes<'_> {
        todo!()
    }

    /// The rows to read as records.
    pub fn odd(&self) -> &Odd {
        todo!()
    }
}

impl Codes<'_> {
    /// The code of a row.
    pub fn get(self, row: usize) -> u16 {
        match self {
            Codes::One => 0,
            Codes::Narrow(codes) => codes.get(row).copied().map_or(0, u16::from),
            Codes::Wide(codes) => codes.get(row).copied().map_or(0, u16::from_le_bytes),
        }
    }
}
