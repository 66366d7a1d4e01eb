//! What can go wrong.

use std::path::PathBuf;

/// The result of a step.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Attaché.
    #[error("Attaché: {0}")]
    Attache(#[from] attache::Error),
    /// SQLite.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// DuckDB.
    #[cfg(feature = "duckdb")]
    #[error("DuckDB: {0}")]
    Duckdb(#[from] duckdb::Error),
    /// The generated rows.
    #[error("CSV: {0}")]
    Csv(#[from] csv::Error),
    /// What a child process says.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A process or a pipe.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Anything else, in words.
    #[error("{0}")]
    Said(String),
}

impl Error {
    /// An error in words.
    pub(crate) fn said(words: impl Into<String>) -> Error {
        Error::Said(words.into())
    }
}

/// Names the file that an error of the system is about.
pub(crate) trait Naming<T> {
    /// The error with the file's name.
    fn of(self, path: &std::path::Path) -> Result<T>;
}

impl<T> Naming<T> for std::io::Result<T> {
    fn of(self, path: &std::path::Path) -> Result<T> {
        self.map_err(|error| Error::File { path: path.to_owned(), error })
    }
}
