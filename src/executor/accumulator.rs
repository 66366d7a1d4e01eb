//! What an aggregate function has seen of its group so far.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Date, Day, Days, EventId, Precision, Status, TimeOfDay, Value};
use crate::planner::function::Function;

use super::arithmetic::type_word;
use super::order::Rank;
use super::total::{Problem, Sums, Total};
use super::weight::{Weight, Weights};
use super::{Tuple, key, memory, number};

/// Where a row stands among others: dated before undated, by date, time of day, id, place in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    dated: bool,
    days: Option<(Day, Day)>,
    time: Option<TimeOfDay>,
    id: Option<EventId>,
    at: u64,
}

impl Standing {
    /// Of a tuple, by its place in the input.
    pub(super) fn of(tuple: &Tuple, at: u64) -> Standing {
        let date = tuple.event.as_ref().and_then(|stored| stored.event.date.as_ref());
        Standing {
            dated: date.is_some(),
            days: date.map(Date::sort_key),
            time: date.and_then(Date::time),
            id: tuple.id(),
            at,
        }
    }

    /// Is it earlier? What has no date is not early at all.
    fn is_before(&self, other: &Standing) -> bool {
        let key = |s: &Standing| (!s.dated, s.days, s.time, s.id, s.at);
        key(self) < key(other)
    }
}

/// Did it happen, or does it go on? Other events are no `first` and no `last`.
pub(super) fn took_place(tuple: &Tuple) -> bool {
    tuple
        .event
        .as_ref()
        .is_none_or(|stored| matches!(stored.event.status, Status::Happened | Status::Ongoing))
}

/// One row as an aggregate sees it.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    /// The value of the argument.
    pub(super) value: &'a Value,
    /// Where the row stands.
    pub(super) standing: Standing,
    /// Does it count for `first`, `last`, and `min`, `max` of dates?
    pub(super) took_place: bool,
}

/// What an aggregate function has seen.
#[derive(Debug)]
pub(super) struct Accumulator {
    function: Function,
    span: Span,
    state: State,
    /// What was counted of divided rows; none where a count is a whole number.
    parts: Option<Box<Weights>>,
}

#[derive(Debug)]
enum State {
    Count(i64),
    Distinct(FxHashSet<Vec<u8>>),
    Total(Total),
    Extreme(Option<(Rank, Value)>),
    /// Of dates: the one that sorts best, and the days within which the best begins.
    ExtremeDate(Box<Date>, Days),
    Edge(Option<(Standing, Value)>),
    Numbers(Vec<f64>),
    /// How many, their mean, the sum of squares of their distances from it (Welford).
    Spread(f64, f64, f64),
    Collected(FxHashSet<Vec<u8>>, Vec<Value>),
    /// All rows, of whatever group: the grouping knows them.
    AllRows,
}

impl Accumulator {
    /// Nothing seen yet.
    pub(super) fn new(function: Function, span: Span) -> Accumulator {
        let state = match function {
            Function::CountDistinct => State::Distinct(FxHashSet::default()),
            Function::Sum | Function::Avg => State::Total(Total::default()),
            Function::Min | Function::Max => State::Extreme(None),
            Function::First | Function::Last => State::Edge(None),
            Function::Median => State::Numbers(Vec::new()),
            Function::Stddev => State::Spread(0.0, 0.0, 0.0),
            Function::Collect => State::Collected(FxHashSet::default(), Vec::new()),
            Function::Share => State::AllRows,
            _ => State::Count(0),
        };
        Accumulator { function, span, state, parts: None }
    }

    /// The same where rows may be divided: it counts in decimal numbers.
    pub(super) fn of_parts(self) -> Accumulator {
        Accumulator { parts: Some(Box::default()), ..self }
    }

    /// Counts so many rows more.
    pub(super) fn count_more(&mut self, more: i64) {
        if let State::Count(count) = &mut self.state {
            *count += more;
        }
    }

    /// Adds numbers that were added up elsewhere.
    pub(super) fn sum_more(&mut self, more: Sums) -> Result<()> {
        match &mut self.state {
            State::Total(total) => {
                let added = total.add_sums(more);
                added.map_err(|problem| self.problem(problem, &Value::Float(0.0)))
            }
            _ => Ok(()),
        }
    }

    /// What cannot be added, as an error.
    fn problem(&self, problem: Problem, value: &Value) -> Error {
        match problem {
            Problem::Type => {
                let wanted = "numbers or quantities of one unit";
                mismatch(self.function, wanted, value, self.span)
            }
            Problem::Units(have, met) => units(self.function, &have, &met, self.span),
            Problem::Change => change(self.function, self.span),
        }
    }

