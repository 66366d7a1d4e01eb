//! The record: the cells of one row with its place in the file, and why a row is not taken.

use crate::error::Result as Read;

/// Words that data sets write where they know nothing.
const MISSING: [&str; 5] = ["NULL", "NA", "None", "\\N", "NaN"];

/// One row of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// The line on which it begins, from 1; the number of the row where a file has no lines.
    pub(crate) line: u64,
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
}

impl Record {
    /// Empties it for the row that begins on a line.
    pub(crate) fn start(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Drops the first cell.
    pub(crate) fn remove_first(&mut self) {
        if !self.ends.is_empty() {
            let first = self.ends.remove(0);
            self.text.drain(..first);
            for end in &mut self.ends {
                *end -= first;
            }
        }
    }

    /// Drops empty cells at the end as long as there are more than `width`.
    pub(crate) fn trim_to(&mut self, width: usize) {
        while self.width() > width && self.raw(self.width() - 1) == Some("") {
            self.ends.pop();
        }
    }

    /// How many cells it has.
    pub(crate) fn width(&self) -> usize {
        self.ends.len()
    }

    /// A cell as it stands, from 0; none behind the last.
    pub(crate) fn raw(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start =
            at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    /// A cell without blanks around it; none when it is empty or a word for what is missing (`NULL`, `NA`, `None`).
    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        self.raw(at).map(str::trim).filter(|cell| !cell.is_empty() && !MISSING.contains(cell))
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
