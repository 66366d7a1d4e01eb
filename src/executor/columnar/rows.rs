//! Rows over columns: the records of those events alone for which the columns leave the condition open.

use std::sync::Arc;

use crate::error::Result;
use crate::model::{Event, EventId};
use crate::planner::columnar;
use crate::planner::expression::Expr;
use crate::planner::plan::Postings;
use crate::storage::Ids;
use crate::storage::segment::{Column, ColumnId, Odd, Segment};

use super::super::context::Watch;
use super::super::pipe::{deferred, stream};
use super::super::{Context, Stored, Tuple, Tuples, scan};
use super::condition::Condition;
use super::segment::{Columns, Names, Rows};
use super::select::{candidates, is_pruned, select};
use super::worker::ROWS_A_COLUMN;

/// Up to so many events of a segment are read at once: asking the columns takes longer.
const FEW: usize = 64;

/// The events of postings, or all, that may fulfil a condition, in order of id. The filter above decides.
///
/// `told`: the columns tell all that is asked of them, so that their records are read only where no column does.
pub(in super::super) fn scan(
    columns: &[ColumnId],
    postings: Option<&Postings>,
    predicate: Option<&Expr>,
    told: bool,
    context: &Arc<Context>,
) -> Tuples {
    let names: Names = columns.into();
    let parts = predicate.map_or(&[][..], columnar::conjuncts).iter();
    let decided = |part: &Expr| postings.is_some_and(|all| columnar::is_decided(part, all));
    let parts = parts.filter(|part| !decided(part));
    let mut conditions: Vec<Condition> =
        parts.filter_map(|part| Condition::new(part, &names)).collect();
    let (postings, context) = (postings.cloned(), Arc::clone(context));
    deferred(move || {
        let view = &context.view;
        let ids = postings.map(|postings| scan::ids(&postings, view)).transpose()?;
        let mut loose = view.loose()?;
        if let Some(ids) = &ids {
            loose = loose.and(ids);
        }
        let segments = view.segments();
        let mut at = 0;
        let mut from = 0;
        let mut tuples: Option<Tuples> = None;
        let context = Arc::clone(&context);
        Ok(stream(move || {
            loop {
                if let Some(tuple) = tuples.as_mut().and_then(Iterator::next) {
                    return tuple.map(Some);
                }
                if at > segments.len() {
                    return Ok(None);
                }
                context.check()?;
                let segment = segments.get(at);
                at += 1;
                // Events that no segment tells stand between those that one does.
                let end =
                    segment.map_or(u64::MAX, |segment| segment.first() + u64::from(segment.rows()));
                let mut found = within(&loose, from, end);
                from = end;
                tuples = None;
                if let Some(segment) = segment {
                    let open = open(segment, ids.as_ref(), &mut conditions, &names, &context)?;
                    if told && open.len() > (ROWS_A_COLUMN * names.len()) as u64 {
                        let rows = TellingRows::new(segment, &names, &open, found, &context)?;
                        tuples = Some(Box::new(rows));
                        continue;
                    }
                    found.extend(&open);
                }
                tuples = (!found.is_empty()).then(|| scan::read(found, &context));
            }
        }))
    })
}

/// Events as far as columns of their segment tell of them, and between them those of which records must.
struct TellingRows {
    first: u64,
    columns: Vec<(ColumnId, Column)>,
    ids: std::vec::IntoIter<u64>,
    /// Those of which no column tells, in the same order.
    records: Ids,
    watch: Watch,
    context: Arc<Context>,
}

impl TellingRows {
    /// `rows`: events of the segment; `loose`: others with numbers of the same range.
    fn new(
        segment: &Segment,
        names: &[ColumnId],
        rows: &Ids,
        loose: Ids,
        context: &Arc<Context>,
    ) -> Result<TellingRows> {
        let mut columns = Vec::with_capacity(names.len());
        let mut records = loose;
        for name in names {
            let column = context.view.column(segment, name)?;
            match column.odd() {
                Odd::None => {}
                Odd::All => records.extend(rows),
                Odd::Rows(odd) => {
                    let odd = odd.iter().map(|row| segment.first() + u64::from(row));
                    records.extend(&odd.collect::<Ids>().and(rows));
                }
            }
            columns.push((name.clone(), column));
        }
        let mut ids = rows.clone();
        ids.extend(&records);
        let ids = ids.iter().collect::<Vec<u64>>().into_iter();
        let watch = Watch::new(context);
        Ok(TellingRows {
            first: segment.first(),
            columns,
            ids,
            records,
            watch,
            context: Arc::clone(context),
        })
    }

    fn tuple(&mut self, id: u64) -> Result<Option<Tuple>> {
        self.watch.row()?;
        if self.records.contains(id) {
            let Some(event) = self.context.view.event(EventId(id))? else { return Ok(None) };
            self.context.tally.count_scanned();
            let event = Some(Arc::new(Stored { id: EventId(id), event }));
            return Ok(Some(Tuple { event, values: Vec::new() }));
        }
        let row = usize::try_from(id - self.first).unwrap_or(usize::MAX);
        let mut event = Event::default();
        for (name, column) in &self.columns {
            self.context.view.restore(name, column.cell(column.codes().get(row)), &mut event)?;
        }
        let event = Some(Arc::new(Stored { id: EventId(id), event }));
        Ok(Some(Tuple { event, values: Vec::new() }))
    }
}

impl Iterator for TellingRows {
    type Item = Result<Tuple>;

    fn next(&mut self) -> Option<Result<Tuple>> {
        loop {
            let id = self.ids.next()?;
            if let Some(tuple) = self.tuple(id).transpose() {
                return Some(tuple);
            }
        }
    }
}

/// The ids from one up to another.
fn within(ids: &Ids, from: u64, end: u64) -> Ids {
    ids.iter().skip_while(|id| *id < from).take_while(|id| *id < end).collect()
}

/// The ids of a segment's events for which the columns leave the conditions open.
fn open(
    segment: &Segment,
    ids: Option<&Ids>,
    conditions: &mut [Condition],
    names: &[ColumnId],
    context: &Arc<Context>,
) -> Result<Ids> {
    let id = |row: u16| segment.first() + u64::from(row);
    if is_pruned(segment, conditions) {
        context.tally.count_segments(0, 1);
        return Ok(Ids::new());
    }
    let rows = candidates(segment, ids, context);
    if rows.is_empty() {
        context.tally.count_segments(0, 1);
        return Ok(Ids::new());
    }
    context.tally.count_segments(1, 0);
    if let Rows::Some(few) = &rows
        && few.len() <= FEW
    {
        return Ok(few.iter().map(|row| id(*row)).collect());
    }
    let columns = Columns::new(segment, names, context);
    let mut selected = select(rows, conditions, &columns, names, context)?;
    let mut found: Vec<u16> = selected.possible;
    found.append(&mut selected.untold);
    selected.certain.each(|row| found.push(row));
    found.sort_unstable();
    Ok(found.into_iter().map(id).collect())
}
