//! Columns: where a file has what.

use crate::catalog::letters;

/// The columns of a file by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    names: Vec<String>,
    /// The same, reduced to letters and digits.
    letters: Vec<String>,
}

impl Columns {
    /// The columns of a header.
    pub(crate) fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Columns {
        let names: Vec<String> =
            names.into_iter().map(|name| name.as_ref().trim().to_owned()).collect();
        let letters = names.iter().map(|name| letters(name)).collect();
        Columns { names, letters }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a column, as the file writes it.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// The names of all columns, as the file writes them.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The first column that bears one of the names, however it writes blanks, case and underscores.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = letters(name);
            self.letters.iter().position(|name| *name == wanted)
        })
    }

    /// Makes sure of columns without which no row of a data set can be read.
    pub(super) fn need(&self, names: &[&str], data_set: &str) -> Result<(), String> {
        match names.iter().find(|name| self.find(&[name]).is_none()) {
            None => Ok(()),
            Some(name) => {
                Err(format!("there is no column `{name}`, which every file of {data_set} has"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_however_they_are_spelled() {
        let columns = Columns::new(["Event Date", "SOURCE_NAME", "cameoCode"]);
        assert_eq!(columns.find(&["EventDate"]), Some(0));
        assert_eq!(columns.find(&["Actor", "Source Name"]), Some(1));
        assert_eq!(columns.find(&["CAMEO Code"]), Some(2));
        assert_eq!(columns.find(&["code"]), None);
        assert_eq!(columns.need(&["event_date"], "ACLED"), Ok(()));
        assert!(columns.need(&["event_date", "kind"], "ACLED").unwrap_err().contains("`kind`"));
    }
}
