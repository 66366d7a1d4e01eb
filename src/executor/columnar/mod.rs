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

mod adding;
mod condition;
mod feed;
mod finish;
mod groups;
mod joint;
mod key;
mod lookup;
mod measure;
mod occurrences;
mod partition;
mod probe;
mod rows;
mod segment;
mod select;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::model::Status;
use crate::planner::columnar;
use crate::planner::expression::Expr;
use crate::planner::function::Function;
use crate::planner::plan::{Aggregate, AggregateCall, GroupKey, Node, Postings, SortKey};
use crate::storage::segment::{ColumnId, Segment};
use crate::storage::{Ids, Posting};

use super::aggregate::{self, Groups};
use super::pipe::{self, deferred};
use super::{Context, Tuples, scan};

use condition::Condition;
use segment::{Columns, Names, Rows};
use worker::Worker;

pub(super) use groups::{numbers, packed};
pub(super) use key::Values;
pub(super) use lookup::Lookup;
pub(super) use occurrences::{Seen, Told, Wanted, occurrences, recorded_days};
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
    /// Are only so many groups wanted, those for which a call counts most?
    most: Option<Most>,
}

/// The greatest groups of a grouping.
#[derive(Clone, Copy)]
struct Most {
    /// How many.
    groups: usize,
    /// The call whose count decides, among all.
    call: usize,
}

/// The tuples of a grouping over columns; none when the node is no such grouping.
pub(super) fn grouping(node: &Node, context: &Arc<Context>) -> Option<Tuples> {
    grouping_of(node, None, context)
}

/// The same where of all groups only the first of an order go on. Where a count decides, most of those that do not are
/// left out; who sorts the rest finds the same.
pub(super) fn top_grouping(
    node: &Node,
    count: u64,
    order: &[SortKey],
    context: &Arc<Context>,
) -> Option<Tuples> {
    let Node::Aggregate { keys, aggregates, .. } = node else { return None };
    let most = || {
        let [SortKey { expr: Expr::Column(at), descending: true, .. }, ..] = order else {
            return None;
        };
        let at = at.checked_sub(keys.len())?;
        let aggregate = aggregates.get(at)?;
        let [call] = aggregate.calls.as_slice() else { return None };
        let counts = matches!(aggregate.expr, Expr::Column(0)) && call.function == Function::Count;
        let before = aggregates.iter().take(at).map(|aggregate| aggregate.calls.len()).sum();
        let groups = usize::try_from(count).ok()?;
        counts.then_some(Most { groups, call: before })
    };
    grouping_of(node, most(), context)
}

