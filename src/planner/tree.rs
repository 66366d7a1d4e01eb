//! Plans as trees: one line an operator, what feeds it below it.

use std::sync::Arc;

use crate::error::Result;
use crate::storage::View;

use super::estimate::estimate;
use super::expression::{Expr, PeriodExpr};
use super::plan::Node;

/// The line of an operator.
pub(crate) struct Line<'n> {
    /// What it does, behind the branches that lead to it.
    pub(crate) text: String,
    /// The operator.
    pub(crate) node: &'n Node,
}

/// The lines of an operator and of all below it; with a view, how many rows its leaves will give.
pub(crate) fn lines<'n>(root: &'n Node, view: Option<&View>) -> Result<Vec<Line<'n>>> {
    let mut tree = Tree { view, lines: Vec::new() };
    tree.grow(root, "", "")?;
    Ok(tree.lines)
}

struct Tree<'n, 'v> {
    view: Option<&'v View>,
    lines: Vec<Line<'n>>,
}

impl<'n> Tree<'n, '_> {
    /// Adds a node behind the branch `at`, and those below it behind branches that begin with `below`.
    fn grow(&mut self, node: &'n Node, at: &str, below: &str) -> Result<()> {
        let mut text = format!("{at}{node}");
        let estimate = self.view.map(|view| estimate(node, view)).transpose()?.flatten();
        match (node, estimate) {
            (Node::Scan, Some(all)) => text.push_str(&format!(" ({})", all.most())),
            (_, Some(events)) => text.push_str(&format!(" ({events})")),
            (_, None) => {}
        }
        self.lines.push(Line { text, node });
        let branches = branches(node);
        for (at, (name, branch)) in branches.iter().enumerate() {
            let (fork, next) = match node.input() {
                None if at + 1 == branches.len() => ("└─", "   "),
                _ => ("├─", "│  "),
            };
            self.grow(branch, &format!("{below}{fork} {name}: "), &format!("{below}{next}"))?;
        }
        match node.input() {
            Some(input) => self.grow(input, &format!("{below}└─ "), &format!("{below}   ")),
            None => Ok(()),
        }
    }
}

/// The nodes right below: its branches, then its input.
pub(crate) fn children(node: &Node) -> Vec<&Node> {
    branches(node).into_iter().map(|(_, branch)| branch).chain(node.input()).collect()
}

/// What a node looks into besides its input, by name: the brackets of a pattern, the queries within its expressions.
pub(crate) fn branches(node: &Node) -> Vec<(&str, &Node)> {
    if let Node::Pattern(pattern) = node {
        return pattern.brackets.iter().map(|it| (it.name.as_str(), &it.input)).collect();
    }
    queries(node).into_iter().map(|query| ("in", query)).collect()
}

/// The queries within the expressions of a node.
pub(crate) fn queries(node: &Node) -> Vec<&Node> {
    let expressions: Vec<&Expr> = match node {
        Node::Filter { predicate, .. } => vec![predicate],
        Node::Project { items, .. }
        | Node::Derive { items, .. }
        | Node::Unique { keys: items, .. } => items.iter().collect(),
        Node::Explode { item, .. } => vec![item],
        Node::Aggregate { keys, aggregates, .. } => {
            let calls = aggregates.iter().flat_map(|aggregate| &aggregate.calls);
            let arguments = calls.filter_map(|call| call.argument.as_ref());
            keys.iter().map(|key| &key.expr).chain(arguments).collect()
        }
        Node::Sort { keys, .. } | Node::TopN { keys, .. } => {
            keys.iter().map(|key| &key.expr).collect()
        }
        Node::Nothing
        | Node::Scan
        | Node::PostingsScan { .. }
        | Node::ColumnScan { .. }
        | Node::CatalogScan { .. }
        | Node::Rows { .. }
        | Node::Pattern(_)
        | Node::Fill { .. }
        | Node::Head { .. }
        | Node::Tail { .. }
        | Node::Skip { .. }
        | Node::Sample { .. }
        | Node::Dyads { .. } => Vec::new(),
    };
    let mut found = Vec::new();
    all_within(expressions, &mut found);
    found
}

fn all_within<'e>(exprs: impl IntoIterator<Item = &'e Expr>, found: &mut Vec<&'e Node>) {
    for expr in exprs {
        within(expr, found);
    }
}

/// The queries within an expression.
fn within<'e>(expr: &'e Expr, found: &mut Vec<&'e Node>) {
    match expr {
        Expr::Constant(_)
        | Expr::Column(_)
        | Expr::Field(_)
        | Expr::Property(..)
        | Expr::Attribute(_)
        | Expr::Named { .. }
        | Expr::KindIn { .. }
        | Expr::Dyad(_)
        | Expr::Pairs { .. }
        | Expr::Score(_) => {}
        Expr::Of { event, expr } => {
            within(event, found);
            within(expr, found);
        }
        Expr::Member(inner, _)
        | Expr::OfDocument(inner, _)
        | Expr::Index(inner, _)
        | Expr::Not(inner)
        | Expr::IsNull(inner)
        | Expr::Possibly(inner)
        | Expr::Certainly(inner)
        | Expr::Negate(inner, _)
        | Expr::Prefix { left: inner, .. }
        | Expr::Highlight(inner, _)
        | Expr::Match { left: inner, .. } => within(inner, found),
        Expr::Or(parts)
        | Expr::And(parts)
        | Expr::Coalesce(parts)
        | Expr::Call { args: parts, .. } => all_within(parts, found),
        Expr::Compare { left, right, .. } | Expr::Arithmetic { left, right, .. } => {
            within(left, found);
            within(right, found);
        }
        Expr::InList { left, list } => {
            within(left, found);
            all_within(list, found);
        }
        Expr::InRange { left, from, to } => {
            within(left, found);
            all_within(from.iter().chain(to).map(|end| &**end), found);
        }
        Expr::InQuery { left, query, .. } => {
            within(left, found);
            found.push(Arc::as_ref(query));
        }
        Expr::When { left, period, .. } => {
            within(left, found);
            if let PeriodExpr::Of(period) = period {
                within(period, found);
            }
        }
    }
}
