//! Plans over a small store: what goes through all operators.

use std::sync::Arc;

use super::*;
use crate::catalog::{Catalog, Field};
use crate::error::{Error, Span};
use crate::model::{Date, Location, Participant, Period, Role, Status};
use crate::parser::ast::CmpOp;
use crate::planner::expression::Expr;
use crate::planner::function::Function;
use crate::planner::plan::{Aggregate, AggregateCall, GroupKey, SortKey};
use crate::storage::{Store, StoreOptions};

fn event(date: Option<Date>, source: &str, target: &str, place: &str, status: Status) -> Event {
    let with = |name: &str, role| Participant::new(name, role);
    Event {
        kind: "visit".to_owned(),
        participants: vec![with(source, Role::Source), with(target, Role::Target)],
        date,
        places: vec![Location { name: place.to_owned(), coordinates: None }],
        status,
        summary: Some(format!("{source} went to {place}")),
        ..Event::default()
    }
}

/// Five visits: 2014, some day of 2015, June 2015, one that is planned, one without a date.
fn context(limits: Limits) -> Arc<Context> {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut transaction = store.begin().unwrap();
    for event in [
        event(Some(Date::month(2014, 3)), "A", "B", "Moscow", Status::Happened),
        event(Some(Date::year(2015)), "A", "C", "Moscow", Status::Happened),
        event(Some(Date::month(2015, 6)), "B", "C", "Lahore", Status::Happened),
        event(Some(Date::month(2013, 1)), "B", "A", "Lahore", Status::Planned),
        event(None, "C", "A", "Quetta", Status::Happened),
    ] {
        transaction.insert(event).unwrap();
    }
    transaction.commit().unwrap();
    let view = store.view().unwrap();
    let catalog = Catalog::new(view.clone());
    Arc::new(Context::new(view, catalog, limits, CancelToken::new()))
}

fn run(node: &Node) -> Vec<Vec<Value>> {
    let context = context(Limits::default());
    execute(node, &context).unwrap().map(|tuple| tuple.unwrap().values).collect()
}

fn select(input: Node, fields: &[Field]) -> Node {
    let items = fields.iter().map(|field| Expr::Field(*field)).collect();
    Node::Project { input: Box::new(input), items }
}

fn since(year: i64) -> Expr {
    Expr::Compare {
        left: Box::new(Expr::Field(Field::Date)),
        op: CmpOp::Ge,
        right: Box::new(Expr::Constant(Date::year(year).into())),
    }
}

fn filter(predicate: Expr) -> Node {
    Node::Filter { input: Box::new(Node::Scan), predicate, counted: true }
}

fn ids(node: &Node) -> Vec<u64> {
    let context = context(Limits::default());
    let tuples = execute(node, &context).unwrap();
    tuples.map(|tuple| tuple.unwrap().id().unwrap().0).collect()
}

fn call(function: Function, argument: Option<Expr>) -> Aggregate {
    let span = Span::default();
    Aggregate {
        expr: Expr::Column(0),
        calls: vec![AggregateCall { function, argument, any_status: false, span }],
    }
}

#[test]
fn a_filter_keeps_what_is_certain_and_counts_what_is_possible() {
    let context = context(Limits::default());
    let node = filter(since(2015));
    assert_eq!(execute(&node, &context).unwrap().count(), 2);
    assert_eq!(context.tally.possible(), 1);
    assert_eq!(context.tally.scanned(), 5);
    assert_eq!(context.tally.statuses(), [(Status::Happened, 2)]);
    assert!(!context.tally.stopped_early());
    let head = Node::Head { input: Box::new(node), count: 1 };
    assert_eq!(execute(&head, &context).unwrap().count(), 1);
    assert!(context.tally.stopped_early());
}

#[test]
fn a_condition_its_negation_and_what_is_in_doubt_make_up_all() {
    let certain = ids(&filter(since(2015))).len();
    let negated = ids(&filter(Expr::Not(Box::new(since(2015))))).len();
    let possible = ids(&filter(Expr::Possibly(Box::new(since(2015))))).len();
    assert_eq!((certain, negated, possible), (2, 2, 3));
}

#[test]
fn the_undated_are_last_whichever_way_the_order_goes() {
    for descending in [false, true] {
        let expr = Expr::Field(Field::Date);
        let keys = vec![SortKey { expr, descending, nulls_first: false }];
        let sorted = ids(&Node::Sort { input: Box::new(Node::Scan), keys: keys.clone() });
        assert_eq!(sorted.last(), ids(&Node::Scan).last());
        let top = ids(&Node::TopN { input: Box::new(Node::Scan), count: 3, keys });
        assert_eq!(top, sorted[..3]);
    }
}

