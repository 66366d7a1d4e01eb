//! The load: a batch of rows on its way in, written in one commit with each posting read and written once.

use std::sync::Arc;

use super::batch::Batch;
use super::entry::{Entry, EntryKind};
use super::known::KnownKeys;
use super::segment::key_filter::KeyFilter;
use super::segment::key_run;
use super::transaction::{Transaction, check_event, key_taken};
use super::view::View;
use crate::error::{Error, Result};
use crate::model::{Event, EventId};

/// So many new versions of stored events are held in memory at most.
const MOST_UPDATED: usize = 32 * 1024;

/// From so many keys on, making a filter is worth while.
const MANY_KEYS: usize = if cfg!(test) { 10 } else { 1000 };

/// Many new rows that become visible to others all at once, or never: dropped, it leaves nothing behind.
///
/// What a [`Transaction`] does for a hand, this does for an importer; the file is the same afterwards. A new row is
/// encoded when it comes, and packed with those of its segment by another thread: it takes some 150 bytes in memory when
/// it is 130 long. A new version of a stored event is kept as a transaction keeps it, which takes ten times as much.
/// Other than a transaction it has no view with its changes: [`Load::by_key`], [`Load::event`] and [`Load::entry`] alone
/// see them.
pub struct Load {
    base: View,
    /// The turn to write; new versions of stored events; entries.
    changes: Transaction,
    batch: Batch,
    /// How many stored events have got a new version, each as often as it did.
    updated: usize,
    /// A key that was looked for and that no event had then, nor has got since.
    free: Option<String>,
    /// How many keys were looked for among the stored events.
    looked_for: usize,
    /// The keys of all that is stored.
    filter: Option<KeyFilter>,
}

impl Load {
    pub(super) fn new(changes: Transaction, keys: KnownKeys) -> Load {
        let batch = Batch::new(changes.next_id, changes.view.inner.sealing);
        let base = changes.view();
        Load {
            filter: keys.of_base(&base),
            base,
            changes,
            batch,
            updated: 0,
            free: None,
            looked_for: 0,
        }
    }

    /// What the database held when the load began.
    pub fn view(&self) -> &View {
        &self.base
    }

    /// How many rows were taken: new ones and new versions of stored ones.
    pub fn len(&self) -> usize {
        self.batch.len() + self.updated
    }

    /// Was no row taken?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Has it so many rows that it is best committed now?
    pub fn is_full(&self) -> bool {
        self.batch.is_full() || self.updated >= MOST_UPDATED
    }

    /// Has it a filter of the stored keys?
    #[cfg(test)]
    pub(super) fn knows_keys(&self) -> bool {
        self.filter.is_some()
    }

    /// The event of a natural key, stored or new.
    pub fn by_key(&mut self, natural: &str) -> Result<Option<EventId>> {
        if let Some(id) = self.batch.by_key(natural)? {
            return Ok(Some(EventId(id)));
        }
        if self.free.as_deref() == Some(natural) {
            return Ok(None);
        }
        let stored = self.stored_by_key(natural)?;
        if stored.is_none() {
            let free = self.free.get_or_insert_default();
            free.clear();
            free.push_str(natural);
        }
        Ok(stored)
    }

    /// The stored event of a natural key. When many are asked for, a filter tells those that are surely new.
    fn stored_by_key(&mut self, natural: &str) -> Result<Option<EventId>> {
        let view = &self.changes.view;
        self.looked_for += 1;
        if self.looked_for == MANY_KEYS && self.filter.is_none() {
            self.filter = Some(view.key_filter()?);
        }
        match &self.filter {
            Some(filter) if !filter.may_have(key_run::hash(natural)) => {
                Ok(view.new_by_key(natural))
            }
            _ => view.event_by_key(natural),
        }
    }

    /// An event as it stands, stored or new.
    pub fn event(&mut self, id: EventId) -> Result<Event> {
        match self.batch.event(id.0)? {
            Some(event) => Ok(event),
            None => self.changes.view.event(id)?.ok_or_else(|| missing(id)),
        }
    }

    /// Adds an event. A natural key that belongs to another is an error.
    pub fn insert(&mut self, event: &Event) -> Result<EventId> {
        check_event(event)?;
        if let Some(natural) = &event.key
            && let Some(taken) = self.by_key(natural)?
        {
            return Err(key_taken(natural, taken));
        }
        let number = self.number();
        self.batch.push(event, number).map(EventId)
    }

    /// Replaces an event by another version. The old version of a stored event becomes history; one of this load was
    /// never there.
    ///
    /// A natural key that belongs to another event is an error.
    pub fn update(&mut self, id: EventId, event: Event) -> Result<()> {
        check_event(&event)?;
        if let Some(natural) = &event.key
            && let Some(taken) = self.by_key(natural)?
            && taken != id
        {
            return Err(key_taken(natural, taken));
        }
        self.free = None;
        let number = self.number();
        if self.batch.ids().contains(&id.0) {
            self.batch.replace(id.0, &event, number)?;
        } else if self.changes.update(id, event)? {
            self.updated += 1;
        } else {
            return Err(missing(id));
        }
        Ok(())
    }

