//! Files read in: every format, every trap, real files, files that are none, and imports that are cut off.

mod again;
mod cited;
mod coverage;
mod cut;
mod hostile;
mod icews;
#[cfg(feature = "parquet")]
mod parquet;
mod real;
mod rows;
mod sealed;
mod streams;
mod traps;

use std::path::{Path, PathBuf};

use attache::{Database, ImportOptions, ImportReport};

/// A file of the folder that `ATTACHE_DATA` names; none, said aloud, when that is unset.
pub(crate) fn data(file: &str) -> Option<PathBuf> {
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

/// The keys of the events that fit, sorted.
fn keys(db: &Database, query: &str) -> Vec<String> {
    answer(db, &format!("{query} | sort key | select key")).into_iter().flatten().collect()
}

/// A file of `fixtures/formats`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats").join(name)
}

/// Writes a file into a folder.
fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A database with a text read in as a file of a name.
fn read(name: &str, text: impl AsRef<[u8]>) -> (Database, ImportReport) {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let report = import(&db, &file(folder.path(), name, text));
    assert_sum(&report);
    assert_eq!(db.verify().unwrap(), [""; 0]);
    (db, report)
}

/// A database with a fixture read in.
fn read_fixture(name: &str) -> (Database, ImportReport) {
    read(name, std::fs::read(fixture(name)).unwrap())
}

/// Where the rejected rows stand and what is wrong with them, without the name of the file.
fn rejected(report: &ImportReport) -> Vec<String> {
    let told = |rejected: &attache::Rejected| {
        let column = rejected.column.as_ref().map(|column| format!("{column}: "));
        format!("{}: {}{}", rejected.line, column.unwrap_or_default(), rejected.reason)
    };
    report.rejected.iter().map(told).collect()
}

/// What the command did.
struct Ran {
    out: String,
    err: String,
    status: Option<i32>,
}

/// Runs the command in a folder, and gives it these bytes to read.
fn attache(folder: &Path, args: &[&str], input: &[u8]) -> Ran {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_attache"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes it: no fault of ours.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { out: text(output.stdout), err: text(output.stderr), status: output.status.code() }
}
