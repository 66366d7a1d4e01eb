//! Selection: which rows of a segment certainly fulfil all conditions, which possibly, and which only their records tell.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::error::Result;
use crate::storage::Ids;
use crate::storage::segment::{ColumnId, Odd, Segment};

use super::super::Context;
use super::condition::{Bound, Condition, Verdict};
use super::segment::{Columns, Rows};

/// The rows of a segment by what the conditions say of them.
pub(super) struct Selected {
    /// All hold for sure.
    pub(super) certain: Rows,
    /// All may hold.
    pub(super) possible: Vec<u16>,
    /// Columns do not tell, and nothing speaks against it.
    pub(super) untold: Vec<u16>,
}

impl Selected {
    fn none() -> Selected {
        Selected { certain: Rows::Some(Vec::new()), possible: Vec::new(), untold: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.certain.is_empty() && self.possible.is_empty() && self.untold.is_empty()
    }
}

/// Can no event of the segment fulfil the conditions, by its days alone?
pub(super) fn is_pruned(segment: &Segment, conditions: &[Condition]) -> bool {
    segment.days().is_some_and(|(first, last)| {
        let hulls = conditions.iter().filter_map(Condition::hull);
        hulls.into_iter().any(|hull| last < hull.first || hull.last < first)
    })
}

/// The rows of a segment to look at: those of the ids, or all, that are still valid.
pub(super) fn candidates(segment: &Segment, ids: Option<&Ids>, context: &Context) -> Rows {
    let mut rows = match ids {
        Some(ids) => Rows::Some(ids.rows_of(segment.first(), segment.rows())),
        None => Rows::All(segment.rows()),
    };
    if !rows.is_empty()
        && let Some(gone) = context.view.gone(segment)
    {
        rows.retain(&mut Vec::new(), |row| !gone.contains(u32::from(row)));
    }
    rows
}

/// Selects among rows of a segment.
pub(super) fn select(
    rows: Rows,
    conditions: &mut [Condition],
    segment: &Columns<'_>,
    names: &[ColumnId],
    context: &Arc<Context>,
) -> Result<Selected> {
    if rows.is_empty() {
        return Ok(Selected::none());
    }
    let mut selected = Selected { certain: rows, possible: Vec::new(), untold: Vec::new() };
    let mut tests = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let odd = segment.odd(condition.columns.iter().copied())?;
        if odd == Odd::All {
            // No column, no verdict.
            tests.push(Test { bound: Bound::Fixed(Verdict::AskRecord), odd: Odd::None });
            continue;
        }
        let bound = condition.of(segment, names, &selected.certain, context)?;
        if odd == Odd::None && bound.open(1) == 0 {
            return Ok(Selected::none());
        }
        tests.push(Test { bound, odd });
    }
    let all = selected.certain.len();
    tests.sort_by_key(|test| test.bound.open(all));
    selected.untold = selected.certain.without_odd(&union(&tests));
    for test in &mut tests {
        test.narrow(&mut selected, context)?;
        if selected.is_empty() {
            break;
        }
    }
    Ok(selected)
}

/// A condition on rows of a segment, and for which of them it says nothing.
struct Test<'s> {
    bound: Bound<'s>,
    odd: Odd,
}

fn union(tests: &[Test<'_>]) -> Odd {
    let mut all: Option<RoaringBitmap> = None;
    for test in tests {
        match (&test.odd, &mut all) {
            (Odd::Rows(odd), Some(all)) => *all |= odd,
            (Odd::Rows(odd), None) => all = Some(odd.clone()),
            (Odd::None | Odd::All, _) => {}
        }
    }
    all.map_or(Odd::None, Odd::Rows)
}

impl Test<'_> {
    fn narrow(&mut self, selected: &mut Selected, context: &Context) -> Result<()> {
        let odd = &self.odd;
        let bound = &mut self.bound;
        if let Bound::Fixed(verdict) = bound {
            match *verdict {
                Verdict::Is(truth) if truth.is_certain() => {}
                Verdict::Is(truth) if truth.is_possible() => {
                    selected.certain.each(|row| selected.possible.push(row));
                    selected.certain = Rows::Some(Vec::new());
                    selected.possible.sort_unstable();
                }
                Verdict::Is(_) => {
                    selected.certain = Rows::Some(Vec::new());
                    selected.possible.clear();
                    selected.untold.retain(|row| is_odd(odd, *row));
                }
                Verdict::AskRecord | Verdict::Unset => {
                    selected.certain.each(|row| selected.untold.push(row));
                    selected.untold.append(&mut selected.possible);
                    selected.certain = Rows::Some(Vec::new());
                    selected.untold.sort_unstable();
                }
            }
            return Ok(());
        }
        let mut failed = None;
        let mut seen = 0_u32;
        let mut verdict = |row: u16| {
            // Combinations are worked out one by one, which takes its time.
            seen = seen.wrapping_add(1);
            if seen.is_multiple_of(4096)
                && let Err(error) = context.check()
            {
                failed = Some(error);
            }
            if failed.is_some() {
                return Verdict::FALSE;
            }
            bound.verdict(row).unwrap_or_else(|error| {
                failed = Some(error);
                Verdict::FALSE
            })
        };
        selected.untold.retain(|row| is_odd(odd, *row) || verdict(*row).is_open());
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        certain.reserve(selected.certain.len().min(1 << 16));
        selected.certain.each(|row| match verdict(row) {
            Verdict::Is(truth) if truth.is_certain() => certain.push(row),
            Verdict::Is(truth) if truth.is_possible() => possible.push(row),
            Verdict::Is(_) => {}
            Verdict::AskRecord | Verdict::Unset => selected.untold.push(row),
        });
        for row in std::mem::take(&mut selected.possible) {
            match verdict(row) {
                Verdict::Is(truth) if truth.is_possible() => possible.push(row),
                Verdict::Is(_) => {}
                Verdict::AskRecord | Verdict::Unset => selected.untold.push(row),
            }
        }
        if certain.len() < selected.certain.len() {
            selected.certain = Rows::Some(certain);
        }
        selected.possible = possible;
        selected.possible.sort_unstable();
        selected.untold.sort_unstable();
        failed.map_or(Ok(()), Err)
    }
}

fn is_odd(odd: &Odd, row: u16) -> bool {
    match odd {
        Odd::None => false,
        Odd::All => true,
        Odd::Rows(odd) => odd.contains(u32::from(row)),
    }
}
