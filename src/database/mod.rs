//! The database, as programs see it: the one place that knows all stages.

mod afterwards;
mod complete;
mod import;
mod info;
mod options;
mod outcome;
mod params;
mod query;
mod rows;
mod run;
mod session;
mod transaction;
mod unoptimized;
mod value;

use std::path::Path;
use std::sync::Arc;

pub use complete::{Completion, Completions};
pub use info::{Info, Schema};
pub use options::{Builder, RunOptions};
pub use outcome::{Changes, Outcome};
pub use params::Params;
pub use query::Query;
pub use rows::{Row, Rows, Stats};
pub use session::Session;
pub use transaction::Transaction;
pub use unoptimized::{explain_unoptimized, run_unoptimized};
pub use value::FromValue;

use crate::error::{Diagnostic, Result};
use crate::model::{Event, EventId};
use crate::storage::{Store, View};

/// The chronicle of Pakistan and Russia, as a script.
const CHRONICLE: &str = include_str!("../../fixtures/chronicle/pakistan-russia.evq");

/// A database: a file, or memory. Clones share it.
///
/// One process writes while any number of processes read. Threads share a `Database` freely; writes take turns.
///
/// # Examples
///
/// ```
/// # fn main() -> attache::Result<()> {
/// let db = attache::Database::open_in_memory()?;
/// db.execute(r#"insert visit { visitor: "Sergey Lavrov", host: "Pakistan", date: "6-7 April 2021" }"#)?;
/// let visitors: String = db.query("visit where year = 2021 | select visitor")?.scalar()?;
/// assert_eq!(visitors, "Sergey Lavrov");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Database {
    store: Arc<Store>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("path", &self.store.path())
            .field("read_only", &self.store.is_read_only())
            .finish()
    }
}

