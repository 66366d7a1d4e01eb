//! Statement after statement, and what each did.

use super::outcome::Outcome;
use super::query::Query;
use super::run::{self, Planned};
use super::{Database, RunOptions};
use crate::error::Result;
use crate::model::Value;
use crate::planner::bind::Scope;
use crate::planner::plan::Plan;

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
        if statement.is_import() {
            let view = self.database.store.view()?;
            let planned = run::plan(&view, statement, &mut self.scope, &options)?;
            drop(view);
            if let Planned::Change(Plan::Import(import), _) = planned {
                let cancel = options.cancel.unwrap_or_default();
                let report = self.database.run_import(import, cancel)?;
                return Ok(Outcome::Imported(Box::new(report)));
            }
            return Ok(Outcome::Remembered);
        }
        if !statement.is_read_only() {
            let scope = &mut self.scope;
            return self.database.write(|tx| tx.run(statement, scope, &options));
        }
        Ok(match run::plan(&self.database.store.view()?, statement, &mut self.scope, &options)? {
            Planned::Rows(rows) => Outcome::Rows(rows),
            Planned::Change(..) | Planned::Nothing => Outcome::Remembered,
        })
    }
}
