//! The groups of all threads as those of records are.

use rustc_hash::FxHashSet;

use crate::error::Result;
use crate::planner::function::Function;

use super::super::Context;
use super::super::accumulator::Accumulator;
use super::super::aggregate;
use super::super::group::Part;
use super::Grouping;
use super::groups::{GroupKey, State, numbers, packed};
use super::measure::Measure;
use super::partition::{self, Wanted};
use super::worker::Worker;

/// Adds what threads have added up to the groups of records.
pub(super) fn finish(
    grouping: &Grouping,
    mut workers: Vec<Worker<'_>>,
    into: &mut aggregate::Groups,
    context: &Context,
) -> Result<()> {
    let kept = into.made().iter().map(|parts| {
        packed(parts.iter().zip(&grouping.values).map(|(part, values)| values.number(part)))
    });
    let kept: FxHashSet<GroupKey> = kept.collect();
    let most = grouping.most;
    let wanted = Wanted { most: most.map(|most| most.groups), kept };
    let partitions: Vec<_> = workers.iter_mut().map(Worker::take_partitions).collect();
    let parts: Vec<Vec<Part>> = grouping.values.iter().map(|all| all.parts()).collect();
    let chosen = |key: GroupKey| -> Vec<&Part> {
        let numbers = numbers(key, grouping.keys.len()).zip(&parts);
        numbers.filter_map(|(number, parts)| parts.get(number as usize)).collect()
    };
    if partitions.iter().any(|part| !part.is_empty()) {
        // Nothing but rows is counted, in whatever way.
        let counted: Vec<(GroupKey, i64)> =
            workers.iter().flat_map(|worker| counts(worker, 0)).collect();
        for (key, count) in partition::count(&partitions, &counted, &wanted, context)? {
            into.add_to(&chosen(key), |accumulators| {
                for accumulator in accumulators {
                    accumulator.count_more(count);
                }
                Ok(0)
            })?;
        }
        return Ok(());
    }
    let mut workers = workers.into_iter();
    let Some(mut first) = workers.next() else { return Ok(()) };
    let others: Vec<(Worker<'_>, Vec<u32>)> = workers
        .map(|other| {
            let renamed = first.groups.merge(&other.groups);
            (other, renamed)
        })
        .collect();
    let least = most.filter(|most| most.groups < first.groups.keys().len()).map(|most| {
        let best = partition::wanted(counts(&first, most.call), &wanted);
        best.into_iter().map(|(key, _)| key).collect::<FxHashSet<_>>()
    });
    let mut pairs: Vec<Vec<Pair>> = Vec::with_capacity(first.groups.sums.len());
    for (at, state) in first.groups.sums.iter().enumerate() {
        let mut all = Vec::new();
        add_pairs(0, state, |group| group, &mut all);
        for (thread, (other, renamed)) in (1..).zip(&others) {
            let renamed = |group: u32| renamed.get(group as usize).copied().unwrap_or(u32::MAX);
            other.groups.sums.get(at).into_iter().for_each(|state| {
                add_pairs(thread, state, renamed, &mut all);
            });
        }
        all.sort_unstable();
        pairs.push(all);
    }
    let measures: Vec<&[Measure]> = std::iter::once(first.measures.as_slice())
        .chain(others.iter().map(|(other, _)| other.measures.as_slice()))
        .collect();
    let mut pairs: Vec<_> = pairs.into_iter().map(|all| all.into_iter().peekable()).collect();
    for (group, key) in (0_u32..).zip(first.groups.keys()) {
        let is_wanted = least.as_ref().is_none_or(|least| least.contains(key));
        let add = |accumulators: &mut [Accumulator]| {
            let mut bytes = 0;
            let states = first.groups.sums.iter().zip(&mut pairs).enumerate();
            for ((at, (state, pairs)), accumulator) in states.zip(accumulators) {
                match state {
                    State::Counts(counts) => {
                        accumulator.count_more(counts.get(group as usize).copied().unwrap_or(0));
                    }
                    State::Sums(sums) => {
                        let sums = sums.get(group as usize).copied().unwrap_or_default();
                        accumulator.sum_more(sums)?;
                    }
                    State::Pairs(_) => {
                        while let Some(pair) = pairs.next_if(|pair| pair.group == group) {
                            let measure = measures.get(pair.thread).and_then(|all| all.get(at));
                            if let Some(measure) = measure {
                                bytes += pair.add(measure, accumulator)?;
                            }
                        }
                    }
                }
            }
            Ok(bytes)
        };
        if is_wanted {
            into.add_to(&chosen(*key), add)?;
        } else {
            for pairs in &mut pairs {
                while pairs.next_if(|pair| pair.group == group).is_some() {}
            }
        }
    }
    Ok(())
}

/// The groups of a thread with what a call counts in each.
fn counts(worker: &Worker<'_>, call: usize) -> impl Iterator<Item = (GroupKey, i64)> {
    let counts = match worker.groups.sums.get(call) {
        Some(State::Counts(counts)) => counts.as_slice(),
        _ => &[],
    };
    worker.groups.keys().iter().copied().zip(counts.iter().copied())
}

/// A value in a group, and how often it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    group: u32,
    thread: usize,
    mark: u32,
    took_place: bool,
    times: u32,
}

impl Pair {
    fn add(&self, measure: &Measure, accumulator: &mut Accumulator) -> Result<usize> {
        let Some(found) = measure.found.get(self.mark as usize) else { return Ok(0) };
        let repeats = matches!(measure.call.function, Function::Median | Function::Stddev);
        let times = if repeats { self.times } else { 1 };
        (0..times).try_fold(0, |bytes, _| {
            Ok(bytes + accumulator.add_value(&found.value, self.took_place)?)
        })
    }
}

fn add_pairs(thread: usize, state: &State, renamed: impl Fn(u32) -> u32, all: &mut Vec<Pair>) {
    if let State::Pairs(pairs) = state {
        all.extend(pairs.iter().map(|((group, mark, took_place), times)| Pair {
            group: renamed(*group),
            thread,
            mark: *mark,
            took_place: *took_place,
            times: *times,
        }));
    }
}
