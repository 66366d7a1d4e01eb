//! Groupings of rows that were made out of one: `events | dyads directed | count by source, target, year`.
//!
//! An event with several values is in a group for each of them, so that a grouping by a name that `explode` has made is
//! one by the field that it came from.
//!
//! Where the keys tell the pair, each pair of an event is in a group of its own, as each value of a field with several
//! values is: the pairs themselves are then one key, no tuple is made of any, and columns may tell them.
//!
//! ```text
//! Aggregate: count() by #1, #2, year       Sort: #0, #1, #2
//! └─ Dyads: dyad, source, target           └─ Project: #0.source, #0.target, #1, #2
//!    └─ Scan: all events                      └─ Filter: not (#0 is null)
//!                                                └─ Aggregate: count() by directed pairs, year
//!                                                   └─ Scan: all events
//! ```

use crate::catalog::Catalog;
use crate::error::Result;

use super::columnar;
use super::expression::Expr;
use super::function::Function;
use super::plan::{Aggregate, GroupKey, Node, SortKey, dyad_columns};

/// A grouping of such rows as one of events, where columns tell all of it; as it is where they do not.
#[expect(clippy::unnecessary_wraps, reason = "an optimizer may read the catalogue")]
pub(super) fn group_events(node: Node, catalog: &Catalog) -> Result<Node> {
    Ok(if catalog.is_sealed() { grouped(by_value(node)) } else { node })
}

/// A grouping by the names that `explode` has made.
fn by_value(mut node: Node) -> Node {
    let Node::Aggregate { input, keys, aggregates, .. } = &mut node else { return node };
    // Other values may stand in an event twice, and then have two rows in one group.
    let Node::Explode { input: below, item, at: None, names: true } = input.as_mut() else {
        return node;
    };
    let is_it = |key: &GroupKey| matches!(key.expr, Expr::Column(0));
    if !matches!(item, Expr::Field(_)) || !is_over_events(below) || !keys.iter().any(is_it) {
        return node;
    }
    let mut by_field = keys.clone();
    for key in by_field.iter_mut().filter(|key| is_it(key)) {
        key.expr = item.clone();
    }
    let told = by_field.len() <= columnar::MOST_KEYS
        && !counts_rows_of_all(aggregates)
        && columnar::columns_of_groups(&by_field, aggregates).is_some();
    if told {
        *keys = by_field;
        **input = std::mem::replace(below.as_mut(), Node::Nothing);
    }
    node
}

fn grouped(mut node: Node) -> Node {
    let (Some(directed), Some(sources)) = (pairs_below(&node), sources(&node)) else { return node };
    let order: Vec<SortKey> = (0..sources.len())
        .map(|at| SortKey { expr: Expr::Column(at), descending: false, nulls_first: false })
        .collect();
    let Node::Aggregate { input, keys, aggregates, possible } = &mut node else { return node };
    let others = keys.iter().zip(&sources).filter(|(_, source)| source.is_none());
    let mut grouped_by =
        vec![GroupKey { expr: Expr::Pairs { directed }, period: None, spread: false }];
    grouped_by.extend(others.map(|(key, _)| key.clone()));
    if grouped_by.len() > columnar::MOST_KEYS
        || counts_rows_of_all(aggregates)
        || columnar::columns_of_groups(&grouped_by, aggregates).is_none()
    {
        return node;
    }
    let mut next = 0;
    let mut items: Vec<Expr> = Vec::with_capacity(sources.len() + aggregates.len() + 1);
    for source in &sources {
        items.push(if let Some(part) = source {
            Expr::Member(Box::new(Expr::Column(0)), (*part).to_owned())
        } else {
            next += 1;
            Expr::Column(next)
        });
    }
    let behind = aggregates.len() + usize::from(*possible);
    items.extend((0..behind).map(|at| Expr::Column(grouped_by.len() + at)));
    if let Node::Dyads { input: below, .. } = input.as_mut() {
        **input = std::mem::replace(below.as_mut(), Node::Nothing);
    }
    *keys = grouped_by;
    // Events without a pair are in a group of their own, and `dyads` leaves them out.
    let paired = Expr::Not(Box::new(Expr::IsNull(Box::new(Expr::Column(0)))));
    let node = Node::Filter { input: Box::new(node), predicate: paired, counted: false };
    Node::Sort { input: Box::new(Node::Project { input: Box::new(node), items }), keys: order }
}

