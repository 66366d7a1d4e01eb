//! The rows of an answer.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::afterwards::Afterwards;
use super::value::FromValue;
use crate::error::{Diagnostic, Error, Result, Span};
use crate::executor::{Context, Stored, Tuple, Tuples, evaluate};
use crate::export::Object;
use crate::model::{Event, EventId, Status, Value};
use crate::planner::expression::Expr;
use crate::planner::notice::Notice;
use crate::planner::plan::{Node, QueryPlan};

/// The rows of an answer: owned, sendable, pulled one by one.
///
/// They see the database as it was when the query began, whatever is written meanwhile. Notices and statistics are
/// complete when the rows are through.
///
/// # Examples
///
/// ```
/// # fn main() -> attache::Result<()> {
/// let db = attache::Database::demo()?;
/// let mut rows = db.query(r#"events where actor = "Raheel Sharif" and date < 2015-07-01"#)?;
/// assert!(rows.next().is_none());
/// assert_eq!(rows.notices()[0].code, "possible");
/// # Ok(())
/// # }
/// ```
pub struct Rows {
    columns: Arc<[String]>,
    output: Vec<Expr>,
    tuples: Tuples,
    context: Arc<Context>,
    notices: Vec<Notice>,
    afterwards: Box<Afterwards>,
    later: OnceLock<Vec<Notice>>,
    most: Option<u64>,
    started: Instant,
    stats: Stats,
    state: State,
    shows_events: bool,
    usual: bool,
}

/// How far the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Through,
    Truncated,
    Failed,
}

/// What a query took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Rows given.
    pub rows: u64,
    /// Events looked at.
    pub scanned: u64,
    /// Time to bind and plan.
    pub planning: Duration,
    /// Time since the query began, until the last row was pulled.
    pub elapsed: Duration,
}

impl Rows {
    pub(super) fn new(
        plan: QueryPlan,
        tuples: Tuples,
        context: Arc<Context>,
        notices: Vec<Notice>,
        afterwards: Afterwards,
        most: Option<u64>,
        started: Instant,
    ) -> Rows {
        let shows_events = plan.output.iter().any(|(column, _)| column.name == "status")
            && !is_aggregated(&plan.root);
        let usual = plan.output.iter().any(|(_, expr)| matches!(expr, Expr::Field(_)));
        let (columns, output): (Vec<_>, Vec<_>) =
            plan.output.into_iter().map(|(column, expr)| (column.name, expr)).unzip();
        let stats = Stats { planning: started.elapsed(), ..Stats::default() };
        let mut rows = Rows {
            columns: columns.into(),
            output,
            tuples,
            context,
            notices,
            afterwards: Box::new(afterwards),
            later: OnceLock::new(),
            most,
            started,
            stats,
            state: State::Running,
            shows_events,
            usual,
        };
        rows.hide_possible(&plan.root);
        rows
    }

    /// The column `possible` appears only when some date is uncertain: groups are few, so they are looked through first.
    fn hide_possible(&mut self, root: &Node) {
        if !root.counts_possible() {
            return;
        }
        let Some(last) = self.columns.len().checked_sub(1) else { return };
        let tuples: Vec<Result<Tuple>> =
            std::mem::replace(&mut self.tuples, Box::new(std::iter::empty())).collect();
        let certain = tuples.iter().all(|t| match t {
            Ok(tuple) => matches!(tuple.values.get(last), None | Some(Value::Int(0) | Value::Null)),
            Err(_) => true,
        });
        if certain {
            self.columns = self.columns.iter().take(last).cloned().collect();
            self.output.truncate(last);
        }
        self.tuples = Box::new(tuples.into_iter());
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// True when the query names no columns, so that these are the usual ones of events.
    pub fn has_usual_columns(&self) -> bool {
        self.usual
    }

    /// What the answer has to say besides its rows; complete when the rows are through.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = self.notices.clone();
        let tally = &self.context.tally;
        if tally.possible() > 0 {
            let least = tally.stopped_early() || self.state != State::Through;
            notices.push(possible(tally.possible(), tally.undated(), least));
        }
        if tally.possible_matches() > 0 {
            notices.push(possible_matches(tally.possible_matches(), tally.has_more_matches()));
        }
        if self.shows_events {
            let others: Vec<String> = tally
                .statuses()
                .iter()
                .filter(|(s, _)| *s != Status::Happened)
                .map(|(s, n)| format!("{n} {s}"))
                .collect();
            if !others.is_empty() {
                notices.push(Notice::new(
                    "status",
                    format!("not all of it happened: {}", others.join(", ")),
                ));
            }
        }
        if self.state == State::Through {
            // A notice is no reason to fail where the rows have not.
            let later = self.later.get_or_init(|| {
                self.afterwards
                    .notices(&self.context.view, self.stats.rows, tally.possible())
                    .unwrap_or_default()
            });
            notices.extend(later.iter().cloned());
        }
        if self.state == State::Truncated {
            notices.push(Notice::new(
                "truncated",
                format!(
                    "only the first {} rows are given: the run was limited to so many",
                    self.stats.rows
                ),
            ));
        }
        notices
    }

    /// What it took so far; complete when the rows are through.
    pub fn stats(&self) -> Stats {
        let mut stats = self.stats.clone();
        stats.scanned = self.context.tally.scanned();
        stats
    }

