//! Conditions and groupings on the columns of sealed events.
//!
//! A column has for each row a code, and for each code a cell. What an expression says of an event whose only word is in
//! that cell is worked out once, by what works it out for records, and then looked up for each row:
//!
//! ```text
//! goldstein > 5 | avg(goldstein) by source, year
//!
//! cells of goldstein   -10  …   5.2  …       rows   0    1    2   …
//!   codes                0  …   152  …              17   152  0   …
//!   goldstein > 5    false  …  true  …              no   yes  no  …
//! ```
//!
//! Rows of which a needed column does not say all (*odd* ones), and events that no segment tells (*loose* ones), go the
//! way of records into the same groups. So do those for which an expression fails: whether that is an error, the record
//! tells.

mod condition;
mod groups;
mod joint;
mod key;
mod measure;
mod probe;
mod rows;
mod segment;
mod select;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::planner::columnar;
use crate::planner::expression::Expr;
use crate::planner::plan::{Aggregate, AggregateCall, GroupKey, Node, Postings};
use crate::storage::Ids;
use crate::storage::segment::{ColumnId, Segment};

use super::accumulator::Accumulator;
use super::aggregate::{self, Groups};
use super::pipe::{self, deferred};
use super::{Context, Tuples, scan};

use condition::Condition;
use groups::State;
use key::Values;
use segment::{Columns, Names, Rows};
use worker::Worker;

pub(super) use rows::scan as column_scan;

/// More segments than this are shared among threads.
const FEW_SEGMENTS: usize = 4;

/// A grouping on columns.
struct Grouping {
    /// The columns that it needs; what numbers them.
    names: Names,
    postings: Option<Postings>,
    predicate: Option<Expr>,
    /// Are statuses and possible rows counted?
    counted: bool,
    keys: Vec<GroupKey>,
    aggregates: Vec<Aggregate>,
    /// The values of each key.
    values: Vec<Arc<Values>>,
}

/// The tuples of a grouping over columns; none when the node is no such grouping.
pub(super) fn grouping(node: &Node, context: &Arc<Context>) -> Option<Tuples> {
    let Node::Aggregate { input, keys, aggregates, possible } = node else { return None };
    let (scan, filter) = match input.as_ref() {
        Node::Filter { input, predicate, counted } => (input.as_ref(), Some((predicate, *counted))),
        scan => (scan, None),
    };
    let Node::ColumnScan { columns, postings } = scan else { return None };
    let counted = filter.is_some_and(|(_, counted)| counted);
    let grouping = Grouping {
        names: columns.as_slice().into(),
        postings: postings.clone(),
        predicate: filter.map(|(predicate, _)| predicate.clone()),
        counted,
        keys: keys.clone(),
        aggregates: aggregates.clone(),
        values: keys.iter().map(|_| Arc::default()).collect(),
    };
    if keys.len() > columnar::MOST_KEYS || !grouping.is_told() {
        return None;
    }
    let (context, possible) = (Arc::clone(context), *possible);
    Some(deferred(move || grouping.run(&context)?.finish(possible)))
}

impl Grouping {
    /// Do the columns of the scan tell all of it?
    fn is_told(&self) -> bool {
        let has = |columns: Option<columnar::Columns>| {
            columns.is_some_and(|columns| columns.iter().all(|column| self.names.contains(column)))
        };
        let predicate = self.predicate.as_ref();
        has(columnar::columns_of_groups(&self.keys, &self.aggregates))
            && predicate.is_none_or(|expr| has(columnar::columns_of_filter(expr, self.counted)))
            && self.conditions(&self.names).is_some()
    }

    fn calls(&self) -> impl Iterator<Item = &AggregateCall> {
        aggregate::calls(&self.aggregates)
    }

    /// The conditions that the postings leave open.
    fn conditions(&self, names: &[ColumnId]) -> Option<Vec<Condition>> {
        let parts = self.predicate.as_ref().map_or(&[][..], columnar::conjuncts);
        let decided = |part: &&Expr| self.postings.is_some() && columnar::is_exact(part);
        parts.iter().filter(|part| !decided(part)).map(|part| Condition::new(part, names)).collect()
    }

