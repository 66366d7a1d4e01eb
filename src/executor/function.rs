//! The functions of one row's values. Null in, null out; of a list, of each of its values.

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Date, Day, Period, Quantity, Value};
use crate::parser::phrase::parse_phrase;
use crate::planner::function::Function;

use super::arithmetic::type_word;
use super::field::period_date;
use super::{convert, list, number};

/// The value of a function. `today` is the day on which the query began.
pub(super) fn call(function: Function, args: &[Value], span: Span, today: Day) -> Result<Value> {
    if function == Function::Today {
        return Ok(Date::day(today).into());
    }
    let Some(first) = args.first() else {
        return Err(wrong_arguments(function, span));
    };
    if args.iter().any(Value::is_null) {
        return Ok(Value::Null);
    }
    if function == Function::TypeOf {
        return Ok(convert::type_of(first));
    }
    if let Some(found) = list::call(function, args) {
        return Ok(found);
    }
    let rest = args.get(1..).unwrap_or_default();
    match first {
        Value::List(list) if function != Function::Length => {
            let of_each = list.iter().map(|value| of_one(function, value, rest, span));
            let mut found = of_each.collect::<Result<Vec<_>>>()?;
            Ok(match found.len() {
                0 => Value::Null,
                1 => found.swap_remove(0),
                _ => Value::List(found),
            })
        }
        _ => of_one(function, first, rest, span),
    }
}

