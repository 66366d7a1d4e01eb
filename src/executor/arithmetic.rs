//! Arithmetic on numbers, dates with stretches of time, and quantities of one unit.

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Date, Duration, Quantity, Value, fold};
use crate::parser::ast::ArithOp;

use super::number;
use super::quantity::{self, UnitLookup};

/// `left op right`; null when either is. Of a list with a single value, each of its values.
pub(super) fn arithmetic(
    left: &Value,
    op: ArithOp,
    right: &Value,
    span: Span,
    units: UnitLookup<'_>,
) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::List(list), Value::List(other)) => {
            return match (list.as_slice(), other.as_slice()) {
                ([], _) | (_, []) => Ok(Value::Null),
                (_, [one]) => arithmetic(left, op, one, span, units),
                ([one], _) => arithmetic(one, op, right, span, units),
                _ => Err(Diagnostic::new("arithmetic", "both sides have several values", span)
                    .help("pick one with `[0]`, such as `amount[0]`")
                    .evaluate()),
            };
        }
        (Value::List(list), _) => {
            return each(list, |value| arithmetic(value, op, right, span, units));
        }
        (_, Value::List(list)) => {
            return each(list, |value| arithmetic(left, op, value, span, units));
        }
        _ => {}
    }
    let found = match (left, op, right) {
        (Value::Int(a), _, Value::Int(b)) => Some(ints(*a, op, *b)),
        (Value::Int(_) | Value::Float(_), _, Value::Int(_) | Value::Float(_)) => {
            floats(left, op, right)
        }
        (Value::Date(a), ArithOp::Sub, Value::Date(b)) => Some(difference(a, b)),
        (Value::Date(a), ArithOp::Add, Value::Duration(b))
        | (Value::Duration(b), ArithOp::Add, Value::Date(a)) => Some(a.shift(*b).into()),
        (Value::Date(a), ArithOp::Sub, Value::Duration(b)) => Some(a.shift(b.reversed()).into()),
        (Value::Date(a), ArithOp::Add, Value::Quantity(b))
        | (Value::Quantity(b), ArithOp::Add, Value::Date(a)) => {
            whole_days(b).map(|days| a.shift(days).into())
        }
        (Value::Date(a), ArithOp::Sub, Value::Quantity(b)) => {
            whole_days(b).map(|days| a.shift(days.reversed()).into())
        }
        (Value::Duration(a), ArithOp::Add, Value::Duration(b)) => Some(sum(*a, *b).into()),
        (Value::Duration(a), ArithOp::Sub, Value::Duration(b)) => {
            Some(sum(*a, b.reversed()).into())
        }
        (Value::Duration(a), ArithOp::Mul, Value::Int(b))
        | (Value::Int(b), ArithOp::Mul, Value::Duration(a)) => Some(times(*a, *b).into()),
        (Value::Quantity(a), ArithOp::Add | ArithOp::Sub | ArithOp::Div, Value::Quantity(b)) => {
            return quantities(a, op, b, span, units);
        }
        (Value::Quantity(a), ArithOp::Add | ArithOp::Sub, Value::Duration(b))
            if quantity::counts_days(a) =>
        {
            return quantities(a, op, &quantity::of_duration(*b), span, units);
        }
        (Value::Quantity(a), ArithOp::Mul | ArithOp::Div, Value::Int(_) | Value::Float(_)) => {
            scaled(a, op, right)
        }
        (Value::Int(_) | Value::Float(_), ArithOp::Mul, Value::Quantity(b)) => scaled(b, op, left),
        _ => None,
    };
    found.ok_or_else(|| mismatch(left, op, right, span))
}

fn each(list: &[Value], with: impl Fn(&Value) -> Result<Value>) -> Result<Value> {
    match list {
        [] => Ok(Value::Null),
        [one] => with(one),
        _ => list.iter().map(with).collect::<Result<Vec<_>>>().map(Value::List),
    }
}

