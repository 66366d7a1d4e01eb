//! Expressions over a tuple: as values, and as conditions with three values at the worst and at the best.

use std::borrow::Cow;
use std::sync::Arc;

use crate::catalog::{Field, FieldType};
use crate::error::Result;
use crate::model::{EventId, Kleene, Truth, Value};
use crate::parser::ast::CmpOp;
use crate::planner::expression::{Expr, Names, Pattern, Term};
use crate::planner::function::{Function, Use};
use crate::storage::segment::ColumnId;

use super::relation::{compare, in_range, is_undated, when};
use super::{
    Context, Tuple, arithmetic, convert, dyad, field, function, property, ranked, subquery, text,
    unfold,
};

/// The value of an expression. A condition is true, false, or null where it is in doubt or missing.
pub(crate) fn evaluate(expr: &Expr, tuple: &Tuple, context: &Arc<Context>) -> Result<Value> {
    Ok(match expr {
        Expr::Constant(value) => value.clone(),
        Expr::Column(at) => tuple.values.get(*at).cloned().unwrap_or_default(),
        Expr::Field(of) => match &tuple.event {
            Some(stored) => field::value(*of, stored, context)?,
            None => Value::Null,
        },
        Expr::Property(of, name) => match &tuple.event {
            Some(stored) => property::value(*of, name, stored, context)?,
            None => Value::Null,
        },
        Expr::Attribute(name) => attribute(name, tuple).cloned().unwrap_or_default(),
        Expr::Of { event, expr, columns } => match &*evaluate_ref(event, tuple, context)? {
            Value::List(list) => {
                let mut values = Vec::with_capacity(list.len());
                for number in list {
                    match of_event(number, columns.as_deref(), context)? {
                        Some(tuple) => values.push(evaluate(expr, &tuple, context)?),
                        None => values.push(Value::Null),
                    }
                }
                Value::List(values)
            }
            number => match of_event(number, columns.as_deref(), context)? {
                Some(tuple) => evaluate(expr, &tuple, context)?,
                None => Value::Null,
            },
        },
        Expr::OfDocument(of, name) => {
            let event = tuple.event.as_ref().map(|stored| &stored.event);
            property::of_documents(&*evaluate_ref(of, tuple, context)?, name, event, context)?
        }
        Expr::Member(of, name) => member(&*evaluate_ref(of, tuple, context)?, name),
        Expr::Index(of, at) => match evaluate_ref(of, tuple, context)?.as_ref() {
            Value::List(list) => list.get(*at).cloned().unwrap_or_default(),
            value if *at == 0 => value.clone(),
            _ => Value::Null,
        },
        Expr::Coalesce(parts) => {
            for part in parts {
                let value = evaluate(part, tuple, context)?;
                if !is_null(&value) {
                    return Ok(value);
                }
            }
            Value::Null
        }
        Expr::Arithmetic { left, op, right, span } => {
            let left = evaluate_ref(left, tuple, context)?;
            let right = evaluate_ref(right, tuple, context)?;
            let units = |name: &str| context.catalog.unit(name);
            arithmetic::arithmetic(&left, *op, &right, *span, &units)?
        }
        Expr::Negate(of, span) => arithmetic::negate(&*evaluate_ref(of, tuple, context)?, *span)?,
        Expr::Pairs { directed } => unfold::pairs(tuple, *directed, context)?,
        Expr::Score(ranking) => match &tuple.event {
            Some(stored) => {
                let summary = stored.event.summary.as_deref().unwrap_or_default();
                ranked::score(ranking, summary).into()
            }
            None => Value::Null,
        },
        Expr::Highlight(text, terms) => highlighted(&*evaluate_ref(text, tuple, context)?, terms),
        Expr::Call { function: Function::If, args, .. } => {
            let [condition, then, otherwise] = args.as_slice() else { return Ok(Value::Null) };
            match truth(condition, tuple, context)? {
                Truth::TRUE => evaluate(then, tuple, context)?,
                Truth::FALSE => evaluate(otherwise, tuple, context)?,
                _ => Value::Null,
            }
        }
        Expr::Call { function: Function::Convert, args, span } => {
            let [amount, to] = args.as_slice() else { return Ok(Value::Null) };
            let (amount, to) =
                (evaluate_ref(amount, tuple, context)?, evaluate_ref(to, tuple, context)?);
            convert::convert(&amount, &to, *span, &|name| context.catalog.unit(name))?
        }
        Expr::Call { function, args, span } if function.usage() != Use::Modal => {
            let args = args.iter().map(|arg| evaluate(arg, tuple, context));
            function::call(*function, &args.collect::<Result<Vec<_>>>()?, *span, context.today)?
        }
        condition => as_value(truth(condition, tuple, context)?),
    })
}

