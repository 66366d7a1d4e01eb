//! The import: a file that was read in, and what became of its rows.

use serde::{Deserialize, Serialize};

use super::Days;

/// An entry of the list of imports.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Import {
    /// Its number, as text: `3`. Events bear it in `import`.
    pub name: String,
    /// The file, as it was named.
    pub file: String,
    /// The word for its format: `gdelt2`, `icews`.
    pub format: String,
    /// What tells this file from others: its length and a hash of its first bytes; none for standard input.
    pub identity: Option<(u64, u64)>,
    /// When it began, in milliseconds after 1970-01-01 UTC.
    pub started: i64,
    /// When it was through, likewise; none while it is under way or was cut off.
    pub finished: Option<i64>,
    /// Was it undone? Nothing of it is in the database any more, and what it had revised does not come back.
    pub undone: bool,
    /// What became of its rows.
    pub counts: ImportCounts,
    /// The length of the file of rejected rows, in bytes: what is behind it comes from a batch that was cut off.
    pub rejects_len: u64,
    /// The stretches of days from which it has events, ascending, without those from which it should and has none.
    pub coverage: Vec<Days>,
}

/// What became of the rows of a file: each that was read counts once in the other four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows of data that were read.
    pub read: u64,
    /// New ones, which are in now.
    pub loaded: u64,
    /// Revised ones, which replaced what was there.
    pub updated: u64,
    /// Ones that were there already, word for word.
    pub duplicates: u64,
    /// Ones that could not be taken.
    pub rejected: u64,
}