/// Is something reckoned by the number of all rows? Those are pairs or values then, not events.
fn counts_rows_of_all(aggregates: &[Aggregate]) -> bool {
    let mut calls = aggregates.iter().flat_map(|aggregate| &aggregate.calls);
    calls.any(|call| call.function == Function::Share)
}

/// Is the node a grouping right over pairs, and are these directed?
fn pairs_below(node: &Node) -> Option<bool> {
    let Node::Aggregate { input, .. } = node else { return None };
    let Node::Dyads { directed, input } = input.as_ref() else { return None };
    is_over_events(input).then_some(*directed)
}

/// Are the tuples events without columns of their own, as `derive` makes them?
fn is_over_events(node: &Node) -> bool {
    match node {
        Node::Filter { input, .. } => is_scan(input),
        other => is_scan(other),
    }
}

fn is_scan(node: &Node) -> bool {
    matches!(node, Node::Scan | Node::PostingsScan { .. } | Node::ColumnScan { .. })
}

/// For each key of a grouping over pairs the part of the pair that it is, or none where it is something else; nothing
/// where the keys together do not tell the pair.
fn sources(node: &Node) -> Option<Vec<Option<&'static str>>> {
    let Node::Aggregate { input, keys, .. } = node else { return None };
    let Node::Dyads { directed, .. } = input.as_ref() else { return None };
    let parts = dyad_columns(*directed);
    let part = |key: &GroupKey| match key.expr {
        // Right over events there are no other columns.
        Expr::Column(at) => parts.get(at).copied(),
        _ => None,
    };
    let sources: Vec<_> = keys.iter().map(part).collect();
    let [whole, a, b] = parts;
    let has = |part| sources.contains(&Some(part));
    // Of directed pairs the text does not tell which way.
    let told = (has(a) && has(b)) || (has(whole) && (!directed || has(a) || has(b)));
    told.then_some(sources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Field;

    fn by(keys: Vec<Expr>, directed: bool) -> Node {
        let dyads = Node::Dyads { input: Box::new(Node::Scan), directed };
        let keys =
            keys.into_iter().map(|expr| GroupKey { expr, period: None, spread: false }).collect();
        grouped(Node::Aggregate {
            input: Box::new(dyads),
            keys,
            aggregates: Vec::new(),
            possible: false,
        })
    }

    #[test]
    fn a_name_that_was_exploded_is_one_of_its_field() {
        let by = |item: Expr, names, keys: Vec<Expr>| {
            let explode = Node::Explode { input: Box::new(Node::Scan), item, at: None, names };
            let keys = keys
                .into_iter()
                .map(|expr| GroupKey { expr, period: None, spread: false })
                .collect();
            let (input, aggregates) = (Box::new(explode), Vec::new());
            let node = Node::Aggregate { input, keys, aggregates, possible: false };
            by_value(node).input().map(ToString::to_string).unwrap_or_default()
        };
        let (actor, column) = (Expr::Field(Field::Actor), Expr::Column(0));
        let over_events = by(actor.clone(), true, vec![Expr::Field(Field::Year), column.clone()]);
        assert_eq!(over_events, "Scan: all events");
        assert_eq!(by(actor.clone(), true, vec![Expr::Field(Field::Year)]), "Explode: actor");
        let tag = Expr::Attribute("tag".to_owned());
        assert_eq!(by(tag, false, vec![column]), "Explode: tag");
    }

    #[test]
    fn keys_that_tell_the_pair_are_the_pair() {
        let (source, target) = (Expr::Column(1), Expr::Column(2));
        let told = by(vec![target, Expr::Field(Field::Year), source.clone()], true);
        let Node::Sort { input, .. } = &told else { panic!("{told}") };
        assert_eq!(input.to_string(), "Project: #0.target, #1, #0.source");
        for keys in [vec![source], vec![Expr::Column(0)], Vec::new()] {
            assert!(matches!(by(keys, true), Node::Aggregate { .. }));
        }
        assert!(matches!(by(vec![Expr::Column(0)], false), Node::Sort { .. }));
        let summary = vec![Expr::Column(0), Expr::Field(Field::Summary)];
        assert!(matches!(by(summary, false), Node::Aggregate { .. }));
    }
}
