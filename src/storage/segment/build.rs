//! Building: records made into the columns and packed rows of a segment, anywhere but in the commit that writes it.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::cell::{Cell, ColumnId, FIXED, Plain, TextId, each_plain};
use super::column;
use super::key_run;
use super::rows::{self, Packed};
use crate::error::{Error, Result};
use crate::model::{Day, Event};
use crate::storage::posted::Posted;
use crate::storage::snapshot::decode_event;

/// An attribute with more different texts than this, and than a quarter of the rows, has no column: its values are names
/// of single events, and nobody groups by them.
const MANY_TEXTS: usize = 1024;

/// The records of a segment to be, one behind the other.
#[derive(Debug, Default)]
pub(in crate::storage) struct Records {
    /// The id of the first row.
    pub(in crate::storage) first: u64,
    pub(in crate::storage) bytes: Vec<u8>,
    /// Where each record ends. One that is empty is of a row without an event.
    pub(in crate::storage) ends: Vec<u32>,
}

/// Records of more bytes than this are cut, for the places in them are numbers of four bytes.
const MOST_BYTES: usize = 256 << 20;

impl Records {
    /// None yet, from an id on.
    pub(in crate::storage) fn new(first: u64) -> Records {
        Records { first, ..Records::default() }
    }

    /// The id behind the last.
    pub(in crate::storage) fn end(&self) -> u64 {
        self.first + self.ends.len() as u64
    }

    pub(in crate::storage) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Has it as many as a segment of so many rows may have?
    pub(in crate::storage) fn is_full(&self, rows: usize) -> bool {
        self.ends.len() >= rows || self.bytes.len() >= MOST_BYTES
    }

    /// Adds the record of an id that is not below the end; ids between are of no event.
    pub(in crate::storage) fn push(&mut self, id: u64, record: &[u8]) -> Result<()> {
        while self.end() < id {
            self.close()?;
        }
        self.bytes.extend_from_slice(record);
        self.close()
    }

    /// Ends the record whose bytes were appended.
    pub(in crate::storage) fn close(&mut self) -> Result<()> {
        let end = u32::try_from(self.bytes.len())
            .map_err(|_| Error::Limit("records of more than 4 GiB in one segment".to_owned()))?;
        self.ends.push(end);
        Ok(())
    }

    /// The record of a row; empty where there is none.
    pub(in crate::storage) fn record(&self, row: usize) -> &[u8] {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        let start = row.checked_sub(1).map_or(0, end);
        self.bytes.get(start..end(row)).unwrap_or_default()
    }
}

/// A segment to be written: all but the numbers of its texts.
pub(in crate::storage) struct Sealed {
    pub(in crate::storage) first: u64,
    pub(in crate::storage) rows: u32,
    /// The first and last day, where every event has one day.
    pub(in crate::storage) days: Option<(Day, Day)>,
    /// The rows without an event.
    pub(in crate::storage) absent: RoaringBitmap,
    pub(in crate::storage) columns: Vec<SealedColumn>,
    pub(in crate::storage) packed: Packed,
    /// The hashes of natural keys, with their rows.
    pub(in crate::storage) keys: Vec<(u64, u32)>,
    /// What the rows are posted under; nothing where they are posted already.
    pub(in crate::storage) posted: Posted,
}

impl Sealed {
    /// Puts another version in the place of a row: the segment leaves it out and posts what is new.
    pub(in crate::storage) fn revise(&mut self, id: u64, old: &Event, new: &Event) {
        if let Some(row) = id.checked_sub(self.first).and_then(|row| u32::try_from(row).ok()) {
            self.absent.insert(row);
            self.posted.replace(row, old, new);
        }
    }

    /// What it takes in memory, roughly.
    pub(in crate::storage) fn bytes(&self) -> usize {
        let packed: usize = self.packed.blocks.iter().map(Vec::len).sum();
        let codes: usize = self.columns.iter().map(|column| 2 * column.codes.len()).sum();
        packed + codes + 16 * self.keys.len() + self.posted.bytes()
    }
}

