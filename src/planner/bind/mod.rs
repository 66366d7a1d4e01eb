//! Names to things: the tree of a statement bound to the fields, kinds and names that exist.
//!
//! Binding happens at each run, so a prepared query always speaks of the catalogue as it is.

mod compare;
mod constant;
mod entered;
mod entry;
mod expression;
mod grouping;
mod names;
mod path;
mod pattern;
mod record;
mod scalar;
mod source;
mod stage;
mod statement;
mod unfold;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::{Catalog, Field, FieldType};
use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Day, Value};
use crate::parser::ast;

use super::expression::{Expr, Search};
use super::notice::Notice;
use super::plan::{AggregateCall, Node, Plan, Shape};

/// What a session has remembered: parameters and named queries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// `let $x = …`, `param $x = …`, `--param x=…`, in the order of first setting.
    pub(crate) params: BTreeMap<String, Value>,
    /// `let name = query`.
    pub(crate) queries: BTreeMap<String, ast::Query>,
}

/// A bound statement and what binding has to say about it.
#[derive(Debug)]
pub(crate) struct Bound {
    /// The plan, not yet optimized.
    pub(crate) plan: Plan,
    /// Notices: names that mean several, and so on.
    pub(crate) notices: Vec<Notice>,
    /// The same query with names read otherwise, to be counted when its rows are through.
    pub(crate) readings: Vec<(Reading, Node)>,
}

/// How names are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As written: `=` means the name itself, a side of a dyad also everyone under it.
    Plain,
    /// `=` means everyone under the name, too.
    Under,
    /// A side of a dyad means the name itself alone.
    Named,
    /// What belongs under a state may also be anybody of whose state nothing is known.
    Stateless,
}

/// Binds a statement.
///
/// # Errors
/// [`Error::Bind`] for what does not exist or does not fit, [`Error::Evaluate`] for records that cannot be entered.
pub(crate) fn bind(
    statement: &ast::At<ast::Statement>,
    catalog: &Catalog,
    scope: &mut Scope,
    today: Day,
) -> Result<Bound> {
    let read = |reading| Binder {
        catalog,
        scope: scope.clone(),
        today,
        reading,
        otherwise: Vec::new(),
        notices: Vec::new(),
        optional: BTreeSet::new(),
        names_status: false,
        searches: Vec::new(),
        negated: false,
        depth: 0,
        stages: 0,
    };
    let mut binder = read(Reading::Plain);
    let plan = binder.statement(statement)?;
    let mut readings = Vec::new();
    if let (Plan::Query(query), ast::Statement::Query(_)) = (&plan, &statement.node)
        && query.root.is_selection()
    {
        for reading in [Reading::Under, Reading::Named, Reading::Stateless] {
            if binder.otherwise.contains(&reading)
                && let Plan::Query(other) = read(reading).statement(statement)?
            {
                readings.push((reading, other.root));
            }
        }
    }
    *scope = binder.scope;
    let mut notices = binder.notices;
    notices.dedup();
    Ok(Bound { plan, notices, readings })
}

/// What binding knows while it walks a statement.
struct Binder<'c> {
    catalog: &'c Catalog,
    scope: Scope,
    today: Day,
    reading: Reading,
    /// Readings under which the statement would mean something else.
    otherwise: Vec<Reading>,
    notices: Vec<Notice>,
    /// Attributes that `?` made known in this statement, folded.
    optional: BTreeSet<String>,
    /// Has the statement named `status` so far? Then `first`, `last`, `min`, `max` look at all of them.
    names_status: bool,
    /// What was searched for so far, and whether in the summary; `score()` and `highlight(…)` go by it.
    searches: Vec<(bool, Arc<Search>)>,
    /// Does the condition stand within a `not`? There, more names leave fewer rows.
    negated: bool,
    /// How deep in views within views.
    depth: usize,
    /// Stages so far: operators stand on top of one another.
    stages: usize,
}

/// A bound expression and what it holds.
#[derive(Debug, Clone)]
struct Typed {
    expr: Expr,
    holds: FieldType,
}

impl Typed {
    fn new(expr: Expr, holds: FieldType) -> Self {
        Typed { expr, holds }
    }

    /// The field that it is, where it is one as it stands.
    fn field(&self) -> Option<Field> {
        match self.expr {
            Expr::Field(field) => Some(field),
            _ => None,
        }
    }

    /// The value, where it is known before the query runs.
    fn constant(&self) -> Option<&Value> {
        match &self.expr {
            Expr::Constant(value) => Some(value),
            _ => None,
        }
    }
}

/// Where an expression stands.
struct Place<'s> {
    /// What can be named.
    shape: &'s Shape,
    /// Calls of aggregates go here; none where they may not stand.
    calls: Option<&'s mut Vec<AggregateCall>>,
}

impl<'s> Place<'s> {
    fn row(shape: &'s Shape) -> Self {
        Place { shape, calls: None }
    }
}

/// An error of binding with a code, a message, a place and words at the place.
fn error(code: &'static str, message: impl Into<String>, span: Span, label: &str) -> Diagnostic {
    Diagnostic::new(code, message, span).label(label)
}

/// `did you mean …` out of candidates, with the first as a fix.
fn did_you_mean(
    diagnostic: Diagnostic,
    span: Span,
    candidates: &[String],
    otherwise: &str,
) -> Error {
    match candidates {
        [] => diagnostic.help(otherwise),
        [first, rest @ ..] => {
            let mut words = format!("did you mean `{first}`");
            for other in rest {
                words.push_str(&format!(" or `{other}`"));
            }
            words.push('?');
            diagnostic.help(words).fix(span, first.clone())
        }
    }
    .bind()
}

/// A string as the language writes it.
pub(crate) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
