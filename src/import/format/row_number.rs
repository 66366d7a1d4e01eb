//! Rows with a number in front that the header has no name for, as R writes them.

use super::columns::Columns;
use crate::import::record::{Record, Reject};

/// What the column of row numbers is called. It says nothing of the event.
pub(super) const ROW_NUMBER: &str = "row.names";

/// How the rows of a file are read: as wide as the header says, or behind a number. Some files have rows of both sorts.
#[derive(Debug)]
pub(super) struct Numbered<P> {
    columns: usize,
    /// The second is for rows behind numbers.
    plans: Box<[P; 2]>,
}

impl<P> Numbered<P> {
    /// Plans for rows of these columns.
    pub(super) fn new(columns: &Columns, plan: impl Fn(&Columns) -> P) -> Numbered<P> {
        let behind = Columns::new(std::iter::once(ROW_NUMBER).chain(columns.names()));
        Numbered { columns: columns.len(), plans: Box::new([plan(columns), plan(&behind)]) }
    }

    /// The plan for a row. Cells may be missing at its end, but only one may be too many.
    pub(super) fn plan(&self, record: &Record) -> Result<&P, Reject> {
        let [plain, behind] = self.plans.as_ref();
        let (cells, columns) = (record.width(), self.columns);
        if cells <= columns {
            Ok(plain)
        } else if cells == columns + 1 {
            Ok(behind)
        } else {
            Err(Reject::row(format!("has {cells} cells; the file has {columns} columns")))
        }
    }
}
