//! The groups to which a tuple belongs, by the values of the keys.

use std::sync::Arc;

use crate::error::Result;
use crate::model::{Date, Days, Period, Value};
use crate::planner::expression::Expr;
use crate::planner::plan::GroupKey;

use super::weight::Weight;
use super::{Context, Tuple, evaluate, field, key};

/// Over how many periods a date may spread; one that spreads over more is in the null group.
const MOST_PERIODS: i64 = 1000;

/// A value of a key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Value(Value),
    /// A period, by its number.
    Period {
        unit: Period,
        ordinal: i64,
        /// Is it of the event's own date, so that periods of two units must overlap?
        of_event: bool,
    },
}

impl Part {
    /// Appends the bytes that tell it from other values of its key.
    pub(super) fn write_key(&self, out: &mut Vec<u8>) {
        match self {
            Part::Value(value) => key::write(value, out),
            Part::Period { ordinal, .. } => {
                out.push(u8::MAX);
                out.extend(ordinal.to_be_bytes());
            }
        }
    }

    /// The value that stands in the answer.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Part::Value(value) => value.clone(),
            Part::Period { unit, ordinal, .. } => Date::period(*unit, *ordinal).into(),
        }
    }
}

/// The values of one key for one tuple.
#[derive(Debug, PartialEq)]
#[expect(clippy::struct_field_names, reason = "they are its parts")]
pub(super) struct Parts {
    /// At least one.
    pub(super) parts: Vec<Part>,
    /// Is only one of them true, nobody knows which?
    pub(super) possible: bool,
    /// Of periods that are possible, the days among which the one lies on which it began.
    days: Option<Days>,
}

impl Parts {
    fn certain(parts: Vec<Part>) -> Parts {
        Parts { parts, possible: false, days: None }
    }

    /// Of a value: of a list each different one, of an empty one null.
    pub(super) fn of_value(value: Value) -> Parts {
        let mut parts = Vec::new();
        flatten(value, &mut parts);
        if parts.is_empty() {
            parts.push(Part::Value(Value::Null));
        }
        Parts::certain(parts)
    }

    /// Of a date: the periods in which it may have begun.
    pub(super) fn of_date(date: &Date, unit: Period, of_event: bool) -> Parts {
        let (first, last) = date.periods(unit);
        let known = date.start().is_bounded();
        let fits =
            last.checked_sub(first).is_some_and(|spread| (0..MOST_PERIODS).contains(&spread));
        if !known || !fits {
            // It may have begun in any of too many: possible, but in no period that could be named.
            let parts = vec![Part::Value(Value::Null)];
            return Parts { parts, possible: true, days: None };
        }
        let parts = (first..=last).map(|ordinal| Part::Period { unit, ordinal, of_event });
        let possible = first != last;
        let days = possible.then(|| date.start());
        Parts { parts: parts.collect(), possible, days }
    }
}

impl Parts {
    /// Of several dates: the periods of each.
    fn of_dates(list: Vec<Value>, unit: Period) -> Parts {
        let mut all = Parts::of_value(Value::List(Vec::new()));
        for (at, value) in list.into_iter().enumerate() {
            let of_one = match value {
                Value::Date(date) => Parts::of_date(&date, unit, false),
                other => Parts::of_value(other),
            };
            if at == 0 {
                all.parts.clear();
            }
            all.possible |= of_one.possible;
            for part in of_one.parts {
                if !all.parts.contains(&part) {
                    all.parts.push(part);
                }
            }
        }
        all
    }
}