/// The value of an expression, borrowed where it already stands somewhere.
pub(super) fn evaluate_ref<'a>(
    expr: &'a Expr,
    tuple: &'a Tuple,
    context: &Arc<Context>,
) -> Result<Cow<'a, Value>> {
    let borrowed = match expr {
        Expr::Constant(value) => Some(value),
        Expr::Column(at) => tuple.values.get(*at),
        Expr::Attribute(name) => attribute(name, tuple),
        _ => None,
    };
    match borrowed {
        Some(value) => Ok(Cow::Borrowed(value)),
        None => evaluate(expr, tuple, context).map(Cow::Owned),
    }
}

/// The truth of a condition.
pub(crate) fn truth(expr: &Expr, tuple: &Tuple, context: &Arc<Context>) -> Result<Truth> {
    match expr {
        Expr::Or(parts) => {
            let mut all = Truth::FALSE;
            for part in parts {
                all = all.or(truth(part, tuple, context)?);
                if all == Truth::TRUE {
                    break;
                }
            }
            Ok(all)
        }
        Expr::And(parts) => {
            let mut all = Truth::TRUE;
            for part in parts {
                all = all.and(truth(part, tuple, context)?);
                if all == Truth::FALSE {
                    break;
                }
            }
            Ok(all)
        }
        Expr::Not(of) => Ok(!truth(of, tuple, context)?),
        Expr::Of { event, expr, columns } => match &*evaluate_ref(event, tuple, context)? {
            Value::List(list) => list.iter().try_fold(Truth::FALSE, |any, number| {
                Ok(match of_event(number, columns.as_deref(), context)? {
                    Some(tuple) => any.or(truth(expr, &tuple, context)?),
                    None => any,
                })
            }),
            number => match of_event(number, columns.as_deref(), context)? {
                Some(tuple) => truth(expr, &tuple, context),
                None => Ok(Truth::MISSING),
            },
        },
        Expr::Possibly(of) => Ok(possibly(truth(of, tuple, context)?)),
        Expr::Certainly(of) => Ok(certainly(truth(of, tuple, context)?)),
        Expr::Call { function: Function::Possibly, args, .. } => {
            args.first().map_or(Ok(Truth::MISSING), |of| Ok(possibly(truth(of, tuple, context)?)))
        }
        Expr::Call { function: Function::Certainly, args, .. } => {
            args.first().map_or(Ok(Truth::MISSING), |of| Ok(certainly(truth(of, tuple, context)?)))
        }
        Expr::Compare { left, op, right } => compare(left, *op, right, tuple, context),
        Expr::InList { left, list } => {
            let mut any = Truth::FALSE;
            for right in list {
                any = any.or(compare(left, CmpOp::Eq, right, tuple, context)?);
                if any == Truth::TRUE {
                    break;
                }
            }
            Ok(any)
        }
        Expr::InRange { left, from, to } => {
            in_range(left, from.as_deref(), to.as_deref(), tuple, context)
        }
        Expr::InQuery { left, holds, query } => {
            let found = subquery::found(query, context)?;
            if is_undated(left, tuple) {
                return Ok(if found.is_empty() { Truth::FALSE } else { Truth::POSSIBLE });
            }
            match (left.as_ref(), &tuple.event) {
                (Expr::Field(of), Some(stored)) if of.field_type() == FieldType::Actors => {
                    let mut names: Vec<Value> = Vec::new();
                    field::each_written(*of, stored, context, &mut |name| names.push(name.into()))?;
                    found.holds(&Value::List(names), FieldType::Actors, context)
                }
                _ => found.holds(&*evaluate_ref(left, tuple, context)?, *holds, context),
            }
        }
        Expr::When { left, relation, period } => when(left, *relation, period, tuple, context),
        Expr::Named { names, set, .. } => match names {
            Names::Field(of) => {
                let Some(stored) = &tuple.event else { return Ok(Truth::MISSING) };
                field::any_in(*of, set, stored, context)
            }
            Names::Column(at) => {
                let date = tuple.event.as_ref().and_then(|stored| stored.event.date.as_ref());
                Ok(any_text(tuple.values.get(*at).unwrap_or(&Value::Null), |name| {
                    set.contains(name, date)
                }))
            }
        },
        Expr::KindIn { kinds, .. } => Ok(match &tuple.event {
            Some(stored) => Truth::from(kinds.contains(&stored.event.kind)),
            None => Truth::MISSING,
        }),
        Expr::Prefix { left, prefixes } => {
            Ok(any_text(&*evaluate_ref(left, tuple, context)?, |text| {
                Truth::from(prefixes.iter().any(|prefix| text.starts_with(prefix.as_str())))
            }))
        }
        Expr::Match { left, patterns } => matches(left, patterns, tuple, context),
        Expr::Dyad(test) => match &tuple.event {
            Some(stored) => dyad::holds(test, stored, context),
            None => Ok(Truth::MISSING),
        },
        Expr::IsNull(of) => Ok(Truth::from(is_null(&*evaluate_ref(of, tuple, context)?))),
        value => Ok(as_truth(&*evaluate_ref(value, tuple, context)?)),
    }
}

