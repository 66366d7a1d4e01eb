//! Columns: the different cells of a place, and a code for each row.
//!
//! A column lies in the file as two values. The *cells*:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | bytes of a code: 0, 1 or 2 |
//! | 1 | 1 when the first cell is that of rows where nothing is, else 0 |
//! | 5 × 4 | how many bools, whole numbers, other numbers, days and texts follow |
//! | | bools (1 byte each), whole numbers (8), other numbers (8), days after 1970-01-01 (4), numbers of texts (4) |
//! | 2 each | in how many rows each cell is, the missing one first |
//! | rest | the odd rows as a roaring bitmap; nothing when there are none |
//!
//! and, where there is more than one cell, the *codes* of all rows, one after the other.

use std::ops::Range;

use redb::AccessGuard;
use roaring::RoaringBitmap;

use super::cell::{Cell, TextId};
use crate::error::{Error, Result};
use crate::model::Day;

/// The bytes before the cells.
const HEADER: usize = 22;

/// How long a cell of each type is, in their order.
const WIDTHS: [usize; 5] = [1, 8, 8, 4, 4];

/// Bytes as they lie in a page, or made for the moment.
enum Bytes {
    Page(AccessGuard<'static, &'static [u8]>),
    Made(Vec<u8>),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Bytes::Page(page) => page.value(),
            Bytes::Made(bytes) => bytes,
        }
    }
}

/// A column of a segment.
pub struct Column {
    cells: Bytes,
    codes: Option<Bytes>,
    width: u8,
    missing: usize,
    /// The codes of the cells of each type.
    types: [Range<usize>; 5],
    /// Where the cells of each type begin, and then the counts.
    starts: [usize; 6],
    odd: Odd,
}

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
    /// All: there is no such column, for too many values differ.
    All,
}

fn corrupt(what: &str) -> Error {
    Error::Corrupt(format!("a column of a segment {what}"))
}

impl Column {
    /// A column of rows that have nothing there.
    pub(in crate::storage) fn missing(rows: u32) -> Result<Column> {
        Column::made(rows, Odd::None)
    }

    /// A column that says nothing of any row.
    pub(in crate::storage) fn unknown(rows: u32) -> Result<Column> {
        Column::made(rows, Odd::All)
    }

    fn made(rows: u32, odd: Odd) -> Result<Column> {
        let mut cells = vec![0; HEADER];
        if let Some(missing) = cells.get_mut(1) {
            *missing = 1;
        }
        let rows = u16::try_from(rows).map_err(|_| corrupt("has too many rows"))?;
        cells.extend_from_slice(&rows.to_le_bytes());
        Ok(Column { odd, ..Column::read(Bytes::Made(cells), None, u32::from(rows))? })
    }

    /// A column out of its values in the file.
    pub(in crate::storage) fn of(
        cells: AccessGuard<'static, &'static [u8]>,
        codes: Option<AccessGuard<'static, &'static [u8]>>,
        rows: u32,
    ) -> Result<Column> {
        Column::read(Bytes::Page(cells), codes.map(Bytes::Page), rows)
    }

    fn read(cells: Bytes, codes: Option<Bytes>, rows: u32) -> Result<Column> {
        let bytes = cells.get();
        let short = || corrupt("is too short");
        let (width, missing) = match bytes {
            [width @ 0..=2, missing @ 0..=1, ..] => (*width, usize::from(*missing)),
            _ => return Err(corrupt("begins wrongly")),
        };
        let mut types: [Range<usize>; 5] = Default::default();
        let mut starts = [HEADER; 6];
        let (mut code, mut at) = (missing, HEADER);
        let numbers = bytes.get(2..HEADER).ok_or_else(short)?.as_chunks::<4>().0;
        for (((number, width), codes), start) in
            numbers.iter().zip(WIDTHS).zip(&mut types).zip(&mut starts)
        {
            let number = u32::from_le_bytes(*number) as usize;
            *codes = code..code + number;
            *start = at;
            code += number;
            at += number * width;
        }
        starts[5] = at;
        let end = at + 2 * code;
        let odd = bytes.get(end..).ok_or_else(short)?;
        let odd = if odd.is_empty() {
            Odd::None
        } else {
            let odd = RoaringBitmap::deserialize_from(odd)
                .map_err(|error| corrupt(&format!("cannot be read: {error}")))?;
            Odd::Rows(odd)
        };
        let expected = rows as usize * usize::from(width);
        let told = codes.as_ref().map_or(0, |codes| codes.get().len());
        let fits = match width {
            0 => code == 1,
            1 => code <= 1 << 8,
            _ => code <= 1 << 16,
        };
        if told != expected || !fits {
            return Err(corrupt("has codes of another length"));
        }
        Ok(Column { cells, codes, width, missing, types, starts, odd })
    }

    /// How many different cells there are, at least 1; their codes count from 0.
    #[allow(clippy::len_without_is_empty)] // it never is
    pub fn len(&self) -> usize {
        self.types[4].end
    }