impl Database {
    /// Opens a database for reading and writing; creates it when there is none.
    ///
    /// # Errors
    /// [`Error::Locked`](crate::Error::Locked) when another process is writing to it, [`Error::Format`](crate::Error::Format)
    /// when the file is no database or of a newer version, [`Error::Corrupt`](crate::Error::Corrupt) when it is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Database> {
        Database::builder().open(path)
    }

    /// Opens an existing database for reading; works beside a process that writes.
    ///
    /// # Errors
    /// As [`Database::open`]; also [`Error::Format`](crate::Error::Format) when there is no such file.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Database> {
        Database::builder().read_only(true).open(path)
    }

    /// A database in memory, empty.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn open_in_memory() -> Result<Database> {
        Database::builder().open_in_memory()
    }

    /// The chronicle of Pakistan and Russia, in memory: what `attache demo` shows.
    ///
    /// # Errors
    /// None that a caller can cause.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// let n: i64 = db.query(r#"exercise where date during 2016-09 | count"#)?.scalar()?;
    /// assert_eq!(n, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn demo() -> Result<Database> {
        let db = Database::open_in_memory()?;
        db.write(|tx| tx.execute(CHRONICLE).map(|_| ()))?;
        Ok(db)
    }

    /// The ways to open: read-only, without creating, with another cache.
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn over(store: Store) -> Database {
        Database { store: Arc::new(store) }
    }

    /// Runs one query.
    ///
    /// # Errors
    /// [`Error::Syntax`](crate::Error::Syntax) and [`Error::Bind`](crate::Error::Bind) for what is wrong with the text; what
    /// goes wrong while rows are made comes out of the rows.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// for row in db.query(r#"events where actor = "Bajwa" and year >= 2015"#)? {
    ///     let row = row?;
    ///     println!("{} {}", row.get::<&str>("kind")?, row.get::<&str>("summary")?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn query(&self, text: &str) -> Result<Rows> {
        self.query_with(text, ())
    }

    /// Runs one query with parameters.
    ///
    /// # Errors
    /// As [`Database::query`]; a parameter without a value is an error that names it.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// let rows = db.query_with("events where actor = $who and year >= 2015", [("who", "Bajwa")])?;
    /// assert!(rows.count() > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn query_with(&self, text: &str, params: impl Into<Params>) -> Result<Rows> {
        self.run(&text.parse()?, params, RunOptions::default())
    }

    /// Reads a query once and checks it against the database as it is, to run it often.
    ///
    /// Names are resolved anew at each run.
    ///
    /// # Errors
    /// As [`Database::query`].
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// let query = db.prepare("events where kind = $kind | count")?;
    /// let visits: i64 = db.run(&query, [("kind", "visit")], Default::default())?.scalar()?;
    /// assert!(visits > 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn prepare(&self, text: &str) -> Result<Query> {
        let query: Query = text.parse()?;
        if query.parameters().is_empty() {
            run::check(&self.store.view()?, &query, &mut run::scope(Params::default()))?;
        }
        Ok(query)
    }

    /// Runs a query that has been read, within limits.
    ///
    /// # Errors
    /// As [`Database::query`]; [`Error::Cancelled`](crate::Error::Cancelled) and [`Error::Limit`](crate::Error::Limit) come out
    /// of the rows.
    pub fn run(
        &self,
        query: &Query,
        params: impl Into<Params>,
        options: RunOptions,
    ) -> Result<Rows> {
        self.snapshot()?.run(query, params, options)
    }

    /// The database as it is now, for several queries that must agree with one another.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when the file turns out to be damaged.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::open_in_memory()?;
    /// let before = db.snapshot()?;
    /// db.execute(r#"insert visit { host: "Pakistan" }"#)?;
    /// let n: i64 = before.query("events | count")?.scalar()?;
    /// assert_eq!(n, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn snapshot(&self) -> Result<Snapshot> {
        Ok(Snapshot { view: self.store.view()? })
    }

    /// Runs a script, one transaction a statement; stops at the first error, keeping what was done before it.
    ///
    /// # Errors
    /// Those of its statements.
    pub fn execute(&self, script: &str) -> Result<Vec<Outcome>> {
        let mut session = self.session();
        Query::script(script)?
            .iter()
            .map(|(query, _)| session.run(query, RunOptions::default()))
            .collect()
    }

    /// A session: statement after statement, with `let` and `param` remembered.
    pub fn session(&self) -> Session {
        Session::new(self.clone())
    }

    /// Writes in one transaction: commits when `work` returns `Ok`, leaves everything as it was when it returns `Err` or panics.
    ///
    /// # Errors
    /// Those of `work`, and of the commit. When this returns `Ok` the changes are on disk.
    ///
    /// # Examples
    ///
    /// ```
    /// use attache::{Database, Event, Participant, Role};
    /// # fn main() -> attache::Result<()> {
    /// let db = Database::open_in_memory()?;
    /// let id = db.write(|tx| {
    ///     tx.insert(Event {
    ///         kind: "visit".into(),
    ///         date: Some("summer of 2015".parse()?),
    ///         participants: vec![Participant::new("Raheel Sharif", Role::Visitor)],
    ///         ..Event::default()
    ///     })
    /// })?;
    /// assert_eq!(db.get(id)?.unwrap().kind, "visit");
    /// # Ok(())
    /// # }
    /// ```
    pub fn write<T>(&self, work: impl FnOnce(&mut Transaction) -> Result<T>) -> Result<T> {
        let mut transaction = Transaction::new(self.store.begin()?);
        let value = work(&mut transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// An event by its number; none when there is no such event.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when its record is damaged.
    pub fn get(&self, id: EventId) -> Result<Option<Event>> {
        self.store.view()?.event(id)
    }

    /// The plan of a statement, as text: operators, what feeds each below it.
    ///
    /// # Errors
    /// As [`Database::query`].
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let plan = attache::Database::demo()?.explain(r#"visit where place = "Moscow""#)?;
    /// assert!(plan.contains("PostingsScan: kind visit ∩ place \"Moscow\""), "{plan}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain(&self, text: &str) -> Result<String> {
        Ok(run::explain(&self.store.view()?, &text.parse()?, &mut run::scope(Params::default()))?
            .join("\n"))
    }

    /// Runs a query to its end and gives its plan, with what each operator did: the rows that it gave, the time spent in
    /// it without what feeds it, and what it read. The last line tells the rows of the answer and the whole time.
    ///
    /// The statement `explain analyze` is the same, with parameters and limits: [`Database::run`].
    ///
    /// # Errors
    /// As [`Database::query`], and those of the rows; [`Error::Bind`](crate::Error::Bind) for a statement that gives no
    /// rows of the database: one that changes it is not run.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// let plan = db.explain_analyze(r#"visit where place = "Moscow" | count"#)?;
    /// println!("{plan}");
    /// assert!(plan.starts_with("Aggregate: count()"), "{plan}");
    /// assert!(plan.lines().last().unwrap().starts_with("1 row in "), "{plan}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain_analyze(&self, text: &str) -> Result<String> {
        let query = text.parse::<Query>()?.analyzed();
        let lines = self.run(&query, (), RunOptions::default())?;
        let lines = lines.map(|line| Ok(line?.get::<&str>("plan")?.to_owned()));
        Ok(lines.collect::<Result<Vec<String>>>()?.join("\n"))
    }

    /// What may stand at `cursor` (a byte offset), values included, the likeliest first.
    pub fn complete(&self, text: &str, cursor: usize) -> Completions {
        self.store
            .view()
            .and_then(|view| complete::complete(view, text, cursor))
            .unwrap_or_default()
    }

    /// Everything that is wrong with a script, without running it. Statements are held against the database as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let wrong = attache::Database::demo()?.check("events where actr = \"x\"");
    /// assert_eq!(wrong[0].code, "unknown-field");
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(&self, text: &str) -> Vec<Diagnostic> {
        run::check_all(&self.store, text)
    }

    /// Fields, kinds and functions of this database.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when the file turns out to be damaged.
    pub fn schema(&self) -> Result<Schema> {
        info::schema(self.store.view()?)
    }

    /// What the file is and how much is in it.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when the file turns out to be damaged.
    pub fn info(&self) -> Result<Info> {
        info::info(&self.store)
    }

    /// Recomputes all that is derived from the records; each line is a disagreement, none means that the file is sound.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when records themselves are damaged.
    pub fn verify(&self) -> Result<Vec<String>> {
        self.store.verify()
    }

    /// Joins what lies in pieces, so that the file is as short and as quick as it can be; no event changes.
    ///
    /// Worth while after many small imports, updates or deletions. Needs room for what is joined beside what is there, and
    /// makes the file shorter only while no snapshot of it is alive.
    ///
    /// # Errors
    /// Those of a commit; [`Error::Storage`](crate::Error::Storage) when it is open for reading only.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// let before = db.info()?.events;
    /// db.compact()?;
    /// assert_eq!(db.info()?.events, before);
    /// # Ok(())
    /// # }
    /// ```
    pub fn compact(&self) -> Result<()> {
        self.store.compact()
    }

    /// Is it open for reading only?
    pub fn is_read_only(&self) -> bool {
        self.store.is_read_only()
    }

    /// Closes the file. With clones still about, the last of them closes it.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn close(self) -> Result<()> {
        match Arc::try_unwrap(self.store) {
            Ok(store) => store.close(),
            Err(_) => Ok(()),
        }
    }
}

/// The database as it was at one moment. Cheap to clone; sees nothing of later commits.
#[derive(Clone)]
pub struct Snapshot {
    view: View,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("commit", &self.view.commit()).finish()
    }
}

impl Snapshot {
    /// Runs one query.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn query(&self, text: &str) -> Result<Rows> {
        self.run(&text.parse()?, (), RunOptions::default())
    }

    /// Runs a query that has been read, within limits.
    ///
    /// # Errors
    /// As [`Database::run`].
    #[allow(clippy::needless_pass_by_value, reason = "limits are made for one run")]
    pub fn run(
        &self,
        query: &Query,
        params: impl Into<Params>,
        options: RunOptions,
    ) -> Result<Rows> {
        run::query(&self.view, query, &mut run::scope(params.into()), &options)
    }

    /// An event by its number; none when there is no such event.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub fn get(&self, id: EventId) -> Result<Option<Event>> {
        self.view.event(id)
    }
}
