//! What an import is asked to do.

use std::fmt;
use std::path::PathBuf;

use super::format::Format;
use crate::executor::CancelToken;

/// Who is told how far an import is.
pub type OnProgress = Box<dyn FnMut(&Progress)>;

/// What an import is asked to do.
///
/// # Examples
///
/// ```
/// use attache::{Format, ImportOptions};
/// let options = ImportOptions { format: Some(Format::Icews), ..ImportOptions::default() };
/// ```
#[derive(Default)]
pub struct ImportOptions {
    /// The format; recognised from the data when not given.
    pub format: Option<Format>,
    /// Of a table, which columns hold which field: `("place", ["town", "country"])`; and `("dates", ["dmy"])` for what
    /// `12/03/2014` means.
    pub mapping: Vec<(String, Vec<String>)>,
    /// The kind of all rows, where the data say nothing of kinds.
    pub kind: Option<String>,
    /// Read and count, and write nothing to the database.
    pub check: bool,
    /// Where rows go that cannot be taken: a CSV file with line, column, reason and the row. Not made when there are none.
    pub rejects: Option<PathBuf>,
    /// Stops the import after the batch at hand; the same call goes on from there.
    pub cancel: CancelToken,
    /// Told how far the import is, every thousand rows or so.
    pub progress: Option<OnProgress>,
}

impl fmt::Debug for ImportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportOptions")
            .field("format", &self.format)
            .field("mapping", &self.mapping)
            .field("kind", &self.kind)
            .field("check", &self.check)
            .field("rejects", &self.rejects)
            .finish_non_exhaustive()
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Progress {
    /// Rows read.
    pub rows: u64,
    /// Rows of these that an earlier run had brought in before it was cut off.
    pub resumed: u64,
    /// Bytes read of the file, compressed as it is.
    pub bytes: u64,
    /// Bytes of the file; none for standard input.
    pub total: Option<u64>,
}
