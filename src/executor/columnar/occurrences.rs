//! Occurrences on columns: which events a bracket of a pattern finds, when they were, and what they have in common,
//! without a look at their records.

use std::sync::Arc;

use crate::error::Result;
use crate::planner::columnar;
use crate::planner::plan::{GroupKey, Node};
use crate::storage::Ids;
use crate::storage::segment::{Cell, ColumnId, Segment};

use super::super::when::When;
use super::super::{Context, scan};
use super::condition::Condition;
use super::groups::packed;
use super::key::{BoundKey, Key, Lists, Values};
use super::probe::{ByCell, probe};
use super::segment::{Columns, Names, Rows, each_code, table};
use super::select::{Selected, candidates, is_pruned, select};
use super::worker::ROWS_A_COLUMN;
use super::{conditions, in_threads};

/// An event that a bracket finds, for one combination of the values of the keys.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Seen {
    /// Its number.
    pub(in super::super) id: u64,
    /// When it was.
    pub(in super::super) when: When,
    /// Does it certainly belong there?
    pub(in super::super) certain: bool,
    /// The numbers of the values.
    pub(in super::super) key: u128,
}

/// What columns tell of the events of a bracket.
pub(in super::super) struct Told {
    pub(in super::super) seen: Vec<Seen>,
    /// The events that their records must tell.
    pub(in super::super) untold: Ids,
}

/// The events of a filter over columns; none where columns do not tell of them.
pub(in super::super) fn occurrences(
    node: &Node,
    keys: &[GroupKey],
    values: &[Arc<Values>],
    context: &Arc<Context>,
) -> Option<Result<Told>> {
    let (scan, predicate) = match node {
        Node::Filter { input, predicate, .. } => (input.as_ref(), Some(predicate)),
        scan => (scan, None),
    };
    let Node::ColumnScan { columns, postings, .. } = scan else { return None };
    let names: Names = columns.as_slice().into();
    let needed = columnar::columns_of_bracket(keys)?;
    if !needed.iter().all(|column| names.contains(column)) {
        return None;
    }
    let make =
        || Lookout::new(conditions(predicate, postings.as_ref(), &names)?, keys, values, &names);
    let pruning = make()?.conditions;
    let run = || {
        let view = &context.view;
        let ids = postings.as_ref().map(|postings| scan::ids(postings, view)).transpose()?;
        let all = view.segments();
        let segments: Vec<&Segment> =
            all.iter().map(AsRef::as_ref).filter(|segment| !is_pruned(segment, &pruning)).collect();
        let add =
            |lookout: &mut Lookout, segment: &Segment| lookout.add(segment, ids.as_ref(), context);
        let lookouts = in_threads(&segments, make, add)?;
        let read = lookouts.iter().map(|lookout| lookout.read).sum::<u64>();
        context.tally.count_segments(read, all.len() as u64 - read);
        let mut untold: Ids =
            lookouts.iter().flat_map(|found| found.untold.iter().copied()).collect();
        let loose = view.loose()?;
        untold.extend(&ids.as_ref().map_or_else(|| loose.clone(), |ids| ids.and(&loose)));
        Ok(Told { seen: lookouts.into_iter().flat_map(|found| found.seen).collect(), untold })
    };
    Some(run())
}

/// One thread's part of looking for events.
struct Lookout {
    names: Names,
    conditions: Vec<Condition>,
    keys: Vec<Key>,
    lists: Lists,
    /// The number of the column of dates.
    date: usize,
    dates: ByCell<When>,
    seen: Vec<Seen>,
    untold: Vec<u64>,
    /// How many segments it has read.
    read: u64,
}

impl Lookout {
    fn new(
        conditions: Vec<Condition>,
        keys: &[GroupKey],
        values: &[Arc<Values>],
        names: &Names,
    ) -> Option<Lookout> {
        let keys = keys.iter().zip(values);
        Some(Lookout {
            names: Arc::clone(names),
            conditions,
            keys: keys
                .map(|(key, values)| Key::new(key, names, Arc::clone(values)))
                .collect::<Option<_>>()?,
            lists: Lists::default(),
            date: names.iter().position(|name| *name == ColumnId::Date)?,
            dates: ByCell::new(When::NEVER),
            seen: Vec::new(),
            untold: Vec::new(),
            read: 0,
        })
    }