    /// The rows as values of a type of one's own: fields by column name, missing values as `None`.
    ///
    /// Dates come as EDTF text, quantities as `{ low, high, unit, of }`, lists as sequences.
    ///
    /// # Errors
    /// Each row that does not fit the type is an error of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct Visit { date: String, visitor: Vec<String> }
    ///
    /// # fn main() -> attache::Result<()> {
    /// let db = attache::Database::demo()?;
    /// let visits: Vec<Visit> =
    ///     db.query("visit where year = 2021 | select date, visitor")?.deserialize().collect::<attache::Result<_>>()?;
    /// assert_eq!(visits[0].date, "2021-04-06/2021-04-07");
    /// # Ok(())
    /// # }
    /// ```
    pub fn deserialize<T: DeserializeOwned>(self) -> impl Iterator<Item = Result<T>> {
        self.map(|row| {
            let row = row?;
            serde_json::to_value(Object { columns: &row.columns, values: &row.values })
                .and_then(serde_json::from_value)
                .map_err(|e| misfit(format!("the row does not fit the type: {e}"), "name the fields as the columns, and let what may be missing be an `Option`"))
        })
    }

    /// The only row.
    ///
    /// # Errors
    /// [`Error::Evaluate`] when there is none, or more than one.
    pub fn one(mut self) -> Result<Row> {
        match (self.next().transpose()?, self.next().transpose()?) {
            (Some(row), None) => Ok(row),
            (None, _) => {
                Err(misfit("there is no row".to_owned(), "iterate where there may be none"))
            }
            (Some(_), Some(_)) => Err(misfit(
                "there is more than one row".to_owned(),
                "iterate, or end the query with `| head 1`",
            )),
        }
    }

    /// The first value of the only row.
    ///
    /// # Errors
    /// As [`Rows::one`]; and when the value is of another type.
    pub fn scalar<T: for<'a> FromValue<'a>>(self) -> Result<T> {
        let row = self.one()?;
        let value = row.values.first().unwrap_or(&Value::Null);
        T::from_value(value)
            .map_err(|what| misfit(format!("the value is {what}"), "ask for the type that it has"))
    }

    fn finish(&mut self, state: State) {
        self.state = state;
        self.stats.elapsed = self.started.elapsed();
    }
}

impl Iterator for Rows {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        if self.state != State::Running {
            return None;
        }
        let tuple = match self.tuples.next() {
            Some(Ok(tuple)) => tuple,
            Some(Err(error)) => {
                self.finish(State::Failed);
                return Some(Err(error));
            }
            None => {
                self.finish(State::Through);
                return None;
            }
        };
        if self.most.is_some_and(|most| self.stats.rows >= most) {
            self.finish(State::Truncated);
            return None;
        }
        let values = self
            .output
            .iter()
            .map(|expr| evaluate(expr, &tuple, &self.context))
            .collect::<Result<Vec<_>>>();
        self.stats.rows += 1;
        self.stats.elapsed = self.started.elapsed();
        Some(values.map(|values| Row {
            columns: Arc::clone(&self.columns),
            values,
            event: tuple.event,
            whole: self.usual,
        }))
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("columns", &self.columns)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

/// A row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
    event: Option<Arc<Stored>>,
    /// Is it the whole event, not only what the columns of the answer ask for?
    whole: bool,
}

impl Row {
    /// The value of a column as a type of Rust.
    ///
    /// # Errors
    /// [`Error::Evaluate`] when there is no such column, or its value is of another type.
    pub fn get<'a, T: FromValue<'a>>(&'a self, column: &str) -> Result<T> {
        let value = self.value(column).ok_or_else(|| {
            misfit(
                format!("no column `{column}`"),
                &format!("the columns are {}", self.columns.join(", ")),
            )
        })?;
        T::from_value(value).map_err(|what| {
            misfit(
                format!("`{column}` is {what}"),
                "ask for the type that it has, or for an `Option` of it",
            )
        })
    }

    /// The value of a column; none when there is no such column.
    pub fn value(&self, column: &str) -> Option<&Value> {
        self.columns.iter().position(|c| c == column).and_then(|i| self.values.get(i))
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The event that the row shows; none where the query names the columns, and of groups, matches and catalogues.
    /// [`Snapshot::get`](crate::Snapshot::get) gives that of [`Row::id`].
    pub fn event(&self) -> Option<&Event> {
        self.event.as_deref().filter(|_| self.whole).map(|stored| &stored.event)
    }

    /// The number of the event that the row was made of; none where it was made of a group, a match or a catalogue.
    pub fn id(&self) -> Option<EventId> {
        self.event.as_deref().map(|stored| stored.id)
    }
}

/// How many events may fit besides.
fn possible(all: u64, undated: u64, least: bool) -> Notice {
    let events = if all == 1 { "1 more event is" } else { "more events are" };
    let events = if all == 1 { events.to_owned() } else { format!("{all} {events}") };
    let least = if least { "at least " } else { "" };
    let undated = match undated {
        0 => String::new(),
        n if n == all => " (undated)".to_owned(),
        n => format!(" ({n} undated)"),
    };
    let why = "because of uncertain dates: `possibly(…)` around the condition shows what may fit";
    Notice::new("possible", format!("{least}{events} possible{undated}, {why}"))
}

/// How many matches of a pattern are possible besides.
fn possible_matches(all: u64, least: bool) -> Notice {
    let matches = if all == 1 { "1 more match is" } else { "more matches are" };
    let matches = if all == 1 { matches.to_owned() } else { format!("{all} {matches}") };
    let least = if least { "at least " } else { "" };
    let why =
        "because of uncertain dates: `possibly` behind `sequence` or `together` lists what may fit";
    Notice::new("possible", format!("{least}{matches} possible, {why}"))
}

fn misfit(message: String, help: &str) -> Error {
    Diagnostic::new("misfit", message, Span::default()).help(help).evaluate()
}

fn is_aggregated(node: &Node) -> bool {
    matches!(node, Node::Aggregate { .. }) || node.input().is_some_and(is_aggregated)
}
