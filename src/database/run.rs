//! One statement through all stages.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::RunOptions;
use super::afterwards::Afterwards;
use super::params::Params;
use super::query::Query;
use super::rows::Rows;
use crate::catalog::{Catalog, FieldType};
use crate::error::{Diagnostic, Error, Result};
use crate::executor::{Analysis, Context, analyze, execute};
use crate::model::{Day, Value};
use crate::planner::bind::{Bound, Scope, bind};
use crate::planner::explain;
use crate::planner::expression::Expr;
use crate::planner::notice::Notice;
use crate::planner::optimizer::optimize;
use crate::planner::plan::{Column, Node, Plan, QueryPlan};
use crate::storage::{Store, View};

/// What a statement wants done.
pub(super) enum Planned {
    /// Rows to pull.
    Rows(Rows),
    /// A change to make.
    Change(Plan, Vec<Notice>),
    /// Nothing: it was remembered.
    Nothing,
}

/// The parameters of a run as the scope of its statement.
pub(super) fn scope(params: Params) -> Scope {
    Scope { params: params.0.into_iter().collect(), ..Scope::default() }
}

/// The current day, UTC.
pub(super) fn today() -> Day {
    Day(Timestamp::now().as_second().div_euclid(86_400))
}

/// Binds, optimizes and starts a statement that has been parsed.
pub(super) fn plan(
    view: &View,
    query: &Query,
    scope: &mut Scope,
    options: &RunOptions,
) -> Result<Planned> {
    plan_with(view, query, scope, options, optimize)
}

/// Binds, rewrites and starts a statement that has been parsed.
pub(super) fn plan_with(
    view: &View,
    query: &Query,
    scope: &mut Scope,
    options: &RunOptions,
    rewrite: fn(Plan, &Catalog) -> Result<Plan>,
) -> Result<Planned> {
    let started = Instant::now();
    let catalog = Catalog::new(view.clone());
    let Bound { plan, notices, readings } = bind(query.statement(), &catalog, scope, today())?;
    let plan = rewrite(plan, &catalog)?;
    let rows = match plan {
        Plan::Query(rows) => rows,
        Plan::Explain { plan, analyze: false } => text_rows(explain::lines(&plan, Some(view))?),
        Plan::Explain { plan, analyze: true } => {
            let context = options.context(view, catalog);
            return analyzed(*plan, query, notices, context, options, started);
        }
        Plan::Remember => return Ok(Planned::Nothing),
        change => return Ok(Planned::Change(change, notices)),
    };
    let afterwards = Afterwards::new(rows.root.clone(), readings);
    let context = Arc::new(options.context(view, catalog));
    let tuples = execute(&rows.root, &context)?;
    Ok(Planned::Rows(Rows::new(
        rows,
        tuples,
        context,
        notices,
        afterwards,
        options.max_rows,
        started,
    )))
}

/// The rows of `explain analyze`: the query runs when the first is pulled.
fn analyzed(
    plan: Plan,
    query: &Query,
    notices: Vec<Notice>,
    context: Context,
    options: &RunOptions,
    started: Instant,
) -> Result<Planned> {
    let Plan::Query(plan) = plan else { return Err(not_a_query(query)) };
    let context = Arc::new(context.analyzed());
    let analysis = Analysis { plan, planning: started.elapsed(), most: options.max_rows };
    let tuples = analyze(analysis, &context);
    let rows = text_rows(Vec::new());
    let afterwards = Afterwards::new(rows.root.clone(), Vec::new());
    Ok(Planned::Rows(Rows::new(rows, tuples, context, notices, afterwards, None, started)))
}

/// Runs a statement that must give rows.
pub(super) fn query(
    view: &View,
    query: &Query,
    scope: &mut Scope,
    options: &RunOptions,
) -> Result<Rows> {
    if !query.is_read_only() {
        return Err(not_a_query(query));
    }
    match plan(view, query, scope, options)? {
        Planned::Rows(rows) => Ok(rows),
        Planned::Change(..) | Planned::Nothing => Err(not_a_query(query)),
    }
}

fn not_a_query(query: &Query) -> Error {
    Diagnostic::new("not-a-query", "this statement gives no rows", query.statement().span)
        .label("changes or remembers something")
        .help("run it with `execute`, in a session, or inside `write`")
        .bind()
}

/// Finds what is wrong with a statement, without running it.
pub(super) fn check(view: &View, query: &Query, scope: &mut Scope) -> Result<()> {
    planned(view, query, scope, optimize).map(|_| ())
}

/// The plan of a statement, without running it.
pub(super) fn explain(view: &View, query: &Query, scope: &mut Scope) -> Result<Vec<String>> {
    explain::lines(&planned(view, query, scope, optimize)?, Some(view))
}

/// The plan of a statement before the optimizers; what its leaves will give is not looked up.
pub(super) fn explain_bound(view: &View, query: &Query, scope: &mut Scope) -> Result<Vec<String>> {
    explain::lines(&planned(view, query, scope, |plan, _| Ok(plan))?, None)
}

fn planned(
    view: &View,
    query: &Query,
    scope: &mut Scope,
    rewrite: fn(Plan, &Catalog) -> Result<Plan>,
) -> Result<Plan> {
    let catalog = Catalog::new(view.clone());
    rewrite(bind(query.statement(), &catalog, scope, today())?.plan, &catalog)
}

/// Everything that is wrong with a script.
pub(super) fn check_all(store: &Store, text: &str) -> Vec<Diagnostic> {
    let script = match Query::script(text) {
        Ok(script) => script,
        Err(error) => return error.diagnostic().cloned().into_iter().collect(),
    };
    let Ok(view) = store.view() else { return Vec::new() };
    let mut scope = Scope::default();
    script
        .iter()
        .filter_map(|(query, _)| check(&view, query, &mut scope).err())
        .filter_map(|error| error.diagnostic().cloned())
        .collect()
}

fn text_rows(lines: Vec<String>) -> QueryPlan {
    let rows = lines.into_iter().map(|line| vec![Value::Text(line)]).collect();
    let column = Column { name: "plan".to_owned(), holds: FieldType::Text, field: None };
    QueryPlan { root: Node::Rows { rows: Arc::new(rows) }, output: vec![(column, Expr::Column(0))] }
}
