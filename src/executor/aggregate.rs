//! Grouping: one tuple a group.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::Value;
use crate::planner::function::Function;
use crate::planner::plan::{Aggregate, AggregateCall, GroupKey};

use super::accumulator::{Accumulator, Row, Standing, took_place};
use super::context::{Holding, Watch};
use super::group::{self, Part, Parts};
use super::pipe::deferred;
use super::place::places;
use super::weight::Weight;
use super::{Context, Tuple, Tuples, evaluate, key, memory, truth};

/// One tuple a group, in the order of the keys, nulls last: keys, aggregates, and where asked for how many are possible.
///
/// Without keys there is one group, on no input as well.
pub(super) fn aggregate(
    input: Tuples,
    keys: &[GroupKey],
    aggregates: &[Aggregate],
    possible: bool,
    context: &Arc<Context>,
) -> Tuples {
    let mut groups = Groups::new(keys, aggregates, context);
    deferred(move || {
        for tuple in input {
            groups.add(&tuple?)?;
        }
        groups.finish(possible)
    })
}

struct Group {
    keys: Vec<Value>,
    /// Of all calls of all aggregates, in their order.
    accumulators: Vec<Accumulator>,
    /// How many rows belong to it possibly.
    possible: i64,
}

/// The groups of a grouping so far.
pub(super) struct Groups {
    keys: Vec<GroupKey>,
    aggregates: Vec<Aggregate>,
    context: Arc<Context>,
    places: FxHashMap<Vec<u8>, usize>,
    all: Vec<Group>,
    /// Their values, where somebody asks for them.
    made: Vec<Vec<Part>>,
    remembers: bool,
    /// Are uncertain events divided among the periods of their days?
    spread: bool,
    rows: u64,
    watch: Watch,
    holding: Holding,
}

impl Groups {
    pub(super) fn new(
        keys: &[GroupKey],
        aggregates: &[Aggregate],
        context: &Arc<Context>,
    ) -> Groups {
        Groups {
            keys: keys.to_vec(),
            aggregates: aggregates.to_vec(),
            context: Arc::clone(context),
            places: FxHashMap::default(),
            all: Vec::new(),
            made: Vec::new(),
            remembers: false,
            spread: keys.iter().any(|key| key.spread),
            rows: 0,
            watch: Watch::new(context),
            holding: Holding::new(context, "summarize"),
        }
    }

    /// The same, which remember the values of each.
    pub(super) fn remembering(self) -> Groups {
        Groups { remembers: true, ..self }
    }

    /// Adds a tuple to the groups that it belongs to.
    pub(super) fn add(&mut self, tuple: &Tuple) -> Result<()> {
        self.rows += 1;
        let keys = self.keys.iter().map(|key| group::parts(key, tuple, &self.context));
        let keys: Vec<Parts> = keys.collect::<Result<_>>()?;
        let uncertain = keys.iter().any(|key| key.possible);
        if uncertain && !self.spread {
            return group::each_combination(&keys, |parts| {
                self.watch.row()?;
                if let Some(group) = self.group(parts)? {
                    group.possible += 1;
                }
                Ok(())
            });
        }
        let values = self.arguments(tuple)?;
        let standing = Standing::of(tuple, self.rows);
        let took_place = took_place(tuple);
        group::each_combination(&keys, |parts| {
            self.watch.row()?;
            let weight = uncertain.then(|| group::weight(&keys, parts));
            if weight.is_some_and(Weight::is_nothing) {
                return Ok(());
            }
            let mut bytes = 0;
            if let Some(group) = self.group(parts)? {
                for (accumulator, (value, any_status)) in group.accumulators.iter_mut().zip(&values)
                {
                    let took_place = took_place || *any_status;
                    bytes += match weight {
                        Some(weight) => accumulator.add_part(value, weight)?,
                        None => accumulator.add(Row { value, standing, took_place })?,
                    };
                }
            }
            self.holding.add(bytes)
        })
    }

    /// Adds to a group what was added up elsewhere. `add` gives how many bytes more that holds.
    pub(super) fn add_to(
        &mut self,
        parts: &[&Part],
        add: impl FnOnce(&mut [Accumulator]) -> Result<usize>,
    ) -> Result<()> {
        let bytes = match self.group(parts)? {
            Some(group) => add(&mut group.accumulators)?,
            None => 0,
        };
        self.holding.add(bytes)
    }