/// The negative; null of null.
pub(super) fn negate(value: &Value, span: Span) -> Result<Value> {
    Ok(match value {
        Value::Null => Value::Null,
        Value::Int(i) => i.checked_neg().map_or_else(
            || number::as_float(value).map_or(Value::Null, |f| Value::Float(-f)),
            Value::Int,
        ),
        Value::Float(f) => Value::Float(-f),
        Value::Duration(duration) => duration.reversed().into(),
        Value::Quantity(q) => Quantity { low: -q.high, high: -q.low, ..q.as_ref().clone() }.into(),
        Value::List(list) => each(list, |value| negate(value, span))?,
        _ => {
            return Err(Diagnostic::new(
                "arithmetic",
                format!("{} has no negative", type_word(value)),
                span,
            )
            .help("`-` stands before numbers, quantities and stretches of time")
            .evaluate());
        }
    })
}

/// What a value is, as a person would say it, with its article.
pub(super) const fn type_word(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Text(_) => "a text",
        Value::Date(_) => "a date",
        Value::Duration(_) => "a stretch of time",
        Value::Quantity(_) => "a quantity",
        Value::List(_) => "a list",
        Value::Record(_) => "a record",
    }
}

const fn sign(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add => "+",
        ArithOp::Sub => "-",
        ArithOp::Mul => "*",
        ArithOp::Div => "/",
        ArithOp::Rem => "%",
    }
}

fn mismatch(left: &Value, op: ArithOp, right: &Value, span: Span) -> Error {
    let (a, b) = (type_word(left), type_word(right));
    let help = match (left, op, right) {
        (Value::Date(_), ArithOp::Add, Value::Date(_)) => {
            "dates are subtracted, `a.date - b.date`, or moved by a stretch of time, `date + 90 days`"
        }
        (Value::Date(_), _, Value::Int(_) | Value::Float(_)) => {
            "name the unit of time, as in `date + 90 days`"
        }
        (Value::Date(_), _, Value::Quantity(_)) => {
            "a date is moved by whole days or by a stretch of time, as in `date + 90 days`"
        }
        (Value::Text(_), ..) | (_, _, Value::Text(_)) => {
            "arithmetic is for numbers, dates and quantities; compare texts with `=` or `like`"
        }
        (Value::Quantity(_), ..) | (_, _, Value::Quantity(_)) => {
            "take the number out with `low(…)` or `high(…)`"
        }
        _ => "arithmetic is for numbers, dates with stretches of time, and quantities of one unit",
    };
    Diagnostic::new("arithmetic", format!("`{}` does not fit {a} and {b}", sign(op)), span)
        .label(format!("{a} {} {b}", sign(op)))
        .help(help)
        .evaluate()
}

fn ints(a: i64, op: ArithOp, b: i64) -> Value {
    let whole = match op {
        ArithOp::Add => a.checked_add(b),
        ArithOp::Sub => a.checked_sub(b),
        ArithOp::Mul => a.checked_mul(b),
        ArithOp::Div => None,
        ArithOp::Rem if b == 0 => return Value::Null,
        ArithOp::Rem => Some(a.checked_rem(b).unwrap_or(0)),
    };
    match whole {
        Some(whole) => Value::Int(whole),
        None => floats(&Value::Int(a), op, &Value::Int(b)).unwrap_or_default(),
    }
}

fn floats(left: &Value, op: ArithOp, right: &Value) -> Option<Value> {
    let (a, b) = (number::as_float(left)?, number::as_float(right)?);
    let result = match op {
        ArithOp::Add => a + b,
        ArithOp::Sub => a - b,
        ArithOp::Mul => a * b,
        ArithOp::Div | ArithOp::Rem if b == 0.0 => return Some(Value::Null),
        ArithOp::Div => a / b,
        ArithOp::Rem => a % b,
    };
    Some(if result.is_nan() { Value::Null } else { Value::Float(result) })
}

