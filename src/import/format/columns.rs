//! Columns: where a file has what, and what becomes of the columns that the model has no place for.

use crate::import::record::{Record, Reject};
use crate::model::{Event, Value, fold};

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Text, codes among it: zeros in front are kept.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Texts with this between them.
    List(char),
    /// Whatever it looks like: a number that would be written the same way, else text.
    Any,
}

impl Holds {
    /// A cell as a value.
    pub(crate) fn value(self, cell: &str) -> Result<Value, String> {
        Ok(match self {
            Holds::Text => Value::Text(cell.to_owned()),
            // Table programs write `4.0` where other cells of the column are empty.
            Holds::Int => Value::Int(
                cell.strip_suffix(".0")
                    .unwrap_or(cell)
                    .parse()
                    .map_err(|_| format!("`{cell}` is no whole number"))?,
            ),
            Holds::Float => number(cell).ok_or_else(|| format!("`{cell}` is no number"))?,
            Holds::List(between) => {
                let texts = cell.split(between).map(str::trim).filter(|text| !text.is_empty());
                Value::List(texts.map(Value::from).collect())
            }
            Holds::Any => guess(cell),
        })
    }
}

fn number(cell: &str) -> Option<Value> {
    cell.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Float)
}

/// `12` and `-3.5` are numbers; `007`, `1e5` and `+4` stay text, for a number would lose how they are written.
fn guess(cell: &str) -> Value {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let plain = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && (!digits.starts_with('0') || digits == "0" || digits.starts_with("0."));
    let number = match cell.parse::<i64>() {
        _ if !plain => None,
        Ok(whole) => Some(Value::Int(whole)),
        Err(_) => number(cell),
    };
    number.unwrap_or_else(|| Value::Text(cell.to_owned()))
}

/// A name reduced to its letters and digits: `Event Date`, `event_date` and `EventDate` are the same.
pub(crate) fn squashed(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The columns of a file by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    names: Vec<String>,
    squashed: Vec<String>,
}

impl Columns {
    /// The columns of a header.
    pub(crate) fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Columns {
        let names: Vec<String> =
            names.into_iter().map(|name| name.as_ref().trim().to_owned()).collect();
        let squashed = names.iter().map(|name| squashed(name)).collect();
        Columns { names, squashed }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a column, as the file writes it.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// The first column that bears one of the names, however it writes blanks, case and underscores.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = squashed(name);
            self.squashed.iter().position(|name| *name == wanted)
        })
    }
}

/// The columns that become attributes: where, under which name, as what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes(Vec<(usize, String, Holds)>);

impl Attributes {
    /// All columns but those that are taken, each by `holds`; a column without a name is `column 7`.
    pub(crate) fn rest(
        columns: &Columns,
        taken: &[Option<usize>],
        holds: impl Fn(&str) -> Holds,
    ) -> Attributes {
        let free = (0..columns.len()).filter(|at| !taken.contains(&Some(*at)));
        Attributes(
            free.map(|at| match columns.name(at) {
                "" => (at, format!("column {}", at + 1), Holds::Any),
                name => (at, name.to_owned(), holds(name)),
            })
            .collect(),
        )
    }

    /// Gives a column another name.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        for (_, name, _) in &mut self.0 {
            if name == from {
                to.clone_into(name);
            }
        }
    }

    /// Puts what a record has in them into its event. What is missing leaves nothing.
    pub(crate) fn fill(&self, record: &Record, event: &mut Event) -> Result<(), Reject> {
        for (at, name, holds) in &self.0 {
            if let Some(cell) = record.get(*at) {
                let value = holds.value(cell).map_err(|reason| Reject::cell(Some(*at), reason))?;
                event.attributes.insert(name.clone(), value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_would_lose_their_looks_stay_text() {
        for text in ["007", "1e5", "+4", "-", "1.2.3", "0431", "12a", "99999999999999999999.1.1"] {
            assert_eq!(guess(text), Value::Text(text.to_owned()), "{text}");
        }
        assert_eq!(guess("12"), Value::Int(12));
        assert_eq!(guess("-0.5"), Value::Float(-0.5));
        assert_eq!(guess("0"), Value::Int(0));
    }

    #[test]
    fn columns_are_found_however_they_are_spelled() {
        let columns = Columns::new(["Event Date", "SOURCE_NAME", "cameoCode"]);
        assert_eq!(columns.find(&["EventDate"]), Some(0));
        assert_eq!(columns.find(&["Actor", "Source Name"]), Some(1));
        assert_eq!(columns.find(&["CAMEO Code"]), Some(2));
        assert_eq!(columns.find(&["code"]), None);
    }
}
