//! The overlay: what a transaction has changed and not yet committed.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::entry::Entry;
use super::names;
use super::postings::{Change, Posting, terms};
use crate::model::Event;

/// Changes over a snapshot. Where it says nothing, the snapshot holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Overlay {
    /// Events by id; none where deleted.
    pub(super) events: BTreeMap<u64, Option<Arc<Event>>>,
    /// Ids by natural key; none where freed.
    pub(super) keys: BTreeMap<String, Option<u64>>,
    /// The bitmap of all events.
    pub(super) all: Change,
    /// Postings by field and value.
    pub(super) postings: BTreeMap<Posting, BTreeMap<String, Change>>,
    /// Entries by key; none where removed.
    pub(super) entries: BTreeMap<Vec<u8>, Option<Arc<Entry>>>,
    /// Keys of the index of names: present or absent.
    pub(super) names: BTreeMap<Vec<u8>, bool>,
}

impl Overlay {
    /// Is nothing changed?
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.entries.is_empty()
    }

    /// The change of a posting.
    pub(super) fn change(&self, field: Posting, value: &str) -> Option<&Change> {
        self.postings.get(&field)?.get(value)
    }

    /// The changed postings of a field whose values lie in a range.
    pub(super) fn changes(
        &self,
        field: Posting,
        from: Bound<&str>,
        to: Bound<&str>,
    ) -> Vec<(&str, &Change)> {
        let after = |value: &str| match from {
            Bound::Unbounded => true,
            Bound::Included(from) => value >= from,
            Bound::Excluded(from) => value > from,
        };
        let before = |value: &str| match to {
            Bound::Unbounded => true,
            Bound::Included(to) => value <= to,
            Bound::Excluded(to) => value < to,
        };
        self.postings
            .get(&field)
            .into_iter()
            .flatten()
            .map(|(value, change)| (value.as_str(), change))
            .filter(|(value, _)| after(value) && before(value))
            .collect()
    }

    /// Replaces one version of an event by another in all postings: `old` is none for a new event, `new` for a deleted
    /// one. `stored` tells how many events the snapshot has under a value.
    pub(super) fn repost<E>(
        &mut self,
        id: u64,
        old: Option<&Event>,
        new: Option<&Event>,
        stored: impl Fn(Posting, &str) -> Result<u64, E>,
    ) -> Result<(), E> {
        match (old, new) {
            (None, Some(_)) => self.all.add(id),
            (Some(_), None) => self.all.remove(id),
            _ => {}
        }
        let old = old.map(terms).unwrap_or_default();
        let new = new.map(terms).unwrap_or_default();
        for (field, value) in old.difference(&new) {
            let change = self.postings.entry(*field).or_default().entry(value.clone()).or_default();
            change.remove(id);
            let named = names::catalog_of(*field).is_some();
            if named && change.cardinality(stored(*field, value)?) == 0 {
                self.mark(*field, value, false);
            }
        }
        for (field, value) in new.difference(&old) {
            let changes = self.postings.entry(*field).or_default();
            let (first, change) = match changes.get_mut(value) {
                Some(change) => (change.added.is_empty(), change),
                None => (true, changes.entry(value.clone()).or_default()),
            };
            change.add(id);
            if first {
                self.mark(*field, value, true);
            }
        }
        Ok(())
    }

    fn mark(&mut self, field: Posting, name: &str, present: bool) {
        self.names.extend(names::keys_of_written(field, name).into_iter().map(|k| (k, present)));
    }

    /// Replaces one entry by another in the index of names.
    pub(super) fn rename(&mut self, old: Option<&Entry>, new: Option<&Entry>) {
        let keys = |entry: Option<&Entry>| entry.map(names::keys_of_entry).unwrap_or_default();
        self.names.extend(keys(old).into_iter().map(|key| (key, false)));
        self.names.extend(keys(new).into_iter().map(|key| (key, true)));
    }
}