    /// The number of the commit that this becomes.
    fn number(&self) -> u64 {
        self.base.commit() + 1
    }

    /// The entry of a name, with those defined here.
    pub fn entry(&self, catalog: EntryKind, name: &str) -> Result<Option<Entry>> {
        self.changes.view.entry(catalog, name)
    }

    /// Enters an entry in its catalogue, in place of the one of the same folded name, which is returned.
    pub fn define(&mut self, entry: Entry) -> Result<Option<Entry>> {
        self.changes.define(entry)
    }

    /// The transaction of the entries, for those who enter many and look at them between.
    pub fn catalogues(&mut self) -> &mut Transaction {
        &mut self.changes
    }

    /// Says why, for the list of commits.
    pub fn set_reason(&mut self, reason: &str) {
        self.changes.set_reason(reason);
    }

    /// Says that this is the import of a number.
    pub fn set_import(&mut self, number: u64) {
        self.changes.set_import(number);
    }

    /// Writes everything and returns the number of the commit once it is durable, as [`Transaction::commit`] does.
    ///
    /// After an error it is not known whether the rows reached the file, and the database must be opened again.
    pub fn commit(self) -> Result<u64> {
        let Load { base, changes, mut batch, filter, .. } = self;
        drop(filter);
        // The commit can use the pages of the last snapshot again once nobody reads them.
        drop(base);
        changes.commit_with(&mut batch)
    }

    /// Does the same, and returns what the next load needs to know of the keys.
    pub fn commit_and_keep(mut self) -> Result<KnownKeys> {
        let store = Arc::downgrade(&self.base.inner);
        let filter = self.filter.take().map(|mut filter| {
            let taken = self.changes.view.taken_keys().map(key_run::hash);
            taken.chain(self.batch.key_hashes()).for_each(|hash| filter.insert(hash));
            filter
        });
        let commit = self.commit()?;
        Ok(KnownKeys::of(filter, store, commit))
    }
}

fn missing(id: EventId) -> Error {
    Error::Storage(format!("there is no event {id}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ops::Bound;

    use super::super::{Posting, Store, StoreOptions};
    use super::*;
    use crate::model::{Participant, Role};

    fn event(n: u64) -> Event {
        Event {
            kind: if n.is_multiple_of(7) { "deal" } else { "visit" }.to_owned(),
            participants: vec![Participant::new(format!("Actor {}", n / 40), Role::Party)],
            ..Event::default()
        }
    }

    /// Fails unless the postings of a field are those of the events as they are, over however many shards.
    fn assert_posted(view: &View, field: Posting, value: impl Fn(&Event) -> &str) {
        let mut expected: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for row in view.scan(view.all().unwrap()) {
            let (id, event) = row.unwrap();
            expected.entry(value(&event).to_owned()).or_default().push(id.0);
        }
        let counts: Vec<_> =
            expected.iter().map(|(v, ids)| (v.clone(), ids.len() as u64)).collect();
        assert_eq!(view.posting_values(field, Bound::Unbounded, Bound::Unbounded).unwrap(), counts);
        for (value, ids) in expected {
            assert!(view.postings(field, &value).unwrap().iter().eq(ids.iter().copied()));
            assert_eq!(view.posting_len(field, &value).unwrap(), ids.len() as u64);
        }
    }

    #[test]
    fn postings_of_many_shards_are_read_as_one() {
        let store = Store::in_memory(&StoreOptions::default()).unwrap();
        for batch in 0..6 {
            let mut load = store.load().unwrap();
            (batch * 50..batch * 50 + 50).for_each(|n| {
                load.insert(&event(n)).unwrap();
            });
            load.commit().unwrap();
            let mut writing = store.begin().unwrap();
            // A shard that loses all, others that lose some.
            for id in (32..64).chain((1..300).step_by(11)) {
                writing.delete(EventId(id)).unwrap();
            }
            writing.update(EventId(47), event(300)).unwrap();
            for view in [writing.view(), store.view().unwrap()] {
                assert_posted(&view, Posting::Kind, |event| &event.kind);
                assert_posted(&view, Posting::Name, |event| &event.participants[0].name);
            }
            writing.commit().unwrap();
            assert_eq!(store.verify().unwrap(), Vec::<String>::new());
        }
        let view = store.view().unwrap();
        assert_eq!(view.all().unwrap().len(), view.event_count().unwrap());
        assert_posted(&view, Posting::Kind, |event| &event.kind);
    }
}
