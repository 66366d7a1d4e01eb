//! Which columns of sealed events tell what an expression says, so that it need not read their records.
//!
//! Every answer here is a promise to the executor: an expression reads no other place of the event than these columns.
//! What is not known to keep it has none.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{Field, FieldType};
use crate::model::{Days, Value};
use crate::parser::ast::{CmpOp, Relation};
use crate::storage::Posting;
use crate::storage::segment::{ColumnId, PARTICIPANTS};

use super::expression::{Expr, Names, PeriodExpr};
use super::function::Function;
use super::optimizer::{days_of, is_event_date};
use super::plan::{Aggregate, AggregateCall, GroupKey, Node, Postings};

/// The most keys of a grouping over columns: the numbers of their values fit into one word.
pub(crate) const MOST_KEYS: usize = 4;

/// Columns, each once.
pub(crate) type Columns = BTreeSet<ColumnId>;

/// A filter or a grouping right over a scan, over the columns that tell what it asks for; as it is where none do.
pub(crate) fn over_columns(node: Node) -> Node {
    match node {
        Node::Filter { input, predicate, counted } => {
            let decided = |part: &&Expr| match input.as_ref() {
                Node::PostingsScan { postings } => is_decided(part, postings),
                _ => false,
            };
            let open = conjuncts(&predicate).iter().filter(|part| !decided(part));
            let read: Columns = open.filter_map(columns).flatten().collect();
            let input = match *input {
                Node::Scan if !read.is_empty() => over(read, None),
                Node::PostingsScan { postings } if !read.is_empty() => over(read, Some(postings)),
                other => other,
            };
            Node::Filter { input: Box::new(input), predicate, counted }
        }
        Node::Aggregate { input, keys, aggregates, possible } => {
            let input = match columns_of_groups(&keys, &aggregates) {
                Some(read) if keys.len() <= MOST_KEYS => Box::new(grouped(*input, read)),
                _ => input,
            };
            Node::Aggregate { input, keys, aggregates, possible }
        }
        Node::Pattern(pattern) => {
            let mut pattern = Arc::unwrap_or_clone(pattern);
            for bracket in &mut pattern.brackets {
                let Some(read) = columns_of_bracket(&bracket.keys) else { continue };
                let input = std::mem::replace(&mut bracket.input, Node::Nothing);
                bracket.input = grouped(input, read);
            }
            Node::Pattern(Arc::new(pattern))
        }
        other => other,
    }
}

/// The columns that tell when events were and what they have in common; none when it needs records.
pub(crate) fn columns_of_bracket(keys: &[GroupKey]) -> Option<Columns> {
    let mut found = Columns::from([ColumnId::Date]);
    for key in keys {
        expression(&key.expr, Lacks::Something, &mut found)?;
    }
    Some(found)
}

/// What a grouping that reads columns is over: a scan, or a filter over one that reads none but columns either.
fn grouped(input: Node, read: Columns) -> Node {
    match input {
        Node::Scan => over(read, None),
        Node::Filter { input, predicate, counted } => {
            let input = match (columns_of_filter(&predicate, counted), *input) {
                (Some(also), Node::Scan | Node::ColumnScan { postings: None, .. }) => {
                    over(&read | &also, None)
                }
                (
                    Some(also),
                    Node::PostingsScan { postings }
                    | Node::ColumnScan { postings: Some(postings), .. },
                ) => over(&read | &also, without_years(postings)),
                (_, other) => other,
            };
            Node::Filter { input: Box::new(input), predicate, counted }
        }
        other => other,
    }
}

fn over(columns: Columns, postings: Option<Postings>) -> Node {
    Node::ColumnScan { columns: columns.into_iter().collect(), postings, rows: false }
}

/// Postings but for those of years: who reads the dates anyway need not look their years up.
fn without_years(postings: Postings) -> Option<Postings> {
    let of_years = |part: &Postings| matches!(part, Postings::AnyOf { field: Posting::Year, .. });
    match postings {
        Postings::And(mut parts) => {
            parts.retain(|part| !of_years(part));
            if parts.len() > 1 { Some(Postings::And(parts)) } else { parts.pop() }
        }
        one => Some(one).filter(|one| !of_years(one)),
    }
}