/// Days from the one to the other, a range where they are in doubt; null where a beginning is not known.
#[allow(clippy::cast_precision_loss)] // days of human time are far below 2^53
fn difference(a: &Date, b: &Date) -> Value {
    a.difference(b).map_or(Value::Null, |(low, high)| quantity::days(low as f64, high as f64))
}

fn whole_days(quantity: &Quantity) -> Option<Duration> {
    if !quantity::counts_days(quantity) || quantity.low.to_bits() != quantity.high.to_bits() {
        return None;
    }
    match number::whole(quantity.low) {
        Value::Int(days) => Some(Duration::days(days)),
        _ => None,
    }
}

fn sum(a: Duration, b: Duration) -> Duration {
    Duration {
        months: a.months.saturating_add(b.months),
        days: a.days.saturating_add(b.days),
        seconds: a.seconds.saturating_add(b.seconds),
    }
}

fn times(a: Duration, by: i64) -> Duration {
    Duration {
        months: a.months.saturating_mul(by),
        days: a.days.saturating_mul(by),
        seconds: a.seconds.saturating_mul(by),
    }
}

fn scaled(quantity: &Quantity, op: ArithOp, by: &Value) -> Option<Value> {
    let by = number::as_float(by)?;
    let (a, b) = match op {
        ArithOp::Div if by == 0.0 => return Some(Value::Null),
        ArithOp::Div => (quantity.low / by, quantity.high / by),
        _ => (quantity.low * by, quantity.high * by),
    };
    Some(Quantity { low: a.min(b), high: a.max(b), ..quantity.clone() }.into())
}

/// Are they of one unit, or none?
pub(super) fn one_unit(a: &Quantity, b: &Quantity) -> bool {
    let unit = |q: &Quantity| q.unit.as_deref().map(fold);
    unit(a) == unit(b)
}

/// A quantity's unit for messages.
pub(super) fn unit_word(quantity: &Quantity) -> String {
    quantity.unit.as_ref().map_or_else(|| "no unit".to_owned(), |unit| format!("`{unit}`"))
}

fn quantities(
    a: &Quantity,
    op: ArithOp,
    b: &Quantity,
    span: Span,
    units: UnitLookup<'_>,
) -> Result<Value> {
    // `day`, `days` and other words for one unit are known by their measure.
    let same = one_unit(a, b) || (quantity::counts_days(a) && quantity::counts_days(b));
    let ratio = quantity::comparable(a, b, units)?;
    match op {
        ArithOp::Div => {
            let Some((a, b)) = ratio else { return Err(two_units(a, b, span)) };
            Ok(a.ratio(&b).unwrap_or_default())
        }
        _ if !same => Err(two_units(a, b, span)),
        _ => {
            let (low, high) = match op {
                ArithOp::Add => (a.low + b.low, a.high + b.high),
                _ => (a.low - b.high, a.high - b.low),
            };
            let of = if a.of == b.of { a.of.clone() } else { None };
            let (change, approx) = (a.change && b.change, a.approx || b.approx);
            Ok(Quantity { low, high, unit: a.unit.clone(), of, change, approx }.into())
        }
    }
}