    /// Looks at a segment.
    fn add(&mut self, segment: &Segment, ids: Option<&Ids>, context: &Arc<Context>) -> Result<()> {
        context.check()?;
        let id = |row: u16| segment.first() + u64::from(row);
        let rows = candidates(segment, ids, context);
        if let Rows::Some(few) = &rows
            && few.len() <= ROWS_A_COLUMN * self.names.len()
        {
            self.untold.extend(few.iter().map(|row| id(*row)));
            return Ok(());
        }
        self.read += 1;
        let names = Arc::clone(&self.names);
        let columns = Columns::new(segment, &names, context);
        let Selected { certain, possible, mut untold } =
            select(rows, &mut self.conditions, &columns, &names, context)?;
        let looked_at = certain.len() + possible.len();
        self.see(certain, true, &columns, &mut untold, context)?;
        self.see(Rows::Some(possible), false, &columns, &mut untold, context)?;
        context.tally.count_scanned_many(looked_at as u64);
        self.untold.extend(untold.into_iter().map(id));
        Ok(())
    }

    /// Sees rows. Those that only their records tell join the untold.
    fn see(
        &mut self,
        mut rows: Rows,
        certain: bool,
        columns: &Columns<'_>,
        untold: &mut Vec<u16>,
        context: &Arc<Context>,
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let names = Arc::clone(&self.names);
        let of_keys = self.keys.iter().flat_map(|key| key.columns.iter().copied());
        untold.append(&mut rows.without_odd(&columns.odd(of_keys.chain([self.date]))?));
        let column = columns.get(self.date)?;
        let days =
            table(column, &rows, When::NEVER, |cell| self.dates.get(cell, || when(cell, context)))?;
        let mut keys: Vec<BoundKey<'_>> = Vec::with_capacity(self.keys.len());
        for key in &mut self.keys {
            keys.push(key.of(columns, &names, &rows, &mut self.lists, context)?);
        }
        let mut values: Vec<Vec<u32>> = vec![Vec::new(); keys.len()];
        let (lists, seen) = (&mut self.lists, &mut self.seen);
        let codes = column.codes();
        let first = columns.segment.first();
        let mut failed = None;
        rows.each(|row| {
            let mut told = true;
            for (key, values) in keys.iter_mut().zip(&mut values) {
                match key.values(row, lists, values) {
                    Ok(known) => told &= known,
                    Err(error) => failed = Some(error),
                }
            }
            let when = days.get(usize::from(codes.get(usize::from(row)))).copied();
            match when.filter(|when| told && *when != When::NEVER) {
                Some(when) => each(&values, &mut Vec::new(), &mut |numbers| {
                    let key = packed(numbers.iter().copied());
                    seen.push(Seen { id: first + u64::from(row), when, certain, key });
                }),
                None => untold.push(row),
            }
        });
        failed.map_or(Ok(()), Err)
    }
}

/// Every combination of numbers, one of each list.
fn each(lists: &[Vec<u32>], chosen: &mut Vec<u32>, with: &mut impl FnMut(&[u32])) {
    let Some((list, rest)) = lists.split_first() else { return with(chosen) };
    for number in list {
        chosen.push(*number);
        each(rest, chosen, with);
        chosen.pop();
    }
}

/// When an event was of which the column of dates says this.
fn when(cell: Cell, context: &Context) -> Result<When> {
    let tuple = probe(&[(&ColumnId::Date, cell)], context)?;
    Ok(When::of(tuple.event.as_ref().and_then(|stored| stored.event.date.as_ref())))
}

/// The first and the last day that events may have had whose days are known, or at least between which they lie; none when
/// there is no such event.
pub(in super::super) fn recorded_days(context: &Arc<Context>) -> Result<Option<(i64, i64)>> {
    let view = &context.view;
    let names = [ColumnId::Date];
    let mut found: Option<(i64, i64)> = None;
    let mut add = |when: When| {
        if let Some((from, to)) = when.bounds() {
            found = Some(found.map_or((from, to), |(first, last)| (first.min(from), last.max(to))));
        }
    };
    let mut dates = ByCell::new(When::NEVER);
    let mut untold = view.loose()?;
    for segment in view.segments().iter() {
        context.check()?;
        let columns = Columns::new(segment, &names, context);
        let mut rows = candidates(segment, None, context);
        for row in rows.without_odd(&columns.odd([0])?) {
            untold.extend(&std::iter::once(segment.first() + u64::from(row)).collect());
        }
        let column = columns.get(0)?;
        let mut seen = vec![false; column.len()];
        each_code(column.codes(), &rows, |code| {
            seen.get_mut(usize::from(code)).into_iter().for_each(|seen| *seen = true);
        });
        for code in (0_u16..).zip(&seen).filter(|(_, seen)| **seen).map(|(code, _)| code) {
            let cell = column.cell(code);
            add(dates.get(cell, || when(cell, context))?);
        }
    }
    for tuple in scan::read(untold, context) {
        if let Some(stored) = &tuple?.event {
            add(When::of(stored.event.date.as_ref()));
        }
    }
    Ok(found)
}
