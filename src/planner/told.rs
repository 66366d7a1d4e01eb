//! Queries of which columns of sealed events tell every row, so that no record is read for it.
//!
//! ```text
//! Sort: #0                                      asks for nothing but #0
//! └─ Project: date, source                      asks for date and participants
//!    └─ Filter: kind is visit                   … kind, status
//!       └─ ColumnScan: rows (kind, status, participants, date) of kind visit
//! ```

use crate::catalog::{Catalog, Field};
use crate::storage::segment::ColumnId;

use super::columnar::{self, Columns};
use super::expression::{Expr, Names};
use super::plan::{AggregateCall, Node, QueryPlan};

/// So many events that were chosen are read anew at most.
const MOST_FETCHED: u64 = 10_000;

/// A query over columns alone, where these tell all that its operators and its answer ask for.
///
/// Not one that shows the usual columns of events: who asks for these may ask for the event as well.
pub(super) fn by_columns(mut query: QueryPlan, catalog: &Catalog) -> QueryPlan {
    let shows_events = query.output.iter().any(|(_, expr)| matches!(expr, Expr::Field(_)));
    let mut found = Columns::new();
    let output = query.output.iter().try_for_each(|(_, expr)| reads(expr, &mut found));
    if !catalog.is_sealed() {
        return query;
    }
    if shows_events || output.is_none() || below(&query.root, &mut Columns::new()).is_none() {
        fetch_late(&mut query.root);
    } else {
        rows_by_columns(&mut query.root, found);
    }
    query
}

/// Chooses the first of an order, the last rows, or some by chance, among rows of columns, and reads the chosen alone.
fn fetch_late(root: &mut Node) {
    let mut node = root;
    loop {
        let is_choice = matches!(
            node,
            Node::TopN { count: 0..=MOST_FETCHED, .. }
                | Node::Tail { count: 0..=MOST_FETCHED, .. }
                | Node::Sample { count: 0..=MOST_FETCHED, .. }
        );
        if is_choice && gives_events(node) && below(node, &mut Columns::new()).is_some() {
            let mut chosen = std::mem::replace(node, Node::Nothing);
            rows_by_columns(&mut chosen, Columns::new());
            *node = Node::Fetch { input: Box::new(chosen) };
            return;
        }
        match node.input_mut() {
            Some(input) => node = input,
            None => return,
        }
    }
}

/// Have the tuples of an operator their events?
fn gives_events(node: &Node) -> bool {
    match node {
        Node::Scan | Node::PostingsScan { .. } | Node::ColumnScan { .. } => true,
        Node::Aggregate { .. } | Node::Fill { .. } => false,
        other => other.input().is_some_and(gives_events),
    }
}

/// The same of an operator whose tuples are asked for their columns alone.
pub(super) fn rows_by_columns(root: &mut Node, mut found: Columns) {
    if below(root, &mut found).is_none() {
        return;
    }
    let mut node = root;
    loop {
        match node {
            Node::Scan | Node::PostingsScan { .. } | Node::ColumnScan { .. } => break,
            other => match other.input_mut() {
                Some(input) => node = input,
                None => return,
            },
        }
    }
    let (read, postings) = match std::mem::replace(node, Node::Nothing) {
        Node::PostingsScan { postings } => (Vec::new(), Some(postings)),
        Node::ColumnScan { columns, postings, .. } => (columns, postings),
        _ => (Vec::new(), None),
    };
    found.extend(read);
    *node = Node::ColumnScan { columns: found.into_iter().collect(), postings, rows: true };
}

/// What an operator and those below it ask for; none where that needs records, or where a scan's columns serve already.
fn below(node: &Node, found: &mut Columns) -> Option<()> {
    match node {
        Node::Filter { predicate, counted, .. } => {
            reads(predicate, found)?;
            if *counted {
                found.extend([ColumnId::Status, ColumnId::Date]);
            }
        }
        Node::Project { items, .. }
        | Node::Derive { items, .. }
        | Node::Unique { keys: items, .. } => {
            items.iter().try_for_each(|item| reads(item, found))?;
        }
        Node::Sort { keys, .. } | Node::TopN { keys, .. } => {
            keys.iter().try_for_each(|key| reads(&key.expr, found))?;
        }
        Node::Aggregate { input, keys, aggregates, .. } => {
            let over_columns = match input.as_ref() {
                Node::Filter { input, .. } => matches!(**input, Node::ColumnScan { .. }),
                other => matches!(other, Node::ColumnScan { .. }),
            };
            if over_columns {
                return None;
            }
            // Nobody above sees the events.
            *found = Columns::new();
            keys.iter().try_for_each(|key| reads(&key.expr, found))?;
            let mut calls = aggregates.iter().flat_map(|aggregate| &aggregate.calls);
            calls.try_for_each(|call| reads_of_call(call, found))?;
        }
        Node::Explode { item, .. } => reads(item, found)?,
        Node::Dyads { .. } => reads(&Expr::Pairs { directed: true }, found)?,
        Node::Fill { .. }
        | Node::Fetch { .. }
        | Node::Head { .. }
        | Node::Tail { .. }
        | Node::Skip { .. }
        | Node::Sample { .. } => {}
        Node::Scan | Node::PostingsScan { .. } | Node::ColumnScan { .. } => return Some(()),
        Node::Nothing | Node::CatalogScan { .. } | Node::Rows { .. } | Node::Pattern(_) => {
            return None;
        }
    }
    below(node.input()?, found)
}

/// What a call asks of each row: its argument, and when and whether it took place.
fn reads_of_call(call: &AggregateCall, found: &mut Columns) -> Option<()> {
    found.extend([ColumnId::Status, ColumnId::Date]);
    call.argument.as_ref().map_or(Some(()), |argument| reads(argument, found))
}

/// What an expression over a tuple asks of its event.
fn reads(expr: &Expr, found: &mut Columns) -> Option<()> {
    match expr {
        // Its number is known, and so are the columns of the tuple.
        Expr::Field(Field::Id)
        | Expr::Column(_)
        | Expr::Named { names: Names::Column(_), .. }
        | Expr::Of { .. } => Some(()),
        Expr::InQuery { left, .. } => reads(left, found),
        other => {
            if let Some(columns) = columnar::columns(other) {
                found.extend(columns);
                return Some(());
            }
            // What columns tell of all its parts they tell of it.
            let parts = other.parts();
            (!parts.is_empty()).then_some(())?;
            parts.into_iter().try_for_each(|part| reads(part, found))
        }
    }
}
