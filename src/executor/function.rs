//! The functions of one row's values. Null in, null out; of a list, of each of its values.

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Date, Day, Period, Value};
use crate::parser::phrase::parse_phrase;
use crate::planner::function::Function;

use super::arithmetic::type_word;
use super::field::period_date;
use super::number;

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
    match first {
        Value::List(list) if function != Function::Length => {
            let of_each = list.iter().map(|value| of_one(function, value, args.get(1), span));
            let mut found = of_each.collect::<Result<Vec<_>>>()?;
            Ok(match found.len() {
                0 => Value::Null,
                1 => found.swap_remove(0),
                _ => Value::List(found),
            })
        }
        _ => of_one(function, first, args.get(1), span),
    }
}

fn of_one(function: Function, value: &Value, second: Option<&Value>, span: Span) -> Result<Value> {
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
        (Function::DayOfWeek, Value::Date(_)) => Value::Null,
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
            | Function::MonthOfYear
            | Function::DayOfWeek,
            _,
        ) => return Err(wrong("a date")),

        (Function::Lower, Value::Text(text)) => text.to_lowercase().into(),
        (Function::Upper, Value::Text(text)) => text.to_uppercase().into(),
        (Function::Lower | Function::Upper, _) => return Err(wrong("a text")),
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
        (Function::Floor, Value::Float(f)) => number::whole(f.floor()),
        (Function::Ceil, Value::Float(f)) => number::whole(f.ceil()),
        (Function::Low, Value::Quantity(quantity)) => quantity.low.into(),
        (Function::High, Value::Quantity(quantity)) => quantity.high.into(),
        (Function::UnitOf, Value::Quantity(quantity)) => quantity.unit.clone().into(),
        (Function::Low | Function::High | Function::UnitOf, _) => return Err(wrong("a quantity")),
        (Function::Abs | Function::Round | Function::Floor | Function::Ceil, _) => {
            return Err(wrong("a number"));
        }

        _ => return Err(wrong_arguments(function, span)),
    })
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

fn mismatch(function: Function, wanted: &str, found: &Value, span: Span) -> Error {
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
    use crate::model::Quantity;
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
