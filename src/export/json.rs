//! JSON: an array of objects, or an object a line.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::write_error;
use crate::error::{Error, Result};
use crate::model::{Quantity, Value};

/// Writes an array with an object for each row, an object a line.
pub(crate) fn write_json<R: AsRef<[Value]>>(
    mut out: impl Write,
    columns: &[String],
    rows: impl IntoIterator<Item = Result<R>>,
) -> Result<()> {
    let mut separator = "[\n  ";
    for row in rows {
        out.write_all(separator.as_bytes()).map_err(write_error)?;
        write_row(&mut out, columns, row?.as_ref())?;
        separator = ",\n  ";
    }
    let end = if separator.starts_with('[') { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes()).map_err(write_error)
}

/// Writes an object a line.
pub(crate) fn write_json_lines<R: AsRef<[Value]>>(
    mut out: impl Write,
    columns: &[String],
    rows: impl IntoIterator<Item = Result<R>>,
) -> Result<()> {
    for row in rows {
        write_row(&mut out, columns, row?.as_ref())?;
        out.write_all(b"\n").map_err(write_error)?;
    }
    Ok(())
}

fn write_row(out: impl Write, columns: &[String], values: &[Value]) -> Result<()> {
    serde_json::to_writer(out, &Object { columns, values }).map_err(json_error)
}

fn json_error(error: serde_json::Error) -> Error {
    write_error(io::Error::from(error))
}

/// A row as an object: the columns are its keys.
pub(crate) struct Object<'a> {
    pub(crate) columns: &'a [String],
    pub(crate) values: &'a [Value],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().zip(self.values.iter().map(Json)))
    }
}

/// A value as JSON: dates and durations are text, a quantity is an object, what is not known is `null`.
struct Json<'a>(&'a Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(v) => serializer.serialize_bool(*v),
            Value::Int(v) => serializer.serialize_i64(*v),
            Value::Float(v) => serializer.serialize_f64(*v),
            Value::Text(v) => serializer.serialize_str(v),
            Value::Date(v) => serializer.serialize_str(v.edtf()),
            Value::Duration(v) => serializer.collect_str(v),
            Value::Quantity(v) => quantity(v, serializer),
            Value::List(values) => serializer.collect_seq(values.iter().map(Json)),
            Value::Record(fields) => {
                serializer.collect_map(fields.iter().map(|(name, v)| (name, Json(v))))
            }
        }
    }
}

/// `low`, `high`, `unit`, `of`; `change` and `approx` where they are true.
fn quantity<S: Serializer>(quantity: &Quantity, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("low", &number(quantity.low))?;
    map.serialize_entry("high", &number(quantity.high))?;
    map.serialize_entry("unit", &quantity.unit)?;
    map.serialize_entry("of", &quantity.of)?;
    if quantity.change {
        map.serialize_entry("change", &true)?;
    }
    if quantity.approx {
        map.serialize_entry("approx", &true)?;
    }
    map.end()
}

/// A number without `.0` where it is a whole one: most quantities are counted.
fn number(value: f64) -> serde_json::Value {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: whole numbers up to here are what they seem
    #[allow(clippy::cast_possible_truncation)] // it is whole and in range
    let whole = (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64);
    whole.map_or_else(|| value.into(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const FIRST: &str = r#"{"date":"2015","kind":"arms deal","party":["Russia","Pakistan"],"amount":{"low":3.5,"high":4,"unit":"USD","of":null}}"#;
    const SECOND: &str = r#"{"date":null,"kind":"say \"hi\", twice","party":[],"amount":null}"#;

    #[test]
    fn an_array_of_objects() {
        let mut out = Vec::new();
        write_json(&mut out, &sample::columns(), sample::rows()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("[\n  {FIRST},\n  {SECOND}\n]\n"));
    }

    #[test]
    fn no_rows_are_an_empty_array() {
        let mut out = Vec::new();
        write_json(&mut out, &sample::columns(), Vec::<Result<Vec<Value>>>::new()).unwrap();
        assert_eq!(out, b"[]\n");
    }

    #[test]
    fn an_object_a_line() {
        let mut out = Vec::new();
        write_json_lines(&mut out, &sample::columns(), sample::rows()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("{FIRST}\n{SECOND}\n"));
    }
}
