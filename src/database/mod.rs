//! The database, as programs see it.
#![allow(clippy::todo, dead_code, unused_variables)]

mod params;
mod rows;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

pub use params::Params;
pub use rows::{FromValue, Notice, Row, Rows, Stats};

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Event, EventId, Value};

/// A cancel token: one store, safe in a signal handler. (Moves to the executor.)
#[derive(Debug, Clone, Default)]
pub struct CancelToken(std::sync::Arc<std::sync::atomic::AtomicBool>);
impl CancelToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }
    /// Cancels what runs with it.
    pub fn cancel(&self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
    /// Was it cancelled?
    pub fn is_cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// A database: a file, or memory. Clones share it.
#[derive(Clone)]
pub struct Database {}

impl Database {
    /// Opens a database for reading and writing; creates it when there is none.
    pub fn open(path: impl AsRef<Path>) -> Result<Database> {
        Database::builder().open(path)
    }
    /// Opens an existing database for reading; works beside a process that writes.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Database> {
        Database::builder().read_only(true).open(path)
    }
    /// A database in memory.
    pub fn open_in_memory() -> Result<Database> {
        todo!()
    }
    /// The Pakistan–Russia chronicle, in memory: what `attache demo` shows.
    pub fn demo() -> Result<Database> {
        todo!()
    }
    /// The ways to open.
    pub fn builder() -> Builder {
        Builder { read_only: false, create: true, cache_bytes: 64 << 20 }
    }
    /// Runs one query.
    pub fn query(&self, text: &str) -> Result<Rows> {
        todo!()
    }
    /// Runs one query with parameters: `[("who", "Bajwa")]`.
    pub fn query_with(&self, text: &str, params: impl Into<Params>) -> Result<Rows> {
        todo!()
    }
    /// Reads a query once and checks it against the database, to run it often.
    pub fn prepare(&self, text: &str) -> Result<Query> {
        todo!()
    }
    /// Runs a prepared query.
    pub fn run(&self, query: &Query, params: impl Into<Params>, options: RunOptions) -> Result<Rows> {
        todo!()
    }
    /// Runs a script, one transaction a statement; stops at the first error.
    pub fn execute(&self, script: &str) -> Result<Vec<Outcome>> {
        todo!()
    }
    /// A session: statement after statement, with `let` and `param` remembered.
    pub fn session(&self) -> Session {
        todo!()
    }
    /// An event by its number.
    pub fn get(&self, id: EventId) -> Result<Option<Event>> {
        todo!()
    }
    /// The plan of a statement, as text.
    pub fn explain(&self, text: &str) -> Result<String> {
        todo!()
    }
    /// What may stand at `cursor` (a byte offset), values included, the likeliest first.
    pub fn complete(&self, text: &str, cursor: usize) -> Completions {
        todo!()
    }
    /// Everything that is wrong with a script, without running it.
    pub fn check(&self, text: &str) -> Vec<Diagnostic> {
        todo!()
    }
    /// Fields, kinds and functions of this database.
    pub fn schema(&self) -> Result<Schema> {
        todo!()
    }
    /// What the file is.
    pub fn info(&self) -> Result<Info> {
        todo!()
    }
    /// Recomputes all that is derived from the records; each line is a disagreement.
    pub fn verify(&self) -> Result<Vec<String>> {
        todo!()
    }
    /// Is it open for reading only?
    pub fn is_read_only(&self) -> bool {
        todo!()
    }
    /// Closes the file; the last of the clones.
    pub fn close(self) -> Result<()> {
        todo!()
    }
}

/// The ways to open a database.
#[derive(Debug, Clone)]
pub struct Builder {
    read_only: bool,
    create: bool,
    cache_bytes: usize,
}

impl Builder {
    /// For reading only? No by default.
    #[must_use]
    pub fn read_only(mut self, yes: bool) -> Self {
        self.read_only = yes;
        self
    }
    /// Create the file when there is none? Yes by default.
    #[must_use]
    pub fn create(mut self, yes: bool) -> Self {
        self.create = yes;
        self
    }
    /// The page cache in bytes; 64 MiB by default.
    #[must_use]
    pub fn cache_bytes(mut self, bytes: usize) -> Self {
        self.cache_bytes = bytes;
        self
    }
    /// Opens the database.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Database> {
        let _ = path;
        todo!()
    }
}

/// A statement that has been read: a query or any other. Owned; independent of any database.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {}

impl Query {
    /// The statements of a script, each with its own span in `text`.
    pub fn script(text: &str) -> Result<Vec<(Query, Span)>> {
        todo!()
    }
    /// The names of the parameters that it needs.
    pub fn parameters(&self) -> Vec<String> {
        todo!()
    }
    /// Does it only read?
    pub fn is_read_only(&self) -> bool {
        todo!()
    }
}

impl FromStr for Query {
    type Err = Error;
    fn from_str(text: &str) -> Result<Query> {
        let _ = text;
        todo!()
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

/// Limits of one run.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RunOptions {
    /// Cancels it from another thread or a signal handler.
    pub cancel: Option<CancelToken>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// How many rows it may give.
    pub max_rows: Option<u64>,
    /// How much memory sorting and grouping may take, in bytes; 1 GiB by default.
    pub memory: Option<usize>,
}

/// Statement after statement, with what `let` and `param` keep.
pub struct Session {}

impl Session {
    /// Sets a parameter.
    pub fn set_param(&mut self, name: &str, value: impl Into<Value>) {
        todo!()
    }
    /// The parameters that are set.
    pub fn params(&self) -> Vec<(String, Value)> {
        todo!()
    }
    /// Runs one statement in a transaction of its own.
    pub fn run(&mut self, statement: &Query, options: RunOptions) -> Result<Outcome> {
        todo!()
    }
}

/// What a statement did.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It found rows.
    Rows(Rows),
    /// It changed the database.
    Changed(Changes),
    /// It was remembered: `let`, `param`.
    Remembered,
}

/// How much a statement changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The events that were entered.
    pub inserted: Vec<EventId>,
    /// How many events were deleted.
    pub deleted: u64,
    /// The catalogue entries that were defined or redefined, as `actor "Sergey Lavrov"`.
    pub defined: Vec<String>,
    /// The catalogue entries that were dropped.
    pub dropped: Vec<String>,
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

/// What may stand at a place in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// The stretch that a completion replaces.
    pub span: Span,
    /// The completions, the likeliest first.
    pub items: Vec<Completion>,
}

/// One word or value that may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What to put there, quoted where it must be.
    pub text: String,
    /// What it is: `keyword`, `field`, `function`, `kind`, `actor`, `place`, `document`, `status` …
    pub what: &'static str,
    /// A few words on it, such as `26 events`.
    pub note: String,
}

/// Fields, kinds and functions of a database.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Schema {
    /// Name, type and meaning of each field; free attributes behind the fields that every event has.
    pub fields: Vec<(String, String, String)>,
    /// Name, parent, code and title of each kind.
    pub kinds: Vec<(String, Option<String>, Option<String>, Option<String>)>,
    /// Name and meaning of each function.
    pub functions: Vec<(String, String)>,
}

/// What a database file is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Info {
    /// The file; none in memory.
    pub path: Option<PathBuf>,
    /// Its length in bytes.
    pub bytes: u64,
    /// The version of its format.
    pub format: u32,
    /// Number of events.
    pub events: u64,
    /// Numbers of actors, places, documents, kinds, units and views defined in it, by name of the catalogue.
    pub entries: Vec<(&'static str, u64)>,
    /// Number of commits.
    pub commits: u64,
}
