//! Opening the database as the statements need it.

use std::io;
use std::path::Path;

use super::output::say;
use super::{Ended, ended, status};
use crate::{Database, Error, Result};

/// What statements want of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// They only read.
    Read,
    /// They write.
    Write,
}

/// Opens a database for statements that are known. What only reads never makes a file, and never waits for a writer.
pub(super) fn for_statements(
    file: Option<&Path>,
    purpose: Purpose,
    read_only: bool,
) -> Ended<Database> {
    let Some(path) = file else { return in_memory() };
    let opened =
        if purpose == Purpose::Write && !read_only { Database::open(path) } else { existing(path) };
    opened.map_err(cannot_open)
}

/// Opens a database for the prompt: for writing when that is possible, else for reading, and says so.
pub(super) fn for_prompt(file: Option<&Path>, read_only: bool) -> Ended<Database> {
    let Some(path) = file else { return in_memory() };
    if read_only {
        return existing(path).map_err(cannot_open);
    }
    match Database::open(path) {
        Err(error) if is_taken(&error) => {
            let db = existing(path).map_err(|_| cannot_open(error))?;
            say(&format!(
                "note: `{}` cannot be written to now; opened for reading",
                path.display()
            ));
            Ok(db)
        }
        opened => opened.map_err(cannot_open),
    }
}

/// Is it there for reading, if not for writing?
fn is_taken(error: &Error) -> bool {
    match error {
        Error::Locked { .. } => true,
        Error::Io { source, .. } => matches!(
            source.kind(),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
        ),
        _ => false,
    }
}

fn existing(path: &Path) -> Result<Database> {
    if path.exists() {
        Database::open_read_only(path)
    } else {
        Err(Error::Format {
            path: path.to_owned(),
            detail: "there is no such file; it is made when something is written to it, as by `-f SCRIPT`"
                .to_owned(),
        })
    }
}

fn in_memory() -> Ended<Database> {
    Database::open_in_memory().map_err(cannot_open)
}

#[allow(clippy::needless_pass_by_value)] // for `map_err`
fn cannot_open(error: Error) -> u8 {
    ended(&error, status::UNAVAILABLE)
}
