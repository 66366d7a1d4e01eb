//! Queries within expressions: each is optimized as one that stands alone, before what is around it is looked at.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::error::Result;

use super::expression::{Expr, PeriodExpr};
use super::optimizer::optimize_node;
use super::plan::Node;
use super::tree;

/// A node with the queries in its expressions optimized.
pub(super) fn optimize(mut node: Node, catalog: &Catalog) -> Result<Node> {
    if tree::queries(&node).is_empty() {
        return Ok(node);
    }
    let mut each = |query: &mut Arc<Node>| -> Result<()> {
        *query = Arc::new(optimize_node(query.as_ref().clone(), catalog)?);
        Ok(())
    };
    match &mut node {
        Node::Filter { predicate: item, .. } | Node::Explode { item, .. } => {
            within(item, &mut each)?;
        }
        Node::Project { items, .. }
        | Node::Derive { items, .. }
        | Node::Unique { keys: items, .. } => all_within(items, &mut each)?,
        Node::Aggregate { keys, aggregates, .. } => {
            all_within(keys.iter_mut().map(|key| &mut key.expr), &mut each)?;
            let calls = aggregates.iter_mut().flat_map(|aggregate| &mut aggregate.calls);
            all_within(calls.filter_map(|call| call.argument.as_mut()), &mut each)?;
        }
        Node::Sort { keys, .. } | Node::TopN { keys, .. } => {
            all_within(keys.iter_mut().map(|key| &mut key.expr), &mut each)?;
        }
        _ => {}
    }
    Ok(node)
}

fn all_within<'e>(
    exprs: impl IntoIterator<Item = &'e mut Expr>,
    each: &mut dyn FnMut(&mut Arc<Node>) -> Result<()>,
) -> Result<()> {
    exprs.into_iter().try_for_each(|expr| within(expr, each))
}

/// Visits the queries within an expression.
fn within(expr: &mut Expr, each: &mut dyn FnMut(&mut Arc<Node>) -> Result<()>) -> Result<()> {
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
        | Expr::Score(_) => Ok(()),
        Expr::Of { event, expr } => {
            within(event, each)?;
            within(expr, each)
        }
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
        | Expr::Match { left: inner, .. } => within(inner, each),
        Expr::Or(parts)
        | Expr::And(parts)
        | Expr::Coalesce(parts)
        | Expr::Call { args: parts, .. } => all_within(parts, each),
        Expr::Compare { left, right, .. } | Expr::Arithmetic { left, right, .. } => {
            within(left, each)?;
            within(right, each)
        }
        Expr::InList { left, list } => {
            within(left, each)?;
            all_within(list, each)
        }
        Expr::InRange { left, from, to } => {
            within(left, each)?;
            all_within(from.iter_mut().chain(to).map(|end| &mut **end), each)
        }
        Expr::InQuery { left, query, .. } => {
            within(left, each)?;
            each(query)
        }
        Expr::When { left, period, .. } => {
            within(left, each)?;
            match period {
                PeriodExpr::Of(period) => within(period, each),
                PeriodExpr::Days(_) => Ok(()),
            }
        }
    }
}
