//! What is worth knowing once the rows are through: how the answer would differ if names were read otherwise, and which
//! condition left nothing.
//!
//! These are queries of their own, so they are asked only where the database is small enough for nobody to wait.

use std::sync::Arc;

use super::RunOptions;
use crate::catalog::{Catalog, Field};
use crate::error::Result;
use crate::executor::execute;
use crate::planner::bind::Reading;
use crate::planner::expression::Expr;
use crate::planner::notice::Notice;
use crate::planner::optimizer::optimize_node;
use crate::planner::plan::Node;
use crate::storage::{Posting, View};

/// The most events of a database for which these queries are asked.
const MOST_EVENTS: u64 = 50_000;

/// The codes by which data sets tell a visit: from the visitor's side, from the host's.
const SIDES_OF_A_VISIT: [&str; 2] = ["042", "043"];

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
        let mut notices = Vec::new();
        if rows > 0 {
            notices.extend(mirrored(view, &self.root)?);
        }
        if view.event_count()? > MOST_EVENTS {
            return Ok(notices);
        }
        for (reading, node) in &self.readings {
            notices.extend(match reading {
                Reading::Under => under(count(view, node.clone())?.saturating_sub(rows)),
                Reading::Stateless => stateless(count(view, node.clone())?.saturating_sub(rows)),
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

/// Who belongs under a state is known only of those whose state is known.
fn stateless(more: u64) -> Option<Notice> {
    (more > 0).then(|| {
        let text = format!(
            "{} would fit if a participant belonged there of whom no state is known",
            match more {
                1 => "1 more event".to_owned(),
                n => format!("{n} more events"),
            }
        );
        Notice::new("state", text)
    })
}

/// One visit may be told from both sides, so that it counts twice.
fn mirrored(view: &View, root: &Node) -> Result<Option<Notice>> {
    let Some(Expr::KindIn { kinds, text }) = mirrored_kind(root) else { return Ok(None) };
    let catalog = Catalog::new(view.clone());
    let mut codes = Vec::new();
    for name in kinds.iter() {
        match catalog.kind(name)? {
            Some(kind) if kind.mirrored => codes.extend(kind.code.clone()),
            _ => return Ok(None),
        }
    }
    for side in SIDES_OF_A_VISIT {
        if !codes.iter().any(|code| code == side) || view.posting_len(Posting::Code, side)? == 0 {
            return Ok(None);
        }
    }
    let text = format!(
        "`{text}` holds both sides of a visit, 042 (makes it) and 043 (hosts it), so one visit may be there twice: \
         `| unique date, visitor, host` keeps each once"
    );
    Ok(Some(Notice::new("mirrored", text)))
}

/// The test of the kind, where both sides may be among the rows.
fn mirrored_kind(node: &Node) -> Option<&Expr> {
    let is_kind = |part: &&Expr| matches!(part, Expr::KindIn { .. });
    let is_code = |part: &Expr| match part {
        Expr::Compare { left, .. } | Expr::Prefix { left, .. } | Expr::InList { left, .. } => {
            matches!(**left, Expr::Field(Field::Code))
        }
        _ => false,
    };
    match node {
        Node::Unique { .. } => None,
        Node::Filter { predicate: Expr::And(parts), .. } if parts.iter().any(is_code) => None,
        Node::Filter { predicate: Expr::And(parts), input, .. } => {
            parts.iter().find(is_kind).or_else(|| mirrored_kind(input))
        }
        Node::Filter { predicate, input, .. } => {
            Some(predicate).filter(is_kind).or_else(|| mirrored_kind(input))
        }
        other => other.input().and_then(mirrored_kind),
    }
}

/// How the events between two sides come about.
fn split(view: &View, named: &Node, all: &Node, rows: u64) -> Result<Option<Notice>> {
    let named = count(view, named.clone())?.min(rows);
    // The states are sorted and each is there once; of some participants none may be known.
    let third = Expr::Index(Box::new(Expr::Field(Field::States)), 2);
    let several = count(view, with(all, Expr::Not(Box::new(Expr::IsNull(Box::new(third))))))?;
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
