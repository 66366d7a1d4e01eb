//! Probes: events that say what some cells say and nothing else, so that an expression is worked out once a cell by what
//! works it out for records.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::{Event, EventId};
use crate::storage::segment::{Cell, ColumnId};

use super::super::{Context, Stored, Tuple};

/// Days beyond so many from the first met are looked up and not counted off.
const MOST_DAYS: usize = 1 << 20;

/// Room for so many days before the first met.
const DAYS_BEFORE: i64 = 40_000;

/// The tuple of an event that says what these cells do.
pub(super) fn probe(cells: &[(&ColumnId, Cell)], context: &Context) -> Result<Tuple> {
    let mut event = Event::default();
    for (column, cell) in cells {
        context.view.restore(column, *cell, &mut event)?;
    }
    Ok(Tuple { event: Some(Arc::new(Stored { id: EventId(0), event })), values: Vec::new() })
}

/// What is known of cells, whatever segment they are in.
pub(super) struct ByCell<T> {
    /// What stands where nothing is known.
    unset: T,
    missing: T,
    /// By the number of the text.
    texts: Vec<T>,
    /// By the day less the first.
    days: Vec<T>,
    first_day: i64,
    others: FxHashMap<(u8, u64), T>,
}

impl<T: Copy + PartialEq> ByCell<T> {
    /// Of nothing yet. `unset` is no value.
    pub(super) fn new(unset: T) -> ByCell<T> {
        ByCell {
            unset,
            missing: unset,
            texts: Vec::new(),
            days: Vec::new(),
            first_day: 0,
            others: FxHashMap::default(),
        }
    }

    /// What is known of a cell, found out where nothing is.
    pub(super) fn get(&mut self, cell: Cell, find: impl FnOnce() -> Result<T>) -> Result<T> {
        let unset = self.unset;
        let place = self.place(cell);
        if *place == unset {
            let found = find()?;
            *place = found;
            return Ok(found);
        }
        Ok(*place)
    }

    fn place(&mut self, cell: Cell) -> &mut T {
        let unset = self.unset;
        let key = match cell {
            Cell::Missing => return &mut self.missing,
            Cell::Text(text) => {
                let at = text.0 as usize;
                if self.texts.len() <= at {
                    self.texts.resize((at + 1).next_power_of_two(), unset);
                }
                match self.texts.get_mut(at) {
                    Some(place) => return place,
                    None => (4, u64::from(text.0)),
                }
            }
            Cell::Day(day) => {
                if self.days.is_empty() {
                    self.first_day = day.0.saturating_sub(DAYS_BEFORE);
                }
                match day.0.checked_sub(self.first_day).map(usize::try_from) {
                    Some(Ok(at)) if at < MOST_DAYS => {
                        if self.days.len() <= at {
                            self.days.resize(at + 1024, unset);
                        }
                        match self.days.get_mut(at) {
                            Some(place) => return place,
                            None => (3, day.0.cast_unsigned()),
                        }
                    }
                    _ => (3, day.0.cast_unsigned()),
                }
            }
            Cell::Bool(b) => (0, u64::from(b)),
            Cell::Int(i) => (1, i.cast_unsigned()),
            Cell::Float(f) => (2, f.to_bits()),
        };
        self.others.entry(key).or_insert(unset)
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        (self.texts.len() + self.days.len()) * size_of::<T>() + self.others.len() * 48
    }
}
