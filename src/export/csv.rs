//! Delimited text: CSV and TSV with a header.

use std::io::{self, Write};

use super::{plain, write_error};
use crate::error::{Error, Result};
use crate::model::Value;

/// Writes rows separated by line feeds and fields separated by `delimiter`, quoted where they must be.
///
/// What is not known is an empty field; the values of a list are joined with `; `; dates are EDTF.
pub(crate) fn write_delimited<R: AsRef<[Value]>>(
    out: impl Write,
    delimiter: u8,
    columns: &[String],
    rows: impl IntoIterator<Item = Result<R>>,
) -> Result<()> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    writer.write_record(columns).map_err(csv_error)?;
    for row in rows {
        writer.write_record(row?.as_ref().iter().map(plain)).map_err(csv_error)?;
    }
    writer.flush().map_err(write_error)
}

fn csv_error(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(source) => write_error(source),
        other => write_error(io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn written(delimiter: u8) -> String {
        let mut out = Vec::new();
        write_delimited(&mut out, delimiter, &sample::columns(), sample::rows()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_quotes_what_it_must() {
        let quantity = sample::rows().remove(0).unwrap().remove(3);
        assert_eq!(
            written(b','),
            format!(
                "date,kind,party,amount\n2015,arms deal,Russia; Pakistan,{}\n,\"say \"\"hi\"\", twice\",,\n",
                plain(&quantity)
            )
        );
    }

    #[test]
    fn tsv_leaves_commas_alone() {
        assert!(written(b'\t').starts_with("date\tkind\tparty\tamount\n2015\tarms deal\t"));
    }
}
