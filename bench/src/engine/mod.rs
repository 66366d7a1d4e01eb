//! What a benchmark asks of an engine.

mod attache;
#[cfg(feature = "duckdb")]
mod duckdb;
mod sqlite;

use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::cell::Answer;
use crate::error::Result;
use crate::generate::Row;
use crate::question::Question;

/// An open database that answers questions.
pub(crate) trait Engine {
    /// The answer, for comparison. A lookup is asked for each of the numbers.
    fn answer(&mut self, question: &Question, ids: &[u64]) -> Result<Answer>;

    /// Takes the whole answer the engine's own way and looks at every value; gives the number of rows.
    fn take(&mut self, question: &Question, ids: &[u64]) -> Result<u64>;

    /// Enters events in one durable transaction, and says how long that took.
    fn insert(&mut self, rows: &[Row]) -> Result<Duration>;
}

/// The engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Name {
    /// This database.
    Attache,
    /// SQLite with six indexes and FTS5.
    Sqlite,
    /// DuckDB without indexes.
    Duckdb,
}

impl Name {
    /// Those that are compiled in.
    pub(crate) const ALL: &[Name] = &[
        Name::Attache,
        #[cfg(feature = "duckdb")]
        Name::Duckdb,
        Name::Sqlite,
    ];

    /// As people write it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Name::Attache => "Attaché",
            Name::Sqlite => "SQLite",
            Name::Duckdb => "DuckDB",
        }
    }

    /// As files are called.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Name::Attache => "attache",
            Name::Sqlite => "sqlite",
            Name::Duckdb => "duckdb",
        }
    }

    /// Which version it is.
    pub(crate) fn version(self) -> Result<String> {
        match self {
            Name::Attache => Ok(attache::version()),
            Name::Sqlite => Ok(sqlite::version()),
            #[cfg(feature = "duckdb")]
            Name::Duckdb => duckdb::version(),
            #[cfg(not(feature = "duckdb"))]
            Name::Duckdb => Err(left_out()),
        }
    }

    /// Makes a database of a CSV file, durable and closed when this returns.
    pub(crate) fn load(self, csv: &Path, database: &Path) -> Result<()> {
        match self {
            Name::Attache => attache::load(csv, database),
            Name::Sqlite => sqlite::load(csv, database),
            #[cfg(feature = "duckdb")]
            Name::Duckdb => duckdb::load(csv, database),
            #[cfg(not(feature = "duckdb"))]
            Name::Duckdb => Err(left_out()),
        }
    }

    /// Opens a database: for questions, or for writing.
    pub(crate) fn open(self, database: &Path, write: bool) -> Result<Box<dyn Engine>> {
        Ok(match self {
            Name::Attache => Box::new(attache::Attache::open(database, write)?),
            Name::Sqlite => Box::new(sqlite::Sqlite::open(database, write)?),
            #[cfg(feature = "duckdb")]
            Name::Duckdb => Box::new(duckdb::Duckdb::open(database, write)?),
            #[cfg(not(feature = "duckdb"))]
            Name::Duckdb => return Err(left_out()),
        })
    }
}

#[cfg(not(feature = "duckdb"))]
fn left_out() -> crate::error::Error {
    crate::error::Error::said(
        "DuckDB is not compiled in: start `bench/run`, which fetches its library",
    )
}
