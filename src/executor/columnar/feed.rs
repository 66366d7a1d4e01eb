//! Rows added to groups by looking up what the code of each adds: where no call needs to see more than that.

use crate::storage::segment::{Codes, Column};

use super::super::total::Addend;
use super::groups::{Groups, State};
use super::key::BoundKey;
use super::measure::{BoundMeasure, Found};
use super::segment::{Rows, each_code};

/// What the rows of a segment add for one call.
pub(super) enum Feed<'s> {
    /// One each.
    Rows,
    /// One where it counts.
    Counts(&'s Column, Vec<i64>),
    Sums(&'s Column, Vec<Addend>),
}

/// What rows add for each call; none where a call needs more than to look up what a code adds.
pub(super) fn feeds<'s>(
    groups: &Groups,
    measures: &[(BoundMeasure<'s>, &mut Vec<Found>, Option<usize>)],
) -> Option<Vec<Feed<'s>>> {
    let feed = |(state, (bound, found, _)): (&State, &(BoundMeasure<'s>, &mut Vec<Found>, _))| {
        let of = |mark: &u32| found.get(*mark as usize);
        match (state, bound) {
            (State::Counts(_), BoundMeasure::Rows) => Some(Feed::Rows),
            (State::Counts(_), BoundMeasure::Table { column, marks, .. }) => {
                let counts = |mark| i64::from(of(mark).is_some_and(|found| found.counts));
                Some(Feed::Counts(column, marks.iter().map(counts).collect()))
            }
            (State::Sums(_), BoundMeasure::Table { column, marks, .. }) => {
                let adds = |mark| of(mark).map(|found| found.addend).unwrap_or_default();
                Some(Feed::Sums(column, marks.iter().map(adds).collect()))
            }
            _ => None,
        }
    };
    groups.sums.iter().zip(measures).map(feed).collect()
}

/// Adds what the cells of one column say, as often as the column has each, where all rows of a segment count.
pub(super) fn add_counts(
    groups: &mut Groups,
    rows: &Rows,
    keys: &[BoundKey<'_>],
    feeds: &[Feed<'_>],
) -> bool {
    let Rows::All(all) = rows else { return false };
    let whole = match keys {
        [] => Some(groups.group(0)),
        [key] => match (key.single(), key.column()) {
            (Some((_, numbers)), Some(column)) => {
                if !feeds.iter().all(|feed| matches!(feed, Feed::Rows)) {
                    return false;
                }
                for (code, number) in (0_u16..).zip(numbers) {
                    let count = column.count(code);
                    if count > 0 {
                        let group = groups.of_number(*number) as usize;
                        add_rows(groups, group, count);
                    }
                }
                return true;
            }
            (Some((Codes::One, [number])), None) => Some(groups.of_number(*number)),
            _ => None,
        },
        _ => None,
    };
    let Some(group) = whole.map(|group| group as usize) else { return false };
    for (state, feed) in groups.sums.iter_mut().zip(feeds) {
        match (state, feed) {
            (State::Counts(counts), Feed::Rows) => {
                if let Some(sum) = counts.get_mut(group) {
                    *sum += i64::from(*all);
                }
            }
            (State::Counts(counts), Feed::Counts(column, adds)) => {
                if let Some(sum) = counts.get_mut(group) {
                    let adds = (0_u16..).zip(adds);
                    *sum +=
                        adds.map(|(code, add)| add * i64::from(column.count(code))).sum::<i64>();
                }
            }
            (State::Sums(sums), Feed::Sums(column, adds)) => {
                if let Some(sums) = sums.get_mut(group) {
                    for (code, add) in (0_u16..).zip(adds) {
                        sums.add(*add, column.count(code));
                    }
                }
            }
            _ => {}
        }
    }
    true
}

/// Counts rows of a group for every call, where nothing but rows is counted.
fn add_rows(groups: &mut Groups, group: usize, rows: u32) {
    for state in &mut groups.sums {
        if let State::Counts(counts) = state
            && let Some(count) = counts.get_mut(group)
        {
            *count += i64::from(rows);
        }
    }
}

/// So many rows at once, that what is in between stays in the nearest cache.
const PIECE: usize = 2048;

/// Adds rows to groups that are looked up by the numbers of their values.
pub(super) fn add_dense(
    groups: &mut Groups,
    keys: &[(Codes<'_>, Vec<u32>)],
    feeds: &[Feed<'_>],
    rows: &Rows,
) {
    let mut of_rows = Vec::with_capacity(PIECE);
    for (part, rows) in rows.pieces(PIECE) {
        groups.of_dense_rows(keys, &part, &rows, &mut of_rows);
        for (state, feed) in groups.sums.iter_mut().zip(feeds) {
            let mut places = of_rows.iter().map(|group| *group as usize);
            match (state, feed) {
                (State::Counts(counts), Feed::Rows) => {
                    for place in places {
                        if let Some(count) = counts.get_mut(place) {
                            *count += 1;
                        }
                    }
                }
                (State::Counts(counts), Feed::Counts(column, adds)) => {
                    each_code(column.codes().part(part.clone()), &rows, |code| {
                        let add = adds.get(usize::from(code)).copied().unwrap_or_default();
                        if let Some(count) = places.next().and_then(|at| counts.get_mut(at)) {
                            *count += add;
                        }
                    });
                }
                (State::Sums(sums), Feed::Sums(column, adds)) => {
                    each_code(column.codes().part(part.clone()), &rows, |code| {
                        let add = adds.get(usize::from(code)).copied().unwrap_or_default();
                        if let Some(sums) = places.next().and_then(|at| sums.get_mut(at)) {
                            sums.add(add, 1);
                        }
                    });
                }
                _ => {}
            }
        }
    }
}
