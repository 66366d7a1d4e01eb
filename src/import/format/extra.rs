//! Columns that become attributes, each under the data set's own name.

use super::columns::{Columns, Holds};
use crate::catalog::Field;
use crate::import::record::{Record, Reject};
use crate::model::{Event, Value};

/// A column that the event may keep as an attribute.
#[derive(Debug, Clone)]
pub(crate) struct Extra {
    /// Where it is, from 0.
    pub(crate) at: usize,
    /// What the attribute is called.
    pub(crate) name: String,
    /// What its cells are.
    pub(crate) holds: Holds,
}

impl Extra {
    /// A column as an attribute. Where the language has a field of its name, `prefix` goes in front.
    pub(crate) fn new(columns: &Columns, at: usize, prefix: &str, holds: Holds) -> Extra {
        let name = match columns.name(at) {
            "" => format!("column {}", at + 1),
            name if Field::from_name(name).is_some() => format!("{prefix}_{name}"),
            name => name.to_owned(),
        };
        Extra { at, name, holds }
    }

    /// A column that the file may not have.
    pub(crate) fn find(
        columns: &Columns,
        names: &[&str],
        prefix: &str,
        holds: Holds,
    ) -> Option<Extra> {
        columns.find(names).map(|at| Extra::new(columns, at, prefix, holds))
    }

    /// What a record has in it.
    pub(crate) fn cell<'r>(&self, record: &'r Record) -> Option<&'r str> {
        record.get(self.at)
    }

    /// Keeps a cell of it.
    pub(crate) fn keep(&self, cell: &str, event: &mut Event) -> Result<(), Reject> {
        let value = self.holds.value(cell).map_err(|reason| Reject::cell(Some(self.at), reason))?;
        self.put(value, event);
        Ok(())
    }

    /// Keeps a value of it.
    pub(crate) fn put(&self, value: Value, event: &mut Event) {
        event.attributes.insert(self.name.clone(), value);
    }
}

/// The cell of an optional column.
pub(crate) fn cell<'r>(extra: Option<&Extra>, record: &'r Record) -> Option<&'r str> {
    extra.and_then(|extra| extra.cell(record))
}

/// Does a file whose header has `columns` names leave out the one of its first column? R writes the numbers of its rows so:
/// every row has a cell more than the header.
pub(crate) fn rows_are_numbered(record: &Record, columns: usize) -> bool {
    record.width() == columns + 1
}

/// The columns of a file behind the numbers of its rows.
pub(crate) fn behind_row_numbers(columns: &Columns) -> Columns {
    Columns::new(std::iter::once(ROW_NUMBER).chain((0..columns.len()).map(|at| columns.name(at))))
}

/// What the column of row numbers is called. It says nothing of the event.
pub(crate) const ROW_NUMBER: &str = "row.names";

/// `1 date is`, `3 dates are`: a count in front of what is counted.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What a layout says of codes that got their zero back.
pub(crate) fn mended_note(mended: u64) -> Option<String> {
    let codes = count(mended, "code", "codes");
    (mended > 0).then(|| {
        format!(
            "{codes} had lost the zero in front, as spreadsheets drop it: `43` is read as `043`"
        )
    })
}