fn two_units(a: &Quantity, b: &Quantity, span: Span) -> Error {
    Diagnostic::new(
        "units",
        format!("{} and {} are not one unit", unit_word(a), unit_word(b)),
        span,
    )
    .help("nothing is converted by itself; take the numbers with `low(…)` or `high(…)`")
    .evaluate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Day;

    fn run(left: impl Into<Value>, op: ArithOp, right: impl Into<Value>) -> Result<Value> {
        arithmetic(&left.into(), op, &right.into(), Span::default(), &|_| Ok(None))
    }

    fn usd(low: f64, high: f64) -> Quantity {
        let unit = Some("USD".to_owned());
        Quantity { low, high, unit, of: None, change: false, approx: false }
    }

    #[test]
    fn whole_numbers_stay_whole_until_they_overflow() {
        assert_eq!(run(2, ArithOp::Add, 3).unwrap(), Value::Int(5));
        assert_eq!(run(3, ArithOp::Div, 2).unwrap(), Value::Float(1.5));
        assert_eq!(
            run(i64::MAX, ArithOp::Add, 1).unwrap(),
            Value::Float(9_223_372_036_854_775_808.0)
        );
        assert_eq!(run(i64::MIN, ArithOp::Rem, -1_i64).unwrap(), Value::Int(0));
    }

    #[test]
    fn a_division_by_zero_is_null_and_so_is_anything_with_null() {
        assert_eq!(run(1, ArithOp::Div, 0).unwrap(), Value::Null);
        assert_eq!(run(1, ArithOp::Rem, 0).unwrap(), Value::Null);
        assert_eq!(run(1.5, ArithOp::Rem, 0).unwrap(), Value::Null);
        assert_eq!(run(Value::Null, ArithOp::Add, "x").unwrap(), Value::Null);
    }

    #[test]
    fn a_difference_of_dates_is_days_and_a_range_when_uncertain() {
        let day = |d| Date::day(Day::from_ymd(2015, 6, d));
        assert_eq!(run(day(20), ArithOp::Sub, day(5)).unwrap(), quantity::days(15.0, 15.0));
        let month = run(Date::month(2015, 6), ArithOp::Sub, day(1)).unwrap();
        assert_eq!(month, quantity::days(0.0, 29.0));
        assert_eq!(run(day(5), ArithOp::Add, Duration::days(15)).unwrap(), day(20).into());
        assert_eq!(run(day(5), ArithOp::Add, quantity::days(15.0, 15.0)).unwrap(), day(20).into());
    }

    #[test]
    fn quantities_of_one_unit_add_up() {
        let sum = run(usd(3.0, 4.0), ArithOp::Add, usd(1.0, 1.0)).unwrap();
        assert_eq!(sum, usd(4.0, 5.0).into());
        let rest = run(usd(3.0, 4.0), ArithOp::Sub, usd(1.0, 2.0)).unwrap();
        assert_eq!(rest, usd(1.0, 3.0).into());
        assert_eq!(run(usd(3.0, 4.0), ArithOp::Mul, -1_i64).unwrap(), usd(-4.0, -3.0).into());
        assert_eq!(run(usd(3.0, 3.0), ArithOp::Div, usd(2.0, 2.0)).unwrap(), Value::Float(1.5));
        let pkr = Quantity { unit: Some("PKR".to_owned()), ..usd(1.0, 1.0) };
        let error = run(usd(1.0, 1.0), ArithOp::Add, pkr).unwrap_err().to_string();
        assert!(error.contains("`USD` and `PKR`"), "{error}");
    }

    #[test]
    fn what_does_not_fit_is_an_error_with_a_remedy() {
        let error = run(Date::year(2015), ArithOp::Add, 5).unwrap_err().to_string();
        assert!(error.contains("90 days"), "{error}");
        assert!(run("a", ArithOp::Add, 1).is_err());
        assert!(negate(&"a".into(), Span::default()).is_err());
        assert_eq!(
            negate(&Value::Int(i64::MIN), Span::default()).unwrap(),
            Value::Float(9_223_372_036_854_775_808.0)
        );
    }

    #[test]
    fn a_list_of_one_counts_as_its_value() {
        assert_eq!(run(vec![2], ArithOp::Mul, 3).unwrap(), Value::Int(6));
        assert_eq!(run(vec![1, 2], ArithOp::Mul, 3).unwrap(), Value::from(vec![3, 6]));
        assert_eq!(run(Value::List(Vec::new()), ArithOp::Mul, 3).unwrap(), Value::Null);
        assert!(run(vec![1, 2], ArithOp::Mul, vec![1, 2]).is_err());
    }
}
