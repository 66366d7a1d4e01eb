//! The rows of an answer.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::model::Value;

/// The rows of an answer: owned, sendable, pulled one by one. They see the database as it was when the query began.
#[derive(Debug)]
pub struct Rows {}

impl Rows {
    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        todo!()
    }
    /// The notices so far; complete when the rows are through.
    pub fn notices(&self) -> Vec<Notice> {
        todo!()
    }
    /// What it took so far; complete when the rows are through.
    pub fn stats(&self) -> Stats {
        todo!()
    }
    /// The rows as values of a type of one's own, fields by column name.
    pub fn deserialize<T: DeserializeOwned>(self) -> impl Iterator<Item = Result<T>> {
        std::iter::empty()
    }
    /// The only row.
    pub fn one(self) -> Result<Row> {
        todo!()
    }
    /// The only value of the only row.
    pub fn scalar<T: FromValue>(self) -> Result<T> {
        todo!()
    }
}

impl Iterator for Rows {
    type Item = Result<Row>;
    fn next(&mut self) -> Option<Result<Row>> {
        None
    }
}

/// A row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The value of a column as a type of Rust.
    pub fn get<'a, T: FromValue>(&'a self, column: &str) -> Result<T> {
        todo!()
    }
    /// The value of a column.
    pub fn value(&self, column: &str) -> Option<&Value> {
        todo!()
    }
    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
    /// The values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

/// A type that a value can be read as.
pub trait FromValue: Sized {
    /// The value as this type; the error names what it is instead.
    fn from_value(value: &Value) -> Result<Self, String>;
}

/// Something that an answer has to say besides its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A stable word for programs: `possible`, `ambiguous`, `status`, `under`, `truncated` …
    pub code: &'static str,
    /// The words for people.
    pub text: String,
}

/// What a query took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Rows given.
    pub rows: u64,
    /// Events looked at.
    pub scanned: u64,
    /// Time to bind and plan.
    pub planning: Duration,
    /// Time to run, as far as the rows have been pulled.
    pub running: Duration,
}
