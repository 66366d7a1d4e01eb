//! Occurrences: the events that a pattern looks for, small enough to be held, by the keys that they have in common.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::{Truth, Value};
use crate::planner::expression::Expr;
use crate::planner::pattern::{Bracket, Pattern};
use crate::planner::plan::{GroupKey, Node};

use super::super::columnar::{self, Seen, Told, Values, Wanted};
use super::super::context::{Holding, Watch};
use super::super::group::{self, Part};
use super::super::when::When;
use super::super::{Context, Tuple, execute, scan, truth};

/// An event that a pattern looks for, for one value of the keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence {
    /// The number of the values of its keys.
    pub(super) key: u32,
    /// When it was.
    pub(super) when: When,
    /// Its number.
    pub(super) id: u64,
    /// A bit for each bracket in which it certainly belongs.
    pub(super) certain: u32,
    /// A bit for each in which it possibly belongs, those among them.
    pub(super) possible: u32,
}

/// All occurrences of a pattern, by key and number.
pub(super) struct Occurrences {
    pub(super) all: Vec<Occurrence>,
    keys: Keys,
    holding: Holding,
}

/// The values of the keys by number.
struct Keys {
    /// Of each key.
    values: Vec<Arc<Values>>,
    /// The number of each value of null, by key.
    nulls: Vec<u32>,
    numbers: FxHashMap<u128, u32>,
    all: Vec<u128>,
}

/// Looks for all events of a pattern.
pub(super) fn gather(pattern: &Pattern, context: &Arc<Context>) -> Result<Occurrences> {
    let mut found = Occurrences {
        all: Vec::new(),
        keys: Keys::new(pattern.keys()),
        holding: Holding::new(context, "sequence"),
    };
    let brackets = pattern.brackets.iter();
    let wanted: Vec<Wanted<'_>> =
        brackets.map(|bracket| Wanted { node: &bracket.input, keys: &bracket.keys }).collect();
    let told = columnar::occurrences(&wanted, pattern.shared, &found.keys.values, context)?;
    let seen = told.iter().flatten().map(|told| told.seen.len() * size_of::<Seen>()).sum();
    found.holding.add(seen)?;
    for ((bit, bracket), told) in (0..).zip(&pattern.brackets).zip(told) {
        let before = found.all.len();
        found.add(bracket, told, 1 << bit, context)?;
        found.holding.add((found.all.len() - before) * size_of::<Occurrence>())?;
    }
    found.holding.release(seen);
    found.all.sort_unstable_by_key(|occurrence| (occurrence.key, occurrence.id));
    found.all.dedup_by(|other, one| {
        let same = (one.key, one.id) == (other.key, other.id);
        if same {
            one.certain |= other.certain;
            one.possible |= other.possible;
        }
        same
    });
    Ok(found)
}

impl Occurrences {
    /// The values of the keys of a number.
    pub(super) fn key(&self, number: u32) -> Vec<Value> {
        self.keys.values_of(number)
    }

    /// Adds the events of a bracket, with what columns tell of them.
    fn add(
        &mut self,
        bracket: &Bracket,
        told: Option<Told>,
        bit: u32,
        context: &Arc<Context>,
    ) -> Result<()> {
        let Occurrences { all, keys, .. } = self;
        let values = keys.values.clone();
        let mut take = |seen: Seen| {
            if let Some(key) = keys.number(seen.key) {
                let certain = if seen.certain { bit } else { 0 };
                all.push(Occurrence { key, when: seen.when, id: seen.id, certain, possible: bit });
            }
        };
        // The conditions of all filters: what one leaves in doubt is to be seen.
        let (mut input, mut predicates) = (&bracket.input, Vec::new());
        while let Node::Filter { input: below, predicate, .. } = input {
            predicates.push(predicate);
            input = below;
        }
        let records = match told {
            Some(Told { seen, untold }) => {
                seen.into_iter().for_each(&mut take);
                scan::read(untold, context)
            }
            None => execute(input, context)?,
        };
        let mut watch = Watch::new(context);
        for tuple in records {
            watch.row()?;
            let tuple = tuple?;
            let all = |all: Truth, predicate: &&Expr| {
                let fails = all == Truth::FALSE;
                if fails { Ok(all) } else { Ok(all.and(truth(predicate, &tuple, context)?)) }
            };
            let truth = predicates.iter().rev().try_fold(Truth::TRUE, all)?;
            if truth.is_possible() {
                see(&tuple, truth.is_certain(), &bracket.keys, &values, context, &mut take)?;
            }
        }
        if let Some(meter) = context.meter(&bracket.input) {
            meter.count_rows(all.iter().filter(|found| found.certain & bit != 0).count() as u64);
        }
        Ok(())
    }
}

/// Sees a record, once for each combination of the values of its keys.
fn see(
    tuple: &Tuple,
    certain: bool,
    keys: &[GroupKey],
    values: &[Arc<Values>],
    context: &Arc<Context>,
    take: &mut impl FnMut(Seen),
) -> Result<()> {
    let Some(stored) = &tuple.event else { return Ok(()) };
    let parts = keys.iter().map(|key| group::parts(key, tuple, context));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    let certain = certain && !parts.iter().any(|parts| parts.possible);
    let when = When::of(stored.event.date.as_ref());
    group::each_combination(&parts, |chosen| {
        let numbers = chosen.iter().zip(values).map(|(part, values)| values.number(part));
        take(Seen { id: stored.id.0, when, certain, key: columnar::packed(numbers) });
        Ok(())
    })
}

impl Keys {
    fn new(keys: usize) -> Keys {
        let values: Vec<Arc<Values>> = (0..keys).map(|_| Arc::default()).collect();
        let null = Part::Value(Value::Null);
        let nulls = values.iter().map(|values| values.number(&null)).collect();
        Keys { values, nulls, numbers: FxHashMap::default(), all: Vec::new() }
    }

    /// The number of a combination of values; none where one is null, which joins nothing.
    fn number(&mut self, key: u128) -> Option<u32> {
        let mut parts = columnar::numbers(key, self.values.len()).zip(&self.nulls);
        if parts.any(|(number, null)| number == *null) {
            return None;
        }
        let next = u32::try_from(self.all.len()).ok()?;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.all.push(key);
        }
        Some(number)
    }

    fn values_of(&self, number: u32) -> Vec<Value> {
        let key = self.all.get(number as usize).copied().unwrap_or_default();
        columnar::numbers(key, self.values.len())
            .zip(&self.values)
            .map(|(number, values)| values.value(number))
            .collect()
    }
}
