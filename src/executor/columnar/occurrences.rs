//! Occurrences on columns: which events a bracket of a pattern finds, when they were, and what they have in common,
//! without a look at their records.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::Result;
use crate::planner::columnar;
use crate::planner::expression::Expr;
use crate::planner::plan::{GroupKey, Node, Postings};
use crate::storage::Ids;
use crate::storage::segment::{Cell, ColumnId, Segment};

use super::super::when::When;
use super::super::{Context, scan};
use super::condition::Condition;
use super::groups::packed_at;
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

/// What is looked for: the events of a filter over columns.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Wanted<'p> {
    pub(in super::super) node: &'p Node,
    /// What they have in common.
    pub(in super::super) keys: &'p [GroupKey],
}

/// A filter over columns in its parts.
struct Filtered<'p> {
    predicate: Option<&'p Expr>,
    columns: &'p [ColumnId],
    postings: Option<&'p Postings>,
    ids: Option<Ids>,
    /// The keys that are its own.
    keys: &'p [GroupKey],
    /// Whose days rule segments out.
    pruning: Vec<Condition>,
}

/// The events of some filters, all found in one reading of the columns; none of those of which columns do not tell. All
/// have the first keys, so many, in common.
pub(in super::super) fn occurrences(
    wanted: &[Wanted<'_>],
    shared: usize,
    values: &[Arc<Values>],
    context: &Arc<Context>,
) -> Result<Vec<Option<Told>>> {
    let mut all: Vec<Option<Filtered<'_>>> =
        wanted.iter().map(|wanted| filtered(*wanted, shared)).collect();
    let names = all.iter().flatten().flat_map(|filtered| filtered.columns.iter().cloned());
    let names: BTreeSet<ColumnId> = names.collect();
    let names: Names = names.into_iter().collect();
    let view = &context.view;
    for place in &mut all {
        let Some(filtered) = place else { continue };
        match filtered.conditions(&names) {
            Some(conditions) if filtered.keys_of(&names, values, shared).is_some() => {
                filtered.pruning = conditions;
                filtered.ids = filtered.postings.map(|ids| scan::ids(ids, view)).transpose()?;
            }
            _ => *place = None,
        }
    }
    let told: Vec<&Filtered<'_>> = all.iter().flatten().collect();
    let first = wanted.first().map_or(&[][..], |wanted| wanted.keys);
    let common = first.get(..shared).unwrap_or_default();
    if told.is_empty() || keys_of(common, &names, values).is_none() {
        return Ok(wanted.iter().map(|_| None).collect());
    }
    let segments = view.segments();
    let open: Vec<&Segment> = segments
        .iter()
        .map(AsRef::as_ref)
        .filter(|segment| told.iter().any(|filtered| !is_pruned(segment, &filtered.pruning)))
        .collect();
    let make = || Reading::new(&told, common, values, &names);
    let readings = in_threads(&open, make, |reading, segment| reading.add(segment, context))?;
    let read = readings.iter().map(|reading| reading.read).sum::<u64>();
    context.tally.count_segments(read, (segments.len() as u64).saturating_sub(read));
    let loose = view.loose()?;
    let mut found: Vec<Told> = told
        .iter()
        .map(|filtered| Told {
            seen: Vec::new(),
            untold: filtered.ids.as_ref().map_or_else(|| loose.clone(), |ids| ids.and(&loose)),
        })
        .collect();
    for lookouts in readings.into_iter().map(|reading| reading.lookouts) {
        for (told, lookout) in found.iter_mut().zip(lookouts) {
            if told.seen.is_empty() {
                told.seen = lookout.seen;
            } else {
                told.seen.extend(lookout.seen);
            }
            told.untold.extend(&lookout.untold.into_iter().collect());
        }
    }
    let mut found = found.into_iter();
    Ok(all.iter().map(|filtered| filtered.as_ref().and_then(|_| found.next())).collect())
}

/// The parts of what is wanted; none where it is no filter over the columns that it needs.
fn filtered(wanted: Wanted<'_>, shared: usize) -> Option<Filtered<'_>> {
    let (scan, predicate) = match wanted.node {
        Node::Filter { input, predicate, .. } => (input.as_ref(), Some(predicate)),
        scan => (scan, None),
    };
    let Node::ColumnScan { columns, postings, .. } = scan else { return None };
    let needed = columnar::columns_of_bracket(wanted.keys)?;
    needed.iter().all(|column| columns.contains(column)).then(|| Filtered {
        predicate,
        columns,
        postings: postings.as_ref(),
        ids: None,
        keys: wanted.keys.get(shared..).unwrap_or_default(),
        pruning: Vec::new(),
    })
}

impl Filtered<'_> {
    fn conditions(&self, names: &Names) -> Option<Vec<Condition>> {
        conditions(self.predicate, self.postings, names)
    }

    fn keys_of(&self, names: &Names, values: &[Arc<Values>], shared: usize) -> Option<Vec<Key>> {
        keys_of(self.keys, names, values.get(shared..).unwrap_or_default())
    }
}

fn keys_of(keys: &[GroupKey], names: &Names, values: &[Arc<Values>]) -> Option<Vec<Key>> {
    let keys = keys.iter().zip(values);
    keys.map(|(key, values)| Key::new(key, names, Arc::clone(values))).collect()
}

/// One thread's part of looking for events: what it knows of cells is known to all filters.
struct Reading<'p> {
    names: Names,
    /// The keys that all have in common.
    keys: Vec<Key>,
    known: Known,
    lookouts: Vec<Lookout<'p>>,
    /// How many segments it has read.
    read: u64,
}

