//! What one thread does with its segments: select rows, find their groups, add up what they say.

use std::sync::Arc;

use crate::error::Result;
use crate::planner::columnar;
use crate::storage::Ids;
use crate::storage::segment::{Cell, ColumnId, Segment};

use super::super::Context;
use super::super::context::Holding;
use super::Grouping;
use super::adding::{add_up, took_place};
use super::condition::Condition;
use super::feed::{add_counts, add_dense, feeds};
use super::groups::Groups;
use super::key::{BoundKey, Key, Lists};
use super::measure::{BoundMeasure, Measure};
use super::partition::Partitions;
use super::segment::{Columns, Rows, each_code};
use super::select::{candidates, select};

/// So few rows of a segment are read as records, which is less than a column for each that the query needs.
pub(super) const ROWS_A_COLUMN: usize = 2;

/// One thread's part of a grouping.
pub(super) struct Worker<'q> {
    grouping: &'q Grouping,
    ids: Option<&'q Ids>,
    context: &'q Arc<Context>,
    conditions: Vec<Condition>,
    keys: Vec<Key>,
    lists: Lists,
    pub(super) measures: Vec<Measure>,
    pub(super) groups: Groups,
    /// Rows of groups that are too many for the cache, where nothing but rows is counted.
    partitions: Partitions,
    /// How many rows it has added.
    pub(super) rows: u64,
    /// The ids of events that their records must tell.
    pub(super) untold: Vec<u64>,
    /// How many segments it has read.
    segments: u64,
    holding: Holding,
    held: usize,
}

impl<'q> Worker<'q> {
    /// A thread's part; none when the grouping cannot be told by columns after all.
    pub(super) fn new(
        grouping: &'q Grouping,
        ids: Option<&'q Ids>,
        context: &'q Arc<Context>,
    ) -> Option<Worker<'q>> {
        let names = &grouping.names;
        let conditions = grouping.conditions(names)?;
        let keys = grouping.keys.iter().zip(&grouping.values);
        let keys = keys.map(|(key, values)| Key::new(key, names, Arc::clone(values)));
        let measures = grouping.calls().map(|call| Measure::new(call, names));
        let measures = measures.collect::<Option<Vec<_>>>()?;
        Some(Worker {
            grouping,
            ids,
            context,
            conditions,
            keys: keys.collect::<Option<_>>()?,
            lists: Lists::default(),
            groups: Groups::new(&measures),
            partitions: Partitions::new(grouping.keys.len()),
            measures,
            rows: 0,
            untold: Vec::new(),
            segments: 0,
            holding: Holding::new(context, "summarize"),
            held: 0,
        })
    }

    /// How many segments it has read.
    pub(super) fn segments(&self) -> u64 {
        self.segments
    }

    /// Adds the rows of a segment.
    pub(super) fn add(&mut self, segment: &Segment) -> Result<()> {
        self.context.check()?;
        let rows = candidates(segment, self.ids, self.context);
        if rows.is_empty() {
            return Ok(());
        }
        let names = &self.grouping.names;
        if let Rows::Some(few) = &rows
            && few.len() <= ROWS_A_COLUMN * names.len()
        {
            self.untold.extend(few.iter().map(|row| segment.first() + u64::from(*row)));
            return Ok(());
        }
        self.segments += 1;
        let looked_at = rows.len();
        let columns = Columns::new(segment, names, self.context);
        let selected = select(rows, &mut self.conditions, &columns, names, self.context)?;
        if selected.is_empty() {
            return Ok(());
        }
        let (mut certain, mut untold) = (selected.certain, selected.untold);
        if self.grouping.counted && !selected.possible.is_empty() {
            untold.append(&mut self.count_possible(selected.possible, &columns)?);
        }
        if !certain.is_empty() {
            self.add_rows(&mut certain, &mut untold, &columns)?;
            self.rows += certain.len() as u64;
        }
        self.context.tally.count_scanned_many((looked_at - untold.len()) as u64);
        self.untold.extend(untold.iter().map(|row| segment.first() + u64::from(*row)));
        self.hold()
    }

    /// The rows that it has dealt out.
    pub(super) fn take_partitions(&mut self) -> Partitions {
        std::mem::replace(&mut self.partitions, Partitions::new(0))
    }

    fn number(&self, column: &ColumnId) -> Option<usize> {
        self.grouping.names.iter().position(|name| name == column)
    }

    /// Counts rows of which the condition is possible. Gives those that only their records tell.
    fn count_possible(&self, rows: Vec<u16>, columns: &Columns<'_>) -> Result<Vec<u16>> {
        let Some(date) = self.number(&ColumnId::Date) else { return Ok(rows) };
        let mut rows = Rows::Some(rows);
        let untold = rows.without_odd(&columns.odd([date])?);
        let column = columns.get(date)?;
        each_code(column.codes(), &rows, |code| {
            self.context.tally.count_possible(column.cell(code) == Cell::Missing);
        });
        Ok(untold)
    }

    /// Adds rows that certainly fulfil the conditions. Those that only their records tell join the untold.
    fn add_rows(
        &mut self,
        rows: &mut Rows,
        untold: &mut Vec<u16>,
        columns: &Columns<'_>,
    ) -> Result<()> {
        let names: &[ColumnId] = &self.grouping.names;
        let status = self.number(&ColumnId::Status);
        let of_keys = self.keys.iter().flat_map(|key| key.columns.iter().copied());
        let of_measures = self.measures.iter().flat_map(|measure| measure.columns.iter().copied());
        let odd = columns.odd(of_keys.chain(of_measures).chain(status))?;
        untold.append(&mut rows.without_odd(&odd));
        let context = self.context;
        let mut measures = Vec::with_capacity(self.measures.len());
        for measure in &mut self.measures {
            let status = status.filter(|_| columnar::sees_status(&measure.call));
            let (mut bound, found) = measure.of(columns, names, rows, context)?;
            bound.ask_records(found, rows, untold)?;
            measures.push((bound, found, status));
        }
        let mut keys = Vec::with_capacity(self.keys.len());
        for key in &mut self.keys {
            keys.push(key.of(columns, names, rows, &mut self.lists, context)?);
        }
        let singles: Option<Vec<_>> = keys.iter().map(BoundKey::single).collect();
        if let Some(singles) = singles {
            let feeds = feeds(&self.groups, &measures);
            if feeds.as_ref().is_some_and(|feeds| add_counts(&mut self.groups, rows, &keys, feeds))
            {
                return self.grouping.count_statuses(status, rows, columns, context);
            }
            let rows_alone = measures.iter().all(|(bound, ..)| matches!(bound, BoundMeasure::Rows));
            if rows_alone
                && !measures.is_empty()
                && !self.groups.fits_dense(&singles)
                && singles.len() > 1
                && self.partitions.add(&singles, rows)
            {
                return self.grouping.count_statuses(status, rows, columns, context);
            }
            if let (Some(feeds), Some(keys)) = (feeds, self.groups.dense_keys(&singles)) {
                add_dense(&mut self.groups, &keys, &feeds, rows);
                return self.grouping.count_statuses(status, rows, columns, context);
            }
            let groups = self.groups.of_rows(&singles, rows);
            for (state, (bound, found, status)) in self.groups.sums.iter_mut().zip(&mut measures) {
                add_up(
                    state,
                    bound,
                    found,
                    &took_place(*status, columns, context)?,
                    &groups,
                    rows,
                )?;
            }
        } else {
            let (groups, members) =
                members(&mut self.groups, &mut keys, &mut self.lists, rows, untold, context)?;
            for (state, (bound, found, status)) in self.groups.sums.iter_mut().zip(&mut measures) {
                add_up(
                    state,
                    bound,
                    found,
                    &took_place(*status, columns, context)?,
                    &groups,
                    &members,
                )?;
            }
        }
        self.grouping.count_statuses(status, rows, columns, context)
    }

    /// Counts the memory that it holds.
    fn hold(&mut self) -> Result<()> {
        let conditions: usize = self.conditions.iter().map(Condition::bytes).sum();
        let keys: usize = self.keys.iter().map(Key::bytes).sum();
        let measures: usize = self.measures.iter().map(Measure::bytes).sum();
        let bytes = self.groups.bytes()
            + self.partitions.bytes()
            + conditions
            + keys
            + measures
            + self.untold.capacity() * 8;
        if bytes > self.held {
            self.holding.add(bytes - self.held)?;
            self.held = bytes;
        }
        Ok(())
    }
}

