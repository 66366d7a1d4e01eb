//! Queries without the optimizers: what tests hold the optimized ones against.

use super::params::Params;
use super::run::{self, Planned};
use super::{Database, Query, Rows, RunOptions};
use crate::catalog::Catalog;
use crate::error::{Diagnostic, Result, Span};
use crate::planner::plan::Plan;

#[allow(clippy::unnecessary_wraps)] // stands in for the optimizers
fn as_bound(plan: Plan, _: &Catalog) -> Result<Plan> {
    Ok(plan)
}

/// Runs one query as it is bound, by a scan of all events.
///
/// # Errors
/// As [`Database::query`].
pub fn run_unoptimized(db: &Database, text: &str) -> Result<Rows> {
    let query: Query = text.parse()?;
    let mut scope = run::scope(Params::default());
    match run::plan_with(&db.store.view()?, &query, &mut scope, &RunOptions::default(), as_bound)? {
        Planned::Rows(rows) => Ok(rows),
        Planned::Change(..) | Planned::Nothing => {
            Err(Diagnostic::new("not-a-query", "this statement gives no rows", Span::default())
                .bind())
        }
    }
}

/// The plan of a statement before the optimizers, as [`Database::explain`] shows the one after them.
///
/// # Errors
/// As [`Database::query`].
pub fn explain_unoptimized(db: &Database, text: &str) -> Result<String> {
    let mut scope = run::scope(Params::default());
    Ok(run::explain_bound(&db.store.view()?, &text.parse()?, &mut scope)?.join("\n"))
}