    /// Sees a row. Gives how many bytes more it holds.
    pub(super) fn add(&mut self, row: Row<'_>) -> Result<usize> {
        if let State::Edge(edge) = &mut self.state {
            let better = |(standing, _): &(Standing, Value)| match self.function {
                Function::Last => row.standing > *standing,
                _ => row.standing.is_before(standing),
            };
            if row.took_place && edge.as_ref().is_none_or(better) {
                *edge = Some((row.standing, row.value.clone()));
            }
            return Ok(0);
        }
        self.add_value(row.value, row.took_place)
    }

    /// Sees a part of a row. Functions that would need the whole are refused before.
    pub(super) fn add_part(&mut self, value: &Value, weight: Weight) -> Result<usize> {
        match (value, &mut self.state) {
            (Value::Bool(false) | Value::Null, _) => Ok(0),
            (Value::List(list), State::Count(_)) if list.is_empty() => Ok(0),
            (_, State::Count(_)) => Ok(self.parts.as_mut().map_or(0, |parts| parts.add(weight))),
            (Value::List(list), State::Total(_)) => {
                list.iter().try_fold(0, |bytes, value| Ok(bytes + self.add_part(value, weight)?))
            }
            (_, State::Total(total)) => {
                let added = total.add_part(value, weight);
                added.map_err(|problem| self.problem(problem, value))
            }
            _ => Ok(0),
        }
    }

    /// Sees a value, wherever its row stands.
    pub(super) fn add_value(&mut self, value: &Value, took_place: bool) -> Result<usize> {
        let wrong = |wanted: &str| mismatch(self.function, wanted, value, self.span);
        match (value, &mut self.state) {
            // Of a condition, `true`; of any other value, that there is one.
            (Value::Bool(false) | Value::Null, State::Count(_)) => {}
            (Value::List(list), State::Count(_)) if list.is_empty() => {}
            (_, State::Count(count)) => *count += 1,
            (Value::Null, _) => {}
            (Value::List(list), _) => {
                let mut bytes = 0;
                for value in list {
                    bytes += self.add_value(value, took_place)?;
                }
                return Ok(bytes);
            }
            (_, State::Distinct(seen)) => {
                let bytes = key::of([value]);
                let size = bytes.len() + 48;
                return Ok(if seen.insert(bytes) { size } else { 0 });
            }
            (_, State::Collected(seen, values)) => {
                let bytes = key::of([value]);
                let size = bytes.len() + 48 + memory::of_value(value);
                if !seen.insert(bytes) {
                    return Ok(0);
                }
                values.push(value.clone());
                return Ok(size);
            }
            (Value::Date(_), State::Extreme(_) | State::ExtremeDate(..)) if !took_place => {}
            (Value::Date(date), State::Extreme(None)) => {
                let days = date.start();
                self.state = State::ExtremeDate(date.clone(), days);
            }
            (Value::Date(date), State::ExtremeDate(best, bounds)) => {
                let days = date.start();
                let greatest = self.function == Function::Max;
                let pick = |a: Day, b: Day| if greatest { a.max(b) } else { a.min(b) };
                bounds.first = pick(bounds.first, days.first);
                bounds.last = pick(bounds.last, days.last);
                // Of several that sort alike, the order of the rows must not decide.
                let better = match date.sort_key().cmp(&best.sort_key()) {
                    Ordering::Equal => (date.edtf(), date.told()) < (best.edtf(), best.told()),
                    order => order.is_gt() == greatest,
                };
                if better {
                    best.clone_from(date);
                }
            }
            (_, State::ExtremeDate(..)) => return Err(wrong("values of one type")),
            (_, State::Extreme(best)) => {
                let rank = Rank::of(value);
                let better = |(have, _): &(Rank, Value)| match self.function {
                    Function::Max => rank > *have,
                    _ => rank < *have,
                };
                if best.as_ref().is_none_or(better) {
                    *best = Some((rank, value.clone()));
                }
            }
            (_, State::Total(total)) => {
                let added = total.add(value);
                added.map_err(|problem| self.problem(problem, value))?;
            }
            (_, State::Numbers(numbers)) => {
                let number = number::as_float(value).ok_or_else(|| wrong("numbers"))?;
                if !number.is_nan() {
                    numbers.push(number);
                    return Ok(size_of::<f64>());
                }
            }
            (_, State::Spread(count, mean, squares)) => {
                let number = number::as_float(value).ok_or_else(|| wrong("numbers"))?;
                *count += 1.0;
                let distance = number - *mean;
                *mean += distance / *count;
                *squares += distance * (number - *mean);
            }
            (_, State::Edge(_) | State::AllRows) => {}
        }
        Ok(0)
    }