/// The columns that a filter reads, which counts by status what fulfils its condition, and what is possible by whether
/// it is dated.
pub(crate) fn columns_of_filter(predicate: &Expr, counted: bool) -> Option<Columns> {
    let mut found = columns(predicate)?;
    if counted {
        found.extend([ColumnId::Status, ColumnId::Date]);
    }
    Some(found)
}

/// The columns that an expression reads; none when it needs the record.
pub(crate) fn columns(expr: &Expr) -> Option<Columns> {
    let mut found = Columns::new();
    expression(expr, Lacks::Something, &mut found)?;
    Some(found)
}

/// An expression over the event of a number.
pub(crate) fn of_event(event: Expr, expr: Expr) -> Expr {
    let columns = columns(&expr).filter(|columns| !columns.is_empty());
    let columns = columns.map(|columns| columns.into_iter().collect());
    Expr::Of { event: Box::new(event), expr: Box::new(expr), columns }
}

/// The only column that an expression reads of events which have a code, or a score, of their own; none where it reads the
/// kind for its own sake, or others.
pub(crate) fn own_column(expr: &Expr) -> Option<ColumnId> {
    let mut found = Columns::new();
    expression(expr, Lacks::Nothing, &mut found)?;
    let own = matches!(found.first(), Some(ColumnId::Code | ColumnId::Goldstein));
    if own && found.len() == 1 { found.pop_first() } else { None }
}

/// The columns that a call of an aggregate function reads.
///
/// None also for functions that go by the order of the rows: a column does not tell it.
pub(crate) fn columns_of_call(call: &AggregateCall) -> Option<Columns> {
    match call.function {
        Function::Count
        | Function::CountDistinct
        | Function::Sum
        | Function::Avg
        | Function::Min
        | Function::Max
        | Function::Median
        | Function::Stddev
        | Function::Share => {}
        _ => return None,
    }
    let mut found = call.argument.as_ref().map_or(Some(Columns::new()), columns)?;
    if sees_status(call) {
        found.insert(ColumnId::Status);
    }
    Some(found)
}

/// Does the call leave out dates of what did not take place?
pub(crate) fn sees_status(call: &AggregateCall) -> bool {
    !call.any_status && matches!(call.function, Function::Min | Function::Max)
}

/// The columns that a grouping reads; none when it needs records.
pub(crate) fn columns_of_groups(keys: &[GroupKey], aggregates: &[Aggregate]) -> Option<Columns> {
    let mut found = Columns::new();
    for key in keys {
        expression(&key.expr, Lacks::Something, &mut found)?;
    }
    for call in aggregates.iter().flat_map(|aggregate| &aggregate.calls) {
        found.extend(columns_of_call(call)?);
    }
    Some(found)
}