    /// Counts rows whose values were added up elsewhere.
    pub(super) fn count_rows(&mut self, more: u64) {
        self.rows += more;
    }

    /// The values of the groups so far.
    pub(super) fn made(&self) -> &[Vec<Part>] {
        &self.made
    }

    /// The values of the arguments of all calls, and whether every status counts.
    fn arguments(&self, tuple: &Tuple) -> Result<Vec<(Value, bool)>> {
        let value = |call| argument(call, tuple, &self.context);
        calls(&self.aggregates).map(|call| Ok((value(call)?, call.any_status))).collect()
    }

    /// The group of a combination of values; a new one where there is none yet.
    fn group(&mut self, parts: &[&Part]) -> Result<Option<&mut Group>> {
        let mut key = Vec::new();
        for part in parts {
            part.write_key(&mut key);
        }
        let known = self.places.get(&key).copied();
        let at = known.unwrap_or(self.all.len());
        if known.is_none() {
            let group = self.empty(parts.iter().map(|part| part.to_value()).collect());
            let accumulators = group.accumulators.len() * size_of::<Accumulator>();
            let keys = memory::of_values(&group.keys);
            self.holding.add(key.len() + keys + accumulators + size_of::<Group>() + 64)?;
            self.all.push(group);
            if self.remembers {
                self.made.push(parts.iter().copied().cloned().collect());
            }
            self.places.insert(key, at);
        }
        Ok(self.all.get_mut(at))
    }

    fn empty(&self, keys: Vec<Value>) -> Group {
        let accumulators = calls(&self.aggregates)
            .map(|call| match Accumulator::new(call.function, call.span) {
                of_parts if self.spread => of_parts.of_parts(),
                of_rows => of_rows,
            })
            .collect();
        Group { keys, accumulators, possible: 0 }
    }

    /// One tuple a group, in the order of the keys.
    pub(super) fn finish(
        mut self,
        possible: bool,
    ) -> Result<impl Iterator<Item = Result<Tuple>> + Send> {
        self.context.check()?;
        if self.keys.is_empty() && self.all.is_empty() {
            self.all.push(self.empty(Vec::new()));
        }
        let groups = std::mem::take(&mut self.all);
        let column =
            |at| groups.iter().map(move |group| group.keys.get(at).unwrap_or(&Value::Null));
        let columns: Vec<_> = (0..self.keys.len()).map(|at| places(column(at))).collect();
        let of = |row| columns.iter().filter_map(|column| column.get(row).copied()).collect();
        let places: Vec<Vec<usize>> = (0..groups.len()).map(of).collect();
        let mut groups: Vec<_> = places.into_iter().zip(groups).collect();
        // What sorts alike and is not the same stands in an order of its own, whichever row came first.
        let bytes = |group: &Group| key::of(&group.keys);
        groups.sort_by(|(places, group), (others, other)| {
            places.cmp(others).then_with(|| bytes(group).cmp(&bytes(other)))
        });
        Ok(groups.into_iter().map(move |(_, group)| self.row(group, possible)))
    }

    /// The tuple of a group.
    fn row(&self, group: Group, possible: bool) -> Result<Tuple> {
        let mut values = group.keys;
        let mut results = group.accumulators.into_iter().map(|a| a.finish(self.rows));
        for aggregate in &self.aggregates {
            let columns = results.by_ref().take(aggregate.calls.len()).collect();
            values.push(evaluate(&aggregate.expr, &Tuple::of(columns), &self.context)?);
        }
        if possible {
            values.push(Value::Int(group.possible));
        }
        Ok(Tuple::of(values))
    }
}

/// The value of the argument of a call.
pub(super) fn argument(
    call: &AggregateCall,
    tuple: &Tuple,
    context: &Arc<Context>,
) -> Result<Value> {
    match (&call.argument, call.function) {
        (None, _) => Ok(Value::Bool(true)),
        (Some(argument), Function::Count) => {
            // What is only possible does not count; what is no condition counts when there is a value.
            if truth(argument, tuple, context)?.is_certain() {
                return Ok(Value::Bool(true));
            }
            evaluate(argument, tuple, context)
        }
        (Some(argument), _) => evaluate(argument, tuple, context),
    }
}

pub(super) fn calls(aggregates: &[Aggregate]) -> impl Iterator<Item = &AggregateCall> {
    aggregates.iter().flat_map(|aggregate| &aggregate.calls)
}
