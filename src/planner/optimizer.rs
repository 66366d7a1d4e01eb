//! Optimizers: an ordered list, each with its reason. Each keeps the rows as they are.

use std::sync::Arc;

use crate::catalog::{Catalog, Field, FieldType};
use crate::error::Result;
use crate::model::{Date, Day, Days, EventId, Value};
use crate::parser::ast::{CmpOp, Relation};
use crate::storage::Posting;

use super::columnar;
use super::expression::{DyadTest, Expr, Names, PeriodExpr};
use super::plan::{Node, Plan, Postings};
use super::subquery;
use super::told;
use super::unfold;
use super::word_list;

/// An optimizer: its name, and what it makes of a node whose inputs it has been through.
type Optimizer = (&'static str, fn(Node, &Catalog) -> Result<Node>);

/// The optimizers in their order.
pub(crate) const OPTIMIZERS: &[Optimizer] = &[
    // One filter sees all conditions at once, so that the next can pick among them.
    ("join filters", join_filters),
    // What can never be true needs no scan.
    ("drop the impossible", drop_impossible),
    // A postings scan reads only events that may fit; the filter above stays and decides.
    ("use postings", use_postings),
    // A query within a condition reads no more than one that stands alone.
    ("optimize subqueries", subquery::optimize),
    // Pairs and names that are grouped by need no tuple each.
    ("group events", unfold::group_events),
    // What columns tell of sealed events needs no records.
    ("use columns", use_columns),
    // The first of an order needs no full sort.
    ("bound the sort", bound_sort),
];

/// Optimizes a plan.
pub(crate) fn optimize(plan: Plan, catalog: &Catalog) -> Result<Plan> {
    Ok(match plan {
        Plan::Query(mut query) => {
            query.root = optimize_node(query.root, catalog)?;
            Plan::Query(told::by_columns(query, catalog))
        }
        Plan::Delete { input, because } => {
            Plan::Delete { input: optimize_node(input, catalog)?, because }
        }
        Plan::Undo { import, input, because } => {
            Plan::Undo { import, input: optimize_node(input, catalog)?, because }
        }
        other => other,
    })
}

/// Optimizes a tree of operators: every optimizer over the whole tree, from the leaves up.
pub(crate) fn optimize_node(mut node: Node, catalog: &Catalog) -> Result<Node> {
    for (_, optimizer) in OPTIMIZERS {
        node = bottom_up(node, &mut |node| optimizer(node, catalog))?;
    }
    Ok(node)
}

fn bottom_up(node: Node, apply: &mut dyn FnMut(Node) -> Result<Node>) -> Result<Node> {
    let mut below = |input: Box<Node>| bottom_up(*input, apply).map(Box::new);
    let node = match node {
        Node::Filter { input, predicate, counted } => {
            Node::Filter { input: below(input)?, predicate, counted }
        }
        Node::Project { input, items } => Node::Project { input: below(input)?, items },
        Node::Derive { input, items } => Node::Derive { input: below(input)?, items },
        Node::Aggregate { input, keys, aggregates, possible } => {
            Node::Aggregate { input: below(input)?, keys, aggregates, possible }
        }
        Node::Fill { input, filling } => Node::Fill { input: below(input)?, filling },
        Node::Sort { input, keys } => Node::Sort { input: below(input)?, keys },
        Node::TopN { input, count, keys } => Node::TopN { input: below(input)?, count, keys },
        Node::Head { input, count } => Node::Head { input: below(input)?, count },
        Node::Tail { input, count } => Node::Tail { input: below(input)?, count },
        Node::Skip { input, count } => Node::Skip { input: below(input)?, count },
        Node::Fetch { input } => Node::Fetch { input: below(input)? },
        Node::Sample { input, count, seed } => Node::Sample { input: below(input)?, count, seed },
        Node::Unique { input, keys } => Node::Unique { input: below(input)?, keys },
        Node::Pattern(pattern) => {
            let mut pattern = Arc::unwrap_or_clone(pattern);
            for bracket in &mut pattern.brackets {
                let input = std::mem::replace(&mut bracket.input, Node::Nothing);
                bracket.input = bottom_up(input, apply)?;
            }
            Node::Pattern(Arc::new(pattern))
        }
        Node::Explode { input, item, at, names } => {
            Node::Explode { input: below(input)?, item, at, names }
        }
        Node::Dyads { input, directed } => Node::Dyads { input: below(input)?, directed },
        leaf @ (Node::Nothing
        | Node::Scan
        | Node::PostingsScan { .. }
        | Node::ColumnScan { .. }
        | Node::CatalogScan { .. }
        | Node::Rows { .. }) => leaf,
    };
    apply(node)
}

#[expect(clippy::unnecessary_wraps, reason = "an optimizer may read the catalogue")]
fn join_filters(node: Node, _: &Catalog) -> Result<Node> {
    Ok(match node {
        Node::Filter { input, predicate, counted } => match *input {
            Node::Filter { input, predicate: first, counted: below } if counted == below => {
                Node::Filter { input, predicate: Expr::and([first, predicate]), counted }
            }
            other => Node::Filter { input: Box::new(other), predicate, counted },
        },
        other => other,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "an optimizer may read the catalogue")]
fn drop_impossible(node: Node, _: &Catalog) -> Result<Node> {
    let never = |e: &Expr| matches!(e, Expr::Constant(Value::Bool(false) | Value::Null));
    Ok(match node {
        Node::Filter { input, predicate: Expr::Constant(Value::Bool(true)), .. } => *input,
        Node::Filter { predicate, .. } if never(&predicate) => Node::Nothing,
        Node::Filter { predicate: Expr::And(parts), .. } if parts.iter().any(never) => {
            Node::Nothing
        }
        other => other,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "an optimizer may read the catalogue")]
fn bound_sort(node: Node, _: &Catalog) -> Result<Node> {
    Ok(match node {
        Node::Head { input, count } => match *input {
            Node::Sort { input, keys } => Node::TopN { input, count, keys },
            other => Node::Head { input: Box::new(other), count },
        },
        other => other,
    })
}

fn use_postings(node: Node, catalog: &Catalog) -> Result<Node> {
    Ok(match node {
        Node::Filter { input, predicate, counted } if matches!(*input, Node::Scan) => {
            let input = match postings_of(&predicate, catalog)? {
                Some(postings) => Node::PostingsScan { postings },
                None => Node::Scan,
            };
            Node::Filter { input: Box::new(input), predicate, counted }
        }
        other => other,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "an optimizer may read the catalogue")]
fn use_columns(node: Node, catalog: &Catalog) -> Result<Node> {
    Ok(if catalog.is_sealed() { columnar::over_columns(node) } else { node })
}

/// Postings that leave every event for which the condition is certainly *or possibly* true; none where no postings help.
fn postings_of(expr: &Expr, catalog: &Catalog) -> Result<Option<Postings>> {
    let any_of = |field, values: Vec<String>, text: &str| {
        Ok(Some(Postings::AnyOf { field, values, text: text.to_owned() }))
    };
    match expr {
        Expr::And(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(postings_of(part, catalog)?);
            }
            Ok(match all.len() {
                0 => None,
                1 => all.pop(),
                _ => Some(Postings::And(all)),
            })
        }
        Expr::Or(parts) => {
            let each = parts
                .iter()
                .map(|part| postings_of(part, catalog))
                .collect::<Result<Option<Vec<_>>>>()?;
            Ok(each.map(Postings::Or))
        }
        Expr::Possibly(inner) | Expr::Certainly(inner) => postings_of(inner, catalog),
        Expr::Named { names: Names::Field(field), set, text } => match posting_of_names(*field) {
            Some(posting) if !set.has_stateless() => {
                let mut names: Vec<String> = set.names().map(str::to_owned).collect();
                names.sort();
                any_of(posting, names, text)
            }
            _ => Ok(None),
        },
        Expr::KindIn { kinds, text } => {
            any_of(Posting::Kind, kinds.iter().cloned().collect(), text)
        }
        Expr::Dyad(test) => {
            let sides = match test {
                DyadTest::Between(a, b) => vec![a, b],
                DyadTest::Directed { from, to } => from.iter().chain(to).collect(),
                DyadTest::Involving(parties) => parties.iter().collect(),
            };
            let sides: Vec<Postings> = sides
                .into_iter()
                .filter(|set| !set.has_stateless())
                .map(|set| {
                    let mut values: Vec<String> = set.names().map(str::to_owned).collect();
                    values.sort();
                    Postings::AnyOf { field: Posting::Name, values, text: "a side".to_owned() }
                })
                .collect();
            Ok((!sides.is_empty()).then_some(Postings::And(sides)))
        }
        Expr::Prefix { left, prefixes } => match left.as_ref() {
            Expr::Field(Field::Code) => Ok(Some(codes(prefixes, false, catalog)?)),
            Expr::Property(field, property) => match posting_of_codes(*field, property) {
                Some(posting) => {
                    let mut values = Vec::new();
                    for prefix in prefixes {
                        values.extend(catalog.values_under(posting, prefix)?);
                    }
                    any_of(posting, values, &prefixes.join(", "))
                }
                None => Ok(None),
            },
            _ => Ok(None),
        },
        Expr::Match { left, patterns } if matches!(left.as_ref(), Expr::Field(Field::Summary)) => {
            word_list::postings_of(patterns, catalog)
        }
        Expr::When { left, relation, period: PeriodExpr::Days(days) } if is_event_date(left) => {
            let days = match relation {
                Relation::During | Relation::Overlaps => *days,
                Relation::Before => Days { first: Day::MIN, last: days.first },
                Relation::After => Days { first: days.last, last: Day::MAX },
            };
            years(days, catalog)
        }
        Expr::Compare { left, op, right } => match (left.as_ref(), right.as_ref()) {
            (left, Expr::Constant(Value::Date(date))) if is_event_date(left) => {
                years(days_of(*op, date), catalog)
            }
            (Expr::Field(field), Expr::Constant(value))
                if matches!(op, CmpOp::Eq | CmpOp::Same) =>
            {
                equal(*field, value, catalog)
            }
            (Expr::Property(field, property), Expr::Constant(Value::Text(code)))
                if matches!(op, CmpOp::Eq | CmpOp::Same) =>
            {
                match posting_of_codes(*field, property) {
                    Some(posting) => any_of(posting, catalog.written_as(posting, code)?, code),
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        },
        Expr::InList { left, list } => {
            let Expr::Field(field) = left.as_ref() else { return Ok(None) };
            let mut each = Vec::with_capacity(list.len());
            for member in list {
                let Expr::Constant(value) = member else { return Ok(None) };
                match equal(*field, value, catalog)? {
                    Some(postings) => each.push(postings),
                    None => return Ok(None),
                }
            }
            Ok(Some(Postings::Or(each)))
        }
        _ => Ok(None),
    }
}

fn equal(field: Field, value: &Value, catalog: &Catalog) -> Result<Option<Postings>> {
    Ok(match (field, value) {
        (Field::Id, Value::Int(id)) => {
            Some(Postings::Ids(u64::try_from(*id).map(EventId).into_iter().collect()))
        }
        (Field::Key, Value::Text(key)) => Some(Postings::Key(key.clone())),
        (Field::Code, Value::Text(code)) => Some(codes(std::slice::from_ref(code), true, catalog)?),
        (Field::Root, Value::Text(root)) => {
            Some(codes(std::slice::from_ref(root), false, catalog)?)
        }
        // What most events have leaves too little out.
        (Field::Status, Value::Text(status)) if catalog.is_rare(Posting::Status, status)? => {
            Some(Postings::AnyOf {
                field: Posting::Status,
                values: vec![status.clone()],
                text: status.clone(),
            })
        }
        (Field::Documents, Value::Text(key)) => Some(Postings::AnyOf {
            field: Posting::Document,
            values: vec![key.clone()],
            text: key.clone(),
        }),
        _ => None,
    })
}

/// Events whose own code starts so, and events of kinds whose code does, since these need not give one.
fn codes(prefixes: &[String], exact: bool, catalog: &Catalog) -> Result<Postings> {
    let (mut own, mut kinds) = (Vec::new(), Vec::new());
    for prefix in prefixes {
        own.extend(
            catalog
                .values_under(Posting::Code, prefix)?
                .into_iter()
                .filter(|code| !exact || code == prefix),
        );
        kinds.extend(catalog.kinds_with_code_under(prefix)?);
    }
    let text = prefixes.join(", ");
    let by_kind =
        Postings::AnyOf { field: Posting::Kind, values: kinds, text: format!("kinds of {text}") };
    if own.is_empty() {
        return Ok(by_kind);
    }
    Ok(Postings::Or(vec![Postings::AnyOf { field: Posting::Code, values: own, text }, by_kind]))
}

fn years(days: Days, catalog: &Catalog) -> Result<Option<Postings>> {
    let year = |day: Day, open: &str| {
        if day.is_known() { day.ymd().0.to_string() } else { open.to_owned() }
    };
    let text = match (year(days.first, ""), year(days.last, "")) {
        (a, b) if a == b => a,
        (a, b) => format!("{a}..{b}"),
    };
    Ok(Some(Postings::AnyOf { field: Posting::Year, values: catalog.years_touching(days)?, text }))
}

/// The days among which a date must have one for the comparison to be possible.
pub(super) fn days_of(op: CmpOp, date: &Date) -> Days {
    let (first, last) = (date.earliest(), date.latest());
    match op {
        CmpOp::Lt | CmpOp::Le => Days { first: Day::MIN, last },
        CmpOp::Gt | CmpOp::Ge => Days { first, last: Day::MAX },
        CmpOp::Eq | CmpOp::Same => Days { first, last },
        CmpOp::Ne | CmpOp::NotSame => Days { first: Day::MIN, last: Day::MAX },
    }
}

pub(super) fn is_event_date(expr: &Expr) -> bool {
    match expr {
        Expr::Field(Field::Date) => true,
        Expr::Field(field) => matches!(field.field_type(), FieldType::Period(_)),
        _ => false,
    }
}

/// The postings in which the codes beside the names of a field are; none where they are in none.
fn posting_of_codes(field: Field, property: &str) -> Option<Posting> {
    posting_of_names(field).filter(|posting| *posting == Posting::Name && property == "code")
}

/// The postings in which the names of a field are; none where they are in none.
fn posting_of_names(field: Field) -> Option<Posting> {
    match field {
        Field::Place => Some(Posting::Place),
        Field::About | Field::SaidBy | Field::States => None,
        other if other.field_type() == FieldType::Actors => Some(Posting::Name),
        _ => None,
    }
}