    /// The result for the group, of a grouping of so many rows; null where nothing was seen.
    pub(super) fn finish(self, rows: u64) -> Value {
        match self.state {
            State::Count(count) => match self.parts {
                Some(parts) => Value::Float(count as f64 + parts.sum()),
                None => Value::Int(count),
            },
            State::AllRows => Value::Int(i64::try_from(rows).unwrap_or(i64::MAX)),
            State::Distinct(seen) => Value::Int(i64::try_from(seen.len()).unwrap_or(i64::MAX)),
            State::Total(total) => total.finish(self.function == Function::Avg),
            State::Extreme(best) => best.map(|(_, value)| value).unwrap_or_default(),
            State::ExtremeDate(best, bounds) if best.start() == bounds => Value::Date(best),
            State::ExtremeDate(_, bounds) => Date::within(bounds, Precision::Interval).into(),
            State::Edge(edge) => edge.map(|(_, value)| value).unwrap_or_default(),
            State::Numbers(numbers) => median(numbers),
            State::Spread(count, _, squares) if count > 1.0 => {
                Value::Float((squares / (count - 1.0)).sqrt())
            }
            State::Spread(..) => Value::Null,
            State::Collected(_, values) => Value::List(values),
        }
    }
}

/// The number in the middle; of two, their mean.
fn median(mut numbers: Vec<f64>) -> Value {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = numbers.get(middle).copied();
    let lower = middle.checked_sub(1).and_then(|at| numbers.get(at)).copied();
    match (lower, upper) {
        (Some(lower), Some(upper)) if numbers.len().is_multiple_of(2) => {
            Value::Float(lower.midpoint(upper))
        }
        (_, upper) => upper.map_or(Value::Null, Value::Float),
    }
}

fn mismatch(function: Function, wanted: &str, found: &Value, span: Span) -> Error {
    let (name, found) = (function.name(), type_word(found));
    Diagnostic::new("type", format!("`{name}` wants {wanted}, and met {found}"), span)
        .label(format!("met {found}"))
        .help("keep the rows whose value it can work with by a `where` before it")
        .evaluate()
}

fn units(function: Function, have: &str, met: &str, span: Span) -> Error {
    let name = function.name();
    Diagnostic::new("units", format!("`{name}` met {have} and {met} in one group"), span)
        .label(format!("met {have} and {met}"))
        .help(
            "amounts of different units do not add up: give each a row and group by the unit, \
             `| explode amount | summarize sum(amount) by amount.unit, amount.of`",
        )
        .evaluate()
}

