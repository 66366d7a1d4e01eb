//! Files read in: every format, every trap, real files, files that are none, and imports that are cut off.

mod icews;
#[cfg(feature = "parquet")]
mod parquet;
mod real;

use std::path::PathBuf;

use attache::{Database, ImportOptions, ImportReport};

/// A file of the folder that `ATTACHE_DATA` names; none, said aloud, when that is unset.
fn data(file: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("ATTACHE_DATA") else {
        println!("ATTACHE_DATA is not set: `{file}` is skipped");
        return None;
    };
    Some(PathBuf::from(folder).join(file))
}

/// Reads a file in with no options.
fn import(db: &Database, file: &std::path::Path) -> ImportReport {
    db.import(file, ImportOptions::default())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Each row that was read is counted once.
fn assert_sum(report: &ImportReport) {
    let counts = report.counts;
    let sum = counts.loaded + counts.updated + counts.duplicates + counts.rejected;
    assert_eq!(counts.read, sum, "{report}");
}

/// The rows of an answer, cell by cell as text.
fn answer(db: &Database, query: &str) -> Vec<Vec<String>> {
    let rows = db.query(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.map(|row| row.unwrap().values().iter().map(ToString::to_string).collect()).collect()
}

/// The one number of an answer.
fn number(db: &Database, query: &str) -> usize {
    let number: i64 = db
        .query(query)
        .and_then(attache::Rows::scalar)
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    usize::try_from(number).unwrap()
}
