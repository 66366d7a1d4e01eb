//! What an aggregate function has seen of its group so far.

use rustc_hash::FxHashSet;

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Day, EventId, Quantity, Status, TimeOfDay, Value};
use crate::planner::function::Function;

use super::arithmetic::{one_unit, type_word, unit_word};
use super::order::Rank;
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
            days: date.map(crate::model::Date::sort_key),
            time: date.and_then(crate::model::Date::time),
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
}

#[derive(Debug)]
enum State {
    Count(i64),
    Distinct(FxHashSet<Vec<u8>>),
    Total(Total),
    Extreme(Option<(Rank, Value)>),
    Edge(Option<(Standing, Value)>),
    Numbers(Vec<f64>),
    /// How many, their mean, the sum of squares of their distances from it (Welford).
    Spread(f64, f64, f64),
    Collected(FxHashSet<Vec<u8>>, Vec<Value>),
}

#[derive(Debug, Default)]
struct Total {
    count: i64,
    sum: Option<Sum>,
}

#[derive(Debug)]
enum Sum {
    Int(i64),
    Float(f64),
    Quantity(Box<Quantity>),
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
            _ => State::Count(0),
        };
        Accumulator { function, span, state }
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

    fn add_value(&mut self, value: &Value, took_place: bool) -> Result<usize> {
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
            (Value::Date(_), State::Extreme(_)) if !took_place => {}
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
                total.add(value).map_err(|problem| match problem {
                    Problem::Type => wrong("numbers or quantities of one unit"),
                    Problem::Units(have, met) => units(self.function, &have, &met, self.span),
                    Problem::Change => change(self.function, self.span),
                })?;
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
            (_, State::Edge(_)) => {}
        }
        Ok(0)
    }

    /// The result for the group; null where nothing was seen.
    pub(super) fn finish(self) -> Value {
        match self.state {
            State::Count(count) => Value::Int(count),
            State::Distinct(seen) => Value::Int(i64::try_from(seen.len()).unwrap_or(i64::MAX)),
            State::Total(total) => total.finish(self.function == Function::Avg),
            State::Extreme(best) => best.map(|(_, value)| value).unwrap_or_default(),
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

/// Why a value cannot be added to a sum.
enum Problem {
    Type,
    Units(String, String),
    Change,
}

impl Total {
    fn add(&mut self, value: &Value) -> Result<(), Problem> {
        let sum = match (self.sum.take(), value) {
            (_, Value::Quantity(more)) if more.change => return Err(Problem::Change),
            (None, Value::Int(more)) => Sum::Int(*more),
            (None, Value::Float(more)) => Sum::Float(*more),
            (None, Value::Quantity(more)) => Sum::Quantity(more.clone()),
            (Some(Sum::Int(sum)), Value::Int(more)) => match sum.checked_add(*more) {
                Some(sum) => Sum::Int(sum),
                None => Sum::Float(float(sum) + float(*more)),
            },
            (Some(Sum::Int(sum)), Value::Float(more)) => Sum::Float(float(sum) + more),
            (Some(Sum::Float(sum)), Value::Int(more)) => Sum::Float(sum + float(*more)),
            (Some(Sum::Float(sum)), Value::Float(more)) => Sum::Float(sum + more),
            (Some(Sum::Quantity(mut sum)), Value::Quantity(more)) => {
                if !one_unit(&sum, more) {
                    return Err(Problem::Units(unit_word(&sum), unit_word(more)));
                }
                sum.low += more.low;
                sum.high += more.high;
                sum.approx |= more.approx;
                if sum.of != more.of {
                    sum.of = None;
                }
                Sum::Quantity(sum)
            }
            (Some(Sum::Quantity(sum)), Value::Int(_) | Value::Float(_)) => {
                return Err(Problem::Units(unit_word(&sum), "no unit".to_owned()));
            }
            (Some(_), Value::Quantity(more)) => {
                return Err(Problem::Units("no unit".to_owned(), unit_word(more)));
            }
            _ => return Err(Problem::Type),
        };
        self.sum = Some(sum);
        self.count += 1;
        Ok(())
    }

    fn finish(self, mean: bool) -> Value {
        let by = float(self.count);
        match self.sum {
            None => Value::Null,
            Some(Sum::Int(sum)) if mean => Value::Float(float(sum) / by),
            Some(Sum::Int(sum)) => Value::Int(sum),
            Some(Sum::Float(sum)) => Value::Float(if mean { sum / by } else { sum }),
            Some(Sum::Quantity(mut sum)) => {
                if mean {
                    sum.low /= by;
                    sum.high /= by;
                }
                Value::Quantity(sum)
            }
        }
    }
}

#[allow(clippy::cast_precision_loss)] // sums that overflow are floats
fn float(int: i64) -> f64 {
    int as f64
}

/// The number in the middle; of two, their mean.
fn median(mut numbers: Vec<f64>) -> Value {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = numbers.get(middle).copied();
    let lower = middle.checked_sub(1).and_then(|at| numbers.get(at)).copied();
    match (lower, upper) {
        (Some(lower), Some(upper)) if numbers.len() % 2 == 0 => Value::Float(lower.midpoint(upper)),
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
        .help("amounts of different units do not add up: group `by` what sets them apart, or keep one by a `where`")
        .evaluate()
}

fn change(function: Function, span: Span) -> Error {
    let name = function.name();
    Diagnostic::new(
        "change",
        format!("`{name}` met a rise or fall by so much, which is no amount"),
        span,
    )
    .help("leave it out by a `where` on `amount.change`")
    .evaluate()
}