    fn run(&self, context: &Arc<Context>) -> Result<Groups> {
        let view = &context.view;
        let ids = self.postings.as_ref().map(|postings| scan::ids(postings, view)).transpose()?;
        let all = view.segments()?;
        let conditions = self.conditions(&self.names).unwrap_or_default();
        let segments: Vec<&Segment> = all
            .iter()
            .map(AsRef::as_ref)
            .filter(|segment| !select::is_pruned(segment, &conditions))
            .collect();
        let workers = self.work(&segments, ids.as_ref(), context)?;
        let read = workers.iter().map(|(_, read)| read).sum::<u64>();
        context.tally.count_segments(read, all.len() as u64 - read);

        let mut untold: Ids = workers.iter().flat_map(|(worker, _)| worker.untold.iter().copied()).collect();
        let loose = view.loose()?;
        untold.extend(&ids.as_ref().map_or_else(|| loose.clone(), |ids| ids.and(&loose)));

        let mut groups = Groups::new(&self.keys, &self.aggregates, context);
        self.merge(workers.into_iter().map(|(worker, _)| worker).collect(), &mut groups)?;
        let mut tuples = scan::read(untold, context);
        if let Some(predicate) = &self.predicate {
            tuples = pipe::filter(tuples, predicate, self.counted, context);
        }
        for tuple in tuples {
            groups.add(&tuple?)?;
        }
        Ok(groups)
    }

    /// Adds up all segments, each thread some, and says how many each thread has read.
    fn work<'q>(
        &'q self,
        segments: &[&Segment],
        ids: Option<&'q Ids>,
        context: &'q Arc<Context>,
    ) -> Result<Vec<(Worker<'q>, u64)>> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<Option<(Worker<'q>, u64)>> {
            let Some(mut worker) = Worker::new(self, ids, context) else { return Ok(None) };
            let mut read = 0;
            while let Some(segment) = segments.get(next.fetch_add(1, Ordering::Relaxed)) {
                read += u64::from(worker.add(segment)?);
            }
            Ok(Some((worker, read)))
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        if segments.len() <= FEW_SEGMENTS || threads == 1 {
            return Ok(work()?.into_iter().collect());
        }
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads.min(segments.len())).map(|_| scope.spawn(&work)).collect();
            let mut workers: Vec<_> = work()?.into_iter().collect();
            for other in others {
                match other.join() {
                    Ok(worker) => workers.extend(worker?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(workers)
        })
    }

    /// The groups of all threads as those of records are.
    fn merge(&self, workers: Vec<Worker<'_>>, into: &mut Groups) -> Result<()> {
        let mut workers = workers.into_iter();
        let Some(mut first) = workers.next() else { return Ok(()) };
        let others: Vec<(Worker<'_>, Vec<u32>)> = workers
            .map(|other| {
                let renamed = first.groups.merge(&other.groups);
                (other, renamed)
            })
            .collect();
        let count = first.groups.keys().len();
        let mut accumulators: Vec<std::vec::IntoIter<Accumulator>> = Vec::new();
        for (at, call) in self.calls().enumerate() {
            let state = first.groups.sums.get(at);
            let mut all: Vec<Accumulator> = match state {
                Some(State::Counts(counts)) => {
                    counts.iter().map(|count| Accumulator::counted(*count, call.span)).collect()
                }
                Some(State::Sums(sums)) => {
                    sums.iter().map(|sums| Accumulator::summed(call.function, *sums, call.span)).collect()
                }
                _ => (0..count).map(|_| Accumulator::new(call.function, call.span)).collect(),
            };
            if let (Some(state), Some(measure)) = (state, first.measures.get(at)) {
                into.hold(groups::add_pairs(state, measure, |group| group, &mut all)?)?;
            }
            for (other, renamed) in &others {
                let renamed = |group: u32| renamed.get(group as usize).copied().unwrap_or(u32::MAX);
                if let (Some(state), Some(measure)) = (other.groups.sums.get(at), other.measures.get(at)) {
                    into.hold(groups::add_pairs(state, measure, renamed, &mut all)?)?;
                }
            }
            accumulators.push(all.into_iter());
        }
        let parts: Vec<_> = self.values.iter().map(|values| values.parts()).collect();
        for key in first.groups.keys() {
            let numbers = groups::numbers(*key, self.keys.len());
            let chosen = numbers.zip(&parts).filter_map(|(number, parts)| parts.get(number as usize));
            let accumulators = accumulators.iter_mut().filter_map(Iterator::next).collect();
            into.insert(&chosen.collect::<Vec<_>>(), accumulators)?;
        }
        Ok(())
    }

    /// Counts rows by status, as the filter does.
    fn count_statuses(
        &self,
        status: Option<usize>,
        rows: &Rows,
        columns: &Columns<'_>,
        context: &Context,
    ) -> Result<()> {
        let Some(number) = status.filter(|_| self.counted) else { return Ok(()) };
        let column = columns.get(number)?;
        let mut counts = vec![0_u64; column.len()];
        match counts.as_mut_slice() {
            [only] => *only = rows.len() as u64,
            counts => segment::each_code(column.codes(), rows, |code| {
                if let Some(count) = counts.get_mut(usize::from(code)) {
                    *count += 1;
                }
            }),
        }
        for (code, count) in (0_u16..).zip(counts) {
            if count > 0 {
                let status = worker::status_of(column.cell(code), context)?;
                context.tally.count_status_many(status, count);
            }
        }
        Ok(())
    }
}