    /// The cell of a code; missing beyond the last. Odd rows have the code of [`Cell::Missing`].
    pub fn cell(&self, code: u16) -> Cell {
        let code = usize::from(code);
        let kind = self.types.iter().position(|codes| codes.contains(&code));
        let Some(kind) = kind.filter(|_| code >= self.missing) else { return Cell::Missing };
        let (Some(codes), Some(start), Some(width)) =
            (self.types.get(kind), self.starts.get(kind), WIDTHS.get(kind))
        else {
            return Cell::Missing;
        };
        let at = start + (code - codes.start) * width;
        let bytes = self.cells.get().get(at..at + width).unwrap_or_default();
        let long = || bytes.first_chunk().copied().unwrap_or_default();
        let short = || bytes.first_chunk().copied().unwrap_or_default();
        match kind {
            0 => Cell::Bool(bytes == [1]),
            1 => Cell::Int(i64::from_le_bytes(long())),
            2 => Cell::Float(f64::from_le_bytes(long())),
            3 => Cell::Day(Day(i64::from(i32::from_le_bytes(short())))),
            _ => Cell::Text(TextId(u32::from_le_bytes(short()))),
        }
    }

    /// The code of a text; none when no row has it.
    pub fn code_of(&self, text: TextId) -> Option<u16> {
        let start = self.starts[4];
        let texts = self.cells.get().get(start..self.starts[5])?.as_chunks::<4>().0;
        let at = texts.binary_search_by_key(&text.0, |id| u32::from_le_bytes(*id)).ok()?;
        u16::try_from(self.types[4].start + at).ok()
    }

    /// In how many rows a cell is. Rows that are no longer valid count, and odd ones where the cell is the missing one.
    pub fn count(&self, code: u16) -> u32 {
        let at = self.starts[5] + 2 * usize::from(code);
        let bytes = self.cells.get().get(at..).and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u32::from(u16::from_le_bytes(*bytes)))
    }

    /// The codes.
    pub fn codes(&self) -> Codes<'_> {
        match (&self.codes, self.width) {
            (Some(codes), 1) => Codes::Narrow(codes.get()),
            (Some(codes), 2) => Codes::Wide(codes.get().as_chunks().0),
            _ => Codes::One,
        }
    }

    /// The rows to read as records.
    pub fn odd(&self) -> &Odd {
        &self.odd
    }

    /// How long it is in the file.
    pub(in crate::storage) fn bytes(&self) -> usize {
        self.cells.get().len() + self.codes.as_ref().map_or(0, |codes| codes.get().len())
    }
}

impl<'a> Codes<'a> {
    /// The codes of some rows, as far as there are.
    #[must_use]
    pub fn part(self, rows: Range<usize>) -> Codes<'a> {
        match self {
            Codes::One => Codes::One,
            Codes::Narrow(codes) => {
                Codes::Narrow(codes.get(rows.start..rows.end.min(codes.len())).unwrap_or_default())
            }
            Codes::Wide(codes) => {
                Codes::Wide(codes.get(rows.start..rows.end.min(codes.len())).unwrap_or_default())
            }
        }
    }

    /// The code of a row.
    pub fn get(self, row: usize) -> u16 {
        match self {
            Codes::One => 0,
            Codes::Narrow(codes) => codes.get(row).copied().map_or(0, u16::from),
            Codes::Wide(codes) => codes.get(row).copied().map_or(0, u16::from_le_bytes),
        }
    }
}

/// The values of a column in the file: the cells, in their order and each once, how often each is, and the rows.
pub(in crate::storage) fn encode(
    cells: &[(Cell, u16)],
    codes: &[u16],
    odd: &RoaringBitmap,
) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
    let width = match cells.len() {
        0 | 1 => 0,
        2..=256 => 1,
        _ => 2,
    };
    let missing = cells.first().is_some_and(|(cell, _)| *cell == Cell::Missing);
    let mut bytes = vec![width, u8::from(missing)];
    let mut numbers = [0_u32; 5];
    let mut values = Vec::new();
    for (cell, _) in cells {
        let kind = match cell {
            Cell::Missing => continue,
            Cell::Bool(b) => {
                values.push(u8::from(*b));
                0
            }
            Cell::Int(i) => {
                values.extend_from_slice(&i.to_le_bytes());
                1
            }
            Cell::Float(f) => {
                values.extend_from_slice(&f.to_le_bytes());
                2
            }
            Cell::Day(day) => {
                let day = i32::try_from(day.0).map_err(|_| corrupt("has a day too far away"))?;
                values.extend_from_slice(&day.to_le_bytes());
                3
            }
            Cell::Text(text) => {
                values.extend_from_slice(&text.0.to_le_bytes());
                4
            }
        };
        if let Some(number) = numbers.get_mut(kind) {
            *number += 1;
        }
    }
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes.extend_from_slice(&values);
    bytes.extend(cells.iter().flat_map(|(_, count)| count.to_le_bytes()));
    if !odd.is_empty() {
        odd.serialize_into(&mut bytes)
            .map_err(|error| Error::io("write a column into memory", error))?;
    }
    let codes = match width {
        0 => None,
        1 => Some(codes.iter().map(|code| code.to_le_bytes()[0]).collect()),
        _ => Some(codes.iter().flat_map(|code| code.to_le_bytes()).collect()),
    };
    Ok((bytes, codes))
}