/// The parts of a condition all of which must hold.
pub(crate) fn conjuncts(predicate: &Expr) -> &[Expr] {
    match predicate {
        Expr::And(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// Does a condition hold of an event when it holds of one with only one of its participants, for any of them?
pub(crate) fn holds_for_any(expr: &Expr) -> bool {
    match expr {
        Expr::Named { names: Names::Field(field), set, .. } => {
            is_of_participants(*field) && !set.is_dated()
        }
        Expr::Match { left, .. } | Expr::Prefix { left, .. } => gives_each(left),
        Expr::Compare { left, op, right } => {
            let negated = matches!(op, CmpOp::Ne | CmpOp::NotSame);
            let value = matches!(
                right.as_ref(),
                Expr::Constant(Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_))
            );
            gives_each(left) && value && !negated
        }
        _ => false,
    }
}

/// Are the values of an expression those that it has of each participant alone?
pub(crate) fn gives_each(expr: &Expr) -> bool {
    is_of_each(expr) && !is_of_one(expr)
}

fn is_of_each(expr: &Expr) -> bool {
    match expr {
        Expr::Field(Field::Sector) => true,
        Expr::Field(field) => is_of_participants(*field),
        Expr::Property(field, name) => is_of_participants(*field) && !is_dated(name),
        _ => false,
    }
}

/// Is it one value of all participants, not one of each?
fn is_of_one(expr: &Expr) -> bool {
    matches!(expr, Expr::Property(_, name) if name == "rank")
}

/// Does an expression ask the date of an event for nothing but the states of those who take part?
pub(crate) fn asks_for_states(expr: &Expr) -> bool {
    matches!(expr, Expr::Field(Field::Dyad | Field::States | Field::Bilateral) | Expr::Pairs { .. })
}

/// The days beyond which a condition on the date of an event is certainly false. Within, those of which it is certainly
/// true follow one another without a gap.
pub(crate) fn hull(expr: &Expr) -> Option<(Field, Days)> {
    let covering = |expr: &Expr| match expr {
        Expr::Constant(Value::Date(date)) => Some(date.covering()),
        _ => None,
    };
    let of_event = |expr: &Expr| match expr {
        Expr::Field(field) if is_event_date(expr) => Some(*field),
        _ => None,
    };
    match expr {
        Expr::When { left, relation, period: PeriodExpr::Days(days) } => {
            let days = match relation {
                Relation::During | Relation::Overlaps => *days,
                Relation::Before => Days { last: days.first, ..Days::ALL },
                Relation::After => Days { first: days.last, ..Days::ALL },
            };
            Some((of_event(left)?, days))
        }
        Expr::Compare { left, op, right } => {
            let Expr::Constant(Value::Date(date)) = right.as_ref() else { return None };
            if matches!(op, CmpOp::Ne | CmpOp::NotSame) {
                return None;
            }
            Some((of_event(left)?, days_of(*op, date)))
        }
        Expr::InRange { left, from, to } => {
            let end = |end: &Option<Box<Expr>>| match end {
                Some(end) => covering(end),
                None => Some(Days::ALL),
            };
            let days = Days { first: end(from)?.first, last: end(to)?.last };
            Some((of_event(left)?, days))
        }
        _ => None,
    }
}

/// Do these postings leave nothing but events for which the condition certainly holds?
pub(crate) fn is_decided(expr: &Expr, postings: &Postings) -> bool {
    let (wanted, text, names) = match expr {
        Expr::KindIn { kinds, text } => (Posting::Kind, text, kinds.len()),
        Expr::Named { names: Names::Field(field), set, text }
            if !set.is_dated() && !set.has_stateless() =>
        {
            match field {
                Field::Actor => (Posting::Name, text, set.len()),
                Field::Place => (Posting::Place, text, set.len()),
                _ => return false,
            }
        }
        _ => return false,
    };
    let is_it = |part: &Postings| match part {
        Postings::AnyOf { field, values, text: of } => {
            *field == wanted && of == text && values.len() == names
        }
        _ => false,
    };
    match postings {
        Postings::And(parts) => parts.iter().any(is_it),
        one => is_it(one),
    }
}

/// What events may lack: the kind stands in for a code or a score that they do not have of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lacks {
    Nothing,
    Something,
}

fn expression(expr: &Expr, lacks: Lacks, found: &mut Columns) -> Option<()> {
    match expr {
        Expr::Constant(_) => Some(()),
        Expr::Field(of) => field(*of, lacks, found),
        Expr::Property(of, name) => property(*of, name, lacks, found),
        Expr::Attribute(name) => {
            found.insert(ColumnId::Attribute(name.clone()));
            Some(())
        }
        Expr::Member(of, _)
        | Expr::Index(of, _)
        | Expr::Not(of)
        | Expr::IsNull(of)
        | Expr::Possibly(of)
        | Expr::Certainly(of)
        | Expr::Negate(of, _)
        | Expr::Prefix { left: of, .. }
        | Expr::Highlight(of, _)
        | Expr::Match { left: of, .. } => expression(of, lacks, found),
        Expr::Or(parts) | Expr::And(parts) | Expr::Coalesce(parts) => all(parts, lacks, found),
        Expr::Call { args, .. } => all(args, lacks, found),
        Expr::Compare { left, right, .. } | Expr::Arithmetic { left, right, .. } => {
            expression(left, lacks, found)?;
            expression(right, lacks, found)
        }
        Expr::InList { left, list } => {
            expression(left, lacks, found)?;
            all(list, lacks, found)
        }
        Expr::InRange { left, from, to } => {
            expression(left, lacks, found)?;
            from.iter().chain(to).try_for_each(|end| expression(end, lacks, found))
        }
        Expr::When { left, period, .. } => {
            expression(left, lacks, found)?;
            match period {
                PeriodExpr::Days(_) => Some(()),
                PeriodExpr::Of(of) => expression(of, lacks, found),
            }
        }
        Expr::Named { names: Names::Field(of), set, .. } => {
            if set.is_dated() {
                found.insert(ColumnId::Date);
            }
            field(*of, lacks, found)
        }
        Expr::KindIn { .. } => {
            found.insert(ColumnId::Kind);
            Some(())
        }
        Expr::Pairs { directed: false } => field(Field::Dyad, lacks, found),
        Expr::Dyad(_) | Expr::Pairs { directed: true } => {
            participants(found);
            found.extend([ColumnId::Kind, ColumnId::Code, ColumnId::Date]);
            Some(())
        }
        // The summary is in no column, nor is what a citation says. The answer of another query is asked for with the first
        // row that needs it.
        Expr::Of { .. }
        | Expr::OfDocument(..)
        | Expr::Score(_)
        | Expr::InQuery { .. }
        | Expr::Column(_)
        | Expr::Named { names: Names::Column(_), .. } => None,
    }
}

fn all(parts: &[Expr], lacks: Lacks, found: &mut Columns) -> Option<()> {
    parts.iter().try_for_each(|part| expression(part, lacks, found))
}

fn participants(found: &mut Columns) {
    found.extend((0..PARTICIPANTS).map(ColumnId::Participant));
}

fn field(field: Field, lacks: Lacks, found: &mut Columns) -> Option<()> {
    match field {
        Field::Kind | Field::Quad | Field::Plover => found.extend([ColumnId::Kind]),
        Field::Code | Field::Root if lacks == Lacks::Nothing => found.extend([ColumnId::Code]),
        Field::Goldstein if lacks == Lacks::Nothing => found.extend([ColumnId::Goldstein]),
        Field::Code | Field::Root => found.extend([ColumnId::Code, ColumnId::Kind]),
        Field::Goldstein => found.extend([ColumnId::Goldstein, ColumnId::Kind]),
        Field::Status => found.extend([ColumnId::Status]),
        Field::Import => found.extend([ColumnId::Import]),
        Field::Place => found.extend([ColumnId::Place]),
        Field::Date | Field::Year | Field::Quarter | Field::Month | Field::Decade => {
            found.extend([ColumnId::Date]);
        }
        Field::Visitor | Field::Host => {
            participants(found);
            found.extend([ColumnId::Kind, ColumnId::Code]);
        }
        Field::Actor
        | Field::Source
        | Field::Target
        | Field::Party
        | Field::Companion
        | Field::Supplier
        | Field::Recipient
        | Field::Mediator
        | Field::Guarantor
        | Field::Signatory
        | Field::About
        | Field::Pair
        | Field::Sector => participants(found),
        Field::Dyad | Field::States | Field::Bilateral | Field::Office | Field::Rank => {
            participants(found);
            found.extend([ColumnId::Date]);
        }
        Field::Id
        | Field::Key
        | Field::Said
        | Field::Amount
        | Field::SaidBy
        | Field::Summary
        | Field::Documents
        | Field::Links => return None,
    }
    Some(())
}

fn property(of: Field, name: &str, lacks: Lacks, found: &mut Columns) -> Option<()> {
    match of.field_type() {
        FieldType::Actors => {
            if is_dated(name) {
                found.insert(ColumnId::Date);
            }
            field(of, lacks, found)
        }
        // Where it lies is told beside the name, and no cell has it.
        FieldType::Places if matches!(name, "latitude" | "longitude" | "coordinates") => None,
        FieldType::Places | FieldType::Kind => field(of, lacks, found),
        _ => None,
    }
}

/// Does a property of an actor depend on the day on which one asks? Codes do: who has none goes by that of his state.
fn is_dated(property: &str) -> bool {
    !matches!(
        property,
        "role" | "code" | "name" | "type" | "sector" | "sectors" | "aliases" | "codes"
    )
}

/// Is it a field of those who stand in the event with a role that their own entry tells?
fn is_of_participants(field: Field) -> bool {
    matches!(
        field,
        Field::Actor
            | Field::Source
            | Field::Target
            | Field::Party
            | Field::Companion
            | Field::Supplier
            | Field::Recipient
            | Field::Mediator
            | Field::Guarantor
            | Field::Signatory
            | Field::About
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::catalog::NameSet;
    use crate::error::Span;
    use crate::model::{Date, Period};

    fn read(expr: &Expr) -> Option<Vec<ColumnId>> {
        columns(expr).map(|columns| columns.into_iter().collect())
    }

    fn at_least(field: Field, value: impl Into<Value>) -> Expr {
        let (left, right) = (Expr::Field(field), Expr::Constant(value.into()));
        Expr::Compare { left: Box::new(left), op: CmpOp::Ge, right: Box::new(right) }
    }

    fn named(field: Field) -> Expr {
        let set = Arc::new(NameSet::default());
        Expr::Named { names: Names::Field(field), set, text: "X".to_owned() }
    }

    #[test]
    fn what_no_column_has_needs_the_record() {
        for field in Field::ALL {
            let told = columns(&Expr::Field(*field)).is_some();
            let untold = matches!(
                field,
                Field::Id
                    | Field::Key
                    | Field::Said
                    | Field::Amount
                    | Field::SaidBy
                    | Field::Summary
                    | Field::Documents
                    | Field::Links
            );
            assert_eq!(told, !untold, "{}", field.name());
        }
        let either = Expr::Or(vec![Expr::Field(Field::Kind), Expr::Field(Field::Summary)]);
        assert_eq!(read(&either), None);
        let latitude = Expr::Property(Field::Place, "latitude".to_owned());
        assert_eq!(read(&latitude), None);
    }

    #[test]
    fn what_the_kind_stands_in_for_reads_the_kind_too() {
        let both = |column| Some(vec![ColumnId::Kind, column]);
        assert_eq!(read(&Expr::Field(Field::Root)), both(ColumnId::Code));
        assert_eq!(read(&at_least(Field::Goldstein, 5)), both(ColumnId::Goldstein));
    }

    #[test]
    fn what_holds_at_times_reads_the_date() {
        let state = Expr::Property(Field::Source, "state".to_owned());
        let kind = Expr::Property(Field::Source, "type".to_owned());
        assert!(columns(&state).unwrap().contains(&ColumnId::Date));
        assert!(!columns(&kind).unwrap().contains(&ColumnId::Date));
        assert!(gives_each(&kind) && !gives_each(&state));
        assert!(holds_for_any(&named(Field::Target)) && !holds_for_any(&named(Field::Host)));
    }

    #[test]
    fn a_condition_on_the_date_has_a_hull() {
        let since = at_least(Field::Year, Date::year(2015));
        let (field, days) = hull(&since).unwrap();
        assert_eq!(field, Field::Year);
        assert_eq!(days, Days { last: Days::ALL.last, ..Days::year(2015) });
        assert!(hull(&Expr::Not(Box::new(since))).is_none());
    }

    #[test]
    fn groupings_go_over_columns_where_all_is_told() {
        let key = |field| GroupKey { expr: Expr::Field(field), period: None, spread: false };
        let count = Aggregate {
            expr: Expr::Column(0),
            calls: vec![AggregateCall {
                function: Function::Count,
                argument: None,
                any_status: true,
                span: Span::default(),
            }],
        };
        let over = |field, period| {
            let input = Node::Filter {
                input: Box::new(Node::Scan),
                predicate: at_least(Field::Goldstein, 5),
                counted: false,
            };
            let keys = vec![GroupKey { period, ..key(field) }];
            let aggregates = vec![count.clone()];
            over_columns(Node::Aggregate {
                input: Box::new(input),
                keys,
                aggregates,
                possible: false,
            })
        };
        let leaf = |node: &Node| node.input().and_then(Node::input).map(ToString::to_string);
        let told = over(Field::Date, Some(Period::Month));
        assert_eq!(leaf(&told).unwrap(), "ColumnScan: kind, date, goldstein of all events");
        assert_eq!(leaf(&over(Field::Summary, None)).unwrap(), "Scan: all events");
    }
}
