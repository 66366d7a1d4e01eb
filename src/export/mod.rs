//! Rows as text for other programs: CSV, TSV, JSON and JSON lines.
//!
//! Each writer takes the columns and an iterator over rows and writes row by row, so that an answer of any length
//! needs no more memory than its longest row.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))] // the command uses most of it

mod csv;
mod json;
mod text;

pub(crate) use csv::write_delimited;
pub(crate) use json::{Object, write_json, write_json_lines};
pub(crate) use text::{on_screen, plain, told};

use std::io;

use crate::error::Error;

/// What an error of writing becomes. A closed pipe stays recognizable by its [`io::ErrorKind`].
fn write_error(source: io::Error) -> Error {
    Error::io("write the answer", source)
}

#[cfg(test)]
pub(crate) mod sample {
    //! A few rows for the tests of the writers.

    use crate::error::Result;
    use crate::model::{Date, Quantity, Value};

    /// The columns of [`rows`].
    pub(crate) fn columns() -> Vec<String> {
        ["date", "kind", "party", "amount"].map(str::to_owned).to_vec()
    }

    /// Two rows: one with everything, one with hardly anything.
    pub(crate) fn rows() -> Vec<Result<Vec<Value>>> {
        let usd = Quantity {
            low: 3.5,
            high: 4.0,
            unit: Some("USD".to_owned()),
            of: None,
            change: false,
            approx: false,
        };
        vec![
            Ok(vec![
                Date::year(2015).told_as("sometime in 2015").into(),
                "arms deal".into(),
                vec!["Russia", "Pakistan"].into(),
                usd.into(),
            ]),
            Ok(vec![Value::Null, "say \"hi\", twice".into(), Value::List(Vec::new()), Value::Null]),
        ]
    }
}