fn grouping_of(node: &Node, most: Option<Most>, context: &Arc<Context>) -> Option<Tuples> {
    let Node::Aggregate { input, keys, aggregates, possible } = node else { return None };
    let (scan, filter) = match input.as_ref() {
        Node::Filter { input, predicate, counted } => (input.as_ref(), Some((predicate, *counted))),
        scan => (scan, None),
    };
    let Node::ColumnScan { columns, postings, .. } = scan else { return None };
    let counted = filter.is_some_and(|(_, counted)| counted);
    let grouping = Grouping {
        names: columns.as_slice().into(),
        postings: postings.clone(),
        predicate: filter.map(|(predicate, _)| predicate.clone()),
        counted,
        keys: keys.clone(),
        aggregates: aggregates.clone(),
        values: keys.iter().map(|_| Arc::default()).collect(),
        most,
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
        conditions(self.predicate.as_ref(), self.postings.as_ref(), names)
    }

    fn run(&self, context: &Arc<Context>) -> Result<Groups> {
        let view = &context.view;
        let ids = self.postings.as_ref().map(|postings| scan::ids(postings, view)).transpose()?;
        let conditions = self.conditions(&self.names).unwrap_or_default();
        if conditions.is_empty() && self.counts_all() {
            return self.count_all(ids.as_ref(), context);
        }
        let all = view.segments();
        let segments: Vec<&Segment> = all
            .iter()
            .map(AsRef::as_ref)
            .filter(|segment| !select::is_pruned(segment, &conditions))
            .collect();
        let workers =
            in_threads(&segments, || Worker::new(self, ids.as_ref(), context), Worker::add)?;
        let read = workers.iter().map(Worker::segments).sum::<u64>();
        context.tally.count_segments(read, all.len() as u64 - read);

        let untold = workers.iter().flat_map(|worker| worker.untold.iter().copied());
        let mut untold: Ids = untold.collect();
        let loose = view.loose()?;
        untold.extend(&ids.as_ref().map_or_else(|| loose.clone(), |ids| ids.and(&loose)));
        let mut groups = Groups::new(&self.keys, &self.aggregates, context).remembering();
        let mut tuples = scan::read(untold, context);
        if let Some(predicate) = &self.predicate {
            tuples = pipe::filter(tuples, predicate, self.counted, context);
        }
        for tuple in tuples {
            groups.add(&tuple?)?;
        }
        groups.count_rows(workers.iter().map(|worker| worker.rows).sum());
        finish::finish(self, workers, &mut groups, context)?;
        Ok(groups)
    }

    /// Is nothing wanted but how many events there are?
    fn counts_all(&self) -> bool {
        let counts =
            |call: &AggregateCall| call.function == Function::Count && call.argument.is_none();
        self.keys.is_empty() && self.calls().all(counts)
    }

    /// Counts the events of postings, or all, without a look at any.
    fn count_all(&self, ids: Option<&Ids>, context: &Arc<Context>) -> Result<Groups> {
        let view = &context.view;
        let count = ids.map_or_else(|| view.event_count(), |ids| Ok(ids.len()))?;
        if self.counted {
            for status in Status::ALL {
                let all = view.posting_len(Posting::Status, status.word())?;
                let with = match ids {
                    Some(ids) if all > 0 && all < view.event_count()? => {
                        ids.and(&view.postings(Posting::Status, status.word())?).len()
                    }
                    _ => all.min(count),
                };
                context.tally.count_status_many(*status, with);
            }
        }
        let mut groups = Groups::new(&self.keys, &self.aggregates, context);
        groups.add_to(&[], |accumulators| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            for accumulator in accumulators {
                accumulator.count_more(count);
            }
            Ok(0)
        })?;
        Ok(groups)
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
                let status = adding::status_of(column.cell(code), context)?;
                context.tally.count_status_many(status, count);
            }
        }
        Ok(())
    }
}

/// The parts of a condition that the postings leave open, on columns; none where one of them needs others.
fn conditions(
    predicate: Option<&Expr>,
    postings: Option<&Postings>,
    names: &[ColumnId],
) -> Option<Vec<Condition>> {
    let parts = predicate.map_or(&[][..], columnar::conjuncts);
    let decided =
        |part: &&Expr| postings.is_some_and(|postings| columnar::is_decided(part, postings));
    parts.iter().filter(|part| !decided(part)).map(|part| Condition::new(part, names)).collect()
}

/// Takes all segments, each thread some; none of the workers is there when none can be made.
fn in_threads<W: Send>(
    segments: &[&Segment],
    make: impl Fn() -> Option<W> + Sync,
    add: impl Fn(&mut W, &Segment) -> Result<()> + Sync,
) -> Result<Vec<W>> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Option<W>> {
        let Some(mut worker) = make() else { return Ok(None) };
        while let Some(segment) = segments.get(next.fetch_add(1, Ordering::Relaxed)) {
            add(&mut worker, segment)?;
        }
        Ok(Some(worker))
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if segments.len() <= FEW_SEGMENTS || threads == 1 {
        return Ok(work()?.into_iter().collect());
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(segments.len())).map(|_| scope.spawn(work)).collect();
        let mut workers: Vec<W> = work()?.into_iter().collect();
        for other in others {
            match other.join() {
                Ok(worker) => workers.extend(worker?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(workers)
    })
}