/// What is known of cells.
struct Known {
    lists: Lists,
    /// The number of the column of dates.
    date: usize,
    dates: ByCell<When>,
}

/// The events of one filter.
struct Lookout<'p> {
    of: &'p Filtered<'p>,
    conditions: Vec<Condition>,
    /// Those that are its own.
    keys: Vec<Key>,
    seen: Vec<Seen>,
    untold: Vec<u64>,
}

impl<'p> Reading<'p> {
    fn new(
        told: &[&'p Filtered<'p>],
        common: &[GroupKey],
        values: &[Arc<Values>],
        names: &Names,
    ) -> Option<Reading<'p>> {
        let lookout = |of: &&'p Filtered<'p>| {
            Some(Lookout {
                of,
                conditions: of.conditions(names)?,
                keys: of.keys_of(names, values, common.len())?,
                seen: Vec::new(),
                untold: Vec::new(),
            })
        };
        Some(Reading {
            names: Arc::clone(names),
            keys: keys_of(common, names, values)?,
            known: Known {
                lists: Lists::default(),
                date: names.iter().position(|name| *name == ColumnId::Date)?,
                dates: ByCell::new(When::NEVER),
            },
            lookouts: told.iter().map(lookout).collect::<Option<_>>()?,
            read: 0,
        })
    }

    /// Looks at a segment.
    fn add(&mut self, segment: &Segment, context: &Arc<Context>) -> Result<()> {
        context.check()?;
        let columns = Columns::new(segment, &self.names, context);
        let mut read = false;
        for lookout in &mut self.lookouts {
            if !is_pruned(segment, &lookout.of.pruning) {
                read |=
                    lookout.add(&columns, &self.names, &mut self.keys, &mut self.known, context)?;
            }
        }
        self.read += u64::from(read);
        Ok(())
    }
}

impl Lookout<'_> {
    /// Looks at a segment. Says whether it was read.
    fn add(
        &mut self,
        columns: &Columns<'_>,
        names: &Names,
        shared: &mut [Key],
        known: &mut Known,
        context: &Arc<Context>,
    ) -> Result<bool> {
        let first = columns.segment.first();
        let id = |row: u16| first + u64::from(row);
        let rows = candidates(columns.segment, self.of.ids.as_ref(), context);
        if let Rows::Some(few) = &rows
            && few.len() <= ROWS_A_COLUMN * self.of.columns.len()
        {
            self.untold.extend(few.iter().map(|row| id(*row)));
            return Ok(false);
        }
        let Selected { certain, possible, mut untold } =
            select(rows, &mut self.conditions, columns, names, context)?;
        context.tally.count_scanned_many((certain.len() + possible.len()) as u64);
        for (rows, certain) in [(certain, true), (Rows::Some(possible), false)] {
            let mut keys: Vec<&mut Key> = shared.iter_mut().chain(&mut self.keys).collect();
            see(rows, &mut keys, names, known, columns, context, |seen| match seen {
                Ok((row, when, key)) => self.seen.push(Seen { id: id(row), when, certain, key }),
                Err(row) => untold.push(row),
            })?;
        }
        self.untold.extend(untold.into_iter().map(id));
        Ok(true)
    }
}

/// Sees rows: when each was, once for each combination of the values of its keys. Those that only their records tell are
/// given alone.
fn see(
    mut rows: Rows,
    keys: &mut [&mut Key],
    names: &Names,
    known: &mut Known,
    columns: &Columns<'_>,
    context: &Arc<Context>,
    mut give: impl FnMut(std::result::Result<(u16, When, u128), u16>),
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let Known { lists, date, dates } = known;
    let of_keys: Vec<usize> = keys.iter().flat_map(|key| key.columns.iter().copied()).collect();
    let odd = columns.odd(of_keys.into_iter().chain([*date]))?;
    rows.without_odd(&odd).into_iter().for_each(|row| give(Err(row)));
    let column = columns.get(*date)?;
    let days = table(column, &rows, When::NEVER, |cell| dates.get(cell, || when(cell, context)))?;
    let mut bound: Vec<BoundKey<'_>> = Vec::with_capacity(keys.len());
    for key in keys {
        bound.push(key.of(columns, names, &rows, lists, context)?);
    }
    let mut values: Vec<Vec<u32>> = vec![Vec::new(); bound.len()];
    let codes = column.codes();
    let mut failed = None;
    rows.each(|row| {
        let mut told = true;
        for (key, values) in bound.iter_mut().zip(&mut values) {
            match key.values(row, lists, values) {
                Ok(known) => told &= known,
                Err(error) => failed = Some(error),
            }
        }
        let when = days.get(usize::from(codes.get(usize::from(row)))).copied();
        match when.filter(|when| told && *when != When::NEVER) {
            Some(when) => each(&values, 0, 0, &mut |key| give(Ok((row, when, key)))),
            None => give(Err(row)),
        }
    });
    failed.map_or(Ok(()), Err)
}

/// Every combination of numbers, one of each list, as a key.
fn each(lists: &[Vec<u32>], at: u32, key: u128, with: &mut impl FnMut(u128)) {
    let Some((list, rest)) = lists.split_first() else { return with(key) };
    for number in list {
        each(rest, at + 1, key | packed_at(*number, at), with);
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
        let odd = rows.without_odd(&columns.odd([0])?).into_iter();
        untold.extend(&odd.map(|row| segment.first() + u64::from(row)).collect());
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
