//! The record: the cells of one row with its place in the file, and why a row is not taken.

use std::ops::Range;

use memchr::memchr_iter;

use crate::error::Result as Read;

/// Words that data sets write where they know nothing.
const MISSING: [&str; 5] = ["NULL", "NA", "None", "\\N", "NaN"];

/// One row of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// The line on which it begins, from 1; the number of the row where a file has no lines.
    pub(crate) line: u64,
    text: String,
    /// Where each cell is in `text`.
    cells: Vec<Range<usize>>,
}

impl Record {
    /// Empties it for the row that begins on a line.
    pub(crate) fn start(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell);
        self.cells.push(start..self.text.len());
    }

    /// Adds what stands between the delimiters of a line, `most` cells and one for all that is behind them.
    pub(crate) fn split(&mut self, line: &str, delimiter: u8, most: usize) {
        let start = self.text.len();
        self.text.push_str(line);
        let mut from = start;
        for at in memchr_iter(delimiter, line.as_bytes()).take(most) {
            self.cells.push(from..start + at);
            from = start + at + 1;
        }
        self.cells.push(from..self.text.len());
    }

    /// Drops the first cell.
    pub(crate) fn remove_first(&mut self) {
        if !self.cells.is_empty() {
            self.cells.remove(0);
        }
    }

    /// Drops empty cells at the end as long as there are more than `width`.
    pub(crate) fn trim_to(&mut self, width: usize) {
        while self.width() > width && self.cells.last().is_some_and(Range::is_empty) {
            self.cells.pop();
        }
    }

    /// How many cells it has.
    pub(crate) fn width(&self) -> usize {
        self.cells.len()
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// A cell as it stands, from 0; none behind the last.
    pub(crate) fn raw(&self, at: usize) -> Option<&str> {
        self.text.get(self.cells.get(at)?.clone())
    }

    /// A cell without blanks around it; none when it is empty or a word for what is missing (`NULL`, `NA`, `None`).
    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        self.raw(at).map(trimmed).filter(|cell| !cell.is_empty() && !is_missing(cell))
    }

    /// The cell of a column that the file may not have.
    pub(crate) fn cell(&self, at: Option<usize>) -> Option<&str> {
        self.get(at?)
    }

    /// All cells as they stand.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.width()).filter_map(|at| self.raw(at))
    }
}

/// A cell without blanks around it. Most have none, and their ends tell so.
fn trimmed(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_plain(bytes.first()) && is_plain(bytes.last()) { cell } else { cell.trim() }
}

/// Is it a word for what is missing? Most cells are too long or begin otherwise.
fn is_missing(cell: &str) -> bool {
    (2..=4).contains(&cell.len()) && cell.starts_with(['N', '\\']) && MISSING.contains(&cell)
}

/// The records of a file, one after the other, whatever they lie in.
pub(crate) trait Records {
    /// What the file is called.
    fn name(&self) -> &str;

    /// The next record; none behind the last. A reject is the fault of this record alone, whose cells are there as far
    /// as they go; the next one can be read. An error ends the file.
    fn next(&mut self, record: &mut Record) -> Read<Option<Result<(), Reject>>>;

    /// What there is to say of the file when it is through.
    fn notes(&self) -> Vec<String>;
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    /// The column at fault, from 0.
    pub(crate) column: Option<usize>,
    /// What is wrong and what was expected, lower-case, with the file's own words in back-quotes.
    pub(crate) reason: String,
}

impl Reject {
    /// The fault of a whole row.
    pub(crate) fn row(reason: impl Into<String>) -> Reject {
        Reject { column: None, reason: reason.into() }
    }

    /// The fault of a cell.
    pub(crate) fn cell(column: Option<usize>, reason: impl Into<String>) -> Reject {
        Reject { column, reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_can_be_dropped_at_both_ends() {
        let mut record = Record::default();
        record.remove_first();
        record.start(1);
        for cell in ["17", "a", "bc", "", ""] {
            record.push(cell);
        }
        record.remove_first();
        record.trim_to(1);
        assert_eq!(record.cells().collect::<Vec<_>>(), ["a", "bc"]);
        record.trim_to(0);
        assert_eq!(record.width(), 2);
    }

    #[test]
    fn words_for_nothing_are_nothing() {
        let mut record = Record::default();
        record.start(7);
        for cell in ["", " NULL ", "NA", "None", "Nauru", " x y "] {
            record.push(cell);
        }
        let cells: Vec<_> = (0..=6).map(|at| record.get(at)).collect();
        assert_eq!(cells, [None, None, None, None, Some("Nauru"), Some("x y"), None]);
        assert_eq!(record.raw(5), Some(" x y "));
        assert_eq!((record.width(), record.cells().count()), (6, 6));
    }
}
