//! What plans and expressions are made of, for those who walk through them.

use std::iter::once;
use std::sync::Arc;

use super::expression::{Expr, PeriodExpr};
use super::plan::Node;

/// The expressions right within one, in the order of writing.
macro_rules! parts {
    ($expr:expr, $each:ident, $the:ident) => {
        match $expr {
            Expr::Constant(_)
            | Expr::Column(_)
            | Expr::Field(_)
            | Expr::Property(..)
            | Expr::Attribute(_)
            | Expr::Named { .. }
            | Expr::KindIn { .. }
            | Expr::Dyad(_)
            | Expr::Pairs { .. }
            | Expr::Score(_) => Vec::new(),
            Expr::Member(inner, _)
            | Expr::OfDocument(inner, _)
            | Expr::Index(inner, _)
            | Expr::Not(inner)
            | Expr::IsNull(inner)
            | Expr::Possibly(inner)
            | Expr::Certainly(inner)
            | Expr::Negate(inner, _)
            | Expr::Highlight(inner, _)
            | Expr::Prefix { left: inner, .. }
            | Expr::Match { left: inner, .. }
            | Expr::InQuery { left: inner, .. }
            | Expr::When { left: inner, period: PeriodExpr::Days(_), .. } => vec![inner.$the()],
            Expr::Or(parts)
            | Expr::And(parts)
            | Expr::Coalesce(parts)
            | Expr::Call { args: parts, .. } => parts.$each().collect(),
            Expr::Of { event: left, expr: right, .. }
            | Expr::Compare { left, right, .. }
            | Expr::Arithmetic { left, right, .. }
            | Expr::When { left, period: PeriodExpr::Of(right), .. } => {
                vec![left.$the(), right.$the()]
            }
            Expr::InList { left, list } => once(left.$the()).chain(list.$each()).collect(),
            Expr::InRange { left, from, to } => {
                let ends = from.$each().chain(to.$each()).map(|end| end.$the());
                once(left.$the()).chain(ends).collect()
            }
        }
    };
}

/// The expressions of an operator, those of its inputs not among them.
macro_rules! expressions {
    ($node:expr, $each:ident, $the:ident, $key:expr) => {
        match $node {
            Node::Filter { predicate: item, .. } | Node::Explode { item, .. } => vec![item],
            Node::Project { items, .. }
            | Node::Derive { items, .. }
            | Node::Unique { keys: items, .. } => items.$each().collect(),
            Node::Aggregate { keys, aggregates, .. } => {
                let calls = aggregates.$each().flat_map(|aggregate| aggregate.calls.$each());
                let arguments = calls.filter_map(|call| call.argument.$the());
                keys.$each().map($key).chain(arguments).collect()
            }
            Node::Sort { keys, .. } | Node::TopN { keys, .. } => keys.$each().map($key).collect(),
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
            | Node::Fetch { .. }
            | Node::Dyads { .. } => Vec::new(),
        }
    };
}

/// The operator right below one; none for a leaf, and for a pattern, which has several.
macro_rules! input {
    ($node:expr) => {
        match $node {
            Node::Nothing
            | Node::Scan
            | Node::PostingsScan { .. }
            | Node::ColumnScan { .. }
            | Node::CatalogScan { .. }
            | Node::Rows { .. }
            | Node::Pattern(_) => None,
            Node::Filter { input, .. }
            | Node::Project { input, .. }
            | Node::Derive { input, .. }
            | Node::Aggregate { input, .. }
            | Node::Fill { input, .. }
            | Node::Sort { input, .. }
            | Node::TopN { input, .. }
            | Node::Head { input, .. }
            | Node::Tail { input, .. }
            | Node::Skip { input, .. }
            | Node::Sample { input, .. }
            | Node::Unique { input, .. }
            | Node::Explode { input, .. }
            | Node::Dyads { input, .. }
            | Node::Fetch { input } => Some(input),
        }
    };
}

impl Expr {
    /// The expressions right within it.
    pub(super) fn parts(&self) -> Vec<&Expr> {
        parts!(self, iter, as_ref)
    }

    fn parts_mut(&mut self) -> Vec<&mut Expr> {
        parts!(self, iter_mut, as_mut)
    }

    /// Visits the queries within it, in the order of writing.
    fn each_query<'e>(&'e self, visit: &mut dyn FnMut(&'e Node)) {
        for part in self.parts() {
            part.each_query(visit);
        }
        if let Expr::InQuery { query, .. } = self {
            visit(query);
        }
    }

    /// The same, to change them.
    fn try_each_query_mut<E>(
        &mut self,
        visit: &mut dyn FnMut(&mut Arc<Node>) -> Result<(), E>,
    ) -> Result<(), E> {
        for part in self.parts_mut() {
            part.try_each_query_mut(visit)?;
        }
        match self {
            Expr::InQuery { query, .. } => visit(query),
            _ => Ok(()),
        }
    }
}

impl Node {
    /// The operator right below; none for a leaf, and for a pattern, which has several.
    pub(crate) fn input(&self) -> Option<&Node> {
        input!(self)
    }

    /// The same, to change it.
    pub(crate) fn input_mut(&mut self) -> Option<&mut Node> {
        input!(self)
    }

    /// The queries within its expressions.
    pub(crate) fn queries(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        for expr in expressions!(self, iter, as_ref, |key| &key.expr) {
            expr.each_query(&mut |query| found.push(query));
        }
        found
    }

    /// Visits the queries within its expressions, to change them.
    pub(crate) fn try_each_query<E>(
        &mut self,
        visit: &mut dyn FnMut(&mut Arc<Node>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut expressions: Vec<&mut Expr> =
            expressions!(self, iter_mut, as_mut, |key| &mut key.expr);
        expressions.iter_mut().try_for_each(|expr| expr.try_each_query_mut(visit))
    }
}