#[test]
fn groups_of_periods_bound_the_truth() {
    let keys = vec![GroupKey {
        expr: Expr::Field(Field::Month),
        period: Some(Period::Month),
        spread: false,
    }];
    let node = Node::Aggregate {
        input: Box::new(filter(since(2015))),
        keys,
        aggregates: vec![call(Function::Count, None)],
        possible: true,
    };
    let rows = run(&node);
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[5], [Date::month(2015, 6).into(), Value::Int(1), Value::Int(1)]);
    assert_eq!(rows[6], [Date::month(2015, 7).into(), Value::Int(0), Value::Int(1)]);
}

#[test]
fn an_event_counts_once_for_each_value_of_a_key() {
    let node = Node::Aggregate {
        input: Box::new(Node::Scan),
        keys: vec![GroupKey { expr: Expr::Field(Field::Actor), period: None, spread: false }],
        aggregates: vec![call(Function::Count, None)],
        possible: false,
    };
    let counts: Vec<_> = run(&node).into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(counts, [Value::Int(4), Value::Int(3), Value::Int(3)]);
}

#[test]
fn first_looks_at_what_happened() {
    let place = || Some(Expr::Index(Box::new(Expr::Field(Field::Place)), 0));
    let aggregates = vec![
        call(Function::First, Some(Expr::Field(Field::Date))),
        call(Function::Min, Some(Expr::Field(Field::Date))),
        call(Function::Last, place()),
    ];
    let whole = |input, aggregates| Node::Aggregate {
        input: Box::new(input),
        keys: Vec::new(),
        aggregates,
        possible: false,
    };
    let first = Value::from(Date::month(2014, 3));
    assert_eq!(run(&whole(Node::Scan, aggregates)), [[first.clone(), first, "Lahore".into()]]);
    let nothing = whole(Node::Nothing, vec![call(Function::Count, None)]);
    assert_eq!(run(&nothing), [[Value::Int(0)]]);
}

#[test]
fn a_query_within_a_condition_runs_once() {
    let moscow = Expr::Compare {
        left: Box::new(Expr::Field(Field::Place)),
        op: CmpOp::Eq,
        right: Box::new(Expr::Constant("moscow".into())),
    };
    let query = Arc::new(select(filter(moscow), &[Field::Target]));
    let node = filter(Expr::InQuery {
        left: Box::new(Expr::Field(Field::Source)),
        holds: Field::Source.field_type(),
        query,
    });
    let context = context(Limits::default());
    assert_eq!(execute(&node, &context).unwrap().count(), 3);
    assert_eq!(context.tally.scanned(), 10);
}

#[test]
fn pairs_are_derived_and_unique_keeps_the_first() {
    let pairs = select(Node::Scan, &[Field::Pair]);
    let unique = Node::Unique { input: Box::new(pairs), keys: vec![Expr::Column(0)] };
    let list = |pair: &str| Value::from(vec![pair]);
    assert_eq!(run(&unique), [[list("A–B")], [list("A–C")], [list("B–C")]]);
    let tail = Node::Tail { input: Box::new(Node::Scan), count: 2 };
    let skip = Node::Skip { input: Box::new(Node::Scan), count: 3 };
    assert_eq!(ids(&tail), ids(&skip));
    let sample = Node::Sample { input: Box::new(Node::Scan), count: 3, seed: 7 };
    let chosen = ids(&sample);
    assert_eq!((chosen.len(), chosen.is_sorted()), (3, true));
    assert_eq!(chosen, ids(&sample));
}

#[test]
fn limits_stop_a_query_and_say_so() {
    let small = Limits { memory: 100, ..Limits::default() };
    let expr = Expr::Field(Field::Date);
    let keys = vec![SortKey { expr, descending: false, nulls_first: false }];
    let sort = Node::Sort { input: Box::new(Node::Scan), keys };
    let mut tuples = execute(&sort, &context(small)).unwrap();
    let error = tuples.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("`sort` needs more than the 100 bytes"), "{error}");
    assert!(tuples.next().is_none());

    let context = context(Limits::default());
    let mut tuples = execute(&Node::Scan, &context).unwrap();
    context.cancel.cancel();
    assert!(matches!(tuples.next(), Some(Err(Error::Cancelled))));
    assert!(matches!(execute(&Node::Scan, &context), Err(Error::Cancelled)));
}
