//! Values as types of Rust.

use crate::model::{Date, Quantity, Value};

/// A type that a value can be read as. The lifetime is that of the row, so that `&str` need not be copied.
pub trait FromValue<'a>: Sized {
    /// The value as this type.
    ///
    /// # Errors
    /// What the value is instead.
    fn from_value(value: &'a Value) -> Result<Self, String>;
}

fn not(wanted: &str, value: &Value) -> String {
    format!("{}, not {wanted}", value.describe())
}

/// A list of one value reads as that value.
fn single(value: &Value) -> &Value {
    match value {
        Value::List(list) => match list.as_slice() {
            [one] => one,
            _ => value,
        },
        _ => value,
    }
}

impl<'a> FromValue<'a> for &'a str {
    fn from_value(value: &'a Value) -> Result<Self, String> {
        match single(value) {
            Value::Text(text) => Ok(text),
            Value::Date(date) => Ok(date.told()),
            other => Err(not("text", other)),
        }
    }
}

impl FromValue<'_> for String {
    /// Any value as people read it.
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Err(not("text", value)),
            other => Ok(other.to_string()),
        }
    }
}

impl FromValue<'_> for i64 {
    /// A whole number; a date of one year reads as that year.
    fn from_value(value: &Value) -> Result<Self, String> {
        match single(value) {
            Value::Int(n) => Ok(*n),
            Value::Date(date) => date.told().parse().map_err(|_| not("a whole number", value)),
            other => Err(not("a whole number", other)),
        }
    }
}

impl FromValue<'_> for u64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        i64::from_value(value)?.try_into().map_err(|_| "a number below zero".to_owned())
    }
}

impl FromValue<'_> for f64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        match single(value) {
            Value::Int(n) => Ok(*n as f64),
            Value::Float(n) => Ok(*n),
            other => Err(not("a number", other)),
        }
    }
}

impl FromValue<'_> for bool {
    fn from_value(value: &Value) -> Result<Self, String> {
        match single(value) {
            Value::Bool(b) => Ok(*b),
            other => Err(not("true or false", other)),
        }
    }
}

impl FromValue<'_> for Date {
    fn from_value(value: &Value) -> Result<Self, String> {
        match single(value) {
            Value::Date(date) => Ok((**date).clone()),
            other => Err(not("a date", other)),
        }
    }
}

impl FromValue<'_> for Quantity {
    fn from_value(value: &Value) -> Result<Self, String> {
        match single(value) {
            Value::Quantity(quantity) => Ok((**quantity).clone()),
            other => Err(not("a quantity", other)),
        }
    }
}

impl FromValue<'_> for Value {
    fn from_value(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Vec<T> {
    fn from_value(value: &'a Value) -> Result<Self, String> {
        match value {
            Value::List(list) => list.iter().map(T::from_value).collect(),
            Value::Null => Ok(Vec::new()),
            one => Ok(vec![T::from_value(one)?]),
        }
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Option<T> {
    fn from_value(value: &'a Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}
