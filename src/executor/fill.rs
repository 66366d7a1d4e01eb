//! Filling: a row for each group that the periods of a grouping leave out.
//!
//! ```text
//! Fill: each month of 2014-01-01..2014-04-30          2014-01  2014-02  2014-03  2014-04
//! └─ Aggregate: count() by month                           3        .        1        .      rows that there are
//!                                                          3        0        1     null      April is not covered
//! ```
//!
//! What is filled in is what an aggregate gives of no rows, and for a sum 0. Days that the data do not cover are another
//! matter: nobody knows what happened then.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::catalog::{Covered, Field};
use crate::error::{Diagnostic, Result};
use crate::model::{Date, Day, Days, Period, Quantity, Stretches, Value};
use crate::planner::expression::Expr;
use crate::planner::function::Function;
use crate::planner::plan::{Aggregate, AggregateCall, FillKey, Filling};

use super::accumulator::Accumulator;
use super::context::{Holding, Watch};
use super::order::{Direction, Rank, compare_keys};
use super::pipe::deferred;
use super::{Context, Tuple, Tuples, evaluate, key, memory};

/// The most periods that are filled for one combination of the other keys.
const MOST_PERIODS: u64 = 1_000_000;

/// The tuples of a grouping and those that are filled in, in the order of the keys, nulls last.
pub(super) fn fill(input: Tuples, filling: &Filling, context: &Arc<Context>) -> Tuples {
    let (filling, context) = (filling.clone(), Arc::clone(context));
    deferred(move || {
        let mut holding = Holding::new(&context, "fill");
        let rows = filling.run(input, &mut holding, &context)?;
        Ok(rows.into_iter().map(move |row| {
            holding.release(memory::of_tuple(&row));
            Ok(row)
        }))
    })
}

/// The steps of one key.
struct Steps {
    key: FillKey,
    range: RangeInclusive<i64>,
}

/// Some values of the keys that have steps, in the order of the keys.
struct Combination {
    ordinals: Vec<i64>,
    /// Do the data cover its days?
    covered: bool,
}

impl Filling {
    fn run(
        &self,
        input: Tuples,
        holding: &mut Holding,
        context: &Arc<Context>,
    ) -> Result<Vec<Tuple>> {
        let mut rows: Vec<Tuple> = Vec::new();
        let mut known: FxHashSet<Vec<u8>> = FxHashSet::default();
        let mut others: FxHashSet<Vec<u8>> = FxHashSet::default();
        let mut met: Vec<Vec<Value>> = Vec::new();
        for tuple in input {
            let tuple = tuple?;
            let keys = tuple.values.get(..self.keys.len()).unwrap_or_default();
            let key = key::of(keys);
            let of_others = self.keys.iter().zip(keys).filter(|(key, _)| **key == FillKey::Met);
            let other: Vec<Value> = of_others.map(|(_, value)| value.clone()).collect();
            holding.add(memory::of_tuple(&tuple) + key.len() + 64)?;
            known.insert(key);
            if others.insert(key::of(&other)) {
                met.push(other);
            }
            rows.push(tuple);
        }
        if self.keys.iter().all(|key| *key != FillKey::Met) && met.is_empty() {
            met.push(Vec::new());
        }
        let Some(steps) = self.steps(&rows) else { return Ok(rows) };
        self.check_size(&steps)?;
        let mut combinations = Vec::new();
        self.combine(&steps, &context.catalog.covered()?, &mut combinations);
        holding.add(combinations.len() * (size_of::<Combination>() + 8 * steps.len()))?;
        let (empty, uncovered) =
            (self.empty(&rows, true, context)?, self.empty(&rows, false, context)?);
        let mut watch = Watch::new(context);
        for other in &met {
            for combination in &combinations {
                watch.row()?;
                let keys = self.values(other, &combination.ordinals);
                if known.contains(&key::of(&keys)) {
                    continue;
                }
                let made = if combination.covered { &empty } else { &uncovered };
                let tuple = Tuple::of(keys.into_iter().chain(made.iter().cloned()).collect());
                holding.add(memory::of_tuple(&tuple))?;
                rows.push(tuple);
            }
        }
        Ok(self.sorted(rows))
    }

    /// The steps of the keys that have some; none where there is nothing to go by.
    fn steps(&self, rows: &[Tuple]) -> Option<Vec<Steps>> {
        let asked = self.days.hull()?;
        let mut steps = Vec::new();
        for (at, key) in self.keys.iter().enumerate() {
            let range = match key {
                FillKey::Met => continue,
                FillKey::Numbers(most) => 1..=i64::from(*most),
                FillKey::Periods { unit, of_event } => {
                    let there = rows.iter().filter_map(|row| match row.values.get(at) {
                        Some(Value::Date(date)) => Some(unit.ordinal(date.earliest())),
                        _ => None,
                    });
                    let end = |day: Day, there: Option<i64>| {
                        if *of_event && day.is_known() { Some(unit.ordinal(day)) } else { there }
                    };
                    end(asked.first, there.clone().min())?..=end(asked.last, there.max())?
                }
            };
            steps.push(Steps { key: *key, range });
        }
        Some(steps)
    }

    fn check_size(&self, steps: &[Steps]) -> Result<()> {
        let count = |range: &RangeInclusive<i64>| {
            let more = range.end().saturating_sub(*range.start()).saturating_add(1);
            u64::try_from(more).unwrap_or(0)
        };
        let all = steps.iter().fold(1, |all: u64, steps| all.saturating_mul(count(&steps.range)));
        if all <= MOST_PERIODS {
            return Ok(());
        }
        let message = format!(
            "`fill` would go through {all} periods, and goes through {MOST_PERIODS} at most"
        );
        Err(Diagnostic::new("too-many-periods", message, self.span)
            .label("too many")
            .help("say in `where` from when to when, as in `where date in 2014..2015`, or take longer periods")
            .evaluate())
    }

