//! The plan: how a query's rows are found and what is done to them.
//!
//! `visit where actor = "Bajwa" | count by year` becomes
//!
//! ```text
//! Aggregate: count by year            one tuple a year
//! └─ Filter: actor = "Bajwa"          tuples that certainly fit; the possible ones are counted
//!    └─ PostingsScan: kind ∩ name     events that the postings leave
//! ```
//!
//! Tuples are pulled from the top: each node asks the one below it for the next.

use std::sync::Arc;

use crate::catalog::{Field, FieldType};
use crate::error::Span;
use crate::model::{Event, EventId, Period, Stretches, Value};
use crate::parser::ast::At;
use crate::storage::segment::ColumnId;
use crate::storage::{Entry, EntryKind, Posting};

use super::expression::Expr;
use super::function::Function;
use super::pattern::Pattern;

/// An operator with its inputs.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Nothing: a condition that no row can fulfil.
    Nothing,
    /// Every event, in order of id.
    Scan,
    /// The events that match these postings, in order of id. May hold more than the filter above lets through, never less.
    PostingsScan { postings: Postings },
    /// The events that match the postings, if any, in order of id, where columns of sealed events decide what is above:
    /// these are the columns that they need. A filter right above chooses among rows before any record is read.
    /// `rows`: they tell all that is ever asked of the rows, so that records are read only of what no segment tells.
    ColumnScan { columns: Vec<ColumnId>, postings: Option<Postings>, rows: bool },
    /// The entries of a catalogue, as records in one tuple's columns.
    CatalogScan { catalog: EntryKind },
    /// Rows that are known before the query runs.
    Rows { rows: Arc<Vec<Vec<Value>>> },
    /// Tuples with their whole events: of those below only so much was there as columns tell.
    Fetch { input: Box<Node> },
    /// The matches of a pattern over several inputs.
    Pattern(Arc<Pattern>),
    /// Tuples for which the condition is certainly true. `counted`: those for which it is only possible are counted for the notice.
    Filter { input: Box<Node>, predicate: Expr, counted: bool },
    /// Tuples of these expressions alone; the event goes on unseen.
    Project { input: Box<Node>, items: Vec<Expr> },
    /// Tuples with these expressions behind their columns.
    Derive { input: Box<Node>, items: Vec<Expr> },
    /// One tuple a group: keys, then aggregates, then, where some key is a period, how many more are possible.
    Aggregate { input: Box<Node>, keys: Vec<GroupKey>, aggregates: Vec<Aggregate>, possible: bool },
    /// The tuples of a grouping, and one for each group that its periods leave out.
    Fill { input: Box<Node>, filling: Box<Filling> },
    /// All tuples in order; ties in order of id.
    Sort { input: Box<Node>, keys: Vec<SortKey> },
    /// The first of the order, with a bounded heap.
    TopN { input: Box<Node>, count: u64, keys: Vec<SortKey> },
    /// The first tuples.
    Head { input: Box<Node>, count: u64 },
    /// The last tuples.
    Tail { input: Box<Node>, count: u64 },
    /// All but the first tuples.
    Skip { input: Box<Node>, count: u64 },
    /// So many tuples by chance, the same for the same seed, in their order.
    Sample { input: Box<Node>, count: u64, seed: u64 },
    /// The first tuple of each combination of these values.
    Unique { input: Box<Node>, keys: Vec<Expr> },
    /// A tuple for each value of a list; for an empty one a tuple with null. The value stands in the column `at`, or behind
    /// all columns; `names`: a name that is there twice is taken once.
    Explode { input: Box<Node>, item: Expr, at: Option<usize>, names: bool },
    /// A tuple for each pair of states of the event, with the [`dyad_columns`] of it behind its columns.
    Dyads { input: Box<Node>, directed: bool },
}

/// The columns of a pair, by `directed`: both as one text, and each. They are also the fields of the record that
/// [`Expr::Pairs`] makes of it.
pub(crate) const fn dyad_columns(directed: bool) -> [&'static str; 3] {
    if directed { ["dyad", "source", "target"] } else { ["dyad", "side_a", "side_b"] }
}

/// A set of events by their postings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Postings {
    /// Events posted under one of the values of a field.
    AnyOf { field: Posting, values: Vec<String>, text: String },
    /// Events in all.
    And(Vec<Postings>),
    /// Events in one.
    Or(Vec<Postings>),
    /// Events of these ids.
    Ids(Vec<EventId>),
    /// The event of a natural key.
    Key(String),
}

/// A key of a grouping.
#[derive(Debug, Clone)]
pub(crate) struct GroupKey {
    /// Its value; of a list, each; an empty list gives the null group.
    pub(crate) expr: Expr,
    /// A period of dates: an event whose start may lie in several is *possible* in each.
    pub(crate) period: Option<Period>,
    /// Is such an event divided among them, by its days in each?
    pub(crate) spread: bool,
}