/// A column to be written.
pub(in crate::storage) struct SealedColumn {
    pub(in crate::storage) id: ColumnId,
    /// Is it left out, so that all rows are odd?
    pub(in crate::storage) unknown: bool,
    cells: Vec<Word>,
    counts: Vec<u32>,
    codes: Vec<u16>,
    odd: RoaringBitmap,
    texts: FxHashMap<Box<str>, u16>,
    numbers: FxHashMap<(u8, u64), u16>,
}

/// A cell whose text has no number yet.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    Cell(Cell),
    Text(Box<str>),
}

impl SealedColumn {
    fn new(id: ColumnId) -> SealedColumn {
        SealedColumn {
            id,
            unknown: false,
            cells: vec![Word::Cell(Cell::Missing)],
            counts: vec![0],
            codes: Vec::new(),
            odd: RoaringBitmap::new(),
            texts: FxHashMap::default(),
            numbers: FxHashMap::default(),
        }
    }

    /// Gives all rows before this one nothing.
    fn pad(&mut self, row: u32) {
        let row = row as usize;
        if let Some(missing) = row.checked_sub(self.codes.len()) {
            self.codes.resize(row, 0);
            if let Some(count) = self.counts.first_mut() {
                *count += u32::try_from(missing).unwrap_or_default();
            }
        }
    }

    fn push(&mut self, row: u32, plain: &Plain<'_>) {
        if self.unknown {
            return;
        }
        self.pad(row);
        let code = match plain {
            Plain::Odd => {
                self.odd.insert(row);
                0
            }
            Plain::Missing => 0,
            Plain::Text(text) => {
                if let Some(code) = self.texts.get(text.as_ref()) {
                    *code
                } else {
                    let code = self.add(Word::Text(text.as_ref().into()));
                    self.texts.insert(text.as_ref().into(), code);
                    code
                }
            }
            Plain::Bool(b) => self.number(0, u64::from(*b), Cell::Bool(*b)),
            Plain::Int(i) => self.number(1, i.cast_unsigned(), Cell::Int(*i)),
            Plain::Float(f) => self.number(2, f.to_bits(), Cell::Float(*f)),
            Plain::Day(day) => self.number(3, day.0.cast_unsigned(), Cell::Day(*day)),
        };
        self.codes.push(code);
        if let Some(count) = self.counts.get_mut(usize::from(code)) {
            *count += 1;
        }
        // No segment has more rows: it is sure now.
        self.leave_out_beyond(super::MOST_ROWS);
    }

    /// Leaves the column out where its texts are too many for so many rows.
    fn leave_out_beyond(&mut self, rows: usize) {
        let many = self.texts.len() > MANY_TEXTS.max(rows / 4);
        if many && matches!(self.id, ColumnId::Attribute(_)) {
            *self = SealedColumn { unknown: true, ..SealedColumn::new(self.id.clone()) };
        }
    }

    fn number(&mut self, kind: u8, bits: u64, cell: Cell) -> u16 {
        if let Some(code) = self.numbers.get(&(kind, bits)) {
            return *code;
        }
        let code = self.add(Word::Cell(cell));
        self.numbers.insert((kind, bits), code);
        code
    }

    /// A segment has fewer rows than there are codes.
    fn add(&mut self, word: Word) -> u16 {
        let code = u16::try_from(self.cells.len()).unwrap_or_default();
        self.cells.push(word);
        self.counts.push(0);
        code
    }

    /// Ends a column of so many rows.
    fn finish(&mut self, rows: u32) {
        if self.unknown {
            return;
        }
        self.pad(rows);
        self.leave_out_beyond(self.codes.len());
        self.texts = FxHashMap::default();
        self.numbers = FxHashMap::default();
    }

    /// Does it say nothing, so that it need not be there?
    fn is_empty(&self) -> bool {
        !self.unknown && self.cells.len() == 1 && self.odd.is_empty()
    }

