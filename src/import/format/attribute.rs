//! Columns that become attributes, each under the data set's own name.

use super::columns::Columns;
use super::holds::Holds;
use super::number::Numbers;
use super::row_number::ROW_NUMBER;
use crate::catalog::Field;
use crate::import::record::{Record, Reject};
use crate::model::{Event, Role, Value};

/// A column that the event may keep as an attribute.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    /// Where it is, from 0.
    pub(super) at: usize,
    /// What the attribute is called.
    pub(super) name: String,
    /// What its cells are.
    pub(super) holds: Holds,
}

impl Attribute {
    /// A column as an attribute. Where the language has a field of its name, `prefix` goes in front: `acled_source`.
    fn new(columns: &Columns, at: usize, prefix: &str, holds: Holds) -> Attribute {
        let name = match columns.name(at) {
            "" => format!("column {}", at + 1),
            name if is_field(name) => format!("{prefix}_{name}"),
            name => name.to_owned(),
        };
        Attribute { at, name, holds }
    }

    /// A column that the file may not have, by the first of some names that it bears.
    pub(super) fn find(
        columns: &Columns,
        names: &[&str],
        prefix: &str,
        holds: Holds,
    ) -> Option<Attribute> {
        columns.find(names).map(|at| Attribute::new(columns, at, prefix, holds))
    }

    /// The same with the data set's name in front: for what stands only where it contradicts a field, so that its name goes
    /// on to mean the field.
    pub(super) fn set_apart(self, prefix: &str) -> Attribute {
        if self.name.starts_with(prefix) {
            return self;
        }
        Attribute { name: format!("{prefix}_{}", self.name), ..self }
    }

    /// What a record has in it.
    pub(super) fn cell<'r>(&self, record: &'r Record) -> Option<&'r str> {
        record.get(self.at)
    }

    /// The value of a cell of it.
    pub(super) fn value(&self, cell: &str, numbers: &mut Numbers) -> Result<Value, Reject> {
        self.holds.value(cell, numbers).map_err(|reason| Reject::cell(Some(self.at), reason))
    }

    /// Keeps a cell of it.
    pub(super) fn keep(
        &self,
        cell: &str,
        event: &mut Event,
        numbers: &mut Numbers,
    ) -> Result<(), Reject> {
        self.put(self.value(cell, numbers)?, event);
        Ok(())
    }

    /// Keeps a value of it.
    pub(super) fn put(&self, value: Value, event: &mut Event) {
        event.attributes.insert(self.name.clone(), value);
    }
}

/// The cell of a column that the file may not have.
pub(super) fn cell<'r>(column: Option<&Attribute>, record: &'r Record) -> Option<&'r str> {
    column.and_then(|column| column.cell(record))
}

/// A column that the file may not have, with its cell.
pub(super) fn told<'a>(
    column: Option<&'a Attribute>,
    record: &'a Record,
) -> Option<(&'a Attribute, &'a str)> {
    column.and_then(|column| Some((column, column.cell(record)?)))
}

/// The columns that become attributes.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes(Vec<Attribute>);

impl Attributes {
    /// All columns but those that are taken and the numbers of rows, each by `holds`.
    pub(super) fn rest(
        columns: &Columns,
        taken: impl IntoIterator<Item = Option<usize>>,
        prefix: &str,
        holds: impl Fn(&str) -> Holds,
    ) -> Attributes {
        let taken: Vec<usize> = taken.into_iter().flatten().collect();
        let free = (0..columns.len())
            .filter(|at| !taken.contains(at) && columns.name(*at) != ROW_NUMBER)
            .map(|at| (at, columns.name(at)))
            .map(|(at, name)| (at, if name.is_empty() { Holds::Any } else { holds(name) }));
        Attributes(free.map(|(at, holds)| Attribute::new(columns, at, prefix, holds)).collect())
    }

    /// Puts what a record has in them into its event. What is missing leaves nothing.
    pub(super) fn fill(
        &self,
        record: &Record,
        event: &mut Event,
        numbers: &mut Numbers,
    ) -> Result<(), Reject> {
        for column in &self.0 {
            if let Some(cell) = column.cell(record) {
                column.keep(cell, event, numbers)?;
            }
        }
        Ok(())
    }

    /// One after the other, in the order of the file.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.0.iter()
    }
}

/// Is it the name of a field or a role, so that an attribute of this name could never be asked for?
pub(super) fn is_field(name: &str) -> bool {
    Field::from_name(name).is_some()
        || Role::from_word(name).is_some()
        || name.eq_ignore_ascii_case("quantities")
}