fn of_one(function: Function, value: &Value, rest: &[Value], span: Span) -> Result<Value> {
    let second = rest.first();
    let wrong = |wanted: &str| mismatch(function, wanted, value, span);
    if value.is_null() {
        return Ok(Value::Null);
    }
    let known = |day: Day| if day.is_known() { Date::day(day).into() } else { Value::Null };
    Ok(match (function, value) {
        (Function::Date, Value::Date(_))
        | (Function::Low | Function::High, Value::Int(_) | Value::Float(_)) => value.clone(),
        (Function::Date, Value::Text(text)) => read_date(text, second, span)?,
        (Function::Date, _) => return Err(wrong("a text such as `\"early 2018\"`")),

        (Function::Earliest, Value::Date(date)) => known(date.earliest()),
        (Function::Latest, Value::Date(date)) => known(date.latest()),
        (Function::Midpoint, Value::Date(date)) => date.midpoint().map_or(Value::Null, known),
        (Function::Precision, Value::Date(date)) => date.precision().word().into(),
        (Function::Edtf, Value::Date(date)) => date.edtf().into(),
        (Function::MonthOfYear, Value::Date(date)) => match date.periods(Period::Month) {
            (first, last) if first == last && begins_and_ends(date, Period::Month) => {
                Value::Int(first.rem_euclid(12) + 1)
            }
            _ => Value::Null,
        },
        (Function::DayOfWeek, Value::Date(date)) if date.covering().is_one() => {
            Value::Int(i64::from(date.earliest().weekday()) + 1)
        }
        (Function::WeekOfYear, Value::Date(date)) if date.covering().is_one() => {
            week(date.earliest()).into()
        }
        (Function::DayOfWeek | Function::WeekOfYear, Value::Date(_)) => Value::Null,
        (Function::YearOf, Value::Date(date)) => match date.periods(Period::Year) {
            (first, last) if first == last && begins_and_ends(date, Period::Year) => {
                Value::Int(first)
            }
            _ => Value::Null,
        },
        (Function::Bucket, Value::Date(date)) => match second {
            Some(Value::Duration(width)) => {
                let unit = Period::of_width(*width);
                unit.map_or(Value::Null, |unit| period_date(date, unit).into())
            }
            _ => return Err(wrong("a date and a width such as `1 week`")),
        },
        (
            Function::Earliest
            | Function::Bucket
            | Function::Latest
            | Function::Midpoint
            | Function::Precision
            | Function::Edtf
            | Function::WeekOfYear
            | Function::YearOf
            | Function::MonthOfYear
            | Function::DayOfWeek,
            _,
        ) => return Err(wrong("a date")),

        (Function::Lower, Value::Text(text)) => text.to_lowercase().into(),
        (Function::Upper, Value::Text(text)) => text.to_uppercase().into(),
        (Function::Trim, Value::Text(text)) => text.trim().into(),
        (Function::Replace, Value::Text(text)) => match rest {
            [Value::Text(from), Value::Text(_)] if from.is_empty() => text.as_str().into(),
            [Value::Text(from), Value::Text(to)] => text.replace(from.as_str(), to).into(),
            [Value::Text(_), other] | [other, ..] => {
                return Err(mismatch(function, "texts", other, span));
            }
            [] => return Err(wrong_arguments(function, span)),
        },
        (Function::Split, Value::Text(text)) => match second {
            Some(Value::Text(at)) if at.is_empty() => Value::List(vec![text.as_str().into()]),
            Some(Value::Text(at)) => {
                text.split(at.as_str()).map(str::trim).collect::<Vec<_>>().into()
            }
            Some(other) => return Err(mismatch(function, "a separator", other, span)),
            None => return Err(wrong_arguments(function, span)),
        },
        (Function::Substring, Value::Text(text)) => match rest {
            [Value::Int(from)] => text.chars().skip(places(*from)).collect::<String>().into(),
            [Value::Int(from), Value::Int(many)] => {
                text.chars().skip(places(*from)).take(places(*many)).collect::<String>().into()
            }
            [Value::Int(_), other] | [other, ..] => {
                return Err(mismatch(function, "whole numbers", other, span));
            }
            [] => return Err(wrong_arguments(function, span)),
        },
        (
            Function::Lower
            | Function::Upper
            | Function::Trim
            | Function::Replace
            | Function::Split
            | Function::Substring,
            _,
        ) => return Err(wrong("a text")),
        (Function::Length, Value::Text(text)) => count(text.chars().count()),
        (Function::Length, Value::List(list)) => count(list.len()),
        (Function::Length, _) => return Err(wrong("a text or a list")),

        (Function::Abs, Value::Int(i)) => i.checked_abs().map_or_else(
            || number::as_float(value).map_or(Value::Null, |f| Value::Float(f.abs())),
            Value::Int,
        ),
        (Function::Abs, Value::Float(f)) => f.abs().into(),
        (Function::Round | Function::Floor | Function::Ceil, Value::Int(_)) if second.is_none() => {
            value.clone()
        }
        (Function::Round, Value::Int(_) | Value::Float(_)) => {
            let number = number::as_float(value).unwrap_or(f64::NAN);
            match second {
                None => number::whole(number.round()),
                Some(Value::Int(decimals)) => Value::Float(rounded(number, *decimals)),
                Some(other) => {
                    return Err(mismatch(function, "a whole number of decimals", other, span));
                }
            }
        }
        (
            Function::Sqrt | Function::Exp | Function::Log | Function::Power,
            Value::Int(_) | Value::Float(_),
        ) => {
            let number = number::as_float(value).unwrap_or(f64::NAN);
            let second = match second {
                None => None,
                Some(other) => Some(
                    number::as_float(other)
                        .ok_or_else(|| mismatch(function, "a number", other, span))?,
                ),
            };
            real(function, number, second)
        }
        (Function::Round, Value::Quantity(quantity)) => {
            let decimals = match second {
                None => 0,
                Some(Value::Int(decimals)) => *decimals,
                Some(other) => {
                    return Err(mismatch(function, "a whole number of decimals", other, span));
                }
            };
            let (low, high) = (rounded(quantity.low, decimals), rounded(quantity.high, decimals));
            Quantity { low, high, ..quantity.as_ref().clone() }.into()
        }
        (Function::Floor, Value::Float(f)) => number::whole(f.floor()),
        (Function::Ceil, Value::Float(f)) => number::whole(f.ceil()),
        (Function::Low, Value::Quantity(quantity)) => quantity.low.into(),
        (Function::High, Value::Quantity(quantity)) => quantity.high.into(),
        (Function::UnitOf, Value::Quantity(quantity)) => quantity.unit.clone().into(),
        (Function::Low | Function::High | Function::UnitOf, _) => return Err(wrong("a quantity")),
        (
            Function::Abs
            | Function::Round
            | Function::Floor
            | Function::Ceil
            | Function::Sqrt
            | Function::Exp
            | Function::Log
            | Function::Power,
            _,
        ) => return Err(wrong("a number")),
        (Function::Join, _) => {
            return Err(mismatch(function, "a separator", second.unwrap_or(&Value::Null), span));
        }

        _ => return Err(wrong_arguments(function, span)),
    })
}

/// A function of real numbers; null where it has no value.
fn real(function: Function, number: f64, second: Option<f64>) -> Value {
    let result = match (function, second) {
        (Function::Sqrt, _) => number.sqrt(),
        (Function::Exp, _) => number.exp(),
        (Function::Log, _) if number <= 0.0 => f64::NAN,
        (Function::Log, Some(base)) if base <= 0.0 => f64::NAN,
        (Function::Log, Some(10.0)) => number.log10(),
        (Function::Log, Some(2.0)) => number.log2(),
        (Function::Log, Some(base)) => number.log(base),
        (Function::Log, None) => number.ln(),
        (_, power) => number.powf(power.unwrap_or(1.0)),
    };
    if result.is_finite() { Value::Float(result) } else { Value::Null }
}

/// The ISO week of a day: that of its Thursday, counted from the year's first.
fn week(day: Day) -> i64 {
    let thursday = Day(day.0.saturating_add(3 - i64::from(day.weekday())));
    let first = Day::from_ymd(thursday.ymd().0, 1, 1);
    (thursday.0 - first.0).div_euclid(7) + 1
}

