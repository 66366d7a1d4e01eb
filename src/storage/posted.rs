//! What new rows are posted under: the rows of every value, gathered row by row.

use rustc_hash::FxHashMap;

use super::postings::{Posting, each_term, terms};
use crate::model::Event;

/// The rows of every value of every field, ascending.
#[derive(Debug, Default)]
pub(super) struct Posted([FxHashMap<Box<str>, Vec<u32>>; Posting::ALL.len()]);

impl Posted {
    /// Adds the next row.
    pub(super) fn push(&mut self, row: u32, event: &Event) {
        each_term(event, |field, value| {
            let Some(values) = self.0.get_mut(field.place()) else { return };
            match values.get_mut(value) {
                // The row itself when it has the value twice.
                Some(rows) if rows.last() == Some(&row) => {}
                Some(rows) => rows.push(row),
                None => {
                    values.insert(value.into(), vec![row]);
                }
            }
        });
    }

    /// Puts one version of a row in the place of another.
    pub(super) fn replace(&mut self, row: u32, old: &Event, new: &Event) {
        let (before, after) = (terms(old), terms(new));
        for (field, value) in before.difference(&after) {
            let values = self.0.get_mut(field.place());
            let rows = values.and_then(|values| values.get_mut(value.as_str()));
            if let Some(rows) = rows
                && let Ok(at) = rows.binary_search(&row)
            {
                rows.remove(at);
            }
        }
        for (field, value) in after.difference(&before) {
            let Some(values) = self.0.get_mut(field.place()) else { continue };
            let rows = values.entry(value.as_str().into()).or_default();
            if let Err(at) = rows.binary_search(&row) {
                rows.insert(at, row);
            }
        }
    }

    /// The values of a field, in no order, each with its rows.
    pub(super) fn values(&self, field: Posting) -> impl Iterator<Item = (&str, &[u32])> {
        let values = self.0.get(field.place()).into_iter().flatten();
        values
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(value, rows)| (value.as_ref(), rows.as_slice()))
    }

    /// What it takes in memory, roughly.
    pub(super) fn bytes(&self) -> usize {
        let values = self.0.iter().flatten();
        values.map(|(value, rows)| value.len() + 4 * rows.capacity() + 56).sum()
    }
}
