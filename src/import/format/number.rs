//! Numbers, with the decimal mark of their file.

use crate::import::record::{Record, Reject};

/// How a file writes its numbers: with a point, or with a comma where a table program saved it in a country that does.
///
/// The first number that has a mark tells that of the file. Two marks in one file would be a guess at what `1,234` is.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    mark: Option<u8>,
    /// The first number with a comma.
    comma_as: String,
}

impl Numbers {
    /// The number of a cell, or why it is none.
    pub(super) fn read(&mut self, cell: &str) -> Result<f64, String> {
        let mark = cell.bytes().find(|byte| matches!(byte, b'.' | b','));
        if let (Some(own), Some(known)) = (mark, self.mark)
            && own != known
        {
            let known = char::from(known);
            return Err(format!("`{cell}` is no number: the file writes decimals with `{known}`"));
        }
        let number = match mark {
            Some(b',') if !cell.contains('.') => cell.replace(',', ".").parse(),
            _ => cell.parse::<f64>(),
        };
        let number = number.ok().filter(|number| number.is_finite());
        let number = number.ok_or_else(|| format!("`{cell}` is no number"))?;
        if self.mark.is_none() && mark.is_some() {
            self.mark = mark;
            if mark == Some(b',') {
                cell.clone_into(&mut self.comma_as);
            }
        }
        Ok(number)
    }

    /// The number in a column that the file may not have.
    pub(super) fn cell(
        &mut self,
        record: &Record,
        at: Option<usize>,
    ) -> Result<Option<f64>, Reject> {
        let number = record.cell(at).map(|cell| self.read(cell)).transpose();
        number.map_err(|reason| Reject::cell(at, reason))
    }

    /// What there is to say when the file is through.
    pub(super) fn note(&self) -> Option<String> {
        (!self.comma_as.is_empty()).then(|| {
            let example = &self.comma_as;
            format!("numbers are written as `{example}`: the comma is read as the decimal mark")
        })
    }
}

/// How many there are, by a cell. Decimals make no sense, and so no comma is taken for their mark: `1,234` may be many.
pub(super) fn count(record: &Record, at: Option<usize>) -> Result<Option<f64>, Reject> {
    let Some(cell) = record.cell(at) else { return Ok(None) };
    match cell.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(Reject::cell(at, format!("`{cell}` is no number"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mark_is_that_of_the_file() {
        let mut commas = Numbers::default();
        assert_eq!(commas.read("3"), Ok(3.0));
        assert_eq!(commas.note(), None);
        assert_eq!(commas.read("-0,52"), Ok(-0.52));
        assert_eq!(commas.read("12"), Ok(12.0));
        assert!(commas.read("0.52").unwrap_err().contains("with `,`"));
        assert!(commas.note().unwrap().contains("`-0,52`"));
        let mut points = Numbers::default();
        assert_eq!(points.read("0.5"), Ok(0.5));
        assert!(points.read("0,5").is_err());
        assert_eq!(points.note(), None);
    }

    #[test]
    fn what_is_no_number_tells_no_mark() {
        let mut numbers = Numbers::default();
        for text in ["1,234.5", "1,2,3", "many, others", "1.2.3", "inf", "NaN", ","] {
            assert!(numbers.read(text).is_err(), "{text}");
        }
        assert_eq!(numbers.read("1,5"), Ok(1.5));
    }
}