/// So many characters; none where the number is negative.
fn places(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

fn count(n: usize) -> Value {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

/// Rounded to so many decimals; what has no such decimals stays as it is.
#[allow(clippy::cast_possible_truncation)] // clamped
fn rounded(number: f64, decimals: i64) -> f64 {
    let scale = 10_f64.powi(decimals.clamp(-300, 300) as i32);
    let result = (number * scale).round() / scale;
    if result.is_finite() { result } else { number }
}

fn read_date(text: &str, anchor: Option<&Value>, span: Span) -> Result<Value> {
    let anchor = match anchor {
        None => None,
        Some(Value::Date(date)) => Some(date.earliest()).filter(|day| day.is_known()),
        Some(other) => return Err(mismatch(Function::Date, "a date to start from", other, span)),
    };
    parse_phrase(text, anchor).map(Value::from).map_err(|error| {
        let diagnostic = Diagnostic::new("date", error.message, span);
        match error.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
        .evaluate()
    })
}

pub(super) fn mismatch(function: Function, wanted: &str, found: &Value, span: Span) -> Error {
    let name = function.name();
    let message = format!("`{name}` wants {wanted}, and this is {}", type_word(found));
    Diagnostic::new("type", message, span)
        .label(format!("{} here", type_word(found)))
        .help(format!("`{name}` gives {}", function.doc()))
        .evaluate()
}

fn wrong_arguments(function: Function, span: Span) -> Error {
    let name = function.name();
    Diagnostic::new("function", format!("`{name}` cannot stand here as it is written"), span)
        .help(format!("`{name}` gives {}", function.doc()))
        .evaluate()
}

/// Does a date lie in one period from its first day to its last?
fn begins_and_ends(date: &Date, unit: Period) -> bool {
    let days = date.covering();
    days.is_bounded() && unit.ordinal(days.first) == unit.ordinal(days.last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::function::Use;

    fn run(function: Function, args: &[Value]) -> Result<Value> {
        call(function, args, Span::default(), Day::from_ymd(2024, 2, 29))
    }

    #[test]
    fn every_function_bears_any_value() {
        let values = [
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::Float(f64::NAN),
            Value::from("x"),
            Value::from(Date::within(crate::model::Days::ALL, crate::model::Precision::Interval)),
            Value::List(Vec::new()),
            Value::List(vec![Value::Null, Value::Int(1)]),
        ];
        for function in Function::ALL {
            let _ = run(*function, &[]);
            for value in &values {
                let _ = run(*function, std::slice::from_ref(value));
                for second in &values {
                    let _ = run(*function, &[value.clone(), second.clone()]);
                }
            }
            if function.usage() == Use::Scalar && function.arity().0 > 0 {
                assert_eq!(run(*function, &[Value::Null]).unwrap(), Value::Null);
            }
        }
    }

    #[test]
    fn dates_give_their_parts() {
        let day = Value::from(Date::day(Day::from_ymd(2024, 2, 29)));
        let year = Value::from(Date::year(2015));
        assert_eq!(run(Function::MonthOfYear, std::slice::from_ref(&day)).unwrap(), Value::Int(2));
        assert_eq!(run(Function::DayOfWeek, std::slice::from_ref(&day)).unwrap(), Value::Int(4));
        assert_eq!(run(Function::MonthOfYear, std::slice::from_ref(&year)).unwrap(), Value::Null);
        assert_eq!(run(Function::Precision, std::slice::from_ref(&year)).unwrap(), "year".into());
        let first = Value::from(Date::day(Day::from_ymd(2015, 1, 1)));
        assert_eq!(run(Function::Earliest, &[year]).unwrap(), first);
        assert_eq!(run(Function::Today, &[]).unwrap(), day);
    }

    #[test]
    fn numbers_are_rounded() {
        assert_eq!(run(Function::Round, &[Value::Float(2.5)]).unwrap(), Value::Int(3));
        assert_eq!(
            run(Function::Round, &[Value::Float(2.345), Value::Int(1)]).unwrap(),
            Value::Float(2.3)
        );
        assert_eq!(run(Function::Floor, &[Value::Float(-0.5)]).unwrap(), Value::Int(-1));
        assert_eq!(
            run(Function::Abs, &[Value::Int(i64::MIN)]).unwrap(),
            Value::Float(9_223_372_036_854_775_808.0)
        );
    }

    #[test]
    fn a_list_is_taken_value_by_value_but_for_its_length() {
        let unit = Some("USD".to_owned());
        let told = Quantity { low: 3.0, high: 4.0, unit, of: None, change: false, approx: false };
        let amounts = Value::from(vec![told.clone(), told]);
        assert_eq!(
            run(Function::High, std::slice::from_ref(&amounts)).unwrap(),
            vec![4.0, 4.0].into()
        );
        assert_eq!(run(Function::Length, &[amounts]).unwrap(), Value::Int(2));
    }

    #[test]
    fn what_does_not_fit_says_what_is_wanted() {
        let error = run(Function::Lower, &[Value::Int(1)]).unwrap_err().to_string();
        assert!(error.contains("`lower` wants a text, and this is a number"), "{error}");
    }
}