/// The groups of rows whose keys have several values, with a row for each. Rows that only their records tell go.
fn members(
    groups: &mut Groups,
    keys: &mut [BoundKey<'_>],
    lists: &mut Lists,
    rows: &mut Rows,
    untold: &mut Vec<u16>,
    context: &Context,
) -> Result<(Vec<u32>, Rows)> {
    let mut found: Vec<u32> = Vec::with_capacity(rows.len());
    let mut of_rows: Vec<u16> = Vec::with_capacity(rows.len());
    let mut values: Vec<Vec<u32>> = vec![Vec::new(); keys.len()];
    let mut failed = None;
    let mut seen = 0_u32;
    rows.retain(untold, |row| {
        seen = seen.wrapping_add(1);
        let mut add = || -> Result<bool> {
            if seen.is_multiple_of(4096) {
                context.check()?;
            }
            for (key, values) in keys.iter_mut().zip(&mut values) {
                if !key.values(row, lists, values)? {
                    return Ok(false);
                }
            }
            if let [only] = values.as_slice() {
                for number in only {
                    found.push(groups.of_number(*number));
                    of_rows.push(row);
                }
                return Ok(true);
            }
            each_key(&values, 0, 0, &mut |key| {
                found.push(groups.group(key));
                of_rows.push(row);
            });
            Ok(true)
        };
        failed.is_none()
            && add().unwrap_or_else(|error| {
                failed = Some(error);
                false
            })
    });
    failed.map_or(Ok((found, Rows::Some(of_rows))), Err)
}

/// Every combination of the values of the keys.
fn each_key(values: &[Vec<u32>], at: u32, key: u128, with: &mut impl FnMut(u128)) {
    match values.split_first() {
        None => with(key),
        Some((first, rest)) => {
            for number in first {
                each_key(rest, at + 1, key | u128::from(*number) << (32 * at), with);
            }
        }
    }
}
