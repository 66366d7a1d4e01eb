//! Statement after statement, and what each did.

use std::fmt;

use super::query::Query;
use super::rows::Rows;
use super::run::{self, Planned};
use super::transaction::Transaction;
use super::{Database, RunOptions};
use crate::error::Result;
use crate::model::{EventId, Value};
use crate::planner::bind::Scope;

/// Statement after statement, with what `let` and `param` keep.
///
/// # Examples
///
/// ```
/// # fn main() -> attache::Result<()> {
/// use attache::{Database, Outcome};
/// let mut session = Database::demo()?.session();
/// session.run(&"let $since = 2018".parse()?, Default::default())?;
/// let Outcome::Rows(rows) = session.run(&"events where year >= $since".parse()?, Default::default())? else { unreachable!() };
/// assert!(rows.count() > 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    database: Database,
    scope: Scope,
}

impl Session {
    pub(super) fn new(database: Database) -> Session {
        Session { database, scope: Scope::default() }
    }

    /// Sets a parameter, without its `$`.
    pub fn set_param(&mut self, name: &str, value: impl Into<Value>) {
        self.scope.params.insert(name.trim_start_matches('$').to_owned(), value.into());
    }

    /// The parameters that are set, by name.
    pub fn params(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.scope.params.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Runs one statement, in a transaction of its own when it changes something.
    ///
    /// # Errors
    /// Those of the statement; what it would have changed is then as it was.
    #[allow(clippy::needless_pass_by_value, reason = "limits are made for one run")]
    pub fn run(&mut self, statement: &Query, options: RunOptions) -> Result<Outcome> {
        if !statement.is_read_only() {
            let scope = &mut self.scope;
            return self.database.write(|tx| tx.run(statement, scope, &options));
        }
        Ok(match run::plan(&self.database.store.view()?, statement, &mut self.scope, &options)? {
            Planned::Rows(rows) => Outcome::Rows(rows),
            Planned::Change(_) | Planned::Nothing => Outcome::Remembered,
        })
    }
}

impl Transaction {
    /// Runs one statement within the transaction.
    pub(super) fn run(
        &mut self,
        statement: &Query,
        scope: &mut Scope,
        options: &RunOptions,
    ) -> Result<Outcome> {
        // The view ends here: a change copies what a living view still looks at.
        let planned = run::plan(&self.view(), statement, scope, options)?;
        Ok(match planned {
            Planned::Rows(rows) => Outcome::Rows(rows),
            Planned::Nothing => Outcome::Remembered,
            Planned::Change(change) => {
                Outcome::Changed(self.apply(change, statement.statement().span, options)?)
            }
        })
    }
}

/// What a statement did.
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
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
    /// The catalogue entries that were defined or redefined, as `actor Sergey Lavrov`.
    pub defined: Vec<String>,
    /// The catalogue entries that were dropped.
    pub dropped: Vec<String>,
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = |n: u64| if n == 1 { "1 event".to_owned() } else { format!("{n} events") };
        let mut parts = Vec::new();
        match self.inserted.as_slice() {
            [] => {}
            [id] => parts.push(format!("inserted event {id}")),
            ids => parts.push(format!("inserted {}", events(ids.len() as u64))),
        }
        if self.deleted > 0 {
            parts.push(format!("deleted {}", events(self.deleted)));
        }
        parts.extend(self.defined.iter().map(|entry| format!("defined {entry}")));
        parts.extend(self.dropped.iter().map(|entry| format!("dropped {entry}")));
        if parts.is_empty() {
            f.write_str("nothing changed")
        } else {
            f.write_str(&parts.join(", "))
        }
    }
}