    /// The texts that need numbers.
    pub(in crate::storage) fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().filter_map(|word| match word {
            Word::Text(text) => Some(text.as_ref()),
            Word::Cell(_) => None,
        })
    }

    /// The values in the file, with texts by their numbers.
    pub(in crate::storage) fn encode(
        &self,
        number: impl Fn(&str) -> Option<TextId>,
    ) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
        let mut cells = Vec::with_capacity(self.cells.len());
        for ((word, count), code) in self.cells.iter().zip(&self.counts).zip(0_u16..) {
            let cell =
                match word {
                    Word::Cell(cell) => *cell,
                    Word::Text(text) => Cell::Text(number(text).ok_or_else(|| {
                        Error::Storage(format!("the text `{text}` has no number"))
                    })?),
                };
            if *count > 0 {
                cells.push((cell, u16::try_from(*count).unwrap_or(u16::MAX), code));
            }
        }
        cells.sort_by_key(|(cell, ..)| order(cell));
        let mut place = vec![0_u16; self.cells.len()];
        for ((.., old), new) in cells.iter().zip(0_u16..) {
            if let Some(place) = place.get_mut(usize::from(*old)) {
                *place = new;
            }
        }
        let codes: Vec<u16> = self
            .codes
            .iter()
            .map(|code| place.get(usize::from(*code)).copied().unwrap_or_default())
            .collect();
        let cells: Vec<(Cell, u16)> =
            cells.into_iter().map(|(cell, count, _)| (cell, count)).collect();
        column::encode(&cells, &codes, &self.odd)
    }
}

/// The order of cells: by type, then by value.
fn order(cell: &Cell) -> (u8, i64) {
    match cell {
        Cell::Missing => (0, 0),
        Cell::Bool(b) => (1, i64::from(*b)),
        Cell::Int(i) => (2, *i),
        // As `f64::total_cmp` orders.
        Cell::Float(f) => {
            let bits = f.to_bits().cast_signed();
            (3, bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed())
        }
        Cell::Day(day) => (4, day.0),
        Cell::Text(text) => (5, i64::from(text.0)),
    }
}

/// Builds a segment of records. `new`: their postings are not in the file yet.
pub(in crate::storage) fn build(records: &Records, new: bool) -> Result<Sealed> {
    let too_many = || Error::Limit("more rows than a segment can have".to_owned());
    let rows = u32::try_from(records.ends.len()).map_err(|_| too_many())?;
    if records.ends.len() > super::MOST_ROWS {
        return Err(too_many());
    }
    let mut absent = RoaringBitmap::new();
    let mut fixed: Vec<SealedColumn> = FIXED.iter().cloned().map(SealedColumn::new).collect();
    let mut attributes: FxHashMap<String, SealedColumn> = FxHashMap::default();
    let mut keys = Vec::new();
    let mut posted = Posted::default();
    for row in 0..rows {
        let record = records.record(row as usize);
        if record.is_empty() {
            absent.insert(row);
            continue;
        }
        let event = decode_event(records.first + u64::from(row), record)?.event;
        each_plain(
            &event,
            |at, plain| {
                if let Some(column) = fixed.get_mut(at) {
                    column.push(row, &plain);
                }
            },
            |name, plain| {
                if let Some(column) = attributes.get_mut(name) {
                    column.push(row, &plain);
                } else {
                    let mut column = SealedColumn::new(ColumnId::Attribute(name.to_owned()));
                    column.push(row, &plain);
                    attributes.insert(name.to_owned(), column);
                }
            },
        );
        if let Some(key) = &event.key {
            keys.push((key_run::hash(key), row));
        }
        if new {
            posted.push(row, &event);
        }
    }
    let mut columns: Vec<SealedColumn> =
        fixed.into_iter().chain(attributes.into_values()).collect();
    for column in &mut columns {
        column.finish(rows);
    }
    columns.retain(|column| !column.is_empty());
    columns.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Sealed {
        first: records.first,
        rows,
        days: columns
            .iter()
            .find(|column| column.id == ColumnId::Date)
            .and_then(|column| days(column, absent.len())),
        absent,
        columns,
        packed: rows::pack(&records.bytes, &records.ends)?,
        keys,
        posted,
    })
}

/// The first and last day of a column, where all rows but the absent have one.
fn days(column: &SealedColumn, absent: u64) -> Option<(Day, Day)> {
    let missing = u64::from(*column.counts.first()?);
    if missing != absent || !column.odd.is_empty() {
        return None;
    }
    let days = column.cells.iter().filter_map(|word| match word {
        Word::Cell(Cell::Day(day)) => Some(*day),
        _ => None,
    });
    Some((days.clone().min()?, days.max()?))
}