/// The event of a number, as a tuple; none of what is no number.
fn of_event(
    number: &Value,
    columns: Option<&[ColumnId]>,
    context: &Context,
) -> Result<Option<Tuple>> {
    let Value::Int(number) = number else { return Ok(None) };
    let Ok(id) = u64::try_from(*number).map(EventId) else { return Ok(None) };
    Ok(context.event(id, columns)?.map(|stored| Tuple { event: Some(stored), values: Vec::new() }))
}

fn attribute<'a>(name: &str, tuple: &'a Tuple) -> Option<&'a Value> {
    tuple.event.as_ref()?.event.attributes.get(name)
}

/// Is nothing there: null, or a list without values?
pub(super) fn is_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(list) => list.iter().all(is_null),
        _ => false,
    }
}

/// True at the best choice; what is missing stays so.
fn possibly(truth: Truth) -> Truth {
    Truth { worst: truth.best, best: truth.best }
}

/// True at the worst choice; what is missing stays so.
fn certainly(truth: Truth) -> Truth {
    Truth { worst: truth.worst, best: truth.worst }
}

/// A truth as a value: null where it is in doubt or missing.
fn as_value(truth: Truth) -> Value {
    match (truth.worst, truth.best) {
        (Kleene::True, Kleene::True) => Value::Bool(true),
        (Kleene::False, Kleene::False) => Value::Bool(false),
        _ => Value::Null,
    }
}

/// A value as a truth; what is neither true nor false is missing.
fn as_truth(value: &Value) -> Truth {
    match value {
        Value::Bool(b) => Truth::from(*b),
        Value::List(list) => list.iter().map(as_truth).fold(Truth::FALSE, Truth::or),
        _ => Truth::MISSING,
    }
}

/// Does it hold for one of the texts? Of another type there is none.
fn any_text(value: &Value, mut holds: impl FnMut(&str) -> Truth) -> Truth {
    match value {
        Value::Text(text) => holds(text),
        Value::List(list) => list
            .iter()
            .filter_map(Value::as_text)
            .fold(Truth::FALSE, |truth, text| truth.or(holds(text))),
        _ => Truth::MISSING,
    }
}

/// The value of a record, by name; of a list of records, all of them.
fn member(value: &Value, name: &str) -> Value {
    match value {
        Value::Record(fields) => {
            let found = fields.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        }
        Value::Quantity(quantity) => property::part_of_quantity(quantity, name),
        Value::List(list) => {
            let mut found = Vec::new();
            for value in list {
                match member(value, name) {
                    Value::Null => {}
                    Value::List(more) => found.extend(more),
                    one => found.push(one),
                }
            }
            Value::List(found)
        }
        _ => Value::Null,
    }
}

/// A text, or each of a list, with its words marked.
fn highlighted(value: &Value, terms: &[Term]) -> Value {
    match value {
        Value::Text(text) => ranked::highlight(text, terms).into(),
        Value::List(list) => {
            Value::List(list.iter().map(|value| highlighted(value, terms)).collect())
        }
        other => other.clone(),
    }
}

fn matches(
    left: &Expr,
    patterns: &[Pattern],
    tuple: &Tuple,
    context: &Arc<Context>,
) -> Result<Truth> {
    let fits = |text: &str| Truth::from(patterns.iter().any(|pattern| text::fits(pattern, text)));
    if let (Expr::Field(Field::Summary), Some(stored)) = (left, &tuple.event) {
        return Ok(stored.event.summary.as_deref().map_or(Truth::MISSING, fits));
    }
    Ok(any_text(&*evaluate_ref(left, tuple, context)?, fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_possible_is_true_when_asked_so() {
        assert_eq!(possibly(Truth::POSSIBLE), Truth::TRUE);
        assert_eq!(certainly(Truth::POSSIBLE), Truth::FALSE);
        assert_eq!(possibly(Truth::MISSING), Truth::MISSING);
        assert_eq!(as_value(Truth::POSSIBLE), Value::Null);
    }

    #[test]
    fn a_member_of_a_list_of_records_is_all_of_them() {
        let record = |n: i64| Value::Record(vec![("n".to_owned(), n.into())]);
        let list = Value::List(vec![record(1), Value::Null, record(2)]);
        assert_eq!(member(&list, "n"), Value::from(vec![1_i64, 2]));
        assert_eq!(member(&record(1), "m"), Value::Null);
    }

    #[test]
    fn an_empty_list_is_null() {
        assert!(is_null(&Value::List(Vec::new())));
        assert!(!is_null(&Value::from(vec![1])));
    }
}
