//! Conditions that hold expressions against each other: comparisons, ranges, dates and periods.
//!
//! An undated event is possibly at any time and certainly at none.

use std::sync::Arc;

use crate::catalog::{Field, FieldType};
use crate::error::Result;
use crate::model::{Date, Days, Order, Precision, Truth, Value};
use crate::parser::ast::{CmpOp, Relation};
use crate::planner::expression::{Expr, PeriodExpr};

use super::compare::{Comparison, mirrored};
use super::evaluate::{evaluate, evaluate_ref, is_null};
use super::{Context, Tuple, field, property};

/// Is it the date, or a period, of an undated event? That is possibly anything and certainly nothing.
pub(super) fn is_undated(expr: &Expr, tuple: &Tuple) -> bool {
    matches!(expr, Expr::Field(of) if field::is_of_date(*of))
        && tuple.event.as_ref().is_some_and(|stored| stored.event.date.is_none())
}

/// Are all days of this date meant: does the query tell it, or is it one period for sure?
fn is_known(expr: &Expr, date: &Date) -> bool {
    match expr {
        Expr::Constant(_) => true,
        Expr::Field(of) => {
            matches!(of.field_type(), FieldType::Period(_))
                && date.precision() != Precision::Interval
        }
        _ => false,
    }
}

/// Is it an office of participants, or its rank? These depend on the date.
fn office(expr: &Expr) -> Option<(Field, &str)> {
    match expr {
        Expr::Field(Field::Office) => Some((Field::Actor, "office")),
        Expr::Field(Field::Rank) => Some((Field::Actor, "rank")),
        Expr::Property(field, name) if matches!(name.as_str(), "office" | "rank") => {
            Some((*field, name))
        }
        _ => None,
    }
}

/// A comparison.
pub(super) fn compare(
    left: &Expr,
    op: CmpOp,
    right: &Expr,
    tuple: &Tuple,
    context: &Arc<Context>,
) -> Result<Truth> {
    if matches!(right, Expr::Constant(Value::Null)) {
        let missing = Truth::from(is_null(&*evaluate_ref(left, tuple, context)?));
        return Ok(match op {
            CmpOp::Eq | CmpOp::Same => missing,
            CmpOp::Ne | CmpOp::NotSame => !missing,
            _ => Truth::MISSING,
        });
    }
    if is_undated(left, tuple) || is_undated(right, tuple) {
        return Ok(Truth::POSSIBLE);
    }
    let units = |name: &str| context.catalog.unit(name);
    if let Some((field, property)) = office(left)
        && let Some(stored) = &tuple.event
    {
        // An uncertain date may lie within a term of office or beyond it.
        let b = evaluate_ref(right, tuple, context)?;
        let held = |value: Value| Comparison { op, literal: true, units: &units }.of(&value, &b);
        let surely = held(property::value(field, property, stored, context)?)?;
        let maybe = held(property::possible_value(field, property, stored, context)?)?;
        return Ok(Truth {
            worst: surely.worst.min(maybe.worst),
            best: surely.best.max(maybe.best),
        });
    }
    let (a, b) = (evaluate_ref(left, tuple, context)?, evaluate_ref(right, tuple, context)?);
    let known = |expr: &Expr, value: &Value| {
        matches!(expr, Expr::Constant(_))
            || matches!(value, Value::Date(date) if is_known(expr, date))
    };
    if known(right, &b) {
        Comparison { op, literal: true, units: &units }.of(&a, &b)
    } else if known(left, &a) {
        Comparison { op: mirrored(op), literal: true, units: &units }.of(&b, &a)
    } else {
        Comparison { op, literal: false, units: &units }.of(&a, &b)
    }
}

/// Between two ends, both included; of a list, one of its values is.
pub(super) fn in_range(
    left: &Expr,
    from: Option<&Expr>,
    to: Option<&Expr>,
    tuple: &Tuple,
    context: &Arc<Context>,
) -> Result<Truth> {
    if is_undated(left, tuple) {
        return Ok(Truth::POSSIBLE);
    }
    let end = |end: Option<&Expr>| end.map(|e| evaluate(e, tuple, context)).transpose();
    let (from, to) = (end(from)?, end(to)?);
    let units = |name: &str| context.catalog.unit(name);
    let one = |value: &Value| -> Result<Truth> {
        if let Value::Date(date) = value
            && let Some(days) = days_between(from.as_ref(), to.as_ref())
        {
            return Ok(date.equals(days));
        }
        let side = |op: CmpOp, end: &Option<Value>| match end {
            Some(end) => Comparison { op, literal: true, units: &units }.of(value, end),
            None => Ok(Truth::TRUE),
        };
        Ok(side(CmpOp::Ge, &from)?.and(side(CmpOp::Le, &to)?))
    };
    match evaluate_ref(left, tuple, context)?.as_ref() {
        Value::List(list) => {
            let mut any = Truth::FALSE;
            for value in list {
                let truth = one(value)?;
                if truth != Truth::MISSING {
                    any = any.or(truth);
                }
            }
            Ok(any)
        }
        value => one(value),
    }
}

/// The days of a range of dates; none when an end is not a date.
fn days_between(from: Option<&Value>, to: Option<&Value>) -> Option<Days> {
    let covering = |value: &Value| match value {
        Value::Date(date) => Some(date.covering()),
        _ => None,
    };
    let first = from.map_or(Some(Days::ALL), covering)?.first;
    let last = to.map_or(Some(Days::ALL), covering)?.last;
    Some(Days { first, last })
}

/// A date and a period.
pub(super) fn when(
    left: &Expr,
    relation: Relation,
    period: &PeriodExpr,
    tuple: &Tuple,
    context: &Arc<Context>,
) -> Result<Truth> {
    if is_undated(left, tuple) {
        return Ok(Truth::POSSIBLE);
    }
    let other = match period {
        PeriodExpr::Days(days) => Other::Days(*days),
        PeriodExpr::Of(of) if is_undated(of, tuple) => return Ok(Truth::POSSIBLE),
        PeriodExpr::Of(of) => match evaluate(of, tuple, context)? {
            Value::Date(date) if is_known(of, &date) => Other::Days(date.covering()),
            Value::Date(date) => Other::Date(date),
            _ => return Ok(Truth::MISSING),
        },
    };
    Ok(match evaluate_ref(left, tuple, context)?.as_ref() {
        Value::Date(date) => other.stands(date, relation),
        Value::List(list) => list
            .iter()
            .filter_map(|value| match value {
                Value::Date(date) => Some(other.stands(date, relation)),
                _ => None,
            })
            .fold(Truth::FALSE, Truth::or),
        _ => Truth::MISSING,
    })
}

/// What a date is held against.
enum Other {
    Days(Days),
    Date(Box<Date>),
}

impl Other {
    fn stands(&self, date: &Date, relation: Relation) -> Truth {
        match (self, relation) {
            (Other::Days(days), Relation::During) => date.during(*days),
            (Other::Days(days), Relation::Overlaps) => date.overlaps(*days),
            (Other::Days(days), Relation::Before) => date.before(*days),
            (Other::Days(days), Relation::After) => date.after(*days),
            (Other::Date(other), Relation::During) => date.during_all_of(other),
            (Other::Date(other), Relation::Overlaps) => date.shares_a_day_with(other),
            (Other::Date(other), Relation::Before) => date.compare_with(Order::Less, other),
            (Other::Date(other), Relation::After) => date.compare_with(Order::Greater, other),
        }
    }
}