/// The groups that a grouping gives besides those that have rows.
#[derive(Debug, Clone)]
pub(crate) struct Filling {
    /// What becomes of each key.
    pub(crate) keys: Vec<FillKey>,
    /// The days on which an event may begin that the query's own conditions let through.
    pub(crate) days: Stretches,
    /// What the grouping makes of its groups.
    pub(crate) aggregates: Vec<Aggregate>,
    /// Says a last column how many rows are possible?
    pub(crate) possible: bool,
    /// Are counts divided?
    pub(crate) spread: bool,
    /// Its place in the query, for errors.
    pub(crate) span: Span,
}

/// A key of a grouping as it is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FillKey {
    /// Only the values that occur.
    Met,
    /// Every period. `of_event`: of the event's own date, which the conditions and the coverage bound.
    Periods { unit: Period, of_event: bool },
    /// The whole numbers from 1 to this one.
    Numbers(u8),
}

/// A column made of a group.
#[derive(Debug, Clone)]
pub(crate) struct Aggregate {
    /// The expression over the aggregates of the calls in it: `Column(i)` is the i-th call's result.
    pub(crate) expr: Expr,
    /// The calls.
    pub(crate) calls: Vec<AggregateCall>,
}

/// A call of an aggregate function.
#[derive(Debug, Clone)]
pub(crate) struct AggregateCall {
    /// Which; its usage is `Use::Aggregate`.
    pub(crate) function: Function,
    /// Of what; none for `count()`.
    pub(crate) argument: Option<Expr>,
    /// Does the query name `status`? Else `first`, `last` and `min`, `max` of dates look at what happened or goes on.
    pub(crate) any_status: bool,
    /// Its place in the query, for errors.
    pub(crate) span: Span,
}

/// A key of an order.
#[derive(Debug, Clone)]
pub(crate) struct SortKey {
    /// Its value.
    pub(crate) expr: Expr,
    /// Greatest first.
    pub(crate) descending: bool,
    /// Missing values first; they are last unless asked for, whichever way the order goes.
    pub(crate) nulls_first: bool,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// What it holds, which decides how later stages compare it.
    pub(crate) holds: FieldType,
    /// The field it is, where it is one as it stands.
    pub(crate) field: Option<Field>,
}

/// What the tuples of a node are made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// The columns of the tuples.
    pub(crate) columns: Vec<Column>,
    /// Can the event's own fields be named besides the columns?
    pub(crate) events: bool,
    /// Are they of a kind that two codes tell from both sides, so that visitor and host say more than the sides?
    pub(crate) mirrored: bool,
    /// Fields that `drop` has hidden.
    pub(crate) dropped: Vec<Field>,
}

/// A query, ready to run.
#[derive(Debug, Clone)]
pub(crate) struct QueryPlan {
    /// The operators.
    pub(crate) root: Node,
    /// The answer's columns, with what gives each from a tuple of the root.
    pub(crate) output: Vec<(Column, Expr)>,
}

/// A file to read in, and how.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ImportPlan {
    /// The file, with its place in the statement.
    pub(crate) file: String,
    /// The word behind `as`.
    pub(crate) format: Option<At<String>>,
    /// The kind of all rows, behind `into`.
    pub(crate) kind: Option<String>,
    /// What stands between the braces.
    pub(crate) options: Vec<(At<String>, At<Value>)>,
}

/// A statement, ready to run.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// Rows.
    Query(QueryPlan),
    /// Events to enter.
    Insert(Vec<Event>),
    /// Events to end.
    Delete { input: Node, because: Option<String> },
    /// Events that an import has recorded, to be as they were before it; those that were not there before end.
    Undo { import: u64, input: Node, because: Option<String> },
    /// Entries to define.
    Define(Vec<Entry>),
    /// An entry to drop.
    Drop { catalog: EntryKind, name: String },
    /// A file to read in.
    Import(ImportPlan),
    /// `let` and `param`: nothing to run, the session keeps it.
    Remember,
    /// The plan itself, as rows of text; `analyze`: a query is run, and what it cost stands beside its operators.
    Explain { plan: Box<Plan>, analyze: bool },
}

impl Node {
    /// Does it only choose, order and show events, so that counting its rows counts events?
    pub(crate) fn is_selection(&self) -> bool {
        match self {
            Node::Scan | Node::PostingsScan { .. } | Node::ColumnScan { .. } => true,
            Node::Filter { input, .. }
            | Node::Project { input, .. }
            | Node::Derive { input, .. }
            | Node::Sort { input, .. } => input.is_selection(),
            _ => false,
        }
    }

    /// Is it a grouping whose last column says how many more are possible?
    pub(crate) fn counts_possible(&self) -> bool {
        match self {
            Node::Aggregate { possible, .. } => *possible,
            Node::Fill { filling, .. } => filling.possible,
            // A grouping of pairs, as the optimizer writes it.
            Node::Sort { input, .. } => {
                let grouping = input.input().and_then(Node::input);
                matches!(grouping, Some(Node::Aggregate { keys, possible: true, .. })
                    if matches!(keys.first(), Some(GroupKey { expr: Expr::Pairs { .. }, .. })))
            }
            _ => false,
        }
    }
}
