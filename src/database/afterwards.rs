//! What is worth knowing once the rows are through: how the answer would differ if names were read otherwise, and which
//! condition left nothing.
//!
//! These are queries of their own, so they are asked only where the database is small enough for nobody to wait.

use std::sync::Arc;

use super::RunOptions;
use crate::catalog::{Catalog, Field};
use crate::error::Result;
use crate::executor::execute;
use crate::model::Value;
use crate::parser::ast::CmpOp;
use crate::planner::bind::Reading;
use crate::planner::expression::Expr;
use crate::planner::notice::Notice;
use crate::planner::optimizer::optimize_node;
use crate::planner::plan::Node;
use crate::storage::View;

/// The most events of a database for which these queries are asked.
const MOST_EVENTS: u64 = 50_000;

/// What can be asked when the rows are through.
#[derive(Debug)]
pub(super) struct Afterwards {
    root: Node,
    readings: Vec<(Reading, Node)>,
}

impl Afterwards {
    pub(super) fn new(root: Node, readings: Vec<(Reading, Node)>) -> Self {
        Afterwards { root, readings }
    }

    /// The notices for an answer of so many rows, besides which so many are possible.
    pub(super) fn notices(&self, view: &View, rows: u64, possible: u64) -> Result<Vec<Notice>> {
        if view.event_count()? > MOST_EVENTS {
            return Ok(Vec::new());
        }
        let mut notices = Vec::new();
        for (reading, node) in &self.readings {
            notices.extend(match reading {
                Reading::Under => under(count(view, node.clone())?.saturating_sub(rows)),
                Reading::Named if rows > 0 => split(view, node, &self.root, rows)?,
                _ => None,
            });
        }
        if rows == 0 && possible == 0 {
            notices.extend(culprit(view, &self.root)?);
        }
        Ok(notices)
    }
}

/// A name that others belong under was taken for itself alone.
fn under(more: u64) -> Option<Notice> {
    (more > 0).then(|| {
        let text = format!(
            "`=` takes a name for itself alone; `under` instead finds {} more",
            events(more)
        );
        Notice::new("under", text)
    })
}

/// How the events between two sides come about.
fn split(view: &View, named: &Node, all: &Node, rows: u64) -> Result<Option<Notice>> {
    let named = count(view, named.clone())?.min(rows);
    let two = Expr::Compare {
        left: Box::new(Expr::Field(Field::Bilateral)),
        op: CmpOp::Eq,
        right: Box::new(Expr::Constant(Value::Bool(true))),
    };
    let several = rows.saturating_sub(count(view, with(all, two))?);
    let mut text = format!(
        "{named} of {} name both sides themselves, {} through those under them",
        events(rows),
        rows - named
    );
    if several > 0 {
        text.push_str(&format!("; {several} with other states, too"));
    }
    Ok((named < rows || several > 0).then(|| Notice::new("dyad", text)))
}

/// The condition that no event fulfils; or, where each is fulfilled by some, how many fulfil each.
fn culprit(view: &View, root: &Node) -> Result<Option<Notice>> {
    let Some(Node::Filter { predicate: Expr::And(parts), .. }) = filter_of(root) else {
        return Ok(None);
    };
    let mut counts = Vec::with_capacity(parts.len());
    for part in parts {
        let alone =
            Node::Filter { input: Box::new(Node::Scan), predicate: part.clone(), counted: false };
        let n = count(view, alone)?;
        if n == 0 {
            return Ok(Some(Notice::new("empty", format!("no event fulfils `{part:#}`"))));
        }
        counts.push(format!("`{part:#}` {n}"));
    }
    Ok(Some(Notice::new(
        "empty",
        format!(
            "each condition is fulfilled by some events, but none fulfils all: {}",
            counts.join(", ")
        ),
    )))
}

fn filter_of(node: &Node) -> Option<&Node> {
    match node {
        Node::Filter { .. } => Some(node),
        other => other.input().and_then(filter_of),
    }
}

/// The same rows under one more condition, which looks at their events.
fn with(node: &Node, condition: Expr) -> Node {
    Node::Filter { input: Box::new(node.clone()), predicate: condition, counted: false }
}

fn count(view: &View, node: Node) -> Result<u64> {
    let catalog = Catalog::new(view.clone());
    let node = optimize_node(node, &catalog)?;
    let context = Arc::new(RunOptions::default().context(view, catalog));
    execute(&node, &context)?.try_fold(0, |n, tuple| tuple.map(|_| n + 1))
}

fn events(n: u64) -> String {
    if n == 1 { "1 event".to_owned() } else { format!("{n} events") }
}