fn flatten(value: Value, parts: &mut Vec<Part>) {
    match value {
        Value::List(list) => list.into_iter().for_each(|value| flatten(value, parts)),
        value => {
            let part = Part::Value(value);
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
}

/// The values of a key for a tuple.
pub(super) fn parts(key: &GroupKey, tuple: &Tuple, context: &Arc<Context>) -> Result<Parts> {
    let Some(unit) = key.period else {
        return Ok(Parts::of_value(evaluate(&key.expr, tuple, context)?));
    };
    if let (Expr::Field(of), Some(stored)) = (&key.expr, &tuple.event)
        && field::is_of_date(*of)
    {
        return Ok(match &stored.event.date {
            Some(date) => Parts::of_date(date, unit, true),
            None => Parts::of_value(Value::Null),
        });
    }
    Ok(match evaluate(&key.expr, tuple, context)? {
        Value::Date(date) => Parts::of_date(&date, unit, false),
        Value::List(list) => Parts::of_dates(list, unit),
        other => Parts::of_value(other),
    })
}

/// Every combination of the keys' values, one after the other, without the periods that exclude each other.
pub(super) fn each_combination(
    keys: &[Parts],
    mut with: impl FnMut(&[&Part]) -> Result<()>,
) -> Result<()> {
    let mut chosen = Vec::with_capacity(keys.len());
    combine(keys, &mut chosen, &mut with)
}

fn combine<'k>(
    keys: &'k [Parts],
    chosen: &mut Vec<&'k Part>,
    with: &mut impl FnMut(&[&Part]) -> Result<()>,
) -> Result<()> {
    let Some((key, rest)) = keys.split_first() else { return with(chosen) };
    for part in &key.parts {
        if chosen.iter().all(|other| agree(part, other)) {
            chosen.push(part);
            combine(rest, chosen, with)?;
            chosen.pop();
        }
    }
    Ok(())
}

/// How much of an event belongs to one of the combinations of its keys' values: the part of its days that lies in all of
/// these periods.
pub(super) fn weight(keys: &[Parts], chosen: &[&Part]) -> Weight {
    let mut whole: Option<(Days, Days)> = None;
    let mut weight = Weight::WHOLE;
    for (key, part) in keys.iter().zip(chosen) {
        let (Some(days), Part::Period { unit, ordinal, of_event }) = (key.days, part) else {
            continue;
        };
        let within = unit.days(*ordinal);
        if *of_event {
            let (_, so_far) = whole.unwrap_or((days, Days::ALL));
            let first = so_far.first.max(within.first);
            whole = Some((days, Days { first, last: so_far.last.min(within.last) }));
        } else {
            weight = weight.times(Weight::of_days(days, within));
        }
    }
    whole.map_or(weight, |(days, within)| weight.times(Weight::of_days(days, within)))
}

/// May both be true of one event? Two periods of its date must have a day in common.
fn agree(a: &Part, b: &Part) -> bool {
    match (a, b) {
        (
            Part::Period { unit, ordinal, of_event: true },
            Part::Period { unit: other_unit, ordinal: other, of_event: true },
        ) => unit.days(*ordinal).overlaps(other_unit.days(*other)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Days, Precision};

    #[test]
    fn a_list_gives_each_value_once_and_an_empty_one_null() {
        let values = |value: Value| -> Vec<Value> {
            Parts::of_value(value).parts.iter().map(Part::to_value).collect()
        };
        assert_eq!(values(vec!["a", "b", "a"].into()), [Value::from("a"), Value::from("b")]);
        assert_eq!(values(Value::List(Vec::new())), [Value::Null]);
    }

    #[test]
    fn a_date_is_possible_in_each_period_that_it_may_have_begun_in() {
        let turn = Days::new(Day::from_ymd(2014, 12, 30), Day::from_ymd(2015, 1, 2));
        let parts = Parts::of_date(&Date::within(turn, Precision::Interval), Period::Year, true);
        assert!(parts.possible);
        let told: Vec<_> = parts.parts.iter().map(Part::to_value).collect();
        assert_eq!(told, [Value::from(Date::year(2014)), Value::from(Date::year(2015))]);
        assert!(!Parts::of_date(&Date::month(2015, 3), Period::Year, true).possible);
    }

    #[test]
    fn several_dates_have_the_periods_of_each() {
        let dates = [Date::month(2015, 3), Date::year(2014), Date::month(2015, 7)].map(Value::from);
        let parts = Parts::of_dates(dates.to_vec(), Period::Year);
        let told: Vec<_> = parts.parts.iter().map(Part::to_value).collect();
        assert_eq!(told, [Value::from(Date::year(2015)), Value::from(Date::year(2014))]);
        assert!(!parts.possible);
        assert!(Parts::of_dates(dates.to_vec(), Period::Month).possible);
        assert_eq!(Parts::of_dates(Vec::new(), Period::Year), Parts::of_value(Value::Null));
    }

    #[test]
    fn what_spreads_without_end_is_possible_in_the_null_group() {
        let null = Parts { parts: vec![Part::Value(Value::Null)], possible: true, days: None };
        let ever = Date::within(Days::ALL, Precision::Interval);
        assert_eq!(Parts::of_date(&ever, Period::Month, true), null);
        let aeon = Days::year(0).hull(Days::year(2000));
        let aeon = Date::within(aeon, Precision::Interval);
        assert_eq!(Parts::of_date(&aeon, Period::Year, true), null);
        assert_eq!(Parts::of_date(&aeon, Period::Decade, true).parts.len(), 201);
    }

    #[test]
    fn combinations_leave_out_months_of_other_years() {
        let turn = Days::new(Day::from_ymd(2014, 12, 30), Day::from_ymd(2015, 1, 2));
        let date = Date::within(turn, Precision::Interval);
        let keys = [Period::Year, Period::Month].map(|unit| Parts::of_date(&date, unit, true));
        let mut count = 0;
        each_combination(&keys, |_| {
            count += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(count, 2);
        each_combination(&[], |parts| {
            assert!(parts.is_empty());
            count += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(count, 3);
    }
}