    /// Every combination of steps that the conditions let through.
    fn combine(&self, steps: &[Steps], covered: &Covered, found: &mut Vec<Combination>) {
        let mut chosen = Vec::with_capacity(steps.len());
        self.combine_within(steps, Days::ALL, covered, &mut chosen, found);
    }

    fn combine_within(
        &self,
        rest: &[Steps],
        within: Days,
        covered: &Covered,
        chosen: &mut Vec<i64>,
        found: &mut Vec<Combination>,
    ) {
        let Some((steps, rest)) = rest.split_first() else {
            let covered = self.is_covered(within, covered);
            found.push(Combination { ordinals: chosen.clone(), covered });
            return;
        };
        for ordinal in steps.range.clone() {
            let mut days = within;
            match steps.key {
                FillKey::Periods { unit, of_event: true } => {
                    let period = unit.days(ordinal);
                    days.first = days.first.max(period.first);
                    days.last = days.last.min(period.last);
                    if days.first > days.last || !self.days.touches(days) {
                        continue;
                    }
                }
                // Of one year, its month; else of each year one, so that the whole must do.
                FillKey::Numbers(12) if within.is_bounded() => {
                    let year = Period::Year.ordinal(within.first);
                    if within == Days::year(year) {
                        days = Period::Month.days(year * 12 + ordinal - 1);
                        if !self.days.touches(days) {
                            continue;
                        }
                    }
                }
                _ => {}
            }
            chosen.push(ordinal);
            self.combine_within(rest, days, covered, chosen, found);
            chosen.pop();
        }
    }

    /// Do the data cover those of these days that the conditions let through?
    fn is_covered(&self, days: Days, covered: &Covered) -> bool {
        let of_event = |key: &FillKey| matches!(key, FillKey::Periods { of_event: true, .. });
        if !self.keys.iter().any(of_event) && self.days == Stretches::all() {
            return true;
        }
        let wanted = self.days.and(&Stretches::of([days]));
        wanted.intervals().iter().all(|days| covered.covers(*days))
    }

    /// The values of all keys: those of others as they are met, and the steps.
    fn values(&self, others: &[Value], ordinals: &[i64]) -> Vec<Value> {
        let (mut others, mut ordinals) = (others.iter(), ordinals.iter());
        let value = |key: &FillKey| match key {
            FillKey::Met => others.next().cloned().unwrap_or_default(),
            FillKey::Numbers(_) => ordinals.next().copied().map_or(Value::Null, Value::Int),
            FillKey::Periods { unit, .. } => {
                let date = ordinals.next().map(|ordinal| Date::period(*unit, *ordinal));
                date.map_or(Value::Null, Value::from)
            }
        };
        self.keys.iter().map(value).collect()
    }

    /// What stands behind the keys of a group without rows.
    fn empty(&self, rows: &[Tuple], covered: bool, context: &Arc<Context>) -> Result<Vec<Value>> {
        let first = self.keys.len();
        let mut values = Vec::new();
        for (at, aggregate) in (first..).zip(&self.aggregates) {
            let of_call = |call: &AggregateCall| match call.function {
                _ if !covered => Value::Null,
                Function::Count | Function::CountDistinct if self.spread => Value::Float(0.0),
                Function::Sum => {
                    nothing(aggregate, call, rows.iter().filter_map(|row| row.values.get(at)))
                }
                function => {
                    Accumulator::new(function, call.span).finish(u64::from(!rows.is_empty()))
                }
            };
            let results = Tuple::of(aggregate.calls.iter().map(of_call).collect());
            values.push(evaluate(&aggregate.expr, &results, context)?);
        }
        if self.possible {
            values.push(if covered { Value::Int(0) } else { Value::Null });
        }
        Ok(values)
    }

    fn sorted(&self, rows: Vec<Tuple>) -> Vec<Tuple> {
        let keys = |row: &Tuple| row.values.get(..self.keys.len()).unwrap_or_default().to_vec();
        let ranked = |row: Tuple| (keys(&row).iter().map(Rank::of).collect::<Vec<_>>(), row);
        let mut rows: Vec<(Vec<Rank>, Tuple)> = rows.into_iter().map(ranked).collect();
        let ascending = Direction { descending: false, nulls_first: false };
        let directions = vec![ascending; self.keys.len()];
        rows.sort_by(|(a, row), (b, other)| {
            let bytes = |row: &Tuple| key::of(&keys(row));
            compare_keys(a, b, &directions).then_with(|| bytes(row).cmp(&bytes(other)))
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// The sum of no amounts: 0 of the unit that the other groups have, where they have one; null where none is known.
fn nothing<'v>(
    aggregate: &Aggregate,
    call: &AggregateCall,
    mut column: impl Iterator<Item = &'v Value>,
) -> Value {
    let is_amount = matches!(call.argument, Some(Expr::Field(Field::Amount)));
    let amount = column.find_map(|value| match value {
        Value::Quantity(quantity) => Some(quantity.as_ref()),
        _ => None,
    });
    match amount.filter(|_| matches!(aggregate.expr, Expr::Column(0))) {
        None if is_amount => Value::Null,
        None => Value::Int(0),
        Some(first) => {
            let same = |value: &Value| match value {
                Value::Quantity(other) => other.unit == first.unit,
                other => other.is_null(),
            };
            if !column.all(same) {
                return Value::Null;
            }
            let zero =
                Quantity { low: 0.0, high: 0.0, approx: false, change: false, ..first.clone() };
            zero.into()
        }
    }
}
