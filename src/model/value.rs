//! The value of a field.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Date, Duration, Quantity};

/// The value of a field, a column or a parameter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Value {
    /// Nothing is known.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A date with what is not known about it.
    Date(Box<Date>),
    /// A stretch of time.
    Duration(Duration),
    /// A number of something.
    Quantity(Box<Quantity>),
    /// Several values.
    List(Vec<Value>),
    /// Values by name, in the order of entry.
    Record(Vec<(String, Value)>),
}

impl Value {
    /// Is nothing known?
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// What sort of value it is, for messages: `a date`, `text`.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Int(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::Date(_) => "a date",
            Value::Duration(_) => "a duration",
            Value::Quantity(_) => "a quantity",
            Value::List(_) => "a list",
            Value::Record(_) => "a record",
        }
    }

    /// The text, when it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// The value on one line, as people read it: dates as they were told, lists joined with `; `, nothing for null.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Bool(v) => v.fmt(f),
            Value::Int(v) => v.fmt(f),
            Value::Float(v) => v.fmt(f),
            Value::Text(v) => f.write_str(v),
            Value::Date(v) => f.write_str(v.told()),
            Value::Duration(v) => v.fmt(f),
            Value::Quantity(v) => v.fmt(f),
            Value::List(values) => {
                for (i, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if i == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Value::Record(fields) => {
                for (i, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {value}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Text(v.to_owned())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(v)
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Bool(v)
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(v)
    }
}
impl From<i32> for Value {
    fn from(v: i32) -> Self {
        Value::Int(v.into())
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Value::Float(v)
    }
}
impl From<Date> for Value {
    fn from(v: Date) -> Self {
        Value::Date(Box::new(v))
    }
}
impl From<Quantity> for Value {
    fn from(v: Quantity) -> Self {
        Value::Quantity(Box::new(v))
    }
}
impl From<Duration> for Value {
    fn from(v: Duration) -> Self {
        Value::Duration(v)
    }
}
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(v: Vec<T>) -> Self {
        Value::List(v.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}