fn change(function: Function, span: Span) -> Error {
    let name = function.name();
    Diagnostic::new(
        "change",
        format!("`{name}` met a rise or fall by so much, which is no amount"),
        span,
    )
    .help("leave it out: `| explode amount | where not amount.change | summarize …`")
    .evaluate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Quantity;

    fn run(function: Function, values: &[Value]) -> Result<Value> {
        let mut accumulator = Accumulator::new(function, Span::default());
        for (at, value) in (0_u64..).zip(values) {
            let standing = Standing::of(&Tuple::default(), at);
            accumulator.add(Row { value, standing, took_place: true })?;
        }
        Ok(accumulator.finish(0))
    }

    fn of(amount: f64, unit: &str) -> Quantity {
        let unit = Some(unit.to_owned());
        Quantity { low: amount, high: amount, unit, of: None, change: false, approx: false }
    }

    #[test]
    fn numbers_make_sums_means_and_spreads() {
        let numbers = [Value::Int(1), Value::Null, Value::Int(2), Value::Int(6)];
        assert_eq!(run(Function::Sum, &numbers).unwrap(), Value::Int(9));
        assert_eq!(run(Function::Avg, &numbers).unwrap(), Value::Float(3.0));
        assert_eq!(run(Function::Median, &numbers).unwrap(), Value::Float(2.0));
        assert_eq!(run(Function::Stddev, &numbers).unwrap(), Value::Float(7.0_f64.sqrt()));
        assert_eq!(run(Function::Median, &[1.into(), 2.into()]).unwrap(), Value::Float(1.5));
        assert_eq!(run(Function::Count, &numbers).unwrap(), Value::Int(3));
        let large = run(Function::Sum, &[i64::MAX.into(), 1.into()]).unwrap();
        assert_eq!(large, Value::Float(9_223_372_036_854_775_808.0));
    }

    #[test]
    fn of_nothing_there_is_nothing_but_a_count() {
        for function in [Function::Sum, Function::Avg, Function::Min, Function::First] {
            assert_eq!(run(function, &[]).unwrap(), Value::Null);
        }
        assert_eq!(run(Function::Stddev, &[1.into()]).unwrap(), Value::Null);
        assert_eq!(run(Function::Count, &[]).unwrap(), Value::Int(0));
        assert_eq!(run(Function::Collect, &[]).unwrap(), Value::List(Vec::new()));
    }

    #[test]
    fn amounts_of_two_units_do_not_add_up() {
        let sum = run(Function::Sum, &[of(1.0, "USD").into(), of(2.0, "usd").into()]).unwrap();
        assert_eq!(sum, of(3.0, "USD").into());
        let values = [of(1.0, "USD").into(), of(2.0, "PKR").into()];
        let error = run(Function::Sum, &values).unwrap_err().to_string();
        assert!(error.contains("`USD` and `PKR`"), "{error}");
        let rise = Quantity { change: true, ..of(46.0, "percent") };
        assert!(run(Function::Sum, &[rise.into()]).is_err());
        assert!(run(Function::Avg, &["x".into()]).is_err());
        assert!(run(Function::Sum, &[1.into(), of(1.0, "USD").into()]).is_err());
    }

    #[test]
    fn lists_count_value_by_value() {
        let lists = [vec!["a", "b"].into(), vec!["b"].into(), Value::List(Vec::new())];
        assert_eq!(run(Function::CountDistinct, &lists).unwrap(), Value::Int(2));
        assert_eq!(run(Function::Collect, &lists).unwrap(), vec!["a", "b"].into());
        assert_eq!(run(Function::Count, &lists).unwrap(), Value::Int(2));
        assert_eq!(run(Function::Max, &lists).unwrap(), "b".into());
    }

    #[test]
    fn the_least_of_uncertain_dates_lies_within_bounds() {
        let day = |month, day| Day::from_ymd(2015, month, day);
        let within = |first, last| Date::within(Days::new(first, last), Precision::Interval);
        let dates = [Value::from(Date::month(2015, 2)), Value::from(Date::year(2015))];
        let least = run(Function::Min, &dates).unwrap();
        assert_eq!(least, within(day(1, 1), day(2, 28)).into());
        let greatest = run(Function::Max, &dates).unwrap();
        assert_eq!(greatest, within(day(2, 1), day(12, 31)).into());
        let certain = [Value::from(Date::month(2014, 2)), Value::from(Date::year(2015))];
        assert_eq!(run(Function::Min, &certain).unwrap(), Date::month(2014, 2).into());
        assert_eq!(run(Function::Max, &certain).unwrap(), Date::year(2015).into());
    }

    #[test]
    fn dates_of_what_did_not_happen_are_left_out_and_other_values_are_not() {
        let mut least = Accumulator::new(Function::Min, Span::default());
        let standing = Standing::of(&Tuple::default(), 0);
        let planned = Value::from(Date::year(2014));
        least.add(Row { value: &planned, standing, took_place: false }).unwrap();
        assert_eq!(least.finish(0), Value::Null);
        let mut least = Accumulator::new(Function::Min, Span::default());
        least.add(Row { value: &Value::Int(1), standing, took_place: false }).unwrap();
        assert_eq!(least.finish(0), Value::Int(1));
    }

    #[test]
    fn first_and_last_go_by_date_and_undated_rows_come_in_only_where_there_is_no_other() {
        let rank = |year: Option<i64>, at| Standing {
            dated: year.is_some(),
            days: year.map(|year| Date::year(year).sort_key()),
            time: None,
            id: None,
            at,
        };
        let rows = [(Some(2016), "c"), (None, "x"), (Some(2014), "a"), (Some(2015), "b")];
        let run = |function, rows: &[(Option<i64>, &str)]| {
            let mut edge = Accumulator::new(function, Span::default());
            for (at, (year, value)) in (0_u64..).zip(rows) {
                let value = Value::from(*value);
                let standing = rank(*year, at);
                edge.add(Row { value: &value, standing, took_place: true }).unwrap();
            }
            edge.finish(0)
        };
        assert_eq!(run(Function::First, &rows), "a".into());
        assert_eq!(run(Function::Last, &rows), "c".into());
        assert_eq!(run(Function::Last, &rows[1..2]), "x".into());
    }
}
