//! Rows added to groups that are known for each, whatever a call wants to see of them.

use crate::error::Result;
use crate::model::Status;
use crate::storage::segment::{Cell, Codes};

use super::super::Context;
use super::groups::State;
use super::measure::{BoundMeasure, Found};
use super::segment::{Columns, Rows, each_code};

/// Which rows took place, where a call wants to know.
pub(super) enum TookPlace<'s> {
    All,
    Rows(Codes<'s>, Vec<bool>),
}

pub(super) fn took_place<'s>(
    status: Option<usize>,
    columns: &'s Columns<'_>,
    context: &Context,
) -> Result<TookPlace<'s>> {
    let Some(number) = status else { return Ok(TookPlace::All) };
    let column = columns.get(number)?;
    let codes = 0..u16::try_from(column.len()).unwrap_or(u16::MAX);
    let took = |code| {
        Ok(matches!(status_of(column.cell(code), context)?, Status::Happened | Status::Ongoing))
    };
    Ok(TookPlace::Rows(column.codes(), codes.map(took).collect::<Result<_>>()?))
}

/// The status of a cell.
pub(super) fn status_of(cell: Cell, context: &Context) -> Result<Status> {
    let word = match cell {
        Cell::Text(text) => context.view.text(text)?,
        _ => return Ok(Status::default()),
    };
    Ok(Status::from_word(&word).unwrap_or_default())
}

/// Adds what rows say to their groups.
pub(super) fn add_up(
    state: &mut State,
    bound: &mut BoundMeasure<'_>,
    found: &mut Vec<Found>,
    took_place: &TookPlace<'_>,
    groups: &[u32],
    rows: &Rows,
) -> Result<()> {
    let mut failed = None;
    match state {
        State::Counts(counts) => {
            let mut add = |group: u32, counted: bool| {
                if let Some(count) = counts.get_mut(group as usize) {
                    *count += i64::from(counted);
                }
            };
            match bound {
                BoundMeasure::Rows => groups.iter().for_each(|group| add(*group, true)),
                BoundMeasure::Table { codes, marks, .. } => {
                    let counted: Vec<bool> = marks
                        .iter()
                        .map(|mark| found.get(*mark as usize).is_some_and(|found| found.counts))
                        .collect();
                    let mut groups = groups.iter();
                    each_code(*codes, rows, |code| {
                        if let (Some(group), Some(counted)) =
                            (groups.next(), counted.get(usize::from(code)))
                        {
                            add(*group, *counted);
                        }
                    });
                }
                bound => {
                    let mut groups = groups.iter();
                    rows.each(|row| match (groups.next(), bound.mark(row, found)) {
                        (Some(group), Ok(mark)) => {
                            add(*group, found.get(mark as usize).is_some_and(|found| found.counts));
                        }
                        (_, Err(error)) => failed = Some(error),
                        (None, _) => {}
                    });
                }
            }
        }
        State::Sums(sums) => {
            let mut groups = groups.iter();
            let mut add = |addend| {
                if let Some(sums) = groups.next().and_then(|group| sums.get_mut(*group as usize)) {
                    sums.add(addend, 1);
                }
            };
            match bound {
                BoundMeasure::Table { codes, marks, .. } => {
                    let addends: Vec<_> = marks
                        .iter()
                        .map(|mark| {
                            found.get(*mark as usize).map(|found| found.addend).unwrap_or_default()
                        })
                        .collect();
                    each_code(*codes, rows, |code| {
                        add(addends.get(usize::from(code)).copied().unwrap_or_default());
                    });
                }
                bound => rows.each(|row| match bound.mark(row, found) {
                    Ok(mark) => {
                        add(found.get(mark as usize).map(|found| found.addend).unwrap_or_default());
                    }
                    Err(error) => failed = Some(error),
                }),
            }
        }
        State::Pairs(pairs) => {
            let mut groups = groups.iter();
            rows.each(|row| match (groups.next(), bound.mark(row, found)) {
                (Some(group), Ok(mark)) => {
                    let took = match took_place {
                        TookPlace::All => true,
                        TookPlace::Rows(codes, took) => {
                            let code = codes.get(usize::from(row));
                            took.get(usize::from(code)).copied().unwrap_or(true)
                        }
                    };
                    *pairs.entry((*group, mark, took)).or_insert(0) += 1;
                }
                (_, Err(error)) => failed = Some(error),
                (None, _) => {}
            });
        }
    }
    failed.map_or(Ok(()), Err)
}
